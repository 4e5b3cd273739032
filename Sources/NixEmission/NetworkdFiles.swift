internal import Diagnostics
internal import FleetModel

/// systemd-networkd's files for a node's links (systemd.network(5), systemd.netdev(5)).
struct NetworkdFiles {
  private(set) var netdevs = NixSet()
  private(set) var networks = NixSet()
  /// VLANs, and the link each is on: the lower link's file lists them.
  private var vlans: [(id: Sourced<Int>, link: Link, on: Name)] = []
  private var links: [Link] = []

  mutating func add(_ link: Link) {
    links.append(link)
    if case .vlan(let id, let lower) = link.kind { vlans.append((id, link, lower.value)) }
  }

  /// Writes the files, in the order the links came.
  mutating func finish() {
    for link in links {
      let name = link.name.value.description
      switch link.kind {
      case .ethernet(let mac):
        addNetwork("10-" + name, match: Self.match(mac), link)
      case .bond(let members, let mode):
        addBond(link, mode: mode)
        for (index, mac) in members.enumerated() {
          networks.add("10-\(name)-port\(index)", to: .set(member(of: link, mac)), mac.origin)
        }
      case .vlan(let id, _):
        var device = Self.device(link, kind: "vlan")
        var options = NixSet()
        options.add("Id", to: .integer(id.value), id.origin)
        device.add("vlanConfig", set: options)
        netdevs.add("20-" + name, to: .set(device), link.name.origin)
        addNetwork("20-" + name, match: Self.match(link.name), link)
      case .unmanaged: break
      }
    }
  }

  private mutating func addBond(_ link: Link, mode: Sourced<String>) {
    let name = "10-" + link.name.value.description
    var device = Self.device(link, kind: "bond")
    var options = NixSet()
    options.add("Mode", mode)
    device.add("bondConfig", set: options)
    netdevs.add(name, to: .set(device), link.name.origin)
    addNetwork(name, match: Self.match(link.name), link)
  }

  private mutating func addNetwork(_ name: String, match: NixSet, _ link: Link) {
    var set = NixSet()
    set.add("matchConfig", set: match)
    set.add("address", list: link.addresses.map { item in item.address.map { "\($0)/\(item.prefix)" } })
    addGateways(link, to: &set)
    let networks = link.addresses.map(\.network)
    set.add("dns", list: Self.unique(networks.flatMap { $0.dns.map { $0.map(\.description) } }))
    set.add("ntp", list: Self.unique(networks.flatMap(\.ntp)))
    set.add("vlan", list: vlans.filter { $0.on == link.name.value }.map { $0.link.name.map(\.description) })
    set.add("networkConfig", set: Self.noAutomaticAddresses)
    set.add("linkConfig", set: linkConfig(link))
    self.networks.add(name, to: .set(set), link.name.origin)
  }

  /// A router outside the link's own block (the public /32 of a rented machine) is declared to be on
  /// the link; without that networkd refuses the route.
  private func addGateways(_ link: Link, to set: inout NixSet) {
    var near: [Sourced<String>] = []
    var far: [NixExpression] = []
    var origin: Origin?
    for item in link.addresses {
      guard let gateway = item.network.gateway else { continue }
      if item.network.block?.value.contains(gateway.value) ?? false {
        near.append(gateway.map(\.description))
        continue
      }
      var route = NixSet()
      route.add("Gateway", gateway.map(\.description))
      route.add("GatewayOnLink", to: .boolean(true), gateway.origin)
      far.append(.set(route))
      origin = origin ?? gateway.origin
    }
    set.add("gateway", list: Self.unique(near))
    if let origin { set.add("routes", to: .list(far), origin) }
  }

  private func linkConfig(_ link: Link) -> NixSet {
    var set = NixSet()
    if let mtu = link.mtu ?? link.addresses.compactMap(\.network.mtu).min(by: { $0.value < $1.value }) {
      set.add("MTUBytes", mtu.map(String.init))
    }
    // network-online.target waits for an address that reaches others; a link that only carries VLANs
    // has none.
    let state = link.addresses.isEmpty ? "carrier" : "routable"
    set.add("RequiredForOnline", to: .literal(state), .standard("nixos.required-for-online"))
    return set
  }

  private func member(of link: Link, _ mac: Sourced<MACAddress>) -> NixSet {
    var set = NixSet()
    set.add("matchConfig", set: Self.match(mac))
    var config = NixSet()
    config.add("Bond", link.name.map(\.description))
    set.add("networkConfig", set: config)
    // The bond is up with one of its members; none of them may hold up the boot.
    var online = NixSet()
    if let mtu = link.mtu { online.add("MTUBytes", mtu.map(String.init)) }
    online.add("RequiredForOnline", to: .literal("no"), .standard("nixos.required-for-online"))
    set.add("linkConfig", set: online)
    return set
  }

  /// By the address that is burnt in: bonds, their members and VLANs share the other one.
  private static func match(_ mac: Sourced<MACAddress>) -> NixSet {
    var set = NixSet()
    set.add("PermanentMACAddress", mac.map(\.description))
    return set
  }

  private static func match(_ name: Sourced<Name>) -> NixSet {
    var set = NixSet()
    set.add("Name", name.map(\.description))
    return set
  }

  private static func device(_ link: Link, kind: String) -> NixSet {
    var config = NixSet()
    config.add("Name", link.name.map(\.description))
    config.add("Kind", to: .literal(kind), link.name.origin)
    var set = NixSet()
    set.add("netdevConfig", set: config)
    return set
  }

  private static var noAutomaticAddresses: NixSet {
    var set = NixSet()
    set.add("DHCP", to: .literal("no"), .standard("nixos.static-addresses"))
    set.add("IPv6AcceptRA", to: .boolean(false), .standard("nixos.static-addresses"))
    return set
  }

  private static func unique(_ texts: [Sourced<String>]) -> [Sourced<String>] {
    var seen = Set<String>()
    return texts.filter { seen.insert($0.value).inserted }
  }
}

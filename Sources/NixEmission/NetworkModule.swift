internal import Diagnostics
internal import FleetModel

/// `network.nix`: systemd-networkd's files, names, and the firewall.
struct NetworkModule {
  private let node: Node

  init(_ node: Node) { self.node = node }

  func expression(_ report: inout Report) -> NixExpression {
    checkLinks(&report)
    var links = NetworkdFiles()
    for link in node.links { links.add(link) }
    links.finish()
    var network = NixSet()
    network.add("netdevs", set: links.netdevs)
    network.add("networks", set: links.networks)
    var module = NixSet()
    module.add("networking", set: networking(&report))
    module.add(["systemd", "network"], to: .set(network), node.name.origin, startsGroup: true)
    return isInHosts ? .function(.attributes(["lib"], isOpen: true), .set(module)) : .set(module)
  }

  private func networking(_ report: inout Report) -> NixSet {
    var set = NixSet()
    set.add("hostName", node.hostName.map(\.description))
    let label = node.hostName.value.description + "."
    if node.fullName.hasPrefix(label) {
      set.add("domain", to: .literal(String(node.fullName.dropFirst(label.utf8.count))), node.hostName.origin)
    }
    set.add("hostId", node.hostID)
    set.add("useNetworkd", to: .boolean(true), .standard("nixos.networkd"))
    set.add("useDHCP", to: .boolean(false), .standard("nixos.networkd"))
    set.add("nftables", "enable", flag: true, .standard("nixos.firewall"))
    set.add("firewall", set: Firewall(node).options(&report), startsGroup: true)
    set.add("hosts", set: hosts, startsGroup: true)
    return set
  }

  /// NixOS maps the node's own name to 127.0.0.2 and ::1, where its peers' connections would not arrive: the
  /// hosts file is to say the same on every node.
  private var hosts: NixSet {
    var set = NixSet()
    if isInHosts {
      let none = NixExpression.apply(.reference("lib", "mkForce"), [.list([])])
      set.add("127.0.0.2", to: none, .standard("nixos.hosts"))
      set.add("::1", to: none, .standard("nixos.hosts"))
    }
    var names: [String: [String]] = [:]
    for entry in node.hosts { names[entry.address.value.description, default: []] += entry.names }
    for entry in node.hosts {
      let address = entry.address.map(\.description)
      guard let all = names.removeValue(forKey: address.value) else { continue }
      set.add(address.value, to: .literals(all), address.origin)
    }
    return set
  }

  private var isInHosts: Bool { node.hosts.contains { $0.names.contains(node.fullName) } }

  private func checkLinks(_ report: inout Report) {
    for link in node.links {
      switch link.kind {
      case .ethernet: break
      case .unmanaged:
        report.add(
          Diagnostic(
            .linkWithoutCard, "nothing says which card \(link.name.value) is", at: link.name.span,
            help: "give its `mac`", node: node.name.value.description))
      case .bond, .vlan:
        guard link.name.value.description.utf8.count > 15 else { break }
        report.add(
          Diagnostic(
            .longInterfaceName, "\(link.name.value) is too long for an interface", at: link.name.span,
            help: "at most 15 characters", node: node.name.value.description))
      }
    }
  }
}

internal import Diagnostics
internal import FleetModel

/// The firewall's view of the services' ports: what `clients` may reach is open, what `peers` may reach
/// is open to the blocks of the node's networks, `local` stays closed.
///
/// A port bound to one network is open on the node's address there alone. ssh opens its own port.
struct Firewall {
  private let node: Node

  init(_ node: Node) { self.node = node }

  /// The attributes of `networking.firewall`.
  func options(_ report: inout Report) -> NixSet {
    var open: [Port.TransportProtocol: [Sourced<PortNumber>]] = [:]
    var rules = Rules()
    for port in node.services.flatMap(\.ports) {
      let scopes = port.scopes.map(\.value)
      if scopes.contains(.clients) {
        if port.network == nil {
          open[port.transport, default: []].append(port.number)
        } else {
          for address in addresses(of: port) { rules.add(port, to: address) }
        }
      } else if scopes.contains(.peers) {
        addPeers(port, &rules, &report)
      }
    }
    var set = NixSet()
    set.add("enable", to: .boolean(true), .standard("nixos.firewall"))
    for (kind, key) in [(Port.TransportProtocol.tcp, "allowedTCPPorts"), (.udp, "allowedUDPPorts")] {
      let numbers = (open[kind] ?? []).sorted { $0.value < $1.value }
      guard let first = numbers.first else { continue }
      set.add(key, to: .list(Self.unique(numbers.map(\.value)).map { .integer(Int($0.value)) }), first.origin)
    }
    if let origin = rules.origin {
      set.add("extraInputRules", to: .literal(rules.text), origin)
    }
    return set
  }

  private func addPeers(_ port: Port, _ rules: inout Rules, _ report: inout Report) {
    for address in addresses(of: port) {
      let destination = port.network == nil ? nil : address
      if let block = address.network.block?.value {
        rules.add(port, from: "\(block)", of: address.address.value, to: destination)
        continue
      }
      let peers = node.hosts.map(\.address.value).filter { peer in
        peer != address.address.value && peer.width == address.address.value.width
          && !node.addresses.contains { $0.network.block?.value.contains(peer) ?? false }
      }
      if peers.isEmpty {
        report.add(
          Diagnostic(
            .openToAll,
            "peers of \(port.name.value) cannot be told from strangers in \(address.network.name.value)",
            at: port.number.span, help: "give the network a `cidr`", node: node.name.value.description))
        rules.add(port, of: address.address.value, to: destination)
      }
      for peer in peers {
        rules.add(port, from: "\(peer)", of: address.address.value, to: destination)
      }
    }
  }

  /// The node's addresses that a port is reached at.
  private func addresses(of port: Port) -> [LinkAddress] {
    guard let network = port.network?.value else { return node.addresses }
    return node.addresses.filter { $0.network.name.value == network }
  }

  private static func unique(_ ports: [PortNumber]) -> [PortNumber] {
    var last: PortNumber?
    return ports.filter { port in
      defer { last = port }
      return port != last
    }
  }

  /// Lines of nft(8): ports of the same sources and destination together.
  private struct Rules {
    private var lines: [String: Set<PortNumber>] = [:]
    private var order: [String] = []
    private(set) var origin: Origin?

    mutating func add(_ port: Port, to address: LinkAddress) {
      add(port, of: address.address.value, to: address)
    }

    /// - Parameters:
    ///   - source: an address or block; `nil` for any.
    ///   - address: one of the family that is meant.
    ///   - destination: the node's address, where it has to be that one.
    mutating func add(
      _ port: Port, from source: String? = nil, of address: IPAddress, to destination: LinkAddress?
    ) {
      let family = address.width == 128 ? "ip6" : "ip"
      var words: [String] = []
      if let source { words.append("\(family) saddr \(source)") }
      if let destination { words.append("\(family) daddr \(destination.address.value)") }
      if words.isEmpty { words.append("meta nfproto \(address.width == 128 ? "ipv6" : "ipv4")") }
      words.append("\(port.transport.rawValue) dport")
      let line = words.joined(separator: " ")
      if lines[line] == nil { order.append(line) }
      lines[line, default: []].insert(port.number.value)
      origin = origin ?? port.number.origin
    }

    var text: String {
      order.map { line in
        let ports = (lines[line] ?? []).sorted().map(\.description).joined(separator: ", ")
        return "\(line) { \(ports) } accept\n"
      }.joined()
    }
  }
}

internal import Diagnostics
internal import FleetModel

/// Checks networks, and the addresses that nodes have in them.
enum AddressCheck {
  static func report(on fleet: Fleet) -> Report {
    var report = Report()
    for network in fleet.networks.values.sorted(by: { $0.name.value < $1.name.value }) {
      report.merge(check(network))
    }
    for entry in fleet.roster {
      for address in entry.addresses {
        guard let network = fleet.networks[address.network] else { continue }
        report.merge(check(address.address, in: network, of: entry.name.value))
      }
      report.merge(networks(of: entry, fleet))
    }
    return report
  }

  // MARK: Networks

  private static func check(_ network: Network) -> Report {
    var report = Report()
    if let mtu = network.mtu, mtu.value < 1280, network.block?.value.base.width == 128 {
      report.add(
        Diagnostic(
          FleetRules.unusableMTU, "IPv6 needs packets of at least 1280 bytes", at: mtu.span,
          related: label("the network", network.block?.span), help: "give an mtu from 1280"))
    }
    for server in network.dns {
      guard let kind = kind(of: server.value), !kind.hasSuffix("loopback"), kind != "link-local" else {
        continue
      }
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "DNS server \(server.value) is \(kind)", at: server.span,
          help: "give the server's own address"))
    }
    if let block = network.block, let example = reserved.first(where: { overlap($0.block, block.value) }),
      example.kind != "link-local"
    {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "network \(block.value) has addresses that are \(example.kind)",
          at: block.span,
          help: "give the network a block that machines have addresses of"))
    }
    guard let gateway = network.gateway else { return report }
    if let kind = kind(of: gateway.value) {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "gateway \(gateway.value) is \(kind)", at: gateway.span,
          help: "give the router's own address"))
    }
    guard let block = network.block else { return report }
    if !block.value.contains(gateway.value) {
      report.add(
        Diagnostic(
          FleetRules.addressOutside, "gateway \(gateway.value) is not in \(block.value)", at: gateway.span,
          related: label("the network", block.span), help: "give the router's address in the network"))
    } else if let kind = kind(of: gateway.value, in: block.value) {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "gateway \(gateway.value) is the \(kind) address of \(block.value)",
          at: gateway.span,
          related: label("the network", block.span), help: "give the router's own address"))
    }
    return report
  }

  /// Networks that one node has a foot in each.
  private static func networks(of entry: NodeEntry, _ fleet: Fleet) -> Report {
    var report = Report()
    let node = entry.name.value.description
    for (index, address) in entry.addresses.enumerated() {
      guard let network = fleet.networks[address.network] else { continue }
      for other in entry.addresses[..<index] {
        guard let first = fleet.networks[other.network] else { continue }
        if other.network == address.network {
          report.add(
            Diagnostic(
              FleetRules.networkOnTwoLinks, "\(node) has two addresses in network \(network.name.value)",
              at: address.address.span,
              related: label("the other one", other.address.span),
              help: "make one bond of both cards, or use another network",
              node: node))
        } else if let one = network.block, let two = first.block, overlap(one.value, two.value) {
          report.add(
            Diagnostic(
              FleetRules.overlappingNetworks, "\(node) is in \(one.value) and in \(two.value), which overlap",
              at: address.address.span,
              related: label("the other address", other.address.span)
                + label("network \(network.name.value)", one.span),
              help: "give the networks blocks of their own", node: node))
        } else if let one = network.gateway, let two = first.gateway, one.value.width == two.value.width,
          one.value != two.value
        {
          report.add(
            Diagnostic(
              FleetRules.twoGateways, "\(node) has two gateways, \(two.value) and \(one.value)",
              at: address.address.span,
              related: label("the first", two.span) + label("the second", one.span),
              help: "leave the gateway of the inner network out", node: node))
        }
      }
    }
    return report
  }

  private static func overlap(_ one: AddressBlock, _ other: AddressBlock) -> Bool {
    one.contains(other.base) || other.contains(one.base)
  }

  // MARK: Addresses

  private static func check(_ address: Sourced<IPAddress>, in network: Network, of node: Name) -> Report {
    var report = Report()
    let place = node.description
    if address.value.isDocumentation {
      report.add(
        Diagnostic(
          FleetRules.documentationAddress, "address \(address.value) is reserved for documentation",
          at: address.span,
          help: "give \(node) its real address before it is deployed", node: place))
    }
    if let kind = kind(of: address.value) {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "address \(address.value) is \(kind)", at: address.span,
          help: "give \(node) an address that others reach it by", node: place))
      return report
    }
    if let gateway = network.gateway, gateway.value == address.value {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "address \(address.value) is the gateway's", at: address.span,
          related: label("the gateway", gateway.span), help: "give \(node) a free address", node: place))
    }
    guard let block = network.block else { return report }
    if !block.value.contains(address.value) {
      report.add(
        Diagnostic(
          FleetRules.addressOutside, "address \(address.value) is not in \(block.value)", at: address.span,
          related: label("network \(network.name.value)", block.span),
          help: "give \(node) an address of the network", node: place))
    } else if let kind = kind(of: address.value, in: block.value) {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "address \(address.value) is the \(kind) address of \(block.value)",
          at: address.span,
          related: label("network \(network.name.value)", block.span), help: "give \(node) a free address",
          node: place))
    }
    return report
  }

  private static func kind(of address: IPAddress, in block: AddressBlock) -> String? {
    guard let broadcast = block.broadcast else { return nil }
    return address == broadcast ? "broadcast" : address == block.base ? "network's own" : nil
  }

  /// Blocks that no machine can be reached in (RFC 6890, RFC 4291).
  private static let reserved: [(block: AddressBlock, kind: String)] = [
    ("0.0.0.0/8", "no address of a machine"), ("127.0.0.0/8", "the machine's own loopback"),
    ("224.0.0.0/4", "a multicast address"), ("240.0.0.0/4", "no address of a machine"),
    ("169.254.0.0/16", "link-local"),
    ("::/128", "no address of a machine"), ("::1/128", "the machine's own loopback"),
    ("ff00::/8", "a multicast address"), ("fe80::/10", "link-local"),
  ].compactMap { text, kind in AddressBlock(text).map { ($0, kind) } }

  private static func kind(of address: IPAddress) -> String? {
    reserved.first { $0.block.contains(address) }?.kind
  }

  private static func label(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}

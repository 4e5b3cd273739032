internal import Diagnostics
internal import FleetModel

/// Checks a node's links against each other.
enum LinkCheck {
  static func report(on node: Node) -> Report {
    var report = Report()
    let links = Dictionary(node.links.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    var vlans: [String: Sourced<Int>] = [:]
    for link in node.links {
      report.merge(size(of: link, node))
      if case .ethernet = link.kind {} else { report.merge(name(of: link, node)) }
      guard case .vlan(let id, let carrier) = link.kind else { continue }
      let key = "\(carrier.value) \(id.value)"
      if let first = vlans[key] {
        report.add(
          Diagnostic(
            FleetRules.vlanTwice, "VLAN \(id.value) is on \(carrier.value) already", at: id.span,
            related: label("the first", first.span),
            help: "give one of them another number", node: node.name.value.description))
      }
      vlans[key] = vlans[key] ?? id
      report.merge(check(link, on: carrier, links, node))
    }
    return report
  }

  private static func check(_ link: Link, on carrier: Sourced<Name>, _ links: [Name: Link], _ node: Node)
    -> Report
  {
    let name = node.name.value.description
    guard let lower = links[carrier.value] else {
      let nearest = Suggestion.nearest(
        to: carrier.value.description, in: links.keys.map(\.description).sorted())
      return Report(
        Diagnostic(
          FleetRules.unknownLink, "\(name) has no link \(carrier.value)", at: carrier.span,
          help: nearest.map { "did you mean \($0)?" } ?? "declare it under links", node: name))
    }
    guard !isLoop(from: link, links) else {
      return Report(
        Diagnostic(
          FleetRules.unknownLink, "\(link.name.value) is carried by itself", at: carrier.span,
          help: "put it on a card or a bond", node: name))
    }
    // A link without an MTU of its own has that of Ethernet.
    guard let mtu = link.mtu, mtu.value > lower.mtu?.value ?? 1500 else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.unusableMTU,
        "\(link.name.value) has an mtu of \(mtu.value), and \(lower.name.value), which carries it, \(lower.mtu?.value ?? 1500)",
        at: mtu.span ?? link.name.span,
        related: label("the link that carries it", lower.mtu?.span ?? lower.name.span),
        help: "give \(lower.name.value) an mtu of at least \(mtu.value)", node: name))
  }

  /// Bonds and VLANs are called as they are named here.
  private static func name(of link: Link, _ node: Node) -> Report {
    guard ["lo", "all", "default"].contains(link.name.value.description) else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.reservedLinkName, "\(link.name.value) is a name of the kernel's own", at: link.name.span,
        help: "call the interface by what it is for", node: node.name.value.description))
  }

  private static func isLoop(from link: Link, _ links: [Name: Link]) -> Bool {
    var seen: Set<Name> = [link.name.value]
    var next = link
    while case .vlan(_, let carrier) = next.kind, let lower = links[carrier.value] {
      guard seen.insert(lower.name.value).inserted else { return true }
      next = lower
    }
    return false
  }

  private static func size(of link: Link, _ node: Node) -> Report {
    guard let mtu = link.mtu, mtu.value < 1280,
      let address = link.addresses.first(where: { $0.address.value.width == 128 }),
      mtu.span != address.network.mtu?.span
    else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.unusableMTU, "IPv6 needs packets of at least 1280 bytes", at: mtu.span,
        related: label("the address", address.address.span),
        help: "give an mtu from 1280", node: node.name.value.description))
  }

  private static func label(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}

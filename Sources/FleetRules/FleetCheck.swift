public import Diagnostics
public import FleetModel

/// Checks the roster of a fleet: what no node can see on its own.
public enum FleetCheck {
  /// Everything found, in no particular order.
  ///
  /// - Parameter incomplete: nodes of which not everything is known; what they seem to lack is not held
  ///   against them.
  public static func report(on fleet: Fleet, incomplete: Set<Name> = []) -> Report {
    var report = Report()
    report.merge(uniqueness(fleet, incomplete))
    report.merge(AddressCheck.report(on: fleet))
    report.merge(authorities(fleet))
    report.merge(QuorumCheck(fleet, incomplete: incomplete).report())
    report.merge(ServiceGraphCheck.report(on: fleet))
    return report
  }

  // MARK: Uniqueness

  private static func uniqueness(_ fleet: Fleet, _ incomplete: Set<Name>) -> Report {
    var report = Report()
    let nodes = duplicates(
      FleetRules.duplicateNode, in: fleet, values: { [$0.name] }, what: { "node \($0)" },
      help: { _, _ in "each node has one file" })
    report.merge(nodes.report)
    // Everything else in a copied file is a copy too.
    let copies = nodes.later
    for (index, entry) in fleet.roster.enumerated() where !copies.contains(index) {
      report.merge(reserved(entry))
    }
    report.merge(
      duplicates(
        FleetRules.duplicateHostName, in: fleet, but: copies, values: { [$0.host] },
        what: { "host name \($0)" }, help: { owner, _ in "give \(owner) another host name" }
      ).report)
    report.merge(
      duplicates(
        FleetRules.duplicateMAC, in: fleet, but: copies,
        values: { incomplete.contains($0.name.value) ? [] : $0.macs }, what: { "Ethernet address \($0)" },
        help: { _, _ in "each card has its own" }
      ).report)
    report.merge(
      duplicates(
        FleetRules.duplicateHostID, in: fleet, but: copies, values: { $0.hostID.map { [$0] } ?? [] },
        what: { "host-id \($0)" }, help: { _, _ in "leave host-id out: it is derived from the name" }
      ).report)
    let addresses = duplicates(
      FleetRules.duplicateAddress, in: fleet, but: copies,
      values: { entry in
        entry.addresses.map { item in
          item.address.map {
            PlacedAddress(network: fleet.networks[item.network]?.block == nil ? nil : item.network, value: $0)
          }
        }
      }, what: { "address \($0.value)" },
      help: { owner, address in
        let block = address.network.flatMap { fleet.networks[$0]?.block }
        return "give \(owner) a free address" + (block.map { " in \($0.value)" } ?? "")
      })
    report.merge(addresses.report)
    return report
  }

  /// An address where it must be the only one; a network without a block is the internet, whatever it
  /// is called.
  private struct PlacedAddress: Hashable {
    let network: Name?
    let value: IPAddress
  }

  /// A finding for each later owner of a value, and these owners' places in the roster. One kind of value
  /// at a time, and as little as can be kept of each: there may be tens of thousands.
  private static func duplicates<Value: Hashable>(
    _ rule: Rule, in fleet: Fleet, but copies: Set<Int> = [], values: (NodeEntry) -> [Sourced<Value>],
    what: (Value) -> String, help: (_ owner: String, Value) -> String
  ) -> (report: Report, later: Set<Int>) {
    var report = Report()
    var later = Set<Int>()
    var first: [Value: (entry: Int32, span: Span?)] = [:]
    first.reserveCapacity(fleet.roster.count)
    for (index, entry) in fleet.roster.enumerated() where !copies.contains(index) {
      for value in values(entry) {
        guard let former = first[value.value] else {
          first[value.value] = (Int32(clamping: index), value.span)
          continue
        }
        later.insert(index)
        let owner = entry.name.value.description
        let formerOwner = fleet.roster[Int(former.entry)].name.value.description
        let what = what(value.value)
        report.add(
          Diagnostic(
            rule, formerOwner == owner ? "\(what) is there twice" : "\(what) is already \(formerOwner)'s",
            at: value.span, related: former.span.map { [Label("first used", at: $0)] } ?? [],
            help: help(owner, value.value), node: owner))
      }
    }
    return (report, later)
  }

  /// Names that stand for something else where a node's own is put.
  private static func reserved(_ entry: NodeEntry) -> Report {
    let folders = [
      "flake": "of the fleet's flake", "keys": "of the fleet's secrets", "authorities": "of its authorities",
    ]
    let node = entry.name.value.description
    if let what = folders[node] {
      return Report(
        Diagnostic(
          FleetRules.reservedNodeName, "\(node) is the name of the folder \(what)", at: entry.name.span,
          help: "give the node another name", node: node))
    }
    let host = entry.host
    guard host.value == "localhost" else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.reservedNodeName, "localhost is every machine's name for itself", at: host.span,
        help: "give \(node) another host name", node: node))
  }

  private static func authorities(_ fleet: Fleet) -> Report {
    var report = Report()
    for authority in fleet.authorities.values.sorted(by: { $0.name.value < $1.name.value })
    where authority.leafDays.value > authority.days.value {
      report.add(
        Diagnostic(
          FleetRules.leafOutlivesAuthority,
          "certificates of \(authority.name.value) are valid for \(authority.leafDays.value) days, its own for \(authority.days.value)",
          at: authority.leafDays.span ?? authority.days.span,
          related: authority.days.span.map { [Label("its own", at: $0)] } ?? [],
          help: "give leaf-days below days"))
    }
    return report
  }
}

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
    var names = FirstPlaces<Name>(FleetRules.duplicateNode)
    var hosts = FirstPlaces<String>(FleetRules.duplicateHostName)
    var macs = FirstPlaces<MACAddress>(FleetRules.duplicateMAC)
    var ids = FirstPlaces<String>(FleetRules.duplicateHostID)
    var addresses = FirstPlaces<String>(FleetRules.duplicateAddress)
    for entry in fleet.roster {
      let owner = entry.name.value.description
      let isWhole = !incomplete.contains(entry.name.value)
      let twice = names.take(entry.name, owner: owner, what: "node \(owner)", help: "each node has one file")
      report.merge(twice)
      // Everything else in a copied file is a copy too.
      guard twice.diagnostics.isEmpty else { continue }
      report.merge(reserved(entry))
      let host = entry.hostName.map { $0.map(\.description) } ?? entry.name.map(\.description)
      report.merge(
        hosts.take(
          host, owner: owner, what: "host name \(host.value)", help: "give \(owner) another host name"))
      for mac in isWhole ? entry.macs : [] {
        report.merge(
          macs.take(mac, owner: owner, what: "Ethernet address \(mac.value)", help: "each card has its own"))
      }
      if let id = entry.hostID {
        report.merge(
          ids.take(
            id, owner: owner, what: "host-id \(id.value)",
            help: "leave host-id out: it is derived from the name"))
      }
      for address in entry.addresses {
        let block = fleet.networks[address.network]?.block
        let help = "give \(owner) a free address" + (block.map { " in \($0.value)" } ?? "")
        // A network without a block is the internet, whatever it is called.
        let key = address.address.map { "\(block == nil ? "" : address.network.description) \($0)" }
        report.merge(addresses.take(key, owner: owner, what: "address \(address.address.value)", help: help))
      }
    }
    return report
  }

  /// The first owner of each value, and a finding for each later one.
  private struct FirstPlaces<Value: Hashable> {
    private let rule: Rule
    private var owners: [Value: (owner: String, span: Span?)] = [:]

    init(_ rule: Rule) { self.rule = rule }

    mutating func take(_ value: Sourced<Value>, owner: String, what: String, help: String) -> Report {
      guard let first = owners[value.value] else {
        owners[value.value] = (owner, value.span)
        return Report()
      }
      return Report(
        Diagnostic(
          rule, first.owner == owner ? "\(what) is there twice" : "\(what) is already \(first.owner)'s",
          at: value.span,
          related: first.span.map { [Label("first used", at: $0)] } ?? [], help: help, node: owner))
    }
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
    let host = entry.hostName.map { $0.map(\.description) } ?? entry.name.map(\.description)
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

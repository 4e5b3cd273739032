public import Diagnostics
public import FleetModel

/// Checks the roster of a fleet: what no node can see on its own.
public enum FleetCheck {
  /// Everything found, in no particular order.
  public static func report(on fleet: Fleet) -> Report {
    var report = Report()
    report.merge(uniqueness(fleet))
    report.merge(addresses(fleet))
    report.merge(QuorumCheck(fleet).report())
    report.merge(ServiceGraphCheck.report(on: fleet))
    return report
  }

  // MARK: Uniqueness

  private static func uniqueness(_ fleet: Fleet) -> Report {
    var report = Report()
    var names = FirstPlaces<Name>(FleetRules.duplicateNode)
    var hosts = FirstPlaces<String>(FleetRules.duplicateHostName)
    var macs = FirstPlaces<MACAddress>(FleetRules.duplicateMAC)
    var ids = FirstPlaces<String>(FleetRules.duplicateHostID)
    var addresses = FirstPlaces<String>(FleetRules.duplicateAddress)
    for entry in fleet.roster {
      let owner = entry.name.value.description
      report.merge(names.take(entry.name, owner: owner, what: "node \(owner)", help: "each node has one file"))
      let host = entry.hostName.map { $0.map(\.description) } ?? entry.name.map(\.description)
      report.merge(hosts.take(host, owner: owner, what: "host name \(host.value)", help: "give \(owner) another host name"))
      for mac in entry.macs {
        report.merge(macs.take(mac, owner: owner, what: "Ethernet address \(mac.value)", help: "each card has its own"))
      }
      if let id = entry.hostID {
        report.merge(ids.take(id, owner: owner, what: "host-id \(id.value)", help: "leave host-id out: it is derived from the name"))
      }
      for address in entry.addresses {
        let block = fleet.networks[address.network]?.block
        let help = "give \(owner) a free address" + (block.map { " in \($0.value)" } ?? "")
        let key = address.address.map { "\(address.network) \($0)" }
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
          rule, "\(what) is already \(first.owner)'s", at: value.span,
          related: first.span.map { [Label("first used", at: $0)] } ?? [], help: help, node: owner))
    }
  }

  // MARK: Addresses

  private static func addresses(_ fleet: Fleet) -> Report {
    var report = Report()
    for network in fleet.networks.values.sorted(by: { $0.name.value < $1.name.value }) {
      if let gateway = network.gateway, let block = network.block, !block.value.contains(gateway.value) {
        report.add(
          Diagnostic(
            FleetRules.addressOutside, "gateway \(gateway.value) is not in \(block.value)", at: gateway.span,
            related: related("the network", block.span)))
      }
    }
    for entry in fleet.roster {
      for address in entry.addresses {
        guard let network = fleet.networks[address.network] else { continue }
        report.merge(check(address.address, in: network, of: entry.name.value))
      }
    }
    return report
  }

  private static func check(_ address: Sourced<IPAddress>, in network: Network, of node: Name) -> Report {
    var report = Report()
    let place = node.description
    if address.value.isDocumentation {
      report.add(
        Diagnostic(
          FleetRules.documentationAddress, "address \(address.value) is reserved for documentation", at: address.span,
          help: "give \(node) its real address before it is deployed", node: place))
    }
    if let gateway = network.gateway, gateway.value == address.value {
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "address \(address.value) is the gateway's", at: address.span,
          related: related("the gateway", gateway.span), help: "give \(node) a free address", node: place))
    }
    guard let block = network.block else { return report }
    if !block.value.contains(address.value) {
      report.add(
        Diagnostic(
          FleetRules.addressOutside, "address \(address.value) is not in \(block.value)", at: address.span,
          related: related("network \(network.name.value)", block.span), help: "give \(node) an address of the network", node: place))
    } else if address.value == block.value.broadcast || (address.value == block.value.base && block.value.broadcast != nil) {
      let kind = address.value == block.value.base ? "network's own" : "broadcast"
      report.add(
        Diagnostic(
          FleetRules.addressReserved, "address \(address.value) is the \(kind) address of \(block.value)", at: address.span,
          related: related("network \(network.name.value)", block.span), help: "give \(node) a free address", node: place))
    }
    return report
  }

  private static func related(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}

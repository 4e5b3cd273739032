public import Diagnostics
public import FleetModel

/// Checks one node: what its services need of each other, and who owns which port.
public enum NodeCheck {
  /// Everything found, in no particular order.
  public static func report(on node: Node) -> Report {
    var report = requirements(of: node)
    report.merge(ports(of: node))
    return report
  }

  private static func requirements(of node: Node) -> Report {
    var report = Report()
    let services = Dictionary(node.services.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    for service in node.services {
      for dependency in service.dependencies where dependency.strength != .after {
        let name = dependency.service.value
        let other = services[name]
        let lacksStep = dependency.point == .joined && (other?.join == nil || !node.firstBoot.isEnabled.value)
        guard other == nil || lacksStep else { continue }
        let reason = other == nil ? "\(name), which is not on this node" : "\(name).joined, and \(name) has no join step here"
        report.add(
          Diagnostic(
            FleetRules.requirementMissing, "\(service.name.value) \(dependency.strength.rawValue) \(reason)",
            at: dependency.service.span, related: node.name.span.map { [Label("the node", at: $0)] } ?? [],
            help: other == nil ? "add \(name) to its services" : "write \(name).ready, or give \(name) a join step",
            severity: dependency.strength == .requires || lacksStep ? .error : .warning, node: node.name.value.description))
      }
    }
    return report
  }

  private static func ports(of node: Node) -> Report {
    struct Key: Hashable {
      let transport: Port.TransportProtocol
      let number: PortNumber
    }
    var report = Report()
    var owners: [Key: [(service: Service, port: Port)]] = [:]
    for service in node.services {
      for port in service.ports {
        let key = Key(transport: port.transport, number: port.number.value)
        // Two services bound to two networks may share a number; a wildcard meets everybody.
        let clash = owners[key]?.first { $0.port.network == nil || port.network == nil || $0.port.network?.value == port.network?.value }
        if let clash {
          let place = port.number.span ?? port.name.span
          report.add(
            Diagnostic(
              FleetRules.portOwnedTwice,
              "\(port.transport.rawValue) port \(port.number.value) of \(service.name.value) is already \(clash.service.name.value)'s (\(clash.port.name.value))",
              at: place, related: clash.port.number.span.map { [Label("first used", at: $0)] } ?? [],
              help: "give one of them another port", node: node.name.value.description))
        }
        owners[key, default: []].append((service, port))
      }
    }
    return report
  }
}

public import Diagnostics
public import FleetModel

/// Checks one node: what its services need of each other, and who owns which port.
public enum NodeCheck {
  /// Everything found, in no particular order.
  public static func report(on node: Node) -> Report {
    var report = requirements(of: node)
    report.merge(ports(of: node))
    report.merge(directories(of: node))
    report.merge(LinkCheck.report(on: node))
    return report
  }

  private static func requirements(of node: Node) -> Report {
    var report = Report()
    let services = Dictionary(
      node.services.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    for service in node.services {
      for dependency in service.dependencies where dependency.strength != .after {
        let name = dependency.service.value
        let other = services[name]
        let lacksStep = dependency.point == .joined && (other?.join == nil || !node.firstBoot.isEnabled.value)
        if let other, dependency.point == .ready {
          report.merge(readiness(of: other, for: service, dependency, node))
        }
        guard other == nil || lacksStep else { continue }
        let reason =
          other == nil
          ? "\(name), which is not on this node"
          : "\(name).joined, and \(other?.join == nil ? "\(name) has no join step" : "first boot is not enabled")"
        report.add(
          Diagnostic(
            FleetRules.requirementMissing, "\(service.name.value) \(dependency.strength.rawValue) \(reason)",
            at: dependency.service.span, related: node.name.span.map { [Label("the node", at: $0)] } ?? [],
            help: other == nil
              ? "add \(name) to its services"
              : other?.join == nil
                ? "write \(name), or give \(name) a join step" : "enable first-boot, or write \(name)",
            severity: dependency.strength == .requires || lacksStep ? .error : .warning,
            node: node.name.value.description))
      }
    }
    return report
  }

  /// `ready` says something only of a service that tells systemd when it is.
  private static func readiness(
    of other: Service, for service: Service, _ dependency: Dependency, _ node: Node
  ) -> Report {
    let kind = other.start.kind
    guard ![StartPolicy.Kind.notify, .forking].contains(kind.value) else { return Report() }
    return Report(
      Diagnostic(
        FleetRules.neverReady,
        "\(other.name.value) is of type \(kind.value.rawValue) and never says that it is ready",
        at: dependency.service.span, related: kind.span.map { [Label("its type", at: $0)] } ?? [],
        help: "write \(other.name.value), or make it type notify", node: node.name.value.description))
  }

  /// Directories that systemd makes for a service are that service's alone.
  private static func directories(of node: Node) -> Report {
    var report = Report()
    var owners: [String: (service: Name, span: Span?)] = [:]
    for service in node.services {
      var paths = service.state.map { ("/var/lib/" + $0.path.value, $0.path.span ?? $0.name.span) }
      if let directory = service.runtimeDirectory {
        paths.append(("/run/" + directory.value, directory.span))
      }
      for (path, span) in paths {
        guard let first = owners[path], first.service != service.name.value else {
          owners[path] = owners[path] ?? (service.name.value, span)
          continue
        }
        report.add(
          Diagnostic(
            FleetRules.directoryShared, "\(path) is \(first.service)'s directory and \(service.name.value)'s",
            at: span,
            related: first.span.map { [Label("the other one", at: $0)] } ?? [],
            help: "give each service a directory of its own",
            node: node.name.value.description))
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
        let clash = owners[key]?.first {
          $0.port.network == nil || port.network == nil || $0.port.network?.value == port.network?.value
        }
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

import Diagnostics
import FleetModel

/// The units of a node and what they need of each other: read once, so that each unit is then made
/// without another look at the whole node.
struct NodePlan {
  /// An edge to a unit, and why.
  struct Edge {
    let unit: String
    let origin: Origin
  }

  let node: Node
  let paths: ProgramPaths
  /// Whether the node has first-boot units.
  let hasFirstBoot: Bool
  private let services: [Name: Int]
  /// What a unit starts along with itself, by that unit: the units that require it.
  private(set) var dependants: [String: [Edge]] = [:]

  init(_ node: Node, paths: ProgramPaths) {
    self.node = node
    self.paths = paths
    hasFirstBoot = node.firstBoot.isEnabled.value
    services = Dictionary(
      node.services.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    for service in node.services { collectDependants(of: service) }
  }

  /// The service of that name, if the node runs it.
  func service(_ name: Name) -> Service? { services[name].map { node.services[$0] } }

  /// The join step of a service, if it becomes a unit.
  func join(of service: Service) -> JoinStep? { hasFirstBoot ? service.join : nil }

  /// The setup step of a service, if it becomes a unit.
  func setup(of service: Service) -> SetupStep? { hasFirstBoot ? service.setup : nil }

  /// Whether the join unit comes before the service. A node that forms the cluster has nobody to
  /// ask first: there the unit waits for the service in any case.
  func joinsBeforeStart(_ step: JoinStep) -> Bool {
    step.moment.value == .beforeStart && node.mode.value == .join
  }

  /// The units that stand for a dependency, the join unit last. Requiring the service as well keeps
  /// stop and restart flowing once the join unit is skipped for its marker.
  func units(of dependency: Dependency) -> [String] {
    guard let service = service(dependency.service.value) else { return [dependency.unit] }
    let isJoined = dependency.point == .joined && join(of: service) != nil
    return service.startedUnits + (isJoined ? [Self.joinUnit(service)] : [])
  }

  /// The nearest join units among what a service depends on, through services that join nothing;
  /// `isRequired` where every step of the way is `requires`.
  func earlierJoins(of service: Service) -> [(unit: String, isRequired: Bool, origin: Origin)] {
    var found: [(unit: String, isRequired: Bool, origin: Origin)] = []
    var visited: Set<Name> = [service.name.value]
    func walk(_ service: Service, isRequired: Bool) {
      for dependency in service.dependencies {
        guard let other = self.service(dependency.service.value),
          visited.insert(other.name.value).inserted
        else { continue }
        let isRequired = isRequired && dependency.strength == .requires
        if join(of: other) != nil {
          found.append((Self.joinUnit(other), isRequired, dependency.service.origin))
        } else {
          walk(other, isRequired: isRequired)
        }
      }
    }
    walk(service, isRequired: true)
    return found
  }

  /// `chainfire-cluster-join.service`.
  static func joinUnit(_ service: Service) -> String { "\(service.name.value)-cluster-join.service" }

  /// `iam-initial-setup.service`.
  static func setupUnit(_ service: Service) -> String { "\(service.name.value)-initial-setup.service" }

  private mutating func collectDependants(of service: Service) {
    for dependency in service.dependencies where dependency.strength == .requires {
      for unit in units(of: dependency) {
        add(service.startedUnits, to: unit, dependency.service.origin)
      }
    }
    let earlier = earlierJoins(of: service).filter(\.isRequired)
    if let step = join(of: service) {
      let unit = Self.joinUnit(service)
      if joinsBeforeStart(step) {
        add(service.startedUnits, to: unit, step.path.origin)
      } else {
        for started in service.startedUnits { add([unit], to: started, step.path.origin) }
      }
      for join in earlier { add([unit], to: join.unit, join.origin) }
    }
    if let step = setup(of: service) {
      let unit = Self.setupUnit(service)
      for started in service.startedUnits { add([unit], to: started, step.path.origin) }
      for join in earlier { add([unit], to: join.unit, join.origin) }
    }
  }

  private mutating func add(_ units: [String], to unit: String, _ origin: Origin) {
    for dependant in units where dependants[unit]?.contains(where: { $0.unit == dependant }) != true {
      dependants[unit, default: []].append(Edge(unit: dependant, origin: origin))
    }
  }
}

extension Service {
  /// Whether it becomes a template unit.
  var isTemplate: Bool { !instances.isEmpty }
}

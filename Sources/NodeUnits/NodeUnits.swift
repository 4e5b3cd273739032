public import Diagnostics
public import FleetModel
import Hardening
public import SystemdUnits

/// The units of a node: one for each service, and those of the first boot. Native unit files and
/// NixOS modules are two printings of what this makes.
public enum NodeUnits {
  /// All units of a node, in order of name; `paths` says where programs are, and is what the node's
  /// target has unless given.
  public static func units(for node: Node, paths: ProgramPaths? = nil) -> Checked<[UnitFile]> {
    let plan = NodePlan(node, paths: paths ?? ProgramPaths(for: node.target))
    var report = Report()
    var units = node.services.map { ServiceUnit(plan, $0).make(&report) }
    if plan.hasFirstBoot {
      let steps = FirstBootUnits(plan)
      for service in node.services {
        if let step = service.join { units.append(steps.join(service, step)) }
        if let step = service.setup { units.append(steps.setup(service, step)) }
      }
      if node.firstBoot.clusterHealth.value { units.append(steps.clusterHealth()) }
    }
    return Checked(units.sorted { $0.name < $1.name }, report)
  }

  /// The units of one service: its own, and those of its join and setup steps.
  public static func units(
    for service: Service, on node: Node, paths: ProgramPaths? = nil
  ) -> Checked<[UnitFile]> {
    let plan = NodePlan(node, paths: paths ?? ProgramPaths(for: node.target))
    var report = Report()
    var units = [ServiceUnit(plan, service).make(&report)]
    let steps = FirstBootUnits(plan)
    if let step = plan.join(of: service) { units.append(steps.join(service, step)) }
    if let step = plan.setup(of: service) { units.append(steps.setup(service, step)) }
    return Checked(units.sorted { $0.name < $1.name }, report)
  }

  /// The words of a service's `ExecStart=`.
  public static func execStart(_ service: Service) -> [ExecWord] {
    service.command.map { word in
      let origin = word.content.origin
      switch word.content.value {
      case .text(let text): return ExecWord(.text(text), origin)
      case .variable(let name): return ExecWord(.variable(name), origin)
      case .credential(let name): return ExecWord(.credential(name), origin)
      case .program(let name):
        guard let program = service.programs.first(where: { $0.name.value == name }) else {
          return ExecWord(.text(name.description), origin)
        }
        return ExecWord(
          .program(executable: program.executable.value, path: program.path.value), origin)
      }
    }
  }

  /// The units that are enabled on the node, in order of name: each that is no template, and the
  /// instances of those that are.
  public static func enabledUnits(of node: Node) -> [String] {
    var names = node.services.flatMap(\.startedUnits)
    let plan = NodePlan(node, paths: .native)
    names += node.services.filter { plan.join(of: $0) != nil }.map(NodePlan.joinUnit)
    names += node.services.filter { plan.setup(of: $0) != nil }.map(NodePlan.setupUnit)
    if plan.hasFirstBoot, node.firstBoot.clusterHealth.value { names.append(FirstBootUnits.healthUnit) }
    return names.sorted()
  }
}

extension Service {
  /// The file that holds the unit: `chainfire.service`, or the template `worker@.service`.
  public var unitFileName: String { unitName.value + (instances.isEmpty ? ".service" : "@.service") }

  /// What is started: the unit, or the template's instances.
  public var startedUnits: [String] {
    if instances.isEmpty { return [unit] }
    return instances.map { "\(unitName.value)@\(UnitEscaping.escape($0.value)).service" }
  }
}

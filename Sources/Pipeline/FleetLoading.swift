public import Diagnostics
public import FleetModel
internal import FleetRules
public import Profiles

/// Load, decode, resolve and check a fleet: everything but its nodes in full.
public enum FleetLoading {
  /// The fleet, unless its files are too broken to say what it is.
  public static func load(_ profiles: ProfileSet) -> Checked<FleetContext> {
    var checked = FleetResolution.resolve(profiles)
    guard let context = checked.value else { return checked }
    let found = FleetCheck.report(on: context.fleet, incomplete: context.incomplete)
    checked.report.merge(found)
    // Services that wait for each other do so on every node, and in every unit.
    if found.diagnostics.contains(where: { $0.code == FleetRules.serviceCycle.code }) {
      checked.value?.incomplete.formUnion(context.fleet.roster.map(\.name.value))
    }
    return checked
  }

  /// A node in full, checked on its own.
  public static func node(_ name: Name, in context: FleetContext) -> Checked<ResolvedNode> {
    var checked = NodeResolution.resolve(name, in: context)
    if let node = checked.value, !checked.report.hasErrors {
      checked.report.merge(NodeCheck.report(on: node.node))
    }
    return checked
  }
}

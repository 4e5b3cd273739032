public import Diagnostics
public import FleetModel
internal import FleetRules
public import Profiles

/// Load, decode, resolve and check a fleet: everything but its nodes in full.
public enum FleetLoading {
  /// The fleet, unless its files are too broken to say what it is.
  public static func load(_ profiles: ProfileSet) -> Checked<FleetContext> {
    var checked = FleetResolution.resolve(profiles)
    if let context = checked.value { checked.report.merge(FleetCheck.report(on: context.fleet, incomplete: context.incomplete)) }
    return checked
  }

  /// A node in full, checked on its own.
  public static func node(_ name: Name, in context: FleetContext) -> Checked<ResolvedNode> {
    var checked = NodeResolution.resolve(name, in: context)
    if let node = checked.value { checked.report.merge(NodeCheck.report(on: node.node)) }
    return checked
  }
}

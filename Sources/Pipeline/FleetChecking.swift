public import Diagnostics
internal import Digests
public import FleetModel
public import Profiles

/// Everything that can be said of a fleet without writing it.
public enum FleetChecking {
  /// All findings about some nodes, and about the fleet's own files when these are all nodes it has.
  public static func report(on nodes: [Name], in context: FleetContext) -> Report {
    var report = Report()
    var gathering = FleetGathering(context.fleet)
    for name in nodes {
      let built = NodeBuilding.build(name, in: context, inputs: .zero, environment: .none)
      report.merge(built.report)
      if let node = built.value?.node { gathering.add(node) }
    }
    // The flake of a part of the nodes would be found to lack the others.
    if nodes.count == context.profiles.nodes.count, !report.hasErrors, context.incomplete.isEmpty {
      report.merge(gathering.flake(for: context.fleet).report)
    }
    return report
  }
}

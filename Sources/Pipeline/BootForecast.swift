public import BootSimulation
internal import BootTransactions
public import FleetModel
internal import NodeUnits
internal import Synchronization
internal import SystemdUnits
internal import UnitGraphs

/// The boot of a node as it is simulated, from its profile's estimates.
public enum BootForecast {
  /// What a node boots into.
  static let target = "multi-user.target"

  /// How long the node's units take.
  public static func estimates(for node: Node) -> StartEstimates {
    let said = StartTimes.estimates(for: node).map { ($0.unit, $0.milliseconds) }
    return StartEstimates(Dictionary(said, uniquingKeysWith: { first, _ in first }))
  }

  /// The boot's timeline; `nil` where systemd would refuse to start the target.
  fileprivate static func timeline(of draft: NodeDraft, _ estimates: StartEstimates) -> Timeline? {
    let graph = draft.graph
    guard let target = graph.node(named: target) else { return nil }
    let outcomes = BootTransaction.outcomes(
      of: graph, target: target, systemdVersion: draft.node.target.systemdVersion.value)
    let boot = Boot(graph, outcomes: outcomes, estimates: estimates)
    return boot.jobs.nodes.isEmpty ? nil : boot.timeline
  }
}

/// Timelines by what they depend on. Nodes of a fleet run the same services: theirs are worked out once,
/// whichever node comes first.
final class TimelineMemo: Sendable {
  /// Where nodes differ more than this, remembering helps little and takes much room.
  private static let limit = 64

  private let known = Mutex<[String: Timeline?]>([:])

  /// The timeline of a node's boot; `nil` where there is none.
  func timeline(of draft: NodeDraft) -> Timeline? {
    let estimates = BootForecast.estimates(for: draft.node)
    let key = key(of: draft, estimates)
    if let timeline = known.withLock({ $0[key] }) { return timeline }
    let timeline = BootForecast.timeline(of: draft, estimates)
    known.withLock { if $0.count < Self.limit { $0[key] = .some(timeline) } }
    return timeline
  }

  /// The estimates and all that units say, but for what differs from node to node and orders nothing.
  private func key(of draft: NodeDraft, _ estimates: StartEstimates) -> String {
    var key = "\(draft.node.target.systemdVersion.value)\n"
    for (unit, milliseconds) in estimates.milliseconds.sorted(by: { $0.key < $1.key }) {
      key += "\(unit) \(milliseconds)\n"
    }
    for unit in draft.units {
      key += unit.name
      for directive in unit.sections.flatMap(\.directives) where !Self.isApart(directive.key) {
        key += "\n"
        key += directive.key
        key += "="
        key += directive.value
      }
      key += "\n\n"
    }
    return key
  }

  /// Of commands it counts that there are some: every service has the same ones everywhere.
  private static func isApart(_ key: String) -> Bool {
    key.hasPrefix("Exec") || key == "LoadCredential" || key == "Description" || key == "Environment"
  }
}

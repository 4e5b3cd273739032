/// Answers to questions about a graph, from indexes that are built once in linear time.
public struct GraphIndex: Sendable {
  /// Dependencies that a question may look at before it is given up, so that many questions about a large
  /// graph end. No real host has as many among the units that start before one.
  private static let mostSteps = 20_000

  /// By unit: the dependencies it has.
  public let outgoing: EdgeIndex
  /// By unit: the dependencies that others have on it.
  public let incoming: EdgeIndex
  private let canStart: [Bool]
  private let pulls: PullIndex
  private let started: [Bool]
  private let atBoot: [Bool]

  /// Indexes a graph.
  public init(_ graph: UnitGraph) {
    outgoing = EdgeIndex(graph, by: .from)
    incoming = EdgeIndex(graph, by: .to)
    canStart = graph.nodes.map(\.canStart)
    pulls = PullIndex(graph)
    var started = [Bool](repeating: false, count: graph.nodes.count)
    for edge in graph.edges {
      switch edge.kind {
      case .requires, .wants, .bindsTo, .upholds, .requisite, .triggers, .onFailure, .onSuccess:
        started[Int(edge.to)] = true
      default: break
      }
    }
    self.started = started
    var atBoot = [Bool](repeating: false, count: graph.nodes.count)
    for name in ["default.target", "graphical.target", "multi-user.target"] {
      guard let node = graph.node(named: name), graph.nodes[node].canStart else { continue }
      pulls.mark(from: node, in: &atBoot) { $0.pullsIn }
    }
    self.atBoot = atBoot
  }

  /// What a unit asks of others, and what `[Install]` of others makes it ask; no default dependencies.
  public func dependencies(of unit: Int) -> [DependencyEdge] {
    outgoing[unit].filter { $0.origin != .standard }
  }

  /// What others ask of a unit; no default dependencies, which are the same for all.
  public func dependants(on unit: Int) -> [DependencyEdge] {
    incoming[unit].filter { $0.origin != .standard }
  }

  /// Whether a boot to the default target, or to one of the usual ones, starts a unit.
  public func isStartedAtBoot(_ unit: Int) -> Bool { atBoot[unit] }

  /// Whether a unit pulls another in by a dependency of its own.
  public func pullsIn(_ unit: Int, _ other: Int) -> Bool { pulls.hasEdge(from: unit, to: other) }

  /// Whether anything starts a unit: another unit's dependency, a trigger, a handler.
  public func isStarted(_ unit: Int) -> Bool { started[unit] }

  /// Whether one unit starts before another, directly or by way of others. Where that takes too long to
  /// find out, they count as ordered.
  public func isOrdered(_ first: Int, before second: Int) -> Bool {
    // Backwards: few units start before one, while nearly all start after those of the early boot.
    var seen = Set([second])
    var open = [second]
    var steps = 0
    while let node = open.popLast() {
      for (edges, kind) in [(outgoing[node], DependencyKind.after), (incoming[node], .before)] {
        for edge in edges {
          steps += 1
          if steps > Self.mostSteps { return true }
          guard edge.kind == kind else { continue }
          let earlier = Int(kind == .after ? edge.to : edge.from)
          guard canStart[earlier] else { continue }
          if earlier == first { return true }
          if seen.insert(earlier).inserted { open.append(earlier) }
        }
      }
    }
    return false
  }
}

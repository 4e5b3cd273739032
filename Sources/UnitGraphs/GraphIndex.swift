/// Answers to questions about a graph, from indexes that are built once in linear time.
public struct GraphIndex: Sendable {
  private let order: OrderIndex
  private let pulls: PullIndex
  private let started: [Bool]
  private let atBoot: [Bool]
  private let outgoing: NodeTable<Int32>
  private let incoming: NodeTable<Int32>
  private let edges: [DependencyEdge]

  /// Indexes a graph.
  public init(_ graph: UnitGraph) {
    order = OrderIndex(graph, isIncluded: graph.nodes.map(\.canStart))
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
    // Default dependencies are the same for all and asked for by nobody.
    let said = graph.edges.indices.filter { graph.edges[$0].origin != .standard }
    outgoing = NodeTable(
      count: graph.nodes.count, said.lazy.map { (Int(graph.edges[$0].from), Int32(truncatingIfNeeded: $0)) })
    incoming = NodeTable(
      count: graph.nodes.count, said.lazy.map { (Int(graph.edges[$0].to), Int32(truncatingIfNeeded: $0)) })
    edges = graph.edges
  }

  /// What a unit asks of others, and what `[Install]` of others makes it ask; no default dependencies.
  public func dependencies(of unit: Int) -> [DependencyEdge] { outgoing[unit].map { edges[Int($0)] } }

  /// What others ask of a unit; no default dependencies.
  public func dependants(on unit: Int) -> [DependencyEdge] { incoming[unit].map { edges[Int($0)] } }

  /// Whether a boot to the default target, or to one of the usual ones, starts a unit.
  public func isStartedAtBoot(_ unit: Int) -> Bool { atBoot[unit] }

  /// Whether a unit pulls another in by a dependency of its own.
  public func pullsIn(_ unit: Int, _ other: Int) -> Bool { pulls.hasEdge(from: unit, to: other) }

  /// Whether anything starts a unit: another unit's dependency, a trigger, a handler.
  public func isStarted(_ unit: Int) -> Bool { started[unit] }

  /// Whether one unit starts before another, directly or by way of others.
  public func isOrdered(_ first: Int, before second: Int) -> Bool {
    for index in 0..<order.count(from: first) where order.later(from: first, at: index) == second {
      return true
    }
    var seen = Set([first])
    var open = [first]
    while let node = open.popLast() {
      for index in 0..<order.count(from: node) {
        let later = order.later(from: node, at: index)
        if later == second { return true }
        if seen.insert(later).inserted { open.append(later) }
      }
    }
    return false
  }
}

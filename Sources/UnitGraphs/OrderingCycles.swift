import SystemdUnits

/// Units that wait for one another in a ring.
public struct OrderingCycle: Hashable, Sendable {
  /// The dependencies that close it: each one's later unit is the next one's earlier.
  public let edges: [DependencyEdge]
  /// The units, each before the next, the last before the first.
  public let units: [Int]
  /// The unit whose start brings all of them into one transaction.
  public let anchor: Int
  /// Those whose jobs systemd may delete to break the ring; it takes one of them, at random. Empty
  /// when all are required by the anchor: then the whole start fails.
  public let victims: [Int]

  /// Whether systemd starts anything at all.
  public var isBreakable: Bool { !victims.isEmpty }

  /// The same cycle where it is known better which jobs may go.
  public func with(victims: [Int]) -> OrderingCycle {
    OrderingCycle(edges: edges, units: units, anchor: anchor, victims: victims)
  }
}

extension UnitGraph {
  /// The ordering cycles that a start can run into, shortest first in every knot of them, each with
  /// other lines of files than those before. Takes time linear in the edges for sets without cycles.
  public func orderingCycles() -> [OrderingCycle] { cyclesByStart().started }

  /// The same, and the rings that no single start runs into today: enabling another unit closes them.
  /// A latent ring's anchor is its first unit.
  public func cyclesByStart() -> (started: [OrderingCycle], latent: [OrderingCycle]) {
    let pulls = PullIndex(self)
    return cycles(anchors: startAnchors(pulls), pulls)
  }

  /// The ordering cycles that the start of one unit runs into.
  public func orderingCycles(startedBy unit: Int) -> [OrderingCycle] {
    cycles(anchors: [unit], PullIndex(self)).started
  }

  private func cycles(
    anchors: [Int], _ pulls: PullIndex
  ) -> (started: [OrderingCycle], latent: [OrderingCycle]) {
    var isIncluded = [Bool](repeating: false, count: nodes.count)
    for anchor in anchors { pulls.mark(from: anchor, in: &isIncluded) { $0.pullsIn } }
    let order = OrderIndex(self, isIncluded: isIncluded)
    var search = CycleSearch(graph: self, order: order, pulls: pulls, anchors: anchors)
    search.run()
    return (search.cycles, search.latent)
  }

  /// What may be started: the boot's target first, then the set's targets, then its other units.
  private func startAnchors(_ pulls: PullIndex) -> [Int] {
    var anchors: [Int] = []
    for name in ["default.target", "graphical.target", "multi-user.target"] {
      if let node = node(named: name), nodes[node].canStart { anchors.append(node) }
    }
    let templatesInUse = Set(nodes.compactMap { $0.name.isInstance ? $0.unit : nil })
    let own = nodes.indices.filter { index in
      guard let unit = nodes[index].unit, nodes[index].canStart else { return false }
      return !(nodes[index].name.isTemplate && templatesInUse.contains(unit))
    }
    anchors += own.filter { nodes[$0].name.type == .target } + own.filter { nodes[$0].name.type != .target }
    var seen = Set<Int>()
    return anchors.filter { seen.insert($0).inserted }
  }
}

/// Who pulls in whom or, turned round, who is pulled in by whom.
struct PullIndex: Sendable {
  private var starts: [Int32]
  private var targets: [(node: Int32, kind: DependencyKind)]
  private let canStart: [Bool]

  init(_ graph: UnitGraph, isTurned: Bool = false) {
    var starts = [Int32](repeating: 0, count: graph.nodes.count + 1)
    for edge in graph.edges where edge.kind.pullsIn {
      starts[Int(isTurned ? edge.to : edge.from) + 1] += 1
    }
    for index in 1..<max(starts.count, 1) { starts[index] += starts[index - 1] }
    var next = starts
    targets = [(Int32, DependencyKind)](repeating: (0, .wants), count: Int(starts.last ?? 0))
    for edge in graph.edges where edge.kind.pullsIn {
      let (from, to) = isTurned ? (edge.to, edge.from) : (edge.from, edge.to)
      targets[Int(next[Int(from)])] = (to, edge.kind)
      next[Int(from)] += 1
    }
    self.starts = starts
    canStart = graph.nodes.map(\.canStart)
  }

  func hasEdge(from node: Int, to other: Int) -> Bool {
    (Int(starts[node])..<Int(starts[node + 1])).contains { Int(targets[$0].node) == other }
  }

  /// Marks all that a start of `anchor` brings along over dependencies that `follows` takes.
  func mark(from anchor: Int, in marks: inout [Bool], follows: (DependencyKind) -> Bool) {
    guard !marks[anchor] else { return }
    marks[anchor] = true
    var open = [anchor]
    while let node = open.popLast() {
      for index in Int(starts[node])..<Int(starts[node + 1]) {
        let (target, kind) = targets[index]
        guard follows(kind), canStart[Int(target)], !marks[Int(target)] else { continue }
        marks[Int(target)] = true
        open.append(Int(target))
      }
    }
  }
}

private struct CycleSearch {
  /// More cycles in one knot than anyone reads.
  static let limit = 32
  /// Starting points of the search for the shortest cycle in a knot, and the units that all of them
  /// together may walk through, so that a huge one ends.
  static let startLimit = 64
  static let walkLimit = 100_000
  /// Starts that a ring is tried with, one walk through the graph each.
  static let anchorLimit = 64

  let graph: UnitGraph
  let order: OrderIndex
  let pulls: PullIndex
  let anchors: [Int]
  var cycles: [OrderingCycle] = []
  var latent: [OrderingCycle] = []
  private var removed = Set<Int64>()

  init(graph: UnitGraph, order: OrderIndex, pulls: PullIndex, anchors: [Int]) {
    self.graph = graph
    self.order = order
    self.pulls = pulls
    self.anchors = anchors
  }

  mutating func run() {
    var roots = Array(graph.nodes.indices)
    for _ in 0..<Self.limit {
      let components = self.components(from: roots)
      if components.isEmpty { return }
      for component in components { takeShortest(of: component) }
      roots = components.flatMap { $0 }.sorted()
    }
  }

  private func components(from roots: [Int]) -> [[Int]] {
    let (gone, edges) = (removed, graph.edges)
    var finder = ComponentFinder(nodeCount: graph.nodes.count, order) { index in
      !gone.isEmpty && gone.contains(Self.pair(edges[index]))
    }
    finder.find(from: roots)
    let named = finder.components.map { $0.sorted { graph.nodes[$0].name < graph.nodes[$1].name } }
    return named.sorted { graph.nodes[$0[0]].name < graph.nodes[$1[0]].name }
  }

  private static func pair(_ edge: DependencyEdge) -> Int64 {
    Int64(edge.earlier ?? 0) << 32 | Int64(edge.later ?? 0)
  }

  private mutating func takeShortest(of component: [Int]) {
    var best: [Int]?
    let members = Set(component)
    for start in component.prefix(max(1, min(Self.startLimit, Self.walkLimit / component.count))) {
      guard let found = shortestCycle(through: start, within: members, shorterThan: best?.count ?? Int.max)
      else { continue }
      best = found
      if found.count == 2 { break }
    }
    guard let best else {
      // No start on a cycle within the limit: nothing more to say of this knot.
      for node in component { removeAll(from: node) }
      return
    }
    let edges = best.map { graph.edges[$0] }
    let written = edges.filter { $0.origin.word == "file" }
    for edge in written.isEmpty ? edges : written { removed.insert(Self.pair(edge)) }
    if let cycle = judge(edges) { cycles.append(cycle) }
  }

  private mutating func removeAll(from node: Int) {
    for index in 0..<order.count(from: node) {
      removed.insert(Self.pair(graph.edges[order.edge(from: node, at: index)]))
    }
  }

  /// Breadth first from a unit back to itself; the edges' positions.
  private func shortestCycle(through start: Int, within members: Set<Int>, shorterThan limit: Int) -> [Int]? {
    var cameBy: [Int: Int] = [:]
    var level = [start]
    var length = 0
    while !level.isEmpty, length + 1 < limit {
      length += 1
      var next: [Int] = []
      for node in level {
        for index in 0..<order.count(from: node) {
          let edge = order.edge(from: node, at: index)
          let later = order.later(from: node, at: index)
          guard members.contains(later), cameBy[later] == nil, !removed.contains(Self.pair(graph.edges[edge]))
          else { continue }
          cameBy[later] = edge
          if later == start { return path(to: start, cameBy) }
          next.append(later)
        }
      }
      level = next
    }
    return nil
  }

  private func path(to start: Int, _ cameBy: [Int: Int]) -> [Int] {
    var edges: [Int] = []
    var node = start
    repeat {
      guard let edge = cameBy[node] else { break }
      edges.append(edge)
      node = Int(graph.edges[edge].earlier ?? 0)
    } while node != start
    return edges.reversed()
  }

  /// The starts that bring along the ring's first and second unit, in order of preference.
  private func candidates(for units: [Int]) -> ArraySlice<Int> {
    let pulled = PullIndex(graph, isTurned: true)
    var first = [Bool](repeating: false, count: graph.nodes.count)
    var second = first
    pulled.mark(from: units[0], in: &first) { $0.pullsIn }
    pulled.mark(from: units[units.count - 1], in: &second) { $0.pullsIn }
    return anchors.filter { first[$0] && second[$0] }.prefix(Self.anchorLimit)
  }

  /// Who starts all of them at once, and which of them that start could do without; `nil` when no
  /// single start does, because then the ring is not closed as yet.
  private mutating func judge(_ edges: [DependencyEdge]) -> OrderingCycle? {
    let units = edges.map { Int($0.earlier ?? 0) }
    for anchor in candidates(for: units) {
      var started = [Bool](repeating: false, count: graph.nodes.count)
      pulls.mark(from: anchor, in: &started) { $0.pullsIn }
      guard units.allSatisfy({ started[$0] }) else { continue }
      var matters = [Bool](repeating: false, count: graph.nodes.count)
      pulls.mark(from: anchor, in: &matters) { $0.isMandatory }
      return OrderingCycle(edges: edges, units: units, anchor: anchor, victims: units.filter { !matters[$0] })
    }
    latent.append(OrderingCycle(edges: edges, units: units, anchor: units[0], victims: []))
    return nil
  }
}

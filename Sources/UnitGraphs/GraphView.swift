import SystemdUnits

/// What a picture of a graph shows.
public struct GraphViewOptions: Sendable {
  /// Whether default and implied dependencies are drawn as well as those that files say.
  public var showsImplied = false
  /// Whether units of systemd's own that the set's units name are drawn.
  public var showsStock = true

  /// Shows what files say, stock units included.
  public init() {}
}

/// The part of a graph that a picture shows: units in levels of start order, and one line for each pair
/// of units, with all that the one asks of the other.
struct GraphView {
  struct Line: Equatable {
    let from: Int
    let to: Int
    /// In the order of `DependencyKind`.
    var kinds: [DependencyKind]
    /// Whether it is part of a ring.
    var isCyclic: Bool
  }

  let graph: UnitGraph
  /// In order of level, then name.
  let nodes: [Int]
  /// By node: how many units start before it, one after the other.
  let levels: [Int: Int]
  let lines: [Line]
  let cycles: [OrderingCycle]
  let cyclic: Set<Int>

  init(_ graph: UnitGraph, _ options: GraphViewOptions) {
    self.graph = graph
    cycles = graph.orderingCycles()
    cyclic = Set(cycles.flatMap(\.units))
    let cyclicPairs = Set(cycles.flatMap(\.edges))
    var lines: [Int64: Line] = [:]
    for edge in graph.edges {
      let isCyclic = cyclicPairs.contains(edge)
      guard isCyclic || Self.isShown(edge, graph, options) else { continue }
      // Order is drawn one way only: a unit after those it waits for.
      let isBefore = edge.kind == .before
      let (from, to) = isBefore ? (edge.to, edge.from) : (edge.from, edge.to)
      let kind = isBefore ? DependencyKind.after : edge.kind
      let key = Int64(from) << 32 | Int64(to)
      var line = lines[key] ?? Line(from: Int(from), to: Int(to), kinds: [], isCyclic: false)
      if !line.kinds.contains(kind) { line.kinds.append(kind) }
      line.isCyclic = line.isCyclic || isCyclic
      lines[key] = line
    }
    let own = graph.nodes.indices.filter { graph.nodes[$0].unit != nil }
    let shown = Set(own + lines.values.flatMap { [$0.from, $0.to] })
    let order = lines.values.filter { $0.kinds.contains(.after) && !$0.isCyclic }
    levels = Self.levels(shown, order)
    let levels = levels
    func rank(_ node: Int) -> (Int, UnitName) { (levels[node] ?? 0, graph.nodes[node].name) }
    nodes = shown.sorted { rank($0) < rank($1) }
    self.lines = lines.values.map { line in
      var sorted = line
      sorted.kinds.sort { Self.rank($0) < Self.rank($1) }
      return sorted
    }.sorted {
      (graph.nodes[$0.from].name, graph.nodes[$0.to].name) < (
        graph.nodes[$1.from].name, graph.nodes[$1.to].name
      )
    }
  }

  private static func rank(_ kind: DependencyKind) -> Int {
    DependencyKind.allCases.firstIndex(of: kind) ?? 0
  }

  private static func isShown(_ edge: DependencyEdge, _ graph: UnitGraph, _ options: GraphViewOptions) -> Bool
  {
    let ends = [graph.nodes[Int(edge.from)], graph.nodes[Int(edge.to)]]
    guard graph.nodes[Int(edge.owner)].unit != nil || ends.contains(where: { $0.unit != nil }) else {
      return false
    }
    if !options.showsStock, ends.contains(where: { $0.unit == nil }) { return false }
    if edge.origin.word == "file" || edge.kind == .triggers { return true }
    return options.showsImplied
  }

  /// The longest way to a unit over order, by Kahn's algorithm; what is left in rings gets the level of
  /// its first visit.
  private static func levels(_ nodes: Set<Int>, _ lines: [Line]) -> [Int: Int] {
    var waits: [Int: Int] = [:]
    var followers: [Int: [Int]] = [:]
    for line in lines {
      waits[line.from, default: 0] += 1
      followers[line.to, default: []].append(line.from)
    }
    var levels: [Int: Int] = [:]
    var open = nodes.filter { waits[$0] == nil }.sorted()
    for node in open { levels[node] = 0 }
    while let node = open.popLast() {
      for follower in followers[node] ?? [] {
        levels[follower] = max(levels[follower] ?? 0, (levels[node] ?? 0) + 1)
        waits[follower, default: 0] -= 1
        if waits[follower] == 0 { open.append(follower) }
      }
    }
    return levels
  }
}

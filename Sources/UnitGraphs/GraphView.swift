public import SystemdUnits

/// What a picture of a graph shows.
public struct GraphViewOptions: Sendable {
  /// A unit and how far around it the picture goes.
  public struct Focus: Hashable, Sendable {
    /// The unit's node.
    public let node: Int
    /// How many dependencies away from it, in either direction, units are shown.
    public let depth: Int

    /// Looks at a unit's neighbourhood.
    public init(node: Int, depth: Int) {
      self.node = node
      self.depth = depth
    }
  }

  /// Whether default and implied dependencies are drawn as well as those that files say.
  public var showsImplied = false
  /// Whether units of systemd's own that the set's units name are drawn. Where they are not, order that
  /// leads through them is.
  public var showsStock = true
  /// Units of the set that are folded like those of systemd's own when these are.
  public var folded: Set<UnitName> = []
  /// Only the neighbourhood of a unit; all of the graph when `nil`.
  public var focus: Focus?
  /// With more units than this, order that follows from other order is left out.
  public var fullOrderLimit = Int.max

  /// Shows what files say, stock units included.
  public init() {}
}

/// The part of a graph that a picture shows: units in levels of start order, and one line for each pair
/// of units, with all that the one asks of the other.
public struct GraphView: Sendable {
  /// All that one unit asks of another. Order stands at the unit that waits, as `After=` does.
  public struct Line: Hashable, Sendable {
    /// The unit that asks.
    public let from: Int
    /// The unit that it names.
    public let to: Int
    /// In the order of `DependencyKind`; `Before` only beside something else that is asked.
    public internal(set) var kinds: [DependencyKind]
    /// Whether it is part of a ring.
    public internal(set) var isCyclic: Bool
    /// Whether a file says it, or a trigger implies it; otherwise it is there by default.
    public internal(set) var isSaid: Bool
    /// Positions in the graph's edges, in order; none for order by way of folded units.
    public internal(set) var edges: [Int]
    /// The folded units that the order leads through, the earliest first.
    public internal(set) var way: [Int] = []

    /// Whether it says nothing but who comes first.
    public var isOrder: Bool { kinds == [.after] }
    /// The unit that starts first; `nil` where there is no order.
    public var earlier: Int? { kinds.contains(.after) ? to : kinds.contains(.before) ? from : nil }
    /// The unit that starts second; `nil` where there is no order.
    public var later: Int? { kinds.contains(.after) ? from : kinds.contains(.before) ? to : nil }
  }

  /// What is shown a part of.
  public let graph: UnitGraph
  /// Nodes in order of level, then name.
  public let nodes: [Int]
  /// By node: how many units start before it, one after the other.
  public let levels: [Int: Int]
  /// In order of their ends' names.
  public let lines: [Line]
  /// What joins units that are shown with those that are folded; in order of their ends' names.
  public let foldedLines: [Line]
  /// The graph's rings, whether they are shown or not.
  public let cycles: [OrderingCycle]
  /// The nodes in rings.
  public let cyclic: Set<Int>

  /// Chooses what is shown.
  ///
  /// - Parameter cycles: The graph's rings where they are known; they are looked for otherwise.
  public init(_ graph: UnitGraph, _ options: GraphViewOptions, cycles known: [OrderingCycle]? = nil) {
    self.graph = graph
    cycles = known ?? graph.orderingCycles()
    cyclic = Set(cycles.flatMap(\.units))
    let selection = GraphSelection(graph, options, cycles: cycles)
    var (lines, folded) = selection.lines()
    var shown = Set(lines.flatMap { [$0.from, $0.to] })
    shown.formUnion(graph.nodes.indices.filter { graph.nodes[$0].unit != nil && !selection.isFolded($0) })
    if let focus = options.focus {
      shown = Self.neighbourhood(of: focus, lines)
      lines.removeAll { !shown.contains($0.from) || !shown.contains($0.to) }
    }
    let reduction = OrderReduction(nodes: shown, lines: lines, cyclic: cyclic)
    lines = reduction.reduced(keepsSaid: shown.count <= options.fullOrderLimit)
    levels = reduction.levels
    let levels = levels
    func rank(_ node: Int) -> (Int, UnitName) { (levels[node] ?? 0, graph.nodes[node].name) }
    nodes = shown.sorted { rank($0) < rank($1) }
    let sorted = { (lines: [Line]) in
      lines.sorted {
        (graph.nodes[$0.from].name, graph.nodes[$0.to].name) < (
          graph.nodes[$1.from].name, graph.nodes[$1.to].name
        )
      }
    }
    self.lines = sorted(lines)
    folded.removeAll { !shown.contains($0.from) && !shown.contains($0.to) }
    foldedLines = sorted(folded)
  }

  /// Breadth first from the unit over lines in both directions.
  private static func neighbourhood(of focus: GraphViewOptions.Focus, _ lines: [Line]) -> Set<Int> {
    var neighbours: [Int: [Int]] = [:]
    for line in lines {
      neighbours[line.from, default: []].append(line.to)
      neighbours[line.to, default: []].append(line.from)
    }
    var shown: Set = [focus.node]
    var ring = [focus.node]
    for _ in 0..<max(focus.depth, 0) where !ring.isEmpty {
      ring = ring.flatMap { neighbours[$0] ?? [] }.filter { shown.insert($0).inserted }
    }
    return shown
  }
}

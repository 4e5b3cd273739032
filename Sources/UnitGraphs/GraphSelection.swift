import SystemdUnits

/// Lines by the two units they join.
private struct PairedLines {
  var all: [GraphView.Line] = []
  private var positions: [Int64: Int] = [:]

  private static func key(_ from: Int, _ to: Int) -> Int64 { Int64(from) << 32 | Int64(to) }

  func has(_ from: Int, _ to: Int) -> Bool { positions[Self.key(from, to)] != nil }

  /// Order goes one way only: a unit after those it waits for.
  mutating func add(_ edge: DependencyEdge, _ number: Int, isCyclic: Bool, isSaid: Bool) {
    let isBefore = edge.kind == .before
    let (from, to) = isBefore ? (Int(edge.to), Int(edge.from)) : (Int(edge.from), Int(edge.to))
    let kind = isBefore ? DependencyKind.after : edge.kind
    if let position = positions[Self.key(from, to)] {
      if !all[position].kinds.contains(kind) { all[position].kinds.append(kind) }
      all[position].isCyclic = all[position].isCyclic || isCyclic
      all[position].isSaid = all[position].isSaid || isSaid
      all[position].edges.append(number)
    } else {
      positions[Self.key(from, to)] = all.count
      all.append(
        GraphView.Line(
          from: from, to: to, kinds: [kind], isCyclic: isCyclic, isSaid: isSaid, edges: [number]))
    }
  }

  /// One line where one unit comes before another that it asks something of, as a socket does.
  func merged() -> [GraphView.Line] {
    var lines = all
    var isMerged = [Bool](repeating: false, count: all.count)
    for (index, line) in all.enumerated() where line.isOrder {
      guard let other = positions[Self.key(line.to, line.from)], !lines[other].kinds.contains(.after) else {
        continue
      }
      lines[other].kinds.append(.before)
      lines[other].kinds.sort { GraphSelection.rank($0) < GraphSelection.rank($1) }
      lines[other].isCyclic = lines[other].isCyclic || line.isCyclic
      lines[other].edges += line.edges
      isMerged[index] = true
    }
    return lines.indices.filter { !isMerged[$0] }.map { lines[$0] }
  }
}

/// Which dependencies a picture draws: one line for each pair of units.
struct GraphSelection {
  /// More shown units than this, and order by way of folded ones is not looked for: the work is their
  /// number times the folded units' edges.
  static let wayLimit = 2_000

  let graph: UnitGraph
  let options: GraphViewOptions
  let cycles: [OrderingCycle]
  private let cyclic: Set<Int>

  init(_ graph: UnitGraph, _ options: GraphViewOptions, cycles: [OrderingCycle]) {
    self.graph = graph
    self.options = options
    self.cycles = cycles
    cyclic = Set(cycles.flatMap(\.units))
  }

  /// Whether a unit is left out of the picture. What is looked at, or part of a ring, never is.
  func isFolded(_ node: Int) -> Bool {
    guard !options.showsStock, options.focus?.node != node, !cyclic.contains(node) else { return false }
    let unit = graph.nodes[node]
    return unit.state == .stock && unit.unit == nil || options.folded.contains(unit.name)
  }

  /// A line for each pair of units one of which is the set's own: those between units that are shown, and
  /// those with an end that is folded.
  func lines() -> (shown: [GraphView.Line], folded: [GraphView.Line]) {
    var lines = collected()
    addImpliedOrder(to: &lines)
    for index in lines.all.indices where lines.all[index].kinds.count > 1 {
      lines.all[index].kinds.sort { Self.rank($0) < Self.rank($1) }
    }
    let all = lines.merged()
    if options.showsStock { return (all, []) }
    var shown = all.filter { !isFolded($0.from) && !isFolded($0.to) }
    for way in waysThroughFolded() where !lines.has(way.from, way.to) { shown.append(way) }
    return (shown, all.filter { isFolded($0.from) != isFolded($0.to) })
  }

  private func collected() -> PairedLines {
    let cyclicEdges = Set(cycles.flatMap(\.edges))
    var lines = PairedLines()
    for (number, edge) in graph.edges.enumerated() {
      let isCyclic = !cyclicEdges.isEmpty && cyclicEdges.contains(edge)
      guard isCyclic || isShown(edge) else { continue }
      lines.add(edge, number, isCyclic: isCyclic, isSaid: Self.isSaid(edge))
    }
    return lines
  }

  /// Who comes first of two units that files join says where they stand, even where only a default says
  /// it: a target starts after what it wants, a socket before its service.
  private func addImpliedOrder(to lines: inout PairedLines) {
    guard !options.showsImplied else { return }
    for (number, edge) in graph.edges.enumerated() where edge.kind.isOrdering && !Self.isSaid(edge) {
      let (from, to) = (Int(edge.from), Int(edge.to))
      if lines.has(from, to) || lines.has(to, from) {
        lines.add(edge, number, isCyclic: false, isSaid: false)
      }
    }
  }

  static func rank(_ kind: DependencyKind) -> Int {
    DependencyKind.allCases.firstIndex(of: kind) ?? 0
  }

  private static func isSaid(_ edge: DependencyEdge) -> Bool {
    edge.origin.word == "file" || edge.kind == .triggers
  }

  private func isShown(_ edge: DependencyEdge) -> Bool {
    guard options.showsImplied || Self.isSaid(edge) else { return false }
    let (from, to) = (Int(edge.from), Int(edge.to))
    return graph.nodes[Int(edge.owner)].unit != nil || graph.nodes[from].unit != nil
      || graph.nodes[to].unit != nil
  }

  /// `a` before `b` where a file orders `a` before a folded unit, and so on, up to one before `b`.
  private func waysThroughFolded() -> [GraphView.Line] {
    let followers = foldedFollowers()
    let starts = followers.keys.filter { !isFolded($0) }.sorted()
    guard starts.count <= Self.wayLimit else { return [] }
    var lines: [GraphView.Line] = []
    for start in starts {
      var cameFrom: [Int: Int] = [:]
      var ends: [Int] = []
      var open = [start]
      var next = 0
      while next < open.count {
        let node = open[next]
        next += 1
        for follower in followers[node] ?? [] where follower != start && cameFrom[follower] == nil {
          cameFrom[follower] = node
          if isFolded(follower) { open.append(follower) } else if node != start { ends.append(follower) }
        }
      }
      for end in ends {
        var way: [Int] = []
        var node = end
        while let former = cameFrom[node], former != start {
          way.append(former)
          node = former
        }
        lines.append(
          GraphView.Line(
            from: end, to: start, kinds: [.after], isCyclic: false, isSaid: false, edges: [],
            way: way.reversed()))
      }
    }
    return lines
  }

  /// By unit: those that files order behind it, as far as one of the two is folded.
  private func foldedFollowers() -> [Int: [Int]] {
    var followers: [Int: [Int]] = [:]
    for edge in graph.edges where edge.kind.isOrdering && (options.showsImplied || Self.isSaid(edge)) {
      guard let earlier = edge.earlier.map(Int.init), let later = edge.later.map(Int.init) else { continue }
      guard graph.nodes[earlier].canStart, graph.nodes[later].canStart else { continue }
      if isFolded(earlier) || isFolded(later) { followers[earlier, default: []].append(later) }
    }
    return followers
  }
}

/// The ordering of a part of a graph, indexed for walks: for each unit, the edges to those that come
/// after it. Built in time linear in the edges.
struct OrderIndex: Sendable {
  /// Positions in `graph.edges`, grouped by the earlier unit.
  private var edgeNumbers: [Int32]
  private var starts: [Int32]
  private let edges: [DependencyEdge]

  /// Indexes the ordering edges among the units that `isIncluded` marks. Of several edges between two
  /// units those that a person wrote come first.
  init(_ graph: UnitGraph, isIncluded: [Bool]) {
    edges = graph.edges
    var starts = [Int32](repeating: 0, count: graph.nodes.count + 1)
    let chosen = graph.edges.indices.filter { index in
      guard let earlier = graph.edges[index].earlier, let later = graph.edges[index].later else {
        return false
      }
      return isIncluded[Int(earlier)] && isIncluded[Int(later)]
    }
    for index in chosen { starts[Int(graph.edges[index].earlier ?? 0) + 1] += 1 }
    for index in 1..<max(starts.count, 1) { starts[index] += starts[index - 1] }
    var next = starts
    edgeNumbers = [Int32](repeating: 0, count: chosen.count)
    for rank in 0..<3 {
      for index in chosen where Self.rank(graph.edges[index].origin) == rank {
        let earlier = Int(graph.edges[index].earlier ?? 0)
        edgeNumbers[Int(next[earlier])] = Int32(truncatingIfNeeded: index)
        next[earlier] += 1
      }
    }
    self.starts = starts
  }

  private static func rank(_ origin: DependencyEdge.Origin) -> Int {
    switch origin {
    case .file, .install, .link: 0
    case .implied, .derived: 1
    case .standard: 2
    }
  }

  /// How many edges leave a unit.
  func count(from node: Int) -> Int { Int(starts[node + 1] - starts[node]) }

  /// The position in `graph.edges` of a unit's edge `index`.
  func edge(from node: Int, at index: Int) -> Int { Int(edgeNumbers[Int(starts[node]) + index]) }

  /// The unit that edge `index` of a unit leads to.
  func later(from node: Int, at index: Int) -> Int {
    Int(edges[edge(from: node, at: index)].later ?? 0)
  }
}

/// Strongly connected components by Tarjan's algorithm, without recursion, so that no input is too
/// deep for the stack.
struct ComponentFinder {
  private let order: OrderIndex
  private let isRemoved: (Int) -> Bool
  private var index: [Int32]
  private var low: [Int32]
  private var isOnStack: [Bool]
  private var stack: [Int] = []
  private var counter: Int32 = 0
  private(set) var components: [[Int]] = []

  /// `isRemoved` tells of a position in `graph.edges` whether the edge no longer counts.
  init(nodeCount: Int, _ order: OrderIndex, isRemoved: @escaping (Int) -> Bool) {
    self.order = order
    self.isRemoved = isRemoved
    index = [Int32](repeating: -1, count: nodeCount)
    low = index
    isOnStack = [Bool](repeating: false, count: nodeCount)
  }

  /// Finds the components of more than one unit among those that can be reached from `roots`.
  mutating func find(from roots: some Sequence<Int>) {
    for root in roots where index[root] < 0 { visit(root) }
  }

  private mutating func visit(_ root: Int) {
    var path: [(node: Int, next: Int)] = [(root, 0)]
    open(root)
    while let (node, next) = path.last {
      guard next < order.count(from: node) else {
        path.removeLast()
        close(node)
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        continue
      }
      path[path.count - 1].next += 1
      if isRemoved(order.edge(from: node, at: next)) { continue }
      let later = order.later(from: node, at: next)
      if index[later] < 0 {
        open(later)
        path.append((later, 0))
      } else if isOnStack[later] {
        low[node] = min(low[node], index[later])
      }
    }
  }

  private mutating func open(_ node: Int) {
    index[node] = counter
    low[node] = counter
    counter += 1
    stack.append(node)
    isOnStack[node] = true
  }

  private mutating func close(_ node: Int) {
    guard low[node] == index[node] else { return }
    var members: [Int] = []
    while let member = stack.popLast() {
      isOnStack[member] = false
      members.append(member)
      if member == node { break }
    }
    if members.count > 1 { components.append(members) }
  }
}

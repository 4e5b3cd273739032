/// The edges of a graph by unit: those that leave it, or those that lead to it. Built in time linear in
/// the edges.
public struct EdgeIndex: Sendable {
  /// The unit that an edge is found by.
  public enum End: Sendable {
    /// The one that has the dependency.
    case from
    /// The one that it names.
    case to
  }

  private let edges: [DependencyEdge]
  private let numbers: [Int32]
  private let starts: [Int32]

  /// Indexes all edges of a graph by one of their ends.
  public init(_ graph: UnitGraph, by end: End) {
    edges = graph.edges
    var starts = [Int32](repeating: 0, count: graph.nodes.count + 1)
    for edge in edges { starts[Int(end == .from ? edge.from : edge.to) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var next = starts
    var numbers = [Int32](repeating: 0, count: edges.count)
    for (number, edge) in edges.enumerated() {
      let node = Int(end == .from ? edge.from : edge.to)
      numbers[Int(next[node])] = Int32(truncatingIfNeeded: number)
      next[node] += 1
    }
    self.starts = starts
    self.numbers = numbers
  }

  /// The edges of a node, in the graph's order.
  public subscript(node: Int) -> LazyMapSequence<ArraySlice<Int32>, DependencyEdge> {
    numbers[Int(starts[node])..<Int(starts[node + 1])].lazy.map { edges[Int($0)] }
  }
}

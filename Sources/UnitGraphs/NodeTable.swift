/// Values by node, any number for each, in two arrays: a dictionary of arrays would cost a fleet's graph
/// its speed.
struct NodeTable<Value: Sendable>: Sendable {
  private var starts: [Int32]
  private var values: [Value] = []

  /// Groups pairs by their node; those of one node keep their order.
  init(count: Int, _ pairs: some Sequence<(Int, Value)>) {
    var starts = [Int32](repeating: 0, count: count + 1)
    let pairs = Array(pairs)
    for (node, _) in pairs { starts[node + 1] += 1 }
    for index in 1..<(count + 1) { starts[index] += starts[index - 1] }
    self.starts = starts
    var order = [Int32](repeating: 0, count: pairs.count)
    for (index, pair) in pairs.enumerated() {
      order[Int(starts[pair.0])] = Int32(truncatingIfNeeded: index)
      starts[pair.0] += 1
    }
    values = order.map { pairs[Int($0)].1 }
  }

  /// The values of a node.
  subscript(node: Int) -> ArraySlice<Value> { values[Int(starts[node])..<Int(starts[node + 1])] }
}

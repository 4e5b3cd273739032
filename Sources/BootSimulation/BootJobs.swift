public import BootTransactions
internal import SystemdUnits
public import UnitGraphs

/// The start jobs of one boot and who waits for whom: what is left of a transaction once it is decided
/// what will be started.
public struct BootJobs: Sendable {
  /// The graph that the jobs were made from.
  public let graph: UnitGraph
  /// The units that are started, as nodes of the graph, in order of name.
  public let nodes: [Int]
  /// The position in `nodes` of a node.
  let positions: [Int: Int]
  /// By position: who waits for it.
  let later: Neighbours
  /// By position: what it waits for.
  let earlier: Neighbours

  /// Jobs for nodes of a graph; of `order` the pairs between two of them count.
  public init(_ graph: UnitGraph, nodes: [Int], order: [(first: Int, second: Int)]) {
    self.graph = graph
    self.nodes = Set(nodes).sorted { graph.nodes[$0].name < graph.nodes[$1].name }
    positions = Dictionary(uniqueKeysWithValues: self.nodes.enumerated().map { ($1, $0) })
    let positions = positions
    let pairs: [(Int, Int)] = order.compactMap { pair in
      guard let first = positions[pair.first], let second = positions[pair.second], first != second else {
        return nil
      }
      return (first, second)
    }
    later = Neighbours(pairs, count: self.nodes.count)
    earlier = Neighbours(pairs.map { ($1, $0) }, count: self.nodes.count)
  }

  /// The start jobs of an outcome.
  public init(_ graph: UnitGraph, outcome: Outcome) {
    self.init(
      graph, nodes: outcome.jobs.filter { $0.type != .stop }.map(\.unit),
      order: outcome.order.map { ($0.first, $0.second) })
  }

  /// The name of a job's unit.
  func name(_ position: Int) -> String { graph.nodes[nodes[position]].name.description }

  /// The names of all jobs' units, in order.
  public var names: [String] { nodes.indices.map(name) }

  /// The position of a unit's job; `nil` when it has none.
  func position(of unit: String) -> Int? { graph.node(named: unit).flatMap { positions[$0] } }

  /// Whether a job's unit is one of the set's own, and none that systemd ships: a root has those in it.
  func isOwn(_ position: Int) -> Bool {
    let node = graph.nodes[nodes[position]]
    return node.unit != nil && !StockKnowledge.standard.has(node.name)
  }

  /// The settings of a job's unit; `nil` for those of systemd's own.
  func unit(_ position: Int) -> LoadedUnit? { graph.unit(at: nodes[position]) }

  /// All that waits for a job, directly or by way of others.
  func waiting(for position: Int) -> Set<Int> { reach(from: position, over: later) }

  /// All that a job waits for, directly or by way of others.
  func waited(by position: Int) -> Set<Int> { reach(from: position, over: earlier) }

  private func reach(from position: Int, over neighbours: Neighbours) -> Set<Int> {
    var seen: Set<Int> = []
    var open = [position]
    while let next = open.popLast() {
      for other in neighbours[next] where seen.insert(Int(other)).inserted { open.append(Int(other)) }
    }
    seen.remove(position)
    return seen
  }
}

extension UnitGraph {
  /// The settings of a node; `nil` for units that are not the set's.
  func unit(at node: Int) -> LoadedUnit? { nodes[node].unit.map { set.units[$0] } }
}

/// For each of a row of things its neighbours, in two flat arrays.
struct Neighbours: Sendable {
  private var starts: [Int32]
  private var ends: [Int32]

  /// From pairs of positions below `count`; each pair once, neighbours in order of position.
  init(_ pairs: [(Int, Int)], count: Int) {
    starts = [Int32](repeating: 0, count: count + 1)
    ends = []
    ends.reserveCapacity(pairs.count)
    let sorted = pairs.sorted { $0 < $1 }
    var last: (Int, Int)?
    for pair in sorted {
      if let last, last == pair { continue }
      last = pair
      starts[pair.0 + 1] += 1
      ends.append(Int32(truncatingIfNeeded: pair.1))
    }
    for index in 0..<count { starts[index + 1] += starts[index] }
  }

  subscript(position: Int) -> ArraySlice<Int32> { ends[Int(starts[position])..<Int(starts[position + 1])] }
}

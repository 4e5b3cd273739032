internal import UnitGraphs

/// What a job on each unit brings along (unit-dependency-atom.c), and what is known of the units.
struct PullTable {
  /// One step of adding what a start job needs, in systemd's order.
  enum Step: Int, CaseIterable {
    case require, want, verify, conflict, conflictedBy
    /// What a stop takes along.
    case stop

    var type: JobType {
      switch self {
      case .require, .want: .start
      case .verify: .verifyActive
      case .conflict, .conflictedBy, .stop: .stop
      }
    }

    /// Whether the job that asks cannot do without.
    var matters: Bool { self != .want && self != .conflictedBy }

    static func steps(of type: JobType) -> ClosedRange<Int> {
      switch type {
      case .start: Step.require.rawValue...Step.conflictedBy.rawValue
      case .stop: Step.stop.rawValue...Step.stop.rawValue
      // What is only looked at brings nothing along.
      case .verifyActive: Step.allCases.count...Step.allCases.count
      }
    }
  }

  let count: Int
  let canStart: [Bool]
  /// Units that are active from the beginning and cannot be stopped.
  let isPerpetual: [Bool]
  /// Perpetual units that bring along none but such: jobs for them would be dropped again, and nothing else
  /// with them.
  let isIdle: [Bool]
  private let starts: [[Int32]]
  private let targets: [[Int32]]

  init(_ graph: UnitGraph, systemdVersion: Int) {
    count = graph.nodes.count
    canStart = graph.nodes.map(\.canStart)
    let isPerpetual = graph.nodes.map(\.isPerpetual)
    self.isPerpetual = isPerpetual
    var isIdle = isPerpetual
    for edge in graph.edges where edge.kind.pullsIn || edge.kind == .conflicts {
      if !isPerpetual[Int(edge.to)] { isIdle[Int(edge.from)] = false }
    }
    self.isIdle = isIdle
    var starts: [[Int32]] = []
    var targets: [[Int32]] = []
    for step in Step.allCases {
      var pairs: [(Int32, Int32)] = []
      for edge in graph.edges {
        if let pair = Self.pull(edge, in: step, systemdVersion) { pairs.append(pair) }
      }
      var first = [Int32](repeating: 0, count: count + 1)
      for pair in pairs { first[Int(pair.0) + 1] += 1 }
      for index in 1..<first.count { first[index] += first[index - 1] }
      var next = first
      var found = [Int32](repeating: 0, count: pairs.count)
      for pair in pairs {
        found[Int(next[Int(pair.0)])] = pair.1
        next[Int(pair.0)] += 1
      }
      starts.append(first)
      targets.append(found)
    }
    self.starts = starts
    self.targets = targets
  }

  private static func pull(_ edge: DependencyEdge, in step: Step, _ version: Int) -> (Int32, Int32)? {
    switch (step, edge.kind) {
    case (.require, .requires), (.require, .bindsTo), (.want, .wants), (.want, .upholds),
      (.verify, .requisite),
      (.conflict, .conflicts):
      (edge.from, edge.to)
    case (.conflictedBy, .conflicts), (.stop, .requires), (.stop, .bindsTo), (.stop, .requisite),
      (.stop, .partOf):
      (edge.to, edge.from)
    // Since 254 a stop is passed on by PropagatesStopTo= only from the unit that was asked to stop.
    case (.stop, .propagatesStopTo): version < 254 ? (edge.from, edge.to) : nil
    case (.stop, .stopPropagatedFrom): version < 254 ? (edge.to, edge.from) : nil
    default: nil
    }
  }

  /// The units that one step of a unit's job names, each once, in order of number.
  func units(of unit: Int32, in step: Int) -> [Int32] {
    guard step < Step.allCases.count else { return [] }
    let range = Int(starts[step][Int(unit)])..<Int(starts[step][Int(unit) + 1])
    guard range.count > 1 else { return range.map { targets[step][$0] } }
    return Array(Set(targets[step][range])).sorted()
  }
}

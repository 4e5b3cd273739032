public import BootTransactions
internal import SystemdUnits
public import UnitGraphs

/// A boot as systemd would run it: what it may decide to do, and what then happens over time.
public struct Boot: Sendable {
  /// The units and their dependencies.
  public let graph: UnitGraph
  /// Every way in which the start may go.
  public let outcomes: BootOutcomes
  /// The start jobs of the first way that is not refused; none where all are.
  public let jobs: BootJobs
  /// When they run.
  public let timeline: Timeline

  /// Times the first way in which a start may go that is not refused.
  public init(
    _ graph: UnitGraph, outcomes: BootOutcomes, estimates: StartEstimates = StartEstimates()
  ) {
    self.graph = graph
    self.outcomes = outcomes
    if let outcome = outcomes.outcomes.first(where: { !$0.failed }) {
      jobs = BootJobs(graph, outcome: outcome)
    } else {
      jobs = BootJobs(graph, nodes: [], order: [])
    }
    timeline = Timeline(
      jobs, target: graph.nodes[outcomes.target].name.description, estimates: estimates)
  }
}

/// What differs between two boots.
public struct BootComparison: Hashable, Sendable {
  /// A job by its unit and type.
  public struct NamedJob: Hashable, Comparable, Sendable {
    /// The unit.
    public let unit: String
    /// What is done to it.
    public let type: JobType

    /// By unit, then type.
    public static func < (first: Self, second: Self) -> Bool {
      (first.unit, first.type.rawValue) < (second.unit, second.type.rawValue)
    }
  }

  /// Two units of which the first is ready before the second starts.
  public struct Pair: Hashable, Comparable, Sendable {
    /// The unit that comes first.
    public let first: String
    /// The unit that waits.
    public let second: String

    /// By the first, then the second.
    public static func < (one: Self, other: Self) -> Bool {
      (one.first, one.second) < (other.first, other.second)
    }
  }

  /// A unit of both boots whose times differ.
  public struct Move: Hashable, Sendable {
    /// Its times in the one boot.
    public let before: Timeline.Entry
    /// Its times in the other.
    public let after: Timeline.Entry
  }

  /// Jobs that only the one boot has.
  public let removedJobs: [NamedJob]
  /// Jobs that only the other has.
  public let addedJobs: [NamedJob]
  /// Order that only the one has, between units that both start.
  public let removedOrder: [Pair]
  /// Order that only the other has.
  public let addedOrder: [Pair]
  /// In order of the one boot's times.
  public let moved: [Move]
  /// When the one boot's target is reached, in milliseconds.
  public let totalBefore: Int
  /// The other's.
  public let totalAfter: Int
  /// How the starts may go that only one has: what is deleted, or that it is refused.
  public let removedOutcomes: [String]
  /// The other's.
  public let addedOutcomes: [String]

  /// Compares two boots, the first with all the ways it may go in.
  public init(_ one: Boot, _ other: Boot) {
    let (jobs, otherJobs) = (Self.jobs(one), Self.jobs(other))
    removedJobs = jobs.subtracting(otherJobs).sorted()
    addedJobs = otherJobs.subtracting(jobs).sorted()
    let both = Set(one.jobs.names).intersection(other.jobs.names)
    let (order, otherOrder) = (Self.order(one, both), Self.order(other, both))
    removedOrder = order.subtracting(otherOrder).sorted()
    addedOrder = otherOrder.subtracting(order).sorted()
    let entries = Dictionary(
      other.timeline.entries.map { ($0.unit, $0) }, uniquingKeysWith: { first, _ in first })
    moved = one.timeline.entries.compactMap { before in
      guard let after = entries[before.unit],
        (before.start, before.ready) != (after.start, after.ready)
      else { return nil }
      return Move(before: before, after: after)
    }
    totalBefore = one.timeline.total
    totalAfter = other.timeline.total
    let (ways, otherWays) = (Self.ways(one), Self.ways(other))
    removedOutcomes = ways.subtracting(otherWays).sorted()
    addedOutcomes = otherWays.subtracting(ways).sorted()
  }

  /// Whether there is nothing to tell.
  public var isEmpty: Bool {
    removedJobs.isEmpty && addedJobs.isEmpty && removedOrder.isEmpty && addedOrder.isEmpty && moved.isEmpty
      && totalBefore == totalAfter && removedOutcomes.isEmpty && addedOutcomes.isEmpty
  }

  private static func jobs(_ boot: Boot) -> Set<NamedJob> {
    let outcome = boot.outcomes.outcomes.first { !$0.failed }
    return Set(
      (outcome?.jobs ?? []).map { job in
        NamedJob(unit: boot.graph.nodes[job.unit].name.description, type: job.type)
      })
  }

  private static func order(_ boot: Boot, _ units: Set<String>) -> Set<Pair> {
    var pairs: Set<Pair> = []
    for position in boot.jobs.nodes.indices {
      let first = boot.jobs.name(position)
      guard units.contains(first) else { continue }
      for other in boot.jobs.later[position] {
        let second = boot.jobs.name(Int(other))
        if units.contains(second) { pairs.insert(Pair(first: first, second: second)) }
      }
    }
    return pairs
  }

  private static func ways(_ boot: Boot) -> Set<String> {
    let outcomes = boot.outcomes.outcomes
    return Set(
      outcomes.filter { $0.failed || !$0.deleted.isEmpty }.map { outcome in
        if outcome.failed { return "the start is refused" }
        let names = outcome.deleted.map { boot.graph.nodes[$0].name.description }
        return "left out to break a cycle: " + names.joined(separator: ", ")
      })
  }
}

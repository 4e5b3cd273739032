internal import SystemdUnits
internal import UnitGraphs

/// When each unit of a boot starts and is ready, if every one takes as long as is estimated and starts
/// as soon as all it waits for is ready. Times are milliseconds since the manager began.
public struct Timeline: Hashable, Sendable {
  /// A unit in the boot.
  public struct Entry: Hashable, Sendable {
    /// The unit.
    public let unit: String
    /// When its job runs.
    public let start: Int
    /// When systemd takes it for started, and what waits for it goes on.
    public let ready: Int
    /// When it does its work: later than `ready` for a service whose `Type=` does not wait for it.
    public let settled: Int
    /// Whether it is one of the set's own, and none of systemd's.
    public let isOwn: Bool
    /// Whether the boot would be over sooner if it took less time.
    public let isCritical: Bool
  }

  /// In order of start, then of readiness; of those at once who waits for the other comes second.
  public let entries: [Entry]
  /// The chain of units that decides when the target is reached, the first to start in front.
  public let criticalChain: [String]
  /// The unit that was asked for.
  public let target: String
  /// When the target is reached.
  public let total: Int

  /// The timeline of a boot to `target`; where that has no job, of the last unit to be ready.
  public init(_ jobs: BootJobs, target: String, estimates: StartEstimates = StartEstimates()) {
    let times = StartTimes(jobs, estimates)
    let end = jobs.position(of: target) ?? times.last
    let chain = end.map { times.chain(to: $0) } ?? []
    let critical = Set(chain)
    self.target = target
    total = end.map { times.ready[$0] } ?? 0
    criticalChain = chain.map(jobs.name)
    let sorted = jobs.nodes.indices.sorted { times.place($0) < times.place($1) }
    entries = sorted.map { position in
      Entry(
        unit: jobs.name(position), start: times.start[position], ready: times.ready[position],
        settled: times.settled[position], isOwn: jobs.isOwn(position),
        isCritical: critical.contains(position))
    }
  }

  /// The entry of a unit.
  public func entry(of unit: String) -> Entry? { entries.first { $0.unit == unit } }

  /// Those that a person looks at: the set's own units, whatever takes time, and the target.
  public var shown: [Entry] {
    entries.filter { $0.isOwn || $0.ready > $0.start || $0.unit == target }
  }
}

/// The times of all jobs, found in one pass over the order.
private struct StartTimes {
  private(set) var start: [Int]
  private(set) var ready: [Int]
  private(set) var settled: [Int]
  /// By job: how many jobs lie before it, one after the other.
  private var depth: [Int]
  private let jobs: BootJobs

  /// A hundred years: no sum of estimates can overflow.
  private static let limit = 3_155_760_000_000

  init(_ jobs: BootJobs, _ estimates: StartEstimates) {
    self.jobs = jobs
    let count = jobs.nodes.count
    start = [Int](repeating: 0, count: count)
    ready = start
    settled = start
    depth = start
    var waits = (0..<count).map { jobs.earlier[$0].count }
    var open = (0..<count).filter { waits[$0] == 0 }
    var next = 0
    while next < open.count {
      let position = open[next]
      next += 1
      run(position, estimates)
      for other in jobs.later[position].map(Int.init) {
        start[other] = max(start[other], ready[position])
        depth[other] = max(depth[other], depth[position] + 1)
        waits[other] -= 1
        if waits[other] == 0 { open.append(other) }
      }
    }
  }

  private mutating func run(_ position: Int, _ estimates: StartEstimates) {
    let name = jobs.graph.nodes[jobs.nodes[position]].name
    let unit = jobs.unit(position)
    let readiness = Readiness(of: name, unit)
    let said = estimates.milliseconds[name.description].map { min(max($0, 0), Self.limit) }
    let isService = name.type == .service && unit != nil
    let unsaid = isService && readiness == .whenDone && jobs.isOwn(position) ? estimates.unsaid : 0
    let length = said ?? unsaid
    settled[position] = min(start[position] + length, Self.limit)
    // An estimate of what is no service of the set's is the time until it is there.
    ready[position] = isService && readiness == .atOnce ? start[position] : settled[position]
  }

  /// What entries are sorted by; positions are in order of name.
  func place(_ position: Int) -> (Int, Int, Int, Int) {
    (start[position], ready[position], depth[position], position)
  }

  /// The last to be ready; the one that is deepest in the order if there are several.
  var last: Int? {
    ready.indices.max { (ready[$0], depth[$0], jobs.name($1)) < (ready[$1], depth[$1], jobs.name($0)) }
  }

  /// Back from a job over whatever it waited for last, up to those that start at once.
  func chain(to end: Int) -> [Int] {
    var chain = [end]
    while let position = chain.last, chain.count <= jobs.nodes.count,
      start[position] > 0 || ready[end] == 0,
      let before = jobs.earlier[position].map(Int.init).max(by: { isLess($0, $1) })
    {
      chain.append(before)
    }
    return chain.reversed()
  }

  private func isLess(_ one: Int, _ other: Int) -> Bool {
    let (first, second) = ((ready[one], start[one]), (ready[other], start[other]))
    if first != second { return first < second }
    if depth[one] != depth[other] { return depth[one] < depth[other] }
    return jobs.name(one) > jobs.name(other)
  }
}

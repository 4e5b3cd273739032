internal import SystemdUnits
internal import UnitGraphs

/// How what a boot started is stopped when the machine goes down: in the reverse of its order. Times are
/// milliseconds since the shutdown began, and the latest there can be.
public struct StopOrder: Hashable, Sendable {
  /// A unit on its way down.
  public struct Entry: Hashable, Sendable {
    /// The unit.
    public let unit: String
    /// How many units stop before it, one after the other.
    public let step: Int
    /// When it is asked to stop at the latest; `nil` for never, behind a unit without a limit.
    public let start: Int?
    /// When it is gone at the latest: `TimeoutStopSec=` later. `nil` where it has no limit.
    public let end: Int?
    /// Whether it is one of the set's own, and none of systemd's.
    public let isOwn: Bool
  }

  /// In order of step, then of name.
  public let entries: [Entry]
  /// The set's own units that nothing stops: they do not conflict with shutdown.target, and their
  /// processes are killed at the very end.
  public let killed: [String]

  /// systemd-system.conf(5), `DefaultTimeoutStopSec=`.
  private static let standardTimeout = 90_000

  /// The latest time at which the last unit is gone; `nil` where one has no limit.
  public var longest: Int? {
    entries.reduce(.some(0)) { most, entry in most.flatMap { most in entry.end.map { max(most, $0) } } }
  }

  /// The stop order of a boot.
  public init(_ jobs: BootJobs) {
    var isStopped = Self.stopped(jobs)
    for position in jobs.nodes.indices where Self.isOver(jobs, position) { isStopped[position] = false }
    var ends = [Int?](repeating: 0, count: jobs.nodes.count)
    var starts = ends
    var steps = [Int](repeating: 0, count: jobs.nodes.count)
    var waits = jobs.nodes.indices.map { jobs.later[$0].count }
    var open = jobs.nodes.indices.filter { waits[$0] == 0 }
    var next = 0
    while next < open.count {
      let position = open[next]
      next += 1
      let limit = isStopped[position] ? Self.limit(jobs, position) : 0
      ends[position] = starts[position].flatMap { start in limit.map { start + $0 } }
      for other in jobs.earlier[position].map(Int.init) {
        starts[other] = starts[other].flatMap { start in ends[position].map { max(start, $0) } }
        // A unit that is not stopped holds nobody up: its followers do, through it.
        steps[other] = max(steps[other], steps[position] + (isStopped[position] ? 1 : 0))
        waits[other] -= 1
        if waits[other] == 0 { open.append(other) }
      }
    }
    entries = jobs.nodes.indices.filter { isStopped[$0] }.map { position in
      Entry(
        unit: jobs.name(position), step: steps[position], start: starts[position], end: ends[position],
        isOwn: jobs.isOwn(position))
    }.sorted { ($0.step, $0.unit) < ($1.step, $1.unit) }
    killed = jobs.nodes.indices.filter { position in
      jobs.isOwn(position) && !isStopped[position]
        && jobs.graph.nodes[jobs.nodes[position]].name.type == .service
        && jobs.unit(position)?.value(.type) != "oneshot"
    }.map(jobs.name)
  }

  /// What a start of shutdown.target and umount.target stops: those that conflict with them, and what
  /// stops along.
  private static func stopped(_ jobs: BootJobs) -> [Bool] {
    var isStopped = [Bool](repeating: false, count: jobs.nodes.count)
    let ends = Set(["shutdown.target", "umount.target"].compactMap(jobs.graph.node(named:)).map(Int32.init))
    var along: [Int: [Int]] = [:]
    var open: [Int] = []
    for edge in jobs.graph.edges {
      let (from, to) = (jobs.positions[Int(edge.from)], jobs.positions[Int(edge.to)])
      switch edge.kind {
      case .conflicts:
        if ends.contains(edge.to), let from { open.append(from) }
        if ends.contains(edge.from), let to { open.append(to) }
      case .requires, .requisite, .bindsTo, .partOf, .stopPropagatedFrom:
        if let from, let to { along[to, default: []].append(from) }
      case .propagatesStopTo:
        if let from, let to { along[from, default: []].append(to) }
      default: break
      }
    }
    while let position = open.popLast() {
      guard !isStopped[position] else { continue }
      isStopped[position] = true
      open += along[position] ?? []
    }
    return isStopped
  }

  /// Whether a unit is inactive again once its work is done: there is nothing to stop.
  private static func isOver(_ jobs: BootJobs, _ position: Int) -> Bool {
    guard let unit = jobs.unit(position), unit.value(.type) == "oneshot" else { return false }
    return !unit.flag(.remainAfterExit, false)
  }

  /// How long a unit may take to stop, in milliseconds; `nil` for ever.
  private static func limit(_ jobs: BootJobs, _ position: Int) -> Int? {
    guard let unit = jobs.unit(position), unit.name.type == .service else { return 0 }
    // Nothing of a oneshot runs any more, unless it has a command for stopping.
    if unit.value(.type) == "oneshot", unit.indices(of: .execStop).isEmpty { return 0 }
    let said = unit.settings.last { $0.name == "TimeoutStopSec" || $0.name == "TimeoutSec" }
    guard let said, let seconds = ValueReading.seconds(said.value) else { return standardTimeout }
    // systemd.service(5): 0 and infinity turn the limit off.
    guard seconds > 0, seconds.isFinite else { return nil }
    return Int(min(seconds * 1000, 1e12))
  }
}

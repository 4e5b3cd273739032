internal import SystemdUnits
public import UnitGraphs

/// The transaction that systemd makes of a request to start a unit while nothing else runs
/// (systemd(1), "CONCEPTS"; transaction.c).
public enum BootTransaction {
  /// Starts a unit of a graph and gives every way in which that may go. `target` is a position in the
  /// graph's nodes; `systemdVersion` says whose rules count: those of 252, or of 254 and later.
  public static func outcomes(
    of graph: UnitGraph, target: Int, mode: TransactionMode = .auto, systemdVersion: Int = 252
  ) -> BootOutcomes {
    let mode = resolve(mode, target, graph)
    guard graph.nodes[target].canStart else {
      return BootOutcomes(
        target: target, mode: mode, outcomes: [Outcome(failed: true, deleted: [], jobs: [], order: [])],
        isTruncated: false)
    }
    let pulls = PullTable(graph, systemdVersion: systemdVersion)
    let order = OrderCheck(graph)
    var adding = JobAdding(
      pulls, anchor: target, systemdVersion: systemdVersion, budget: budget, order: nil)
    if adding.isTruncated {
      adding = JobAdding(
        pulls, anchor: target, systemdVersion: systemdVersion, budget: budget, order: order)
    }
    var found = Set<OutcomeSearch.Found>()
    var common = found
    var isTruncated = adding.isTruncated
    var budget = budget
    var seen = Set<JobTable?>()
    for jobs in adding.results where seen.insert(jobs).inserted {
      guard let jobs else {
        common.insert(.init(failed: true, deleted: [], jobs: []))
        continue
      }
      let repair = JobRepair(jobs, pulls, anchor: target)
      let search = OutcomeSearch(repair, order, count: pulls.count, mode: mode, budget: budget)
      found.formUnion(search.found)
      common.formUnion(search.common)
      budget = search.restOfBudget
      isTruncated = isTruncated || search.isTruncated
    }
    let naming = OutcomeNaming(graph, order)
    let all = found.union(common)
    let outcomes = all.map { naming.outcome($0, isRare: !common.contains($0)) }.sorted(by: naming.isOrdered)
    return BootOutcomes(
      target: target, mode: mode, outcomes: Array(outcomes.prefix(BootOutcomes.limit)),
      isTruncated: isTruncated || outcomes.count > BootOutcomes.limit)
  }

  /// Ways of building and repairing that are tried, each for every 64 units of the set.
  private static let budget = 40_000

  /// At boot the default target is isolated, and started where it does not allow that (main.c).
  private static func resolve(_ mode: TransactionMode, _ target: Int, _ graph: UnitGraph) -> TransactionMode {
    guard mode == .auto else { return mode }
    let unit = graph.nodes[target].unit.map { graph.set.units[$0] }
    return unit?.flag(.allowIsolate, false) ?? false ? .isolate : .replace
  }
}

/// Puts outcomes into the form that people and programs are shown, always in the same order.
private struct OutcomeNaming {
  private let order: OrderCheck
  /// By unit: its place in the order of names.
  private var ranks: [Int32]

  init(_ graph: UnitGraph, _ order: OrderCheck) {
    self.order = order
    ranks = [Int32](repeating: 0, count: graph.nodes.count)
    let named = graph.nodes.indices.sorted { graph.nodes[$0].name < graph.nodes[$1].name }
    for (rank, unit) in named.enumerated() { ranks[unit] = Int32(rank) }
  }

  func outcome(_ found: OutcomeSearch.Found, isRare: Bool) -> Outcome {
    let jobs = found.jobs.sorted { ranks[$0.unit] < ranks[$1.unit] }
    var types = [JobType?](repeating: nil, count: ranks.count)
    for job in jobs { types[job.unit] = job.type }
    var pairs: [JobOrder] = []
    for job in jobs {
      let followers = order.followers(of: Int32(job.unit), types).map(Int.init)
      pairs += followers.sorted { ranks[$0] < ranks[$1] }.map { JobOrder(first: job.unit, second: $0) }
    }
    return Outcome(
      failed: found.failed, deleted: found.deleted.map(Int.init).sorted { ranks[$0] < ranks[$1] }, jobs: jobs,
      order: pairs, isRare: isRare)
  }

  func isOrdered(_ left: Outcome, _ right: Outcome) -> Bool {
    key(left).lexicographicallyPrecedes(key(right))
  }

  private func key(_ outcome: Outcome) -> [Int32] {
    let jobs = outcome.jobs.map { ranks[$0.unit] * 4 + Int32($0.type.code) }
    return [outcome.failed ? 1 : 0] + outcome.deleted.map { ranks[$0] + 1 } + [0] + jobs
  }
}

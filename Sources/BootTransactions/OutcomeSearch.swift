internal import UnitGraphs

/// Tries every way of repairing a transaction: which job goes to break a cycle, and which of several
/// conflicts is solved first (`transaction_activate`).
struct OutcomeSearch {
  /// An outcome without the names and the order that people are shown.
  struct Found: Hashable {
    let failed: Bool
    let deleted: Set<Int32>
    let jobs: Set<Job>
  }

  /// A transaction whose order is being looked at. The manager looks again from the beginning whenever it has
  /// deleted something, and comes by in the same order: what it went to first it goes to first again, as
  /// long as a cycle lies there.
  private struct Walk: Hashable {
    var jobs: JobRepair.State
    /// Where it begins.
    var root: Int32?
    /// Where it began once, before that moved to the end of the manager's table: a deletion closes the gap
    /// it leaves, and what had found no room at the table's end, and so stands first, moves back there.
    var moved: Int32?
    /// By unit: where it goes from there.
    var next: [Int32: Int32] = [:]
    /// Whether anything has moved so far.
    var isRare = false
  }

  /// A transaction without cycles.
  private struct Merging: Hashable {
    var jobs: JobRepair.State
    let isRare: Bool
  }

  private(set) var found = Set<Found>()
  /// Those of `found` that need no deletion to move anything.
  private(set) var common = Set<Found>()
  private(set) var isTruncated = false
  private let repair: JobRepair
  private let order: OrderCheck
  private let count: Int
  private let collectsGarbage: Bool
  private var seen = Set<Walk>()
  /// Transactions whose cycles are broken, in the order in which they were found.
  private var broken: [Merging] = []
  private var seenMerging = Set<Merging>()
  private var budget: Int

  init(_ repair: JobRepair, _ order: OrderCheck, count: Int, mode: TransactionMode, budget: Int) {
    self.repair = repair
    self.order = order
    self.count = count
    self.budget = budget
    collectsGarbage = mode != .isolate
    broken = [Merging(jobs: repair.start, isRare: false)]
    if collectsGarbage { repair.collectGarbage(&broken[0].jobs) }
    for region in regions(broken[0].jobs) { breakCycles(of: region) }
    for state in broken where found.count <= BootOutcomes.limit { merge(state.jobs, isRare: state.isRare) }
    if found.count > BootOutcomes.limit { isTruncated = true }
  }

  /// Breaks the cycles among some units in every way, for every way in which others' were broken.
  private mutating func breakCycles(of region: [Int32]) {
    var open = broken.prefix(BootOutcomes.limit).reversed().map { Walk(jobs: $0.jobs, isRare: $0.isRare) }
    if broken.count > BootOutcomes.limit { isTruncated = true }
    broken = []
    seen = []
    while let walk = open.popLast() {
      guard budget > 0 else {
        isTruncated = true
        return
      }
      verify(walk, region, &open)
    }
    var known = Set<Merging>()
    broken = broken.filter { known.insert($0).inserted }
  }

  /// Cycles that have nothing to do with one another are broken one after the other: what is deleted for the
  /// one neither touches the other nor what belongs to it. Where all can fail nothing is set apart, because
  /// then it counts what was deleted before.
  private func regions(_ state: JobRepair.State) -> [[Int32]] {
    let types = types(state, repair.units)
    let knots = order.knots(repair.units, types, order.live(repair.units, types))
    let needed = repair.units.filter { repair.matters($0, state) }
    let neededTypes = self.types(state, needed)
    let canFail = !order.knots(needed, neededTypes, order.live(needed, neededTypes)).isEmpty
    guard knots.count > 1, !canFail else { return knots.isEmpty ? [] : [repair.units] }
    var regions: [(units: [Int32], touched: Set<Int32>)] = []
    for knot in knots {
      var region = (units: knot, touched: repair.touched(by: knot, state))
      var rest: [(units: [Int32], touched: Set<Int32>)] = []
      for other in regions {
        if other.touched.isDisjoint(with: region.units), region.touched.isDisjoint(with: other.units) {
          rest.append(other)
        } else {
          region.units += other.units
          region.touched.formUnion(other.touched)
        }
      }
      regions = rest + [region]
    }
    return regions.map { $0.units.sorted() }
  }

  /// How much of the budget has not been used.
  var restOfBudget: Int { max(budget, 1) }

  private mutating func verify(_ start: Walk, _ region: [Int32], _ open: inout [Walk]) {
    var walk = start
    if collectsGarbage { repair.collectGarbage(&walk.jobs) }
    budget -= 1 + repair.units.count / 64
    let types = types(walk.jobs, region)
    let isLive = order.live(region, types)
    let cyclic = order.cyclic(region, types, isLive)
    guard !cyclic.isEmpty else { return broken.append(Merging(jobs: walk.jobs, isRare: walk.isRare)) }
    // What no longer leads to a cycle is passed by.
    if let root = walk.root, !isLive[Int(root)] { walk.root = nil }
    walk.next = walk.next.filter { isLive[Int($0.key)] && isLive[Int($0.value)] }
    guard seen.insert(walk).inserted else { return }
    let others = cyclic.filter { $0 != walk.moved }
    for root in walk.root.map({ [$0] }) ?? (others.isEmpty ? cyclic : others) {
      var first = walk
      first.root = root
      follow(first, types, isLive, &open)
    }
    guard let moved = walk.root, walk.moved == nil else { return }
    for root in others where root != moved {
      var first = walk
      (first.root, first.moved, first.isRare) = (root, moved, true)
      follow(first, types, isLive, &open)
    }
  }

  /// Goes along the order until it comes back to its own way, wherever it can go.
  private mutating func follow(_ start: Walk, _ types: [JobType?], _ isLive: [Bool], _ open: inout [Walk]) {
    var pile = [(walk: start, path: [start.root ?? 0])]
    while let (walk, path) = pile.popLast() {
      guard let unit = path.last, budget > 0 else { return }
      let choices = order.followers(of: unit, types).filter { isLive[Int($0)] }.sorted()
      if choices.count > 1 { budget -= 1 }
      for choice in walk.next[unit].map({ [$0] }) ?? choices {
        var further = walk
        if choices.count > 1 { further.next[unit] = choice }
        if let entry = path.firstIndex(of: choice) {
          breakCycle(path[entry...], further, &open)
        } else {
          pile.append((further, path + [choice]))
        }
      }
    }
  }

  /// Of a cycle the last job goes that the request can do without.
  private mutating func breakCycle(_ cycle: ArraySlice<Int32>, _ walk: Walk, _ open: inout [Walk]) {
    guard let victim = cycle.last(where: { !repair.matters($0, walk.jobs) }) else {
      note(Found(failed: true, deleted: walk.jobs.deleted, jobs: []), isRare: walk.isRare)
      return
    }
    var next = walk
    repair.delete(unit: victim, &next.jobs)
    next.jobs.deleted.insert(victim)
    open.append(next)
  }

  /// By unit: the type of the job that stands for it while order is looked at.
  private func types(_ state: JobRepair.State, _ units: [Int32]) -> [JobType?] {
    var types = [JobType?](repeating: nil, count: count)
    for unit in units { types[Int(unit)] = repair.list(of: unit, state).first?.type }
    return types
  }

  private mutating func note(_ outcome: Found, isRare: Bool) {
    found.insert(outcome)
    if !isRare { common.insert(outcome) }
  }

  private mutating func merge(_ start: JobRepair.State, isRare: Bool) {
    var open = [start]
    while let state = open.popLast() {
      guard seenMerging.insert(Merging(jobs: state, isRare: isRare)).inserted else { continue }
      guard budget > 0 else {
        isTruncated = true
        return
      }
      budget -= 1 + repair.units.count / 64
      var isDone = true
      for unit in repair.units {
        switch repair.conflict(at: unit, state) {
        case .none: continue
        case .unsolvable: note(Found(failed: true, deleted: state.deleted, jobs: []), isRare: isRare)
        case .delete(let job):
          var next = state
          repair.delete(job, &next)
          if collectsGarbage { repair.collectGarbage(&next) }
          open.append(next)
        }
        isDone = false
      }
      guard isDone else { continue }
      note(Found(failed: false, deleted: state.deleted, jobs: Set(repair.merged(state))), isRare: isRare)
    }
  }
}

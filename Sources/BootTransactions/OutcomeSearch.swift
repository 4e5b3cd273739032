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
  }

  private struct Merging: Hashable {
    let jobs: JobRepair.State
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
  private var seenMerging = Set<Merging>()
  private var budget: Int

  init(_ repair: JobRepair, _ order: OrderCheck, count: Int, mode: TransactionMode, budget: Int) {
    self.repair = repair
    self.order = order
    self.count = count
    self.budget = budget
    collectsGarbage = mode != .isolate
    var open = [Walk(jobs: repair.start)]
    while let walk = open.popLast() {
      guard self.budget > 0, found.count <= BootOutcomes.limit else {
        isTruncated = true
        return
      }
      verify(walk, &open)
    }
  }

  /// How much of the budget has not been used.
  var restOfBudget: Int { max(budget, 1) }

  private mutating func verify(_ start: Walk, _ open: inout [Walk]) {
    var walk = start
    if collectsGarbage { repair.collectGarbage(&walk.jobs) }
    budget -= 1 + repair.units.count / 64
    let types = types(walk.jobs)
    let isLive = order.live(repair.units, types)
    let cyclic = order.cyclic(repair.units, types, isLive)
    guard !cyclic.isEmpty else { return merge(walk.jobs, isRare: walk.moved != nil) }
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
      (first.root, first.moved) = (root, moved)
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
      note(Found(failed: true, deleted: walk.jobs.deleted, jobs: []), isRare: walk.moved != nil)
      return
    }
    var next = walk
    repair.delete(unit: victim, &next.jobs)
    next.jobs.deleted.insert(victim)
    open.append(next)
  }

  /// By unit: the type of the job that stands for it while order is looked at.
  private func types(_ state: JobRepair.State) -> [JobType?] {
    var types = [JobType?](repeating: nil, count: count)
    for unit in repair.units { types[Int(unit)] = repair.list(of: unit, state).first?.type }
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

/// A transaction once all jobs are added: which of them are left. Links and the order of a unit's jobs no
/// longer change, so that many ways of repairing it share them.
struct JobRepair {
  /// What is left of the jobs, and what was deleted to get there.
  struct State: Hashable {
    /// By job.
    var isLeft: [Bool]
    /// Units that were deleted to break ordering cycles.
    var deleted: Set<Int32> = []
  }

  let jobs: JobTable
  let units: [Int32]
  private let pulls: PullTable
  private let anchor: JobNumber
  /// By job: whether the anchor cannot do without it.
  private(set) var matters: [Bool]
  private let asked: LinkIndex
  private let askers: LinkIndex

  init(_ jobs: JobTable, _ pulls: PullTable, anchor: Int) {
    self.jobs = jobs
    self.pulls = pulls
    self.anchor = JobNumber(unit: Int32(anchor), type: .start)
    units = jobs.units
    asked = LinkIndex(jobs.links, count: pulls.count * 3) { ($0.by, $0.job) }
    askers = LinkIndex(jobs.links, count: pulls.count * 3) { ($0.job, $0.by) }
    matters = [Bool](repeating: false, count: pulls.count * 3)
    matters[Int(self.anchor.raw)] = true
    var open = [self.anchor]
    while let job = open.popLast() {
      for link in asked.links(of: job) where link.matters && !matters[Int(link.other.raw)] {
        matters[Int(link.other.raw)] = true
        open.append(link.other)
      }
    }
  }

  /// The beginning: all jobs but those that change nothing.
  var start: State {
    var state = State(isLeft: [Bool](repeating: false, count: pulls.count * 3))
    for unit in units {
      for job in list(of: unit) { state.isLeft[Int(job.raw)] = true }
    }
    for unit in units { dropRedundant(unit, &state) }
    return state
  }

  /// A unit's jobs, the newest first.
  private func list(of unit: Int32) -> [JobNumber] {
    var found: [JobNumber] = []
    var list = jobs.lists[Int(unit)]
    while list != 0 {
      found.append(JobNumber(raw: unit * 3 + Int32(list & 3) - 1))
      list >>= 2
    }
    return found
  }

  /// A unit's jobs that are left, the newest first.
  func list(of unit: Int32, _ state: State) -> [JobNumber] {
    list(of: unit).filter { state.isLeft[Int($0.raw)] }
  }

  /// Drops a unit's jobs when all of them ask for what is so already (`transaction_drop_redundant`).
  private func dropRedundant(_ unit: Int32, _ state: inout State) {
    let isActive = pulls.isPerpetual[Int(unit)]
    let own = list(of: unit, state)
    guard own.allSatisfy({ $0 != anchor && ($0.type == .stop) != isActive }) else { return }
    for job in own { state.isLeft[Int(job.raw)] = false }
  }

  /// Drops jobs that nobody asks for any more (`transaction_collect_garbage`), which looks at the newest of
  /// a unit's jobs only.
  func collectGarbage(_ state: inout State) {
    var open = units
    while let unit = open.popLast() {
      while let job = list(of: unit, state).first, job != anchor,
        !askers.links(of: job).contains(where: { state.isLeft[Int($0.other.raw)] })
      {
        state.isLeft[Int(job.raw)] = false
        for link in asked.links(of: job) { open.append(link.other.unit) }
      }
    }
  }

  /// Deletes a job and all that cannot do without it.
  func delete(_ job: JobNumber, _ state: inout State) {
    var open = [job]
    while let next = open.popLast() {
      guard state.isLeft[Int(next.raw)] else { continue }
      state.isLeft[Int(next.raw)] = false
      for link in askers.links(of: next) where link.matters { open.append(link.other) }
    }
  }

  /// Deletes all jobs of a unit and all that cannot do without them.
  func delete(unit: Int32, _ state: inout State) {
    for job in list(of: unit, state) { delete(job, &state) }
  }

  /// The units whose jobs may go when those of others do: who cannot do without them, and what only they
  /// ask for.
  func touched(by units: [Int32], _ state: State) -> Set<Int32> {
    var isUp = Set<JobNumber>()
    var open = units.flatMap { list(of: $0, state) }
    while let job = open.popLast() {
      guard isUp.insert(job).inserted else { continue }
      for link in askers.links(of: job) where link.matters && state.isLeft[Int(link.other.raw)] {
        open.append(link.other)
      }
    }
    var touched = Set<JobNumber>()
    open = Array(isUp)
    while let job = open.popLast() {
      guard touched.insert(job).inserted else { continue }
      for link in asked.links(of: job) where state.isLeft[Int(link.other.raw)] { open.append(link.other) }
    }
    return Set(touched.map(\.unit))
  }

  /// Whether the anchor cannot do without one of a unit's jobs.
  func matters(_ unit: Int32, _ state: State) -> Bool {
    list(of: unit, state).contains { matters[Int($0.raw)] }
  }

  /// The jobs of a unit of which one has to go, the newest first, and which (`delete_one_unmergeable_job`).
  enum Conflict {
    case none
    /// Neither can go.
    case unsolvable
    case delete(JobNumber)
  }

  func conflict(at unit: Int32, _ state: State) -> Conflict {
    let own = list(of: unit, state)
    for (index, first) in own.enumerated() {
      for second in own[(index + 1)...] where (first.type == .stop) != (second.type == .stop) {
        switch (matters[Int(first.raw)], matters[Int(second.raw)]) {
        case (true, true): return .unsolvable
        case (false, true): return .delete(first)
        case (true, false): return .delete(second)
        case (false, false):
          let (stop, other) = first.type == .stop ? (first, second) : (second, first)
          let isConflicted = askers.links(of: stop).contains {
            $0.conflicts && state.isLeft[Int($0.other.raw)]
          }
          return .delete(isConflicted ? other : stop)
        }
      }
    }
    return .none
  }

  /// The jobs in the end, one for each unit; those that change nothing are left out.
  func merged(_ state: State) -> [Job] {
    var rest = state
    for unit in units where list(of: unit, rest).allSatisfy({ $0.type == .stop }) {
      dropRedundant(unit, &rest)
    }
    return units.compactMap { unit in
      let types = list(of: unit, rest).map(\.type)
      if types.contains(.start) { return Job(unit: Int(unit), type: .start) }
      return types.first.map { Job(unit: Int(unit), type: $0) }
    }
  }
}

/// Links by one of their jobs.
private struct LinkIndex {
  struct Entry {
    let other: JobNumber
    let matters: Bool
    let conflicts: Bool
  }

  private var starts: [Int32]
  private var entries: [Entry]

  init(_ links: [JobLink], count: Int, _ ends: (JobLink) -> (JobNumber, JobNumber)) {
    starts = [Int32](repeating: 0, count: count + 1)
    for link in links { starts[Int(ends(link).0.raw) + 1] += 1 }
    for index in 1..<starts.count { starts[index] += starts[index - 1] }
    var next = starts
    let none = Entry(other: JobNumber(raw: 0), matters: false, conflicts: false)
    entries = [Entry](repeating: none, count: links.count)
    for link in links {
      let (own, other) = ends(link)
      entries[Int(next[Int(own.raw)])] = Entry(other: other, matters: link.matters, conflicts: link.conflicts)
      next[Int(own.raw)] += 1
    }
  }

  func links(of job: JobNumber) -> ArraySlice<Entry> {
    entries[Int(starts[Int(job.raw)])..<Int(starts[Int(job.raw) + 1])]
  }
}

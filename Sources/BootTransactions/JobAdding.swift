internal import UnitGraphs

/// Adds a job and recursively all that it needs (`transaction_add_job_and_dependencies`). The manager goes
/// through a unit's dependencies in an order that changes from run to run. Where that makes a difference,
/// because a requirement is missing or a unit is to be started and stopped, every order is tried.
struct JobAdding {
  /// What came of it: the jobs, or `nil` when the request is refused at once.
  private(set) var results: [JobTable?] = []
  /// Whether there were too many orders to try.
  private(set) var isTruncated = false

  private let pulls: PullTable
  /// Whether a job that cannot be had takes back the one that needs it (since 254).
  private let takesBack: Bool
  private let touchy: TouchyJobs
  private var budget: Int
  private var seen = Set<AddingState>()

  /// `order` tells the units apart for which it makes a difference whether they are first to be started or
  /// first to be stopped; without it every unit of which both is asked counts as one.
  init(_ pulls: PullTable, anchor: Int, systemdVersion: Int, budget: Int, order: OrderCheck?) {
    self.pulls = pulls
    self.budget = budget
    takesBack = systemdVersion >= 254
    touchy = TouchyJobs(pulls, anchor: Int32(anchor), order)
    var state = AddingState(jobs: JobTable(count: pulls.count))
    _ = request(.start, Int32(anchor), by: nil, step: .require, &state)
    var open = [state]
    while let next = open.popLast() {
      guard self.budget > 0, results.count <= BootOutcomes.limit * 4 else {
        isTruncated = true
        return
      }
      run(next, &open)
    }
  }

  /// Goes on until there is a choice that matters; then every one of them is put on the pile.
  private mutating func run(_ start: AddingState, _ open: inout [AddingState]) {
    var state = start
    while var frame = state.frames.popLast() {
      guard !frame.rest.isEmpty else {
        if frame.step < frame.lastStep {
          frame.step += 1
          frame.rest = pulls.units(of: frame.job.unit, in: frame.step)
          state.frames.append(frame)
        }
        continue
      }
      let choices = choices(frame)
      if choices.count == 1 {
        take(choices[0], of: frame, &state)
        if state.isRefused { break }
        continue
      }
      state.frames.append(frame)
      budget -= 1 + pulls.count / 64
      guard seen.insert(state).inserted else { return }
      for choice in choices.reversed() {
        var next = state
        next.frames.removeLast()
        take(choice, of: frame, &next)
        open.append(next)
      }
      return
    }
    results.append(state.isRefused ? nil : state.jobs)
  }

  /// The positions in the rest that may come next. What no order changes is added at once, unless the
  /// job may fail before it.
  private func choices(_ frame: AddingState.Frame) -> [Int] {
    guard let step = PullTable.Step(rawValue: frame.step), frame.rest.count > 1 else { return [0] }
    func job(_ unit: Int32) -> Int { Int(JobNumber(unit: unit, type: step.type).raw) }
    if step != .want, frame.rest.contains(where: { touchy.mayFail[job($0)] }) {
      return Array(frame.rest.indices)
    }
    let calm = frame.rest.firstIndex { !touchy.isTouchy[job($0)] }
    return calm.map { [$0] } ?? Array(frame.rest.indices)
  }

  private func take(_ choice: Int, of frame: AddingState.Frame, _ state: inout AddingState) {
    var frame = frame
    let unit = frame.rest.remove(at: choice)
    guard let step = PullTable.Step(rawValue: frame.step) else { return }
    state.frames.append(frame)
    if request(step.type, unit, by: frame.job, step: step, &state) { return }
    fail(&state)
  }

  /// Asks for a job; `false` when it cannot be had.
  private func request(
    _ type: JobType, _ unit: Int32, by: JobNumber?, step: PullTable.Step, _ state: inout AddingState
  ) -> Bool {
    if type == .stop {
      // Nothing is stopped that cannot be; nobody minds.
      if pulls.isPerpetual[Int(unit)] { return true }
    } else if !pulls.canStart[Int(unit)] {
      return false
    } else if pulls.isIdle[Int(unit)], by != nil {
      return true
    }
    let job = JobNumber(unit: unit, type: type)
    let isNew = !state.jobs.has(job)
    if isNew { state.jobs.add(job) }
    if let by {
      state.jobs.link(JobLink(by: by, job: job, matters: step.matters, conflicts: step == .conflict))
    }
    guard isNew else { return true }
    let steps = PullTable.Step.steps(of: type)
    state.frames.append(
      .init(
        job: job, step: steps.lowerBound, lastStep: steps.upperBound,
        rest: pulls.units(of: unit, in: steps.lowerBound)))
    return true
  }

  /// A job cannot be had: whoever cannot do without cannot be had either.
  private func fail(_ state: inout AddingState) {
    while let frame = state.frames.last {
      if PullTable.Step(rawValue: frame.step) == .want { return }
      state.frames.removeLast()
      if takesBack { state.jobs.remove(frame.job) }
    }
    state.isRefused = true
  }
}

/// How far adding has come.
struct AddingState: Hashable {
  /// A job that is being added.
  struct Frame: Hashable {
    let job: JobNumber
    var step: Int
    let lastStep: Int
    /// What the step still has to ask for.
    var rest: [Int32]
  }

  var jobs: JobTable
  var frames: [Frame] = []
  var isRefused = false
}

/// Finds the jobs for which it makes a difference when they are added.
private struct TouchyJobs {
  /// By job: whether what it brings along depends on the order.
  private(set) var isTouchy: [Bool]
  /// By job: whether it may turn out that it cannot be had.
  private(set) var mayFail: [Bool]

  init(_ pulls: PullTable, anchor: Int32, _ check: OrderCheck?) {
    isTouchy = [Bool](repeating: false, count: pulls.count * 3)
    mayFail = isTouchy
    var askers: [Int32: [(JobNumber, matters: Bool)]] = [:]
    var reached = [Bool](repeating: false, count: pulls.count * 3)
    var open = [JobNumber(unit: anchor, type: .start)]
    var order: [JobNumber] = []
    reached[Int(open[0].raw)] = true
    while let job = open.popLast() {
      order.append(job)
      guard pulls.canStart[Int(job.unit)] || job.type == .stop else { continue }
      for step in PullTable.Step.steps(of: job.type) {
        guard let kind = PullTable.Step(rawValue: step) else { continue }
        for unit in pulls.units(of: job.unit, in: step) {
          let other = JobNumber(unit: unit, type: kind.type)
          askers[other.raw, default: []].append((job, kind.matters && kind.type != .stop))
          if !reached[Int(other.raw)] {
            reached[Int(other.raw)] = true
            open.append(other)
          }
        }
      }
    }
    // Jobs that cannot be had, and those that cannot do without them.
    var failing = order.filter { $0.type != .stop && !pulls.canStart[Int($0.unit)] }
    var touchy = Set(failing)
    while let job = failing.popLast() {
      for (asker, matters) in askers[job.raw] ?? [] where matters && touchy.insert(asker).inserted {
        failing.append(asker)
      }
    }
    for job in touchy { mayFail[Int(job.raw)] = true }
    // What is left behind counts for whoever cannot do without it, and asks later.
    touchy = touchy.filter { job in
      pulls.canStart[Int(job.unit)] && (askers[job.raw] ?? []).contains { $0.matters }
    }
    // Units that are to be stopped and started as well.
    let isCyclic = check.map { Self.cyclic(order, $0, count: pulls.count) }
    for job in order where job.type == .stop && !pulls.isPerpetual[Int(job.unit)] {
      let others = [JobType.start, .verifyActive].map { JobNumber(unit: job.unit, type: $0) }
      guard others.contains(where: { reached[Int($0.raw)] }) else { continue }
      if let isCyclic, !isCyclic[Int(job.unit)], !others.allSatisfy({ reached[Int($0.raw)] }),
        !(askers[job.raw] ?? []).contains(where: { $0.0.type == .stop })
      {
        continue
      }
      touchy.formUnion([job] + others)
    }
    touchy.formUnion(Self.lookedAt(order, reached))
    // All that leads to one of them.
    open = Array(touchy)
    for job in open { isTouchy[Int(job.raw)] = true }
    while let job = open.popLast() {
      for (asker, _) in askers[job.raw] ?? [] where !isTouchy[Int(asker.raw)] {
        isTouchy[Int(asker.raw)] = true
        open.append(asker)
      }
    }
  }

  /// Jobs of units that are to be started and looked at: only the newer one goes when nobody asks any more.
  private static func lookedAt(_ jobs: [JobNumber], _ reached: [Bool]) -> Set<JobNumber> {
    var found = Set<JobNumber>()
    for job in jobs where job.type == .verifyActive {
      let start = JobNumber(unit: job.unit, type: .start)
      if reached[Int(start.raw)] { found.formUnion([job, start]) }
    }
    return found
  }

  /// The units on cycles of order. On a cycle all jobs stop something or none does, so that no others can
  /// come to lie on one.
  private static func cyclic(_ jobs: [JobNumber], _ order: OrderCheck, count: Int) -> [Bool] {
    var types = [JobType?](repeating: nil, count: count)
    for job in jobs { types[Int(job.unit)] = .start }
    let units = Set(jobs.map(\.unit)).sorted()
    var isCyclic = [Bool](repeating: false, count: count)
    for unit in order.cyclic(units, types, order.live(units, types)) { isCyclic[Int(unit)] = true }
    return isCyclic
  }
}

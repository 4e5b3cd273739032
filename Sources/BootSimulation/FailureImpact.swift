internal import SystemdUnits
public import UnitGraphs

/// What the failure of one unit does to the others of its boot.
public struct FailureImpact: Hashable, Sendable {
  /// What happens to a unit, and by which dependency.
  public struct Effect: Hashable, Sendable {
    /// The unit.
    public let unit: String
    /// The dependency that carries it.
    public let dependency: DependencyKind
    /// The unit at its other end: the failed one, or one that went before.
    public let other: String

    /// Makes an effect.
    public init(unit: String, dependency: DependencyKind, other: String) {
      self.unit = unit
      self.dependency = dependency
      self.other = other
    }
  }

  /// The unit that fails.
  public let unit: String
  /// Whether its failure is seen before what waits for it goes on; not so where `Type=` takes it for
  /// started at once.
  public let isSeenInTime: Bool
  /// Whether it is tried again by itself: `Restart=` of its own, or `Upholds=` of another's.
  public let isRetried: Bool
  /// At boot: units that are not started, or do not stay up.
  public let neverStart: [Effect]
  /// Of these and of `stop`, the ones that are asked for again when the failed unit starts at last.
  public let comeBack: [String]
  /// Units that require it, or stop with it, and are not ordered after it, or go on before its failure is
  /// seen: they start, unless they are slower than it is to fail.
  public let startAnyway: [Effect]
  /// Units that want it, or one that it takes along, and wait for it: they start, and do without.
  public let doWithout: [Effect]
  /// Once it ran: units that stop when it ends.
  public let stop: [Effect]
  /// Once it ran: units that its restart restarts. None where it is not restarted.
  public let restart: [Effect]
  /// Units that are started because of the failure.
  public let handlers: [Effect]
  /// Units that stop along when an operator stops it.
  public let stopAlong: [Effect]

  /// Whether nothing else notices.
  public var isAlone: Bool {
    [neverStart, startAnyway, doWithout, stop, restart, handlers].allSatisfy(\.isEmpty)
  }
}

/// Answers what falls with what, from indexes that are built once for a boot.
///
/// The rules are systemd's, of version 252: a failed start job fails the jobs that still wait for it and
/// require it (`job_fail_dependencies`, job.c); a unit that ends stops what is bound to it
/// (`retroactively_stop_dependencies`, unit.c); an automatic restart is a restart job, which takes along
/// whatever is active and requires the unit or is part of it (transaction.c).
public struct FailureModel: Sendable {
  private struct Link: Sendable {
    let position: Int
    let kind: DependencyKind
  }

  private let jobs: BootJobs
  /// By position: jobs whose units depend on it, in order of name.
  private var dependants: [[Link]]
  /// By position: jobs whose units it depends on, in order of name.
  private var dependencies: [[Link]]
  /// By position: nodes of the graph that `OnFailure=` names.
  private var handlers: [[Int]]

  /// Indexes a boot.
  public init(_ jobs: BootJobs) {
    self.jobs = jobs
    let none = [[Link]](repeating: [], count: jobs.nodes.count)
    dependants = none
    dependencies = none
    handlers = [[Int]](repeating: [], count: jobs.nodes.count)
    for edge in jobs.graph.edges where !edge.kind.isOrdering {
      guard let from = jobs.positions[Int(edge.from)] else { continue }
      if edge.kind == .onFailure { handlers[from].append(Int(edge.to)) }
      guard let to = jobs.positions[Int(edge.to)] else { continue }
      dependants[to].append(Link(position: from, kind: edge.kind))
      dependencies[from].append(Link(position: to, kind: edge.kind))
    }
    for position in jobs.nodes.indices {
      dependants[position].sort { ($0.position, $0.kind.rawValue) < ($1.position, $1.kind.rawValue) }
      dependencies[position].sort { ($0.position, $0.kind.rawValue) < ($1.position, $1.kind.rawValue) }
    }
  }

  /// What happens when a unit fails; `nil` when the boot does not start it.
  public func impact(of unit: String) -> FailureImpact? {
    jobs.position(of: unit).map(impact(at:))
  }

  /// The same for each of the set's own units that the boot starts and that can fail, in order of name.
  public func matrix() -> [FailureImpact] {
    jobs.nodes.indices.filter { jobs.isOwn($0) && canFail($0) }.map(impact(at:))
  }

  private func canFail(_ position: Int) -> Bool {
    switch jobs.graph.nodes[jobs.nodes[position]].name.type {
    case .target, .slice, .scope: false
    default: true
    }
  }

  private func isTarget(_ position: Int) -> Bool {
    jobs.graph.nodes[jobs.nodes[position]].name.type == .target
  }

  private func impact(at failed: Int) -> FailureImpact {
    let name = jobs.graph.nodes[jobs.nodes[failed]].name
    // What is none of the set's services has no process to be taken for started early.
    let isSeenInTime =
      name.type != .service || jobs.unit(failed) == nil
      || Readiness(of: name, jobs.unit(failed)) == .whenDone
    let waiting = jobs.waiting(for: failed)
    var down = Spread(failed)
    var racing = Spread(failed)
    spreadStartFailure(from: failed, pending: isSeenInTime ? waiting : [], &down, &racing)
    let restarts = restartsItself(failed)
    // A oneshot has nothing that could end once it is done.
    let stopped = runs(failed) ? stoppedAtEnd(of: failed) : Spread(failed)
    let along = spread(from: failed, first: Self.stopsWith, then: Self.stopsWith)
    let restarted =
      restarts && runs(failed)
      ? spread(from: failed, first: Self.restartsWith, then: Self.restartsWith, except: stopped)
      : Spread(failed)
    let asked = askedForAgain(by: [failed] + restarted.order)
    let isUpheld = { (position: Int) in
      dependants[position].contains { $0.kind == .upholds && !down.has($0.position) }
    }
    let lost = Set(down.order + stopped.order)
    let back = comingBack(lost.filter { asked.contains($0) || isUpheld($0) }, of: lost)
    return FailureImpact(
      unit: jobs.name(failed), isSeenInTime: isSeenInTime, isRetried: restarts || isUpheld(failed),
      neverStart: effects(down),
      comeBack: back.sorted().map(jobs.name),
      startAnyway: effects(racing, except: down), doWithout: doingWithout(down, waiting),
      stop: effects(stopped), restart: effects(restarted), handlers: handlerEffects(down, failed),
      stopAlong: effects(along))
  }

  // MARK: The start fails

  /// Jobs that wait and require a failed one fail with it. What ends with a unit does not stay up, unless
  /// it waits for the unit and has not begun; what it stops in turn does not either.
  private func spreadStartFailure(
    from failed: Int, pending: Set<Int>, _ down: inout Spread, _ racing: inout Spread
  ) {
    var open = [failed]
    while let next = open.popLast() {
      for link in dependants[next] where link.kind.isMandatory && !down.has(link.position) {
        if pending.contains(link.position) {
          down.add(link.position, link.kind, because: next)
          open.append(link.position)
        } else {
          racing.add(link.position, link.kind, because: next)
        }
      }
    }
    let before = jobs.waited(by: failed)
    var reached = [failed] + down.order
    var index = 0
    while index < reached.count {
      let position = reached[index]
      index += 1
      for link in ends(with: position) where !down.has(link.position) {
        if link.kind != .bindsTo {
          // Only the unit itself ran and ended; it stops what was up by then, which is known of an order.
          guard position == failed, !pending.contains(link.position) else { continue }
          guard before.contains(link.position) else {
            racing.add(link.position, link.kind, because: position)
            continue
          }
        }
        let former = down.order.count
        down.add(link.position, link.kind, because: position)
        down.take(stopped(by: link.position, down: down))
        reached += down.order[former...]
      }
    }
  }

  private func ends(with position: Int) -> [Link] { links(of: position, Self.endsWith) }

  /// Those that want a unit that is not there, wait for it, and are none of the fallen. Who is asked to
  /// start a unit along with itself, and comes before it, does not need it.
  private func doingWithout(_ down: Spread, _ waiting: Set<Int>) -> [FailureImpact.Effect] {
    var without = Spread(down.origin)
    for position in [down.origin] + down.order {
      for link in dependants[position] where link.kind == .wants || link.kind == .upholds {
        guard waiting.contains(link.position), !down.has(link.position), !isTarget(link.position) else {
          continue
        }
        without.add(link.position, link.kind, because: position)
      }
    }
    return effects(without)
  }

  /// All that a start of units asks for.
  private func askedForAgain(by units: [Int]) -> Set<Int> {
    var seen = Set(units)
    var open = units
    while let next = open.popLast() {
      for link in dependencies[next] where link.kind.pullsIn && link.kind != .requisite {
        if seen.insert(link.position).inserted { open.append(link.position) }
      }
    }
    return seen
  }

  /// Of those that are asked for again, without those whose start fails: they need a unit that is lost for good.
  private func comingBack(_ asked: Set<Int>, of lost: Set<Int>) -> Set<Int> {
    var back = asked
    var isSettled = false
    while !isSettled {
      let failing = back.filter { position in
        dependencies[position].contains { link in
          lost.contains(link.position) && !back.contains(link.position)
            && (link.kind == .requisite || (link.kind.isMandatory && asked.contains(link.position)))
        }
      }
      back.subtract(failing)
      isSettled = failing.isEmpty
    }
    return back
  }

  /// The handlers of the unit and of those whose jobs fail with it.
  private func handlerEffects(_ down: Spread, _ failed: Int) -> [FailureImpact.Effect] {
    var seen: Set<Int> = []
    var found: [FailureImpact.Effect] = []
    for position in [failed] + down.order.sorted() {
      for handler in handlers[position] where seen.insert(handler).inserted {
        found.append(
          .init(
            unit: jobs.graph.nodes[handler].name.description, dependency: .onFailure,
            other: jobs.name(position)))
      }
    }
    return found
  }

  /// Whether `Restart=` brings a service back that ended with an error.
  private func restartsItself(_ position: Int) -> Bool {
    guard jobs.graph.nodes[jobs.nodes[position]].name.type == .service else { return false }
    switch jobs.unit(position)?.value(.restart) {
    case "always", "on-failure": return true
    default: return false
    }
  }

  // MARK: It ends, stops or restarts

  private func runs(_ position: Int) -> Bool { jobs.unit(position)?.value(.type) != "oneshot" }

  /// What stops when a unit ends by itself.
  private static func endsWith(_ kind: DependencyKind, isDependant: Bool) -> Bool {
    isDependant ? kind == .bindsTo || kind == .stopPropagatedFrom : kind == .propagatesStopTo
  }

  /// What a stop job of a unit stops as well.
  private static func stopsWith(_ kind: DependencyKind, isDependant: Bool) -> Bool {
    guard isDependant else { return kind == .propagatesStopTo }
    switch kind {
    case .requires, .requisite, .bindsTo, .partOf, .stopPropagatedFrom: return true
    default: return false
    }
  }

  /// What a restart job of a unit restarts as well.
  private static func restartsWith(_ kind: DependencyKind, isDependant: Bool) -> Bool {
    guard isDependant else { return false }
    switch kind {
    case .requires, .requisite, .bindsTo, .partOf: return true
    default: return false
    }
  }

  /// What the manager stops when a unit ends by itself: each of those bound to it, with all that stops along.
  private func stoppedAtEnd(of unit: Int) -> Spread {
    let down = Spread(unit)
    var stopped = Spread(unit)
    for link in ends(with: unit) {
      stopped.add(link.position, link.kind, because: unit)
      stopped.take(self.stopped(by: link.position, down: down))
    }
    return stopped
  }

  /// What a stop job stops as well, while some units are down already. Their jobs are redundant and fall out of the
  /// transaction, and so do jobs that only those asked for; two that ask for each other stay
  /// (`transaction_drop_redundant`, `transaction_collect_garbage`).
  private func stopped(by anchor: Int, down: Spread) -> Spread {
    let all = spread(from: anchor, first: Self.stopsWith, then: Self.stopsWith)
    let live = [anchor] + all.order.filter { !down.has($0) }
    var askers = [Int: Int]()
    for position in live { for link in stops(with: position) { askers[link.position, default: 0] += 1 } }
    var isKept = Set(live)
    var open = live
    while let position = open.popLast() {
      guard position != anchor, askers[position] ?? 0 == 0, isKept.remove(position) != nil else { continue }
      for link in stops(with: position) {
        askers[link.position, default: 0] -= 1
        open.append(link.position)
      }
    }
    var kept = Spread(anchor)
    for position in live where isKept.contains(position) {
      for link in stops(with: position) where isKept.contains(link.position) {
        kept.add(link.position, link.kind, because: position)
      }
    }
    return kept
  }

  private func stops(with position: Int) -> [Link] { links(of: position, Self.stopsWith) }

  /// What a rule goes on to from a unit: to its dependants, then to what it depends on.
  private func links(of position: Int, _ follows: (DependencyKind, Bool) -> Bool) -> [Link] {
    dependants[position].filter { follows($0.kind, true) }
      + dependencies[position].filter { follows($0.kind, false) }
  }

  private func spread(
    from unit: Int, first: (DependencyKind, Bool) -> Bool, then: (DependencyKind, Bool) -> Bool,
    except: Spread? = nil
  ) -> Spread {
    var spread = Spread(unit)
    var open = [unit]
    while let next = open.popLast() {
      let follows = next == unit ? first : then
      for link in links(of: next, follows) where !spread.has(link.position) {
        if let except, except.has(link.position) { continue }
        spread.add(link.position, link.kind, because: next)
        open.append(link.position)
      }
    }
    return spread
  }

  private func effects(_ spread: Spread, except: Spread? = nil) -> [FailureImpact.Effect] {
    spread.order.filter { except?.has($0) != true }.sorted().compactMap { position in
      spread.cause[position].map {
        FailureImpact.Effect(
          unit: jobs.name(position), dependency: $0.kind, other: jobs.name($0.position))
      }
    }
  }
}

/// Units that something has reached, each with the first way it came.
private struct Spread {
  let origin: Int
  private(set) var order: [Int] = []
  private(set) var cause: [Int: (kind: DependencyKind, position: Int)] = [:]

  init(_ origin: Int) { self.origin = origin }

  func has(_ position: Int) -> Bool { position == origin || cause[position] != nil }

  mutating func add(_ position: Int, _ kind: DependencyKind, because other: Int) {
    guard !has(position) else { return }
    order.append(position)
    cause[position] = (kind, other)
  }

  mutating func take(_ other: Spread) {
    for position in other.order {
      if let cause = other.cause[position] { add(position, cause.kind, because: cause.position) }
    }
  }
}

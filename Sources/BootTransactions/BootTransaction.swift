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
    var types = [JobType?](repeating: nil, count: graph.nodes.count)
    var pulls: [[(Int, JobType)]] = Array(repeating: [], count: graph.nodes.count)
    for edge in graph.edges where edge.kind.pullsIn && graph.nodes[Int(edge.to)].canStart {
      pulls[Int(edge.from)].append((Int(edge.to), edge.kind == .requisite ? .verifyActive : .start))
    }
    types[target] = .start
    var open = [target]
    while let unit = open.popLast() {
      for (other, type) in pulls[unit] where types[other] != .start {
        types[other] = type
        if type == .start { open.append(other) }
      }
    }
    func name(_ unit: Int) -> UnitName { graph.nodes[unit].name }
    let jobs = types.indices.compactMap { unit in types[unit].map { Job(unit: unit, type: $0) } }
    var order = Set<JobOrder>()
    for edge in graph.edges {
      guard let first = edge.earlier.map(Int.init), let second = edge.later.map(Int.init),
        types[first] != nil, types[second] != nil
      else { continue }
      order.insert(JobOrder(first: first, second: second))
    }
    let outcome = Outcome(
      failed: false, deleted: [], jobs: jobs.sorted { name($0.unit) < name($1.unit) },
      order: order.sorted { (name($0.first), name($0.second)) < (name($1.first), name($1.second)) })
    return BootOutcomes(target: target, mode: mode, outcomes: [outcome], isTruncated: false)
  }

  /// At boot the default target is isolated, and started where it does not allow that (main.c).
  private static func resolve(_ mode: TransactionMode, _ target: Int, _ graph: UnitGraph) -> TransactionMode {
    guard mode == .auto else { return mode }
    let unit = graph.nodes[target].unit.map { graph.set.units[$0] }
    let setting = unit?.settings.last { $0.section == .unit && $0.name == "AllowIsolate" }
    return setting.flatMap { ValueReading.boolean($0.value) } ?? false ? .isolate : .replace
  }
}

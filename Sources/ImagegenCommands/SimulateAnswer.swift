internal import BootSimulation
internal import BootTransactions
internal import JSONText
internal import SystemdUnits
internal import UnitGraphs

/// What `imagegen simulate` has to tell, as text and as a document.
struct SimulateAnswer {
  let input: SimulateInput
  let boot: Boot
  /// The version of systemd whose rules counted.
  let version: Int
  var failure: FailureImpact?
  var matrix: [FailureImpact]?
  var stopOrder: StopOrder?
  var comparison: (BootComparison, title: String)?
  var record: BootRecord?

  init(input: SimulateInput, boot: Boot, version: Int) {
    self.input = input
    self.boot = boot
    self.version = version
  }

  /// Whether systemd would start nothing at all.
  var isRefused: Bool { boot.outcomes.outcomes.allSatisfy(\.failed) }

  /// Where a boot that took place did not keep the order.
  var contradictions: [BootRecord.Contradiction] { record?.contradictions(to: boot.jobs) ?? [] }

  private var graph: UnitGraph { boot.graph }
  private func name(_ node: Int) -> String { graph.nodes[node].name.description }

  // MARK: Text

  /// What was asked for; without a question how the boot goes.
  var text: String {
    var parts: [String] = []
    if let failure { parts.append(failure.text) }
    if let matrix { parts.append(FailureMatrix.text(matrix)) }
    if let stopOrder { parts.append(stopOrder.text) }
    if let comparison { parts.append(comparison.0.text(input.title, comparison.title)) }
    if record != nil { parts.append(recordText) }
    if parts.isEmpty { parts = [outcomeText] + (isRefused ? [] : [boot.timeline.text]) }
    return parts.joined(separator: "\n")
  }

  private var outcomeText: String {
    let outcomes = boot.outcomes
    let target = name(outcomes.target)
    if isRefused { return "systemd \(version) refuses to start \(target): nothing is started\n" }
    var text =
      "\(target), \(outcomes.mode.rawValue), systemd \(version): \(boot.jobs.nodes.count) units are started\n"
    guard outcomes.outcomes.count > 1 || outcomes.outcomes.contains(where: { !$0.deleted.isEmpty }) else {
      return text
    }
    text +=
      "\(outcomes.outcomes.count)\(outcomes.isTruncated ? " or more" : "") ways it may go; systemd takes one at random\n"
    let all = Set(outcomes.outcomes.flatMap(\.jobs).map(\.unit))
    for outcome in outcomes.outcomes.prefix(Self.shownOutcomes) {
      text += "  " + line(outcome, all: all) + "\n"
    }
    let rest = outcomes.outcomes.count - Self.shownOutcomes
    if rest > 0 { text += "  and \(rest) more, which --format json lists\n" }
    return text + cycles.map(explanation).joined()
      + "the timeline is that of the first that starts anything\n"
  }

  private static let shownOutcomes = 16

  /// What goes to break cycles, and what is missing besides in one way but not in all.
  private func line(_ outcome: Outcome, all: Set<Int>) -> String {
    if outcome.failed { return "refused as a whole: of a cycle nothing can go, or needed jobs conflict" }
    let others = all.subtracting(outcome.jobs.map(\.unit)).subtracting(outcome.deleted).map(name).sorted()
    var text = "\(outcome.jobs.count) jobs"
    if !outcome.deleted.isEmpty { text += ", without \(outcome.deleted.map(name).joined(separator: ", "))" }
    if !others.isEmpty {
      text += outcome.deleted.isEmpty ? ", without " : ", and so without "
      text += others.joined(separator: ", ")
    }
    return text + (outcome.isRare ? " (rare)" : "")
  }

  /// A cycle with the line of every dependency that closes it.
  private func explanation(_ cycle: OrderingCycle) -> String {
    let places = PlaceNames(registry: input.registry)
    var text = "cycle: " + (cycle.units + cycle.units.prefix(1)).map(name).joined(separator: ", then ") + "\n"
    for edge in cycle.edges {
      let place = graph.span(of: edge).map(places.text)
      text += "  " + graph.describe(edge) + (place.map { " (\($0.file):\($0.line))" } ?? "") + "\n"
    }
    let victims = cycle.victims.map(name).sorted().joined(separator: ", ")
    return text + (victims.isEmpty ? "  nothing of it can go\n" : "  one of these goes: \(victims)\n")
  }

  private var recordText: String {
    guard let record else { return "" }
    let pairs = record.comparablePairs(with: boot.jobs)
    return contradictions.map { found in
      "\(found.second) started \(Self.milliseconds(found.microseconds)) before \(found.first) was ready\n"
    }.joined() + "recorded: \(pairs) ordered pairs, \(contradictions.count) contradicted\n"
  }

  private static func milliseconds(_ microseconds: Int) -> String {
    let tenths = (microseconds + 99) / 100
    return "\(tenths / 10).\(tenths % 10) ms"
  }

  // MARK: Document

  /// The contract's document, and a member for each question that was asked.
  var json: JSONValue {
    .object([
      "version": .integer(1), "target": .string(name(boot.outcomes.target)),
      "mode": .string(boot.outcomes.mode.rawValue), "systemdVersion": .integer(version),
      "outcomes": .array(boot.outcomes.outcomes.map(json)),
      "truncated": boot.outcomes.isTruncated ? .bool(true) : nil,
      "cycles": .array(cycles.map(json)), "units": units, "timeline": boot.timeline.json,
      "criticalChain": .strings(boot.timeline.criticalChain), "failure": failure?.json,
      "matrix": matrix.map { .array($0.map(\.json)) }, "stop": stopOrder?.json,
      "comparison": comparison?.0.json, "recorded": record.map(json),
    ])
  }

  private func json(_ outcome: Outcome) -> JSONValue {
    .object([
      "failed": .bool(outcome.failed), "deleted": .strings(outcome.deleted.map(name)),
      "jobs": .array(
        outcome.jobs.map { job in
          .object(["unit": .string(name(job.unit)), "type": .string(job.type.rawValue)])
        }), "order": .array(outcome.order.map { .strings([name($0.first), name($0.second)]) }),
      "rare": outcome.isRare ? .bool(true) : nil,
    ])
  }

  /// The rings that this start runs into, each with the jobs that may be deleted to break it.
  private var cycles: [OrderingCycle] {
    let deleted = Set(boot.outcomes.outcomes.flatMap(\.deleted))
    return graph.orderingCycles(startedBy: boot.outcomes.target).compactMap { cycle in
      let victims = cycle.units.filter(deleted.contains)
      guard !victims.isEmpty || boot.outcomes.outcomes.contains(where: \.failed) else { return nil }
      return cycle.with(victims: victims)
    }
  }

  private func json(_ cycle: OrderingCycle) -> JSONValue {
    let places = PlaceNames(registry: input.registry)
    return .object([
      "units": .strings(cycle.units.map(name)), "victims": .strings(cycle.victims.map(name).sorted()),
      "edges": .array(
        cycle.edges.map { edge in
          let place = graph.span(of: edge).map(places.text)
          return .object([
            "from": .string(name(Int(edge.from))), "to": .string(name(Int(edge.to))),
            "dependency": .string(edge.kind.rawValue), "origin": .string(edge.origin.word),
            "file": place.map { .string($0.file) }, "line": place.map { .integer($0.line) },
          ])
        }),
    ])
  }

  /// All units that the manager loads, with the dependencies it gives them, told of both sides.
  private var units: JSONValue {
    let table = DependencyTable(graph)
    let order = graph.nodes.indices.sorted { graph.nodes[$0].name < graph.nodes[$1].name }
    return .object(
      order.map { node in
        let kinds = table.kinds(of: node).map { kind in
          let entries = table.entries(of: node, kind).map { (name($0.unit), $0.origin) }
          return JSONValue.Member(
            kind, .object(entries.sorted { $0.0 < $1.0 }.map { JSONValue.Member($0.0, .string($0.1)) }))
        }
        let load = graph.nodes[node].state.loadState
        return JSONValue.Member(name(node), .object(["load": .string(load), "dependencies": .object(kinds)]))
      })
  }

  private func json(_ record: BootRecord) -> JSONValue {
    .object([
      "pairs": .integer(record.comparablePairs(with: boot.jobs)),
      "contradictions": .array(
        contradictions.map { found in
          .object([
            "first": .string(found.first), "second": .string(found.second),
            "microseconds": .integer(found.microseconds),
          ])
        }),
    ])
  }
}

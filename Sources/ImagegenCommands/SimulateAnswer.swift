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
    for outcome in outcomes.outcomes.prefix(16) {
      let left = outcome.deleted.map(name).joined(separator: ", ")
      text += outcome.failed ? "  refused as a whole\n" : "  \(outcome.jobs.count) jobs, without \(left)\n"
    }
    return text + "the timeline is that of the first\n"
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
    ])
  }

  /// The rings among what the target pulls in.
  private var cycles: [OrderingCycle] {
    var isPulled = [Bool](repeating: false, count: graph.nodes.count)
    var pulls: [Int: [Int]] = [:]
    for edge in graph.edges where edge.kind.pullsIn {
      pulls[Int(edge.from), default: []].append(Int(edge.to))
    }
    var open = [boot.outcomes.target]
    isPulled[boot.outcomes.target] = true
    while let node = open.popLast() {
      for other in pulls[node] ?? [] where !isPulled[other] {
        isPulled[other] = true
        open.append(other)
      }
    }
    return graph.orderingCycles().filter { $0.units.allSatisfy { isPulled[$0] } }
  }

  private func json(_ cycle: OrderingCycle) -> JSONValue {
    let places = PlaceNames(registry: input.registry)
    return .object([
      "units": .strings(cycle.units.map(name)), "victims": .strings(cycle.victims.map(name)),
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

  /// Units that are started, and the set's own, with what they depend on.
  private var units: JSONValue {
    var shown = Set(boot.outcomes.outcomes.flatMap(\.jobs).map(\.unit))
    shown.formUnion(graph.nodes.indices.filter { graph.nodes[$0].unit != nil })
    var dependencies: [Int: [String: [String: String]]] = [:]
    for edge in graph.edges where shown.contains(Int(edge.from)) {
      let (from, kind, to) = (Int(edge.from), edge.kind.rawValue, name(Int(edge.to)))
      // Of several reasons the one that a person wrote.
      if dependencies[from, default: [:]][kind, default: [:]][to] == "file" { continue }
      dependencies[from, default: [:]][kind, default: [:]][to] = edge.origin.word
    }
    return .object(
      shown.sorted { graph.nodes[$0].name < graph.nodes[$1].name }.map { node in
        let kinds = (dependencies[node] ?? [:]).sorted { $0.key < $1.key }.map { kind, others in
          JSONValue.Member(
            kind,
            .object(others.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }))
        }
        return JSONValue.Member(
          name(node), .object(["load": .string(load(node)), "dependencies": .object(kinds)]))
      })
  }

  /// As `systemctl show -p LoadState` has it.
  private func load(_ node: Int) -> String {
    switch graph.nodes[node].state {
    case .loaded, .stock, .dynamic: "loaded"
    case .masked: "masked"
    case .missing: "not-found"
    }
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

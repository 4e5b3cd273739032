internal import BootTransactions
internal import UnitGraphs

/// Texts for people.
enum BootText {
  /// `12.5 s`; whole minutes from ten of them on.
  static func seconds(_ milliseconds: Int) -> String {
    let tenths = (milliseconds + 50) / 100
    return "\(tenths / 10).\(tenths % 10)"
  }

  static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(width - text.count, 0))
  }

  static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}

extension Timeline {
  /// The units that a person looks at, a line each with its bar, and the critical chain.
  public var text: String {
    let shown = shown
    let width = 40
    let end = max(entries.map(\.settled).max() ?? 0, 1)
    func column(_ time: Int) -> Int { min(time * width / end, width) }
    var text =
      "timeline, seconds since the manager began (* on the critical chain, - works on after it counts as started)\n"
    text += "     start    ready\n"
    for entry in shown {
      let (first, last, settled) = (column(entry.start), column(entry.ready), column(entry.settled))
      let bar =
        String(repeating: " ", count: first)
        + (entry.ready > entry.start
          ? String(repeating: "=", count: max(last - first, 1))
          : entry.settled > entry.start ? "" : "|")
        + String(repeating: "-", count: max(settled - last, 0))
      let times =
        BootText.right(BootText.seconds(entry.start), 9) + BootText.right(BootText.seconds(entry.ready), 9)
      text += "\(entry.isCritical ? "*" : " ")\(times)  \(BootText.padded(bar, width + 1))  \(entry.unit)\n"
    }
    let hidden = entries.count - shown.count
    if hidden > 0 {
      text += "and \(hidden) unit\(hidden == 1 ? "" : "s") of systemd's own that no estimate is given for\n"
    }
    text += "\(target) is reached after \(BootText.seconds(total)) s\n"
    text += "critical chain: \(criticalChain.joined(separator: " -> "))\n"
    return text
  }
}

extension FailureImpact {
  /// What happens, a line for each way, for people.
  public var text: String {
    var text = "when \(unit) fails\n"
    if isSeenInTime {
      text += Self.lines("never start, at boot", neverStart)
    } else {
      text +=
        "  systemd takes it for started at once (Type=simple): what waits for it starts before it fails\n"
      text += Self.lines("do not stay up, at boot", neverStart)
    }
    if !neverStart.isEmpty {
      let lost = Set(neverStart.map(\.unit)).subtracting(comeBack)
      if isRetried, lost.isEmpty {
        text += "    all of them start when it succeeds at last: it is tried again, and asks for them\n"
      } else {
        let back = neverStart.map(\.unit).filter(comeBack.contains)
        if !back.isEmpty { text += "    come back when it starts: \(back.joined(separator: ", "))\n" }
        if !lost.isEmpty {
          text += "    stay down until somebody starts them: \(lost.sorted().joined(separator: ", "))\n"
        }
      }
    }
    text += Self.lines("start all the same, though they require it", startAnyway)
    text += Self.lines("start and do without", doWithout)
    text += Self.lines("stop, when it ends while they run", stop)
    text += Self.lines("restart, when it is restarted while they run", restart)
    text += Self.lines(
      isRetried ? "are started, once it is not tried again" : "are started because of it", handlers)
    if isAlone { text += "  nothing else notices\n" }
    text += isRetried ? "  it is tried again (Restart=, Upholds=)\n" : "  it is not tried again\n"
    text += Self.lines("stop, when an operator stops it", stopAlong)
    return text
  }

  private static func lines(_ title: String, _ effects: [Effect]) -> String {
    guard !effects.isEmpty else { return "" }
    let width = effects.map(\.unit.count).max() ?? 0
    return "  \(title):\n"
      + effects.map { effect in
        "    \(BootText.padded(effect.unit, width))  \(effect.dependency.rawValue)=\(effect.other)\n"
      }.joined()
  }
}

/// What falls with what: a row for each unit that fails.
public enum FailureMatrix {
  /// Wider tables are none: each unit gets a paragraph of its own.
  private static let widest = 40

  /// The table for people.
  public static func text(_ impacts: [FailureImpact]) -> String {
    let columns = self.columns(of: impacts)
    guard !impacts.isEmpty else { return "no unit of its own is started\n" }
    guard columns.count <= widest else { return impacts.map(\.text).joined(separator: "\n") }
    let width = (columns + impacts.map(\.unit)).map(\.count).max() ?? 0
    var text = """
      what falls with what: a row for the unit that fails, a column for the unit that notices
      first sign, at boot:   X does not start   ! starts all the same   ~ starts and does without   . nothing
      second, once it runs:  s stops            r restarts              . nothing

      """
    let numbers = columns.indices.map { BootText.right(String($0 + 1), 3) }.joined()
    text += BootText.padded("", width + 4) + numbers + "\n"
    for impact in impacts {
      let number = columns.firstIndex(of: impact.unit).map { String($0 + 1) } ?? ""
      let cells = columns.map { " " + (impact.unit == $0 ? "--" : sign(of: $0, in: impact)) }.joined()
      text += "\(BootText.right(number, 3)) \(BootText.padded(impact.unit, width))\(cells)\n"
    }
    for (index, column) in columns.enumerated() where !impacts.contains(where: { $0.unit == column }) {
      text += "\(BootText.right(String(index + 1), 3)) \(column)\n"
    }
    return text
  }

  /// The failing units first, then whatever else notices, each in order of name.
  private static func columns(of impacts: [FailureImpact]) -> [String] {
    let own = impacts.map(\.unit)
    let others = impacts.flatMap { impact in
      [impact.neverStart, impact.startAnyway, impact.doWithout, impact.stop, impact.restart].flatMap { $0 }
    }
    return own + Set(others.map(\.unit)).subtracting(own).sorted()
  }

  private static func sign(of unit: String, in impact: FailureImpact) -> String {
    func has(_ effects: [FailureImpact.Effect]) -> Bool { effects.contains { $0.unit == unit } }
    let atBoot =
      has(impact.neverStart) ? "X" : has(impact.startAnyway) ? "!" : has(impact.doWithout) ? "~" : "."
    return atBoot + (has(impact.stop) ? "s" : has(impact.restart) ? "r" : ".")
  }
}

extension StopOrder {
  /// The steps of a shutdown for people, the units of systemd's own counted.
  public var text: String {
    var text = "stop order: units of a step stop at once, each step when the one before is gone\n"
    let steps = Dictionary(grouping: entries, by: \.step).sorted { $0.key < $1.key }
    let shown = steps.filter { $0.value.contains(where: \.isOwn) }
    for (index, step) in shown.enumerated() {
      text += "\(BootText.right(String(index + 1), 4)). "
      text += step.value.filter(\.isOwn).map { entry in
        entry.end.map { "\(entry.unit) (gone by \(BootText.seconds($0)) s)" }
          ?? "\(entry.unit) (may take for ever)"
      }.joined(separator: ", ")
      text += "\n"
    }
    let others = entries.count { !$0.isOwn }
    if others > 0 { text += "and \(others) unit\(others == 1 ? "" : "s") of systemd's own\n" }
    if !killed.isEmpty {
      text += "killed at the end, as nothing stops them: \(killed.joined(separator: ", "))\n"
    }
    text +=
      longest.map { "everything is stopped after \(BootText.seconds($0)) s at the latest\n" }
      ?? "a unit without TimeoutStopSec= may hold up the shutdown for ever\n"
    return text
  }
}

extension BootComparison {
  /// What differs, for people; `one` and `other` say whose is whose.
  public func text(_ one: String, _ other: String) -> String {
    guard !isEmpty else { return "\(one) and \(other) boot alike\n" }
    var text = "- \(one)\n+ \(other)\n"
    func add(_ title: String, _ removed: [String], _ added: [String]) {
      guard !removed.isEmpty || !added.isEmpty else { return }
      text += "\(title):\n" + removed.map { "  - \($0)\n" }.joined() + added.map { "  + \($0)\n" }.joined()
    }
    add("how the start may go", removedOutcomes, addedOutcomes)
    add(
      "jobs", removedJobs.map { "\($0.unit)/\($0.type.rawValue)" },
      addedJobs.map { "\($0.unit)/\($0.type.rawValue)" })
    add(
      "order", removedOrder.map { "\($0.first) before \($0.second)" },
      addedOrder.map { "\($0.first) before \($0.second)" })
    if !moved.isEmpty {
      text += "times in seconds:\n"
      let width = moved.map(\.before.unit.count).max() ?? 0
      for move in moved {
        text +=
          "  \(BootText.padded(move.before.unit, width))  \(Self.span(move.before)) becomes \(Self.span(move.after))\n"
      }
    }
    text += "target reached after: \(BootText.seconds(totalBefore)) s, \(BootText.seconds(totalAfter)) s\n"
    return text
  }

  private static func span(_ entry: Timeline.Entry) -> String {
    "\(BootText.seconds(entry.start)) to \(BootText.seconds(entry.ready))"
  }
}

import BootSimulation
import BootTransactions
import Diagnostics
import SeededRandom
import Testing
import UnitGraphs

/// Failures as a real systemd has them, against what the simulation says: random groups of units, all
/// in one boot, in each of which one unit fails at boot, is killed while it runs, or is stopped.
@Suite struct ManagerTests {
  private enum Trouble: CaseIterable { case failsAtBoot, isKilled, isStopped }

  private struct Group {
    var trouble: Trouble
    var units: [(name: String, lines: [String])]
    var troubled: String
  }

  @Test func aManagerDoesAsSimulated() throws {
    let seed = SeededGenerator.seed
    print("manager seed \(seed)")
    var random = SeededGenerator(seed: seed)
    let groups = (0..<36).map { group($0, &random) }
    let units = groups.flatMap(\.units)
    let all = "[Unit]\nDefaultDependencies=no\n" + units.map { "Wants=\($0.name)\n" }.joined()
    let texts = [("all.target", all)] + units.map { ($0.name, Units.text($0.lines.joined(separator: "\n"))) }
    let observed = try Manager.run(
      texts.map { ($0.0, $0.1) },
      kill: groups.filter { $0.trouble == .isKilled }.map(\.troubled),
      stop: groups.filter { $0.trouble == .isStopped }.map(\.troubled))
    let entries = texts.enumerated().map { index, unit in
      UnitFolderEntry(
        path: unit.0, content: .file(Array(unit.1.utf8)), source: SourceID(index: UInt32(index)))
    }
    let graph = UnitGraph(UnitSet(entries: entries), stock: .none)
    let target = try #require(graph.node(named: "all.target"))
    let boot = Boot(graph, outcomes: BootTransaction.outcomes(of: graph, target: target))
    let model = FailureModel(boot.jobs)
    var compared = 0
    for group in groups {
      let impact = try #require(model.impact(of: group.troubled))
      let comment = Comment(rawValue: "seed \(seed)\n" + explain(group, impact))
      switch group.trouble {
      case .failsAtBoot: compared += checkBoot(group, impact, observed.booted, comment)
      case .isKilled, .isStopped:
        compared += check(group, impact, observed.booted, observed.after, comment)
      }
    }
    // Races are left out; most are none.
    #expect(compared > units.count / 2)
  }

  /// Units a to e of a group, each depending on some before it.
  private func group(_ index: Int, _ random: inout SeededGenerator) -> Group {
    let trouble = Trouble.allCases[index % Trouble.allCases.count]
    let names = ["a", "b", "c", "d", "e"].map { "g\(index)-\($0).service" }
    let troubled = Int.random(in: 0..<4, using: &random)
    let kinds = [
      "Requires", "Requires", "Wants", "BindsTo", "PartOf", "Requisite", "StopPropagatedFrom",
    ]
    var units: [(name: String, lines: [String])] = []
    for (number, name) in names.enumerated() {
      var lines: [String] = []
      for other in names[..<number] where random.chance(other == names[troubled] ? 75 : 25) {
        let kind = kinds.randomElement(using: &random) ?? "Wants"
        lines.append("\(kind)=\(other)")
        // Without an order these are races between units that start at once.
        if ["BindsTo", "Requisite"].contains(kind) || random.chance(70) { lines.append("After=\(other)") }
      }
      if number > 0, random.chance(10) { lines.append("PropagatesStopTo=\(names[number - 1])") }
      let isTroubled = number == troubled
      if isTroubled, trouble == .failsAtBoot {
        let type = ["oneshot", "forking", "notify", "simple"].randomElement(using: &random) ?? "oneshot"
        lines += ["Type=\(type)", "ExecStart=/bin/false"]
      } else if isTroubled || random.chance(50) {
        lines += ["Type=simple", "ExecStart=sleep 1000"]
        if isTroubled, trouble == .isKilled, random.chance(60) { lines.append("Restart=always") }
      } else {
        lines += ["Type=oneshot", "RemainAfterExit=yes", "ExecStart=/bin/true"]
      }
      units.append((name, lines))
    }
    // The first of those that need it are sometimes asked for again by it.
    if random.chance(40), troubled < 4 { units[troubled].lines.insert("Wants=\(names[4])", at: 0) }
    return Group(trouble: trouble, units: units, troubled: names[troubled])
  }

  /// Units whose fate hangs on who is quicker, and whatever depends on them or is stopped by them.
  private func uncertain(_ group: Group, _ first: some Sequence<String>) -> Set<String> {
    var uncertain = Set(first)
    for _ in group.units {
      for unit in group.units {
        for line in unit.lines {
          let words = line.split(separator: "=", maxSplits: 1)
          guard words.count == 2, words[1].hasSuffix(".service") else { continue }
          if words[0] == "PropagatesStopTo" {
            if uncertain.contains(unit.name) { uncertain.insert(String(words[1])) }
          } else if words[0] != "After", words[0] != "Wants", uncertain.contains(String(words[1])) {
            uncertain.insert(unit.name)
          }
        }
      }
    }
    return uncertain
  }

  private func checkBoot(
    _ group: Group, _ impact: FailureImpact, _ states: [String: Manager.State], _ comment: Comment
  ) -> Int {
    let uncertain = uncertain(group, impact.startAnyway.map(\.unit))
    let down = Set(impact.neverStart.map(\.unit))
    var compared = 0
    for unit in group.units where !uncertain.contains(unit.name) && unit.name != group.troubled {
      compared += 1
      let isActive = states[unit.name]?.active == "active"
      #expect(isActive != down.contains(unit.name), "\(unit.name) \(comment)")
    }
    return compared
  }

  private func check(
    _ group: Group, _ impact: FailureImpact, _ before: [String: Manager.State],
    _ after: [String: Manager.State], _ comment: Comment
  ) -> Int {
    let isStop = group.trouble == .isStopped
    let stopped = Set((isStop ? impact.stopAlong : impact.stop).map(\.unit))
    let back = isStop || !impact.isRetried ? [] : Set(impact.comeBack)
    let restarted = Set(isStop ? [] : impact.restart.map(\.unit))
    var compared = 0
    for unit in group.units where unit.name != group.troubled {
      let (one, other) = (before[unit.name], after[unit.name])
      #expect(one?.active == "active", "\(unit.name) was not up: \(comment)")
      compared += 1
      if stopped.contains(unit.name), !back.contains(unit.name) {
        #expect(other?.active != "active", "\(unit.name) stops: \(comment)")
      } else {
        #expect(other?.active == "active", "\(unit.name) runs: \(comment)")
        let isAnother = one?.invocation != other?.invocation
        let expected = stopped.contains(unit.name) || restarted.contains(unit.name)
        #expect(isAnother == expected, "\(unit.name) is started anew: \(comment)")
      }
    }
    return compared
  }

  private func explain(_ group: Group, _ impact: FailureImpact) -> String {
    group.units.map { "\($0.name): \($0.lines.joined(separator: "; "))\n" }.joined() + impact.text
  }
}

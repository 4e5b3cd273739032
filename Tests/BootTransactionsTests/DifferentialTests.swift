import BootTransactions
import HostFiles
import SystemdUnits
import Testing
import UnitGraphs

/// Predictions are held against the installed systemd, on folders made at random. `scripts/differential`
/// says how many with `IMAGEGEN_DIFFERENTIAL_SETS`, and from which seed on.
@Suite struct DifferentialTests {
  /// Runs until every predicted outcome is seen. The rarest that eight units have, but for those that say so,
  /// comes once in some two hundred runs; that none of 3,000 shows it is chance once in three million.
  private static let runs = 3_000

  private struct Verdict {
    var problems: [String] = []
    var runs = 0
    var outcomes = 0
    /// Whether there are more outcomes than are listed.
    var isLeftOut = false
    /// Outcomes that no run showed.
    var unseen: String?
  }

  @Test func `systemd does what is predicted, and all of it`() async throws {
    let sets = HostEnvironment.value("IMAGEGEN_DIFFERENTIAL_SETS").flatMap { Int($0) } ?? 40
    let first = HostEnvironment.value("IMAGEGEN_DIFFERENTIAL_SEED").flatMap { UInt64($0) } ?? 1
    let host = try hostUnits()
    var sum = Verdict()
    var failed = 0
    var leftOut = 0
    var unseen = 0
    try await withThrowingTaskGroup(of: (UInt64, Verdict).self) { group in
      var next = first
      let end = first + UInt64(sets)
      func add() {
        guard next < end else { return }
        let seed = next
        next += 1
        group.addTask { (seed, try Self.judge(RandomUnits(seed: seed), host)) }
      }
      for _ in 0..<4 { add() }
      while let (seed, verdict) = try await group.next() {
        sum.runs += verdict.runs
        sum.outcomes += verdict.outcomes
        if verdict.isLeftOut { leftOut += 1 }
        if let text = verdict.unseen {
          unseen += 1
          print("seed \(seed): \(text)")
        }
        if !verdict.problems.isEmpty {
          failed += 1
          if failed <= 10 {
            Issue.record(
              "seed \(seed)\n\(verdict.problems.joined(separator: "\n"))\n\(RandomUnits(seed: seed).description)"
            )
          }
        }
        add()
      }
    }
    print(
      "figure: sets \(sets)\nfigure: mismatches \(failed)\nfigure: unseen \(unseen)\nfigure: left-out \(leftOut)\nfigure: runs \(sum.runs)\nfigure: outcomes \(sum.outcomes)"
    )
    #expect(failed == 0, "\(failed) of \(sets) sets from seed \(first) on")
    #expect(sum.outcomes > sets / 2)
    // Orders are taken for independent of one another; those of tables of two units are not quite.
    #expect(unseen <= max(1, sets / 200))
  }

  /// Units of the machine that runs the test: its mounts and devices, which no folder is about.
  private func hostUnits() throws -> Set<String> {
    let manager = try SystemdManager(
      [RandomUnits.file("only.target", "[Unit]\nDefaultDependencies=no\n")], start: "only.target")
    let run = try manager.run(readsUnits: true)
    try manager.remove()
    try #require(!run.observation.failed, "\(run.log)")
    return Set(run.units.filter { $0.value.loadState == "loaded" }.keys)
      .subtracting(["only.target", "-.mount", "-.slice", "system.slice", "init.scope"])
  }

  private static func judge(_ units: RandomUnits, _ host: Set<String>) throws -> Verdict {
    var verdict = Verdict()
    guard let name = UnitName(units.target) else { return verdict }
    let graph = UnitGraph(
      loading: name, of: UnitSet(entries: units.entries), stock: .none, countsInstall: false)
    guard let target = graph.node(named: units.target) else { return verdict }
    let predicted = BootTransaction.outcomes(of: graph, target: target)
    if predicted.isTruncated {
      verdict.isLeftOut = true
      return verdict
    }
    let manager = try SystemdManager(units.entries, start: units.target)
    let all = Set(predicted.outcomes.map { observation($0, graph) })
    var unseen = Set(predicted.outcomes.filter { !$0.isRare }.map { observation($0, graph) })
    verdict.outcomes = all.count
    let limit = units.count <= 8 ? runs : 2
    while verdict.runs < limit, verdict.problems.isEmpty, verdict.runs == 0 || !unseen.isEmpty {
      let run = try manager.run(readsUnits: verdict.runs == 0)
      verdict.runs += 1
      if verdict.runs == 1 { verdict.problems = dependencyProblems(run, graph, host) }
      unseen.remove(run.observation)
      if !all.contains(run.observation) {
        verdict.problems.append("not predicted: \(run.observation)\npredicted: \(all)\n\(run.log)")
      }
    }
    if units.count <= 8, verdict.problems.isEmpty, !unseen.isEmpty {
      verdict.unseen = "\(unseen.count) of \(all.count) outcomes never seen in \(verdict.runs) runs"
    }
    try manager.remove()
    return verdict
  }

  private static func observation(_ outcome: Outcome, _ graph: UnitGraph) -> SystemdManager.Observation {
    .init(
      failed: outcome.failed, deleted: outcome.deleted.map { graph.nodes[$0].name.description }.sorted(),
      jobs: outcome.jobs.map { "\(graph.nodes[$0.unit].name)/\($0.type.rawValue)" }.sorted())
  }

  /// What differs between the two lists of units and their dependencies.
  private static func dependencyProblems(
    _ run: SystemdManager.Run, _ graph: UnitGraph, _ host: Set<String>
  ) -> [String] {
    guard !run.units.isEmpty else { return [] }
    let table = DependencyTable(graph)
    var problems: [String] = []
    var ours = Set<String>()
    for (number, node) in graph.nodes.enumerated() where !host.contains(node.name.description) {
      let name = node.name.description
      ours.insert(name)
      guard let unit = run.units[name] else {
        problems.append("\(name) is not among systemd's units")
        continue
      }
      if unit.loadState != node.state.loadState {
        problems.append("\(name) is \(unit.loadState), not \(node.state.loadState)")
      }
      let kinds = Set(table.kinds(of: number)).union(unit.dependencies.keys).subtracting(["RequiresMountsFor"]
      )
      for kind in kinds {
        let entries = Dictionary(
          uniqueKeysWithValues: table.entries(of: number, kind).map {
            (graph.nodes[$0.unit].name.description, $0.origin)
          })
        for (other, origins) in unit.dependencies[kind] ?? [:] where !host.contains(other) {
          let origin =
            origins.contains("file") ? "file" : origins.contains("default") ? "default" : "implicit"
          // A mount's defaults have a word of their own. Which of a mount and of what needs it is read first is
          // told apart as well, and follows from no more than the order of reading.
          let isOfMount =
            (origins.contains("mount-file") && entries[other] == "default")
            || ((name.hasSuffix(".mount") || other.hasSuffix(".mount")) && entries[other] != nil)
          if entries[other] != origin, !isOfMount {
            problems.append(
              "\(name) \(kind)=\(other) is \(origins.sorted()), ours \(entries[other] ?? "none")")
          }
        }
        for other in entries.keys where unit.dependencies[kind]?[other] == nil && !host.contains(other) {
          problems.append("\(name) has no \(kind)=\(other)")
        }
      }
    }
    for name in run.units.keys where !ours.contains(name) && !host.contains(name) {
      let others = run.units[name]?.dependencies.values.flatMap(\.keys) ?? []
      if !others.allSatisfy(host.contains) { problems.append("ours lacks \(name)") }
    }
    return problems.sorted()
  }
}

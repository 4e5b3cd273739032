import BootTransactions
import Diagnostics
import SystemdUnits
import Testing
import UnitGraphs

@Suite struct BootTransactionTests {
  /// The outcomes of starting `start.target`, as text.
  private func outcomes(
    _ files: [String: String], mode: TransactionMode = .auto, systemdVersion: Int = 252
  ) throws -> [String] {
    let entries = files.sorted { $0.key < $1.key }.map { name, text in
      let isService = name.hasSuffix(".service") && !text.contains("[Service]")
      let command = isService ? "[Service]\nExecStart=/bin/true\n" : ""
      return RandomUnits.file(name, "[Unit]\nDefaultDependencies=no\n" + text + "\n" + command)
    }
    let name = try #require(UnitName("start.target"))
    let graph = UnitGraph(loading: name, of: UnitSet(entries: entries), stock: .none, countsInstall: false)
    let found = BootTransaction.outcomes(
      of: graph, target: try #require(graph.node(named: "start.target")), mode: mode,
      systemdVersion: systemdVersion)
    #expect(!found.isTruncated)
    return found.outcomes.map { outcome in
      let deleted = outcome.deleted.map { "-\(graph.nodes[$0].name.withoutType)" }
      let jobs = outcome.jobs.map { job in
        graph.nodes[job.unit].name.withoutType + (job.type == .start ? "" : "/" + job.type.rawValue)
      }
      return ((outcome.failed ? ["failed"] : []) + deleted + jobs).joined(separator: " ")
    }
  }

  @Test func `a start brings along what its units pull in`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=b.service", "b.service": "Requires=c.service\nAfter=c.service",
        "c.service": "",
      ]) == ["b c start"])
  }

  @Test func `of a ring any job may go that nothing needs`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=a.service b.service\nRequires=c.service", "a.service": "After=b.service",
        "b.service": "After=c.service", "c.service": "After=a.service",
      ]) == ["-a b c start", "-b a c start"])
  }

  @Test func `a ring of needed jobs refuses the start`() throws {
    #expect(
      try outcomes([
        "start.target": "Requires=a.service", "a.service": "After=b.service\nRequires=b.service",
        "b.service": "After=a.service",
      ]) == ["failed"])
  }

  @Test func `whoever needs a deleted job goes with it`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=a.service b.service", "a.service": "After=b.service\nRequires=b.service",
        "b.service": "After=a.service",
      ]) == ["-a b start", "-b start"])
  }

  @Test func `what only a deleted job wanted stays where the target is isolated`() throws {
    let files = [
      "start.target": "Wants=a.service b.service", "a.service": "After=b.service\nWants=c.service",
      "b.service": "After=a.service", "c.service": "",
    ]
    #expect(try outcomes(files) == ["-a b start", "-b a c start"])
    #expect(try outcomes(files, mode: .isolate) == ["-a b c start", "-b a c start"])
  }

  @Test func `of two units that conflict one is started, whichever comes first`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=a.service b.service", "a.service": "Conflicts=b.service",
        "b.service": "Conflicts=a.service",
      ]) == ["a start", "b start"])
    #expect(
      try outcomes([
        "start.target": "Wants=a.service b.service", "a.service": "Conflicts=b.service", "b.service": "",
      ])
        == ["a start"])
    #expect(
      try outcomes([
        "start.target": "Requires=a.service b.service", "a.service": "Conflicts=b.service", "b.service": "",
      ])
        == ["failed"])
  }

  @Test func `a unit whose requirement is missing is started by 252 and not by 254`() throws {
    let files = [
      "start.target": "Wants=a.service", "a.service": "Requires=gone.service\nWants=b.service",
      "b.service": "",
    ]
    #expect(try outcomes(files) == ["a start"])
    #expect(try outcomes(files, systemdVersion: 254) == ["start"])
    #expect(
      try outcomes(["start.target": "Requires=a.service", "a.service": "Requires=gone.service"]) == ["failed"]
    )
  }

  @Test func `what stands in front of the missing requirement may be started or not`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=a.service", "a.service": "Requires=gone.service b.service", "b.service": "",
      ]) == ["a b start", "a start"])
  }

  @Test func `Requisite looks and does not start`() throws {
    #expect(
      try outcomes(["start.target": "Requisite=a.service", "a.service": ""]) == ["a/verify-active start"])
  }

  @Test func `a unit with a bad setting, a masked and a missing one are not started`() throws {
    #expect(
      try outcomes([
        "start.target": "Wants=a.service gone.service t.timer", "a.service": "[Service]\nType=simple",
        "t.timer": "[Timer]",
      ]) == ["start"])
  }

  @Test func `order is that of the jobs: what is stopped goes first`() throws {
    let entries = [
      RandomUnits.file("start.target", "[Unit]\nDefaultDependencies=no\nWants=a.service b.service\n"),
      RandomUnits.file(
        "a.service", "[Unit]\nDefaultDependencies=no\nBefore=b.service\n[Service]\nExecStart=/bin/true\n"),
      RandomUnits.file("b.service", "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true\n"),
    ]
    let name = try #require(UnitName("start.target"))
    let graph = UnitGraph(loading: name, of: UnitSet(entries: entries), stock: .none, countsInstall: false)
    let found = BootTransaction.outcomes(of: graph, target: try #require(graph.node(named: "start.target")))
    let order = try #require(found.outcomes.first).order.map { pair in
      "\(graph.nodes[pair.first].name) \(graph.nodes[pair.second].name)"
    }
    #expect(order == ["a.service b.service"])
  }

  @Test func `more outcomes than are listed are said to be more`() throws {
    var files = ["start.target": "Wants=" + (0..<20).map { "s\($0).service" }.joined(separator: " ")]
    for pair in 0..<10 {
      files["s\(2 * pair).service"] = "After=s\(2 * pair + 1).service"
      files["s\(2 * pair + 1).service"] = "After=s\(2 * pair).service"
    }
    let entries = files.sorted { $0.key < $1.key }.map { name, text in
      RandomUnits.file(
        name,
        "[Unit]\nDefaultDependencies=no\n\(text)\n"
          + (name.hasSuffix("e") ? "[Service]\nExecStart=/bin/true\n" : ""))
    }
    let name = try #require(UnitName("start.target"))
    let graph = UnitGraph(loading: name, of: UnitSet(entries: entries), stock: .none, countsInstall: false)
    let target = try #require(graph.node(named: "start.target"))
    let found = BootTransaction.outcomes(of: graph, target: target)
    #expect(found.isTruncated && found.outcomes.count == BootOutcomes.limit)
    #expect(found == BootTransaction.outcomes(of: graph, target: target))
  }

  @Test func `ten thousand units in a row are one outcome`() throws {
    var entries = [RandomUnits.file("start.target", "[Unit]\nDefaultDependencies=no\nWants=s0.service\n")]
    for number in 0..<10_000 {
      let next = number < 9_999 ? "Requires=s\(number + 1).service\nAfter=s\(number + 1).service\n" : ""
      entries.append(
        RandomUnits.file(
          "s\(number).service", "[Unit]\nDefaultDependencies=no\n\(next)[Service]\nExecStart=/bin/true\n"))
    }
    let name = try #require(UnitName("start.target"))
    let graph = UnitGraph(loading: name, of: UnitSet(entries: entries), stock: .none, countsInstall: false)
    let found = BootTransaction.outcomes(of: graph, target: try #require(graph.node(named: "start.target")))
    #expect(found.outcomes.count == 1 && !found.isTruncated)
    #expect(found.outcomes.first?.jobs.count == 10_001)
  }
}

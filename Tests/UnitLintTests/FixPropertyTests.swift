import Diagnostics
import HostFiles
import SeededRandom
import Testing
import UnitGraphs

@testable import UnitLint

/// What must hold of every fix there is.
@Suite struct FixPropertyTests {
  private func settle(_ entries: [UnitFolderEntry]) -> LintFixes.Settled {
    LintFixes.settle(LintTarget(entries)) { UnitLint.run($0, LintHarness.settings) }
  }

  private func texts(_ entries: [UnitFolderEntry]) -> [[UInt8]] {
    entries.map { if case .file(let bytes) = $0.content { bytes } else { [] } }
  }

  @Test(arguments: UnitLintRules.all)
  func `fixing twice is fixing once`(_ rule: Rule) {
    for text in [rule.example, rule.instead] {
      let once = settle(LintHarness.entries(text))
      let twice = settle(once.target.entries)
      #expect(twice.count == 0 && twice.changed.isEmpty, "\(rule.code) is not done after one run")
      #expect(texts(twice.target.entries) == texts(once.target.entries))
    }
  }

  /// The examples one below the other, in random order, as one file: fixes that meet, overlap and repeat.
  @Test func `fixing ends however many rules meet in a file`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      var text = ""
      for _ in 0..<12 {
        let rule = UnitLintRules.all[Int(random.next() % UInt64(UnitLintRules.all.count))]
        text +=
          rule.example.split(separator: "\n").filter { !$0.hasPrefix("# ") }.joined(separator: "\n") + "\n"
      }
      let once = settle(LintHarness.entries(text))
      #expect(settle(once.target.entries).count == 0, "seed \(seed): \(text)")
    }
  }

  @Test func `a file that was not asked about is not touched`() {
    let entries = LintHarness.entries(
      "# a.service\n[Service]\nExecStart=/bin/true\nRestart=always # a\n"
        + "# b.service\n[Service]\nExecStart=/bin/true\nRestart=always # b")
    let settled = LintFixes.settle(LintTarget(entries, asked: [SourceID(index: 1)])) {
      UnitLint.run($0, LintHarness.settings)
    }
    #expect(settled.changed == [SourceID(index: 1)])
    #expect(texts(settled.target.entries)[0] == texts(entries)[0])
  }

  /// Thousands of lines that go to one place, and a line of thousands of findings: the time is spent on
  /// sorting at most, so this ends at once.
  @Test func `many fixes are no more work than their number`() {
    let moved = String(repeating: "After=a.service\n", count: 4_000)
    let entries = LintHarness.entries("[Service]\nType=oneshot\nExecStart=/bin/true\n" + moved)
    let findings = UnitLint.run(LintTarget(entries), LintHarness.settings).sorted
    guard case .file(let bytes)? = entries.first?.content else { return }
    let result = LintFixes.apply(findings, to: [SourceID(index: 0): bytes])
    #expect(result.applied.count >= 4_000)
  }

  /// Whatever `systemd-analyze verify` says of a mended unit it said before.
  @Test func `systemd complains of nothing new`() throws {
    var fixed = 0
    for rule in UnitLintRules.all {
      let before = LintHarness.entries(rule.example)
      let settled = settle(before)
      guard !settled.changed.isEmpty else { continue }
      fixed += 1
      let new = try complaints(settled.target.entries).subtracting(complaints(before))
      #expect(
        new.isEmpty,
        "\(rule.code): \(texts(settled.target.entries).map { String(decoding: $0, as: UTF8.self) })")
    }
    #expect(fixed > 10)
  }

  private func complaints(_ entries: [UnitFolderEntry]) throws -> Set<String> {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-fixes")
    defer { try? HostFile.removeTree(folder) }
    var paths: [String] = []
    for entry in entries {
      guard case .file(let bytes) = entry.content else { continue }
      let path = folder + "/" + entry.path
      if entry.path.contains("/") {
        let parts = path.split(separator: "/").dropLast()
        try HostFile.makeDirectories("/" + parts.joined(separator: "/"), mode: 0o755)
      } else {
        paths.append(path)
      }
      try HostFile.write(bytes, to: path, mode: 0o644)
    }
    let result = try HostProgram.run(
      ["systemd-analyze", "verify", "--man=no", "--recursive-errors=yes"] + paths,
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SYSTEMD_UNIT_PATH": folder + ":"])
    // Lines move, and folders have names of their own.
    let text = String(decoding: result.output + result.errors, as: UTF8.self).replacing(folder, with: "")
    return Set(
      // Which programs there are is a matter of the host.
      text.split(separator: "\n").filter { !$0.contains(" is not executable: ") }.map { line in
        // Which of the two jobs, and of the units, is named first changes from run to run.
        if line.contains("conflicting jobs") { return "conflicting jobs" }
        return line.split(separator: ":").filter { Int($0) == nil }.joined(separator: ":")
      })
  }
}

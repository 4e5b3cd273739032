import Diagnostics
import Testing
import UnitGraphs

@testable import UnitLint

@Suite struct RuleManualTests {
  @Test func `codes and names are unique`() {
    let rules = UnitLintRules.all
    #expect(Set(rules.map(\.code)).count == rules.count)
    #expect(Set(rules.map(\.name)).count == rules.count)
    #expect(rules.map(\.code) == rules.map(\.code).sorted())
    for rule in UnitLintRules.rules {
      #expect(rules.contains(rule.rule), "two manuals for \(rule.rule.code)")
    }
  }

  /// What the manual shows is run: the example is found, the text beside it and the near misses are not.
  @Test(arguments: UnitLintRules.all)
  func `the manual's examples are true`(_ rule: Rule) {
    let code = rule.code.description
    let settings = LintHarness.settings(for: rule.code)
    let found = LintHarness.lint(rule.example, settings)
    // What is too long to print is abridged, and stands in full among the texts that fire.
    if !rule.example.contains("…") {
      #expect(found.contains { $0.code == rule.code }, "\(code) misses its example: \(found.map(\.message))")
    }
    #expect(
      !LintHarness.lint(rule.instead, settings).contains { $0.code == rule.code },
      "\(code) finds something in what should be")
    for entry in UnitLintRules.rules where entry.rule.code == rule.code {
      for text in entry.fires {
        #expect(
          LintHarness.lint(text, settings).contains { $0.code == rule.code },
          "\(code) misses \(text.prefix(200))")
      }
      for text in entry.nearMisses {
        let false_ = LintHarness.lint(text, settings).filter { $0.code == rule.code }
        #expect(false_.isEmpty, "\(code) finds \(false_.map(\.message)) in \(text)")
      }
    }
    for finding in found where finding.code == rule.code {
      #expect(finding.span != nil && finding.unit != nil)
      #expect(!finding.message.hasSuffix("."))
    }
  }

  /// A safe fix removes its finding, and no fix overlaps itself.
  @Test(arguments: UnitLintRules.all)
  func `safe fixes mend what they are for`(_ rule: Rule) {
    let entries = LintHarness.entries(rule.example)
    let settings = LintHarness.settings(for: rule.code)
    for finding in LintHarness.lint(rule.example, settings) where finding.code == rule.code {
      guard let fix = finding.fix, let source = fix.edits.first?.span.source else { continue }
      let sorted = fix.edits.sorted { $0.span < $1.span }
      for (first, second) in zip(sorted, sorted.dropFirst()) { #expect(first.span.end <= second.span.start) }
      guard fix.applicability == .safe else { continue }
      var mended = entries
      for index in mended.indices where mended[index].source == source {
        guard case .file(let bytes) = mended[index].content else { continue }
        mended[index] = .init(
          path: mended[index].path, content: .file(Array(LintHarness.apply(fix, to: bytes).utf8)),
          source: source)
      }
      let left = UnitLint.run(LintTarget(mended), settings).diagnostics
      #expect(
        !left.contains { $0.code == rule.code && $0.message == finding.message },
        "\(rule.code): \(finding.message)")
      #expect(
        left.filter { $0.severity == .error }.count
          <= LintHarness.lint(rule.example, settings).filter { $0.severity == .error }.count)
    }
  }
}

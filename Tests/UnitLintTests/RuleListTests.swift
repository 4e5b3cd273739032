import Diagnostics
import HostFiles
import Testing

@testable import UnitLint

/// docs/lint-rules.md: every rule of the linter, from its manual, and what of the catalogue is no rule.
@Suite struct RuleListTests {
  @Test func `the page lists every rule`() throws {
    let page = RuleListPage.text
    let path = Self.root + "/docs/lint-rules.md"
    let former = try HostFile.status(path) == nil ? [] : try HostFile.read(path, limit: 1 << 20)
    if former != Array(page.utf8), HostEnvironment.value("IMAGEGEN_RECORD") != nil {
      try HostFile.write(Array(page.utf8), to: path, mode: 0o644)
    }
    #expect(
      String(decoding: former, as: UTF8.self) == page,
      "docs/lint-rules.md differs: read the difference, then IMAGEGEN_RECORD=1 writes the page anew")
  }

  /// Every number of the catalogue is a rule or has a reason why it is none, and never both.
  @Test func `the catalogue is complete`() {
    let known = Set(UnitLintRules.all.map(\.code.description))
    let leftOut = Set(LeftOutRules.reasons.map(\.code))
    #expect(leftOut.count == LeftOutRules.reasons.count)
    #expect(known.isDisjoint(with: leftOut))
    for code in LeftOutRules.catalogue {
      #expect(known.contains(code) || leftOut.contains(code), "\(code) is neither a rule nor left out")
    }
  }

  private static let root: String = {
    var parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    parts.removeLast(3)
    return parts.joined(separator: "/")
  }()
}

/// The page's text.
private enum RuleListPage {
  static var text: String {
    let rules = UnitLintRules.all
    var lines = [
      "# The rules of the linter", "",
      "Written by `RuleListTests` from the rules' manuals; `imagegen explain CODE` prints all of a manual. A fix is what",
      "`lint --fix` can do: _safe_ ones keep what is meant, _unsafe_ ones want a look.", "",
      "\(rules.count) rules:",
    ]
    for (family, title) in families {
      let members = rules.filter { $0.code.family == family }
      lines += [
        "", "## \(family): \(title)", "", "| id | name | severity | what | fix |", "|---|---|---|---|---|",
      ]
      for rule in members {
        lines.append(
          "| \(rule.code) | \(rule.name) | \(rule.severity.rawValue) | \(cell(rule.finds)) | \(fix(of: rule)) |"
        )
      }
    }
    lines += ["", "## Left out", ""]
    lines += LeftOutRules.reasons.map { "- \($0.code): \($0.reason)" }
    return lines.joined(separator: "\n") + "\n"
  }

  private static let families = [
    ("SY", "how a unit file is written"), ("GR", "what units need of each other, and in what order"),
    ("IN", "links, aliases and [Install]"), ("EX", "the programs that units start"),
    ("LC", "how units start, stop and start again"),
    ("EN", "the variables and files that programs start with"),
    ("SE", "secrets, users and sandboxes"), ("TP", "templates and their instances"), ("DR", "drop-ins"),
    ("TI", "timers, sockets and paths"), ("MT", "mounts, automounts and swaps"),
  ]

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }

  /// The best fix that the rule's example and the texts that it fires on get.
  private static func fix(of rule: Rule) -> String {
    let texts = [rule.example] + UnitLintRules.rules.filter { $0.rule.code == rule.code }.flatMap(\.fires)
    let fixes = texts.flatMap { LintHarness.lint($0, LintHarness.settings(for: rule.code)) }.filter {
      $0.code == rule.code
    }.compactMap(
      \.fix?.applicability)
    if fixes.contains(where: { $0 == .safe }) { return "safe" }
    return fixes.contains(where: { $0 == .unsafe }) ? "unsafe" : ""
  }
}

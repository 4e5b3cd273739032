import Diagnostics
import FleetModel
import Profiles
import Testing

@Suite struct LintConfigurationTests {
  private func read(_ text: String) -> Checked<LintConfiguration> {
    LintConfiguration.parse(Array(text.utf8), source: SourceID(index: 0))
  }

  @Test func `everything is read`() throws {
    let read = read(
      """
      lint:
        select: [GR, SY013]
        ignore: [LC002]
        ignore-in:
          vendor/**: [SY, EX005]
          "*.timer": [TI004]
        fail-on: warning
        systemd-version: 257
        baseline: ci/known.json
      """)
    #expect(read.report.diagnostics.isEmpty)
    let configuration = try #require(read.value)
    #expect(configuration.selected.map(\.value) == ["GR", "SY013"])
    #expect(configuration.ignored.map(\.value) == ["LC002"])
    #expect(configuration.exceptions.map(\.pattern.text) == ["vendor/**", "*.timer"])
    #expect(configuration.exceptions.map { $0.rules.map(\.value) } == [["SY", "EX005"], ["TI004"]])
    #expect(configuration.failOn == .warning && configuration.systemdVersion == 257)
    #expect(configuration.baseline == "ci/known.json")
  }

  @Test(arguments: [
    ("", "PR0"), ("lint: {selct: [GR]}", "PR020"), ("lint: {select: GR}", "PR021"),
    ("lint: {select: [gr]}", "PR022"), ("lint: {select: []}", "PR024"), ("lint: {fail-on: fatal}", "PR022"),
    ("lint: {systemd-version: 240}", "PR022"), ("lint: {baseline: ../x}", "PR022"),
    ("lint: {baseline: /etc/shadow}", "PR022"), ("lint: {ignore-in: {/abs: [GR]}}", "PR022"),
    ("lint: {ignore: [GR, GR]}", ""), ("fleet: {}", "PR020"), ("lint: &a {ignore: [GR]}", "PR0"),
    ("lint: {ignore+: [GR]}", "PR025"),
  ])
  func `what is wrong is told as in profiles, and nothing is taken`(text: String, code: String) {
    let read = read(text)
    #expect(read.value == nil, "\(text)")
    #expect(
      read.report.diagnostics.contains { $0.code.description.hasPrefix(code) && $0.span != nil },
      "\(text): \(read.report.diagnostics)")
  }

  @Test(arguments: [
    ("*.service", "a.service", true), ("*.service", "u/v/a.service", true), ("*.service", "a.timer", false),
    ("u/*.service", "u/a.service", true), ("u/*.service", "u/v/a.service", false),
    ("u/**", "u/v/a.service", true), ("u/**", "v/u/a", false), ("**/u/*", "a/b/u/c", true),
    ("u/**/a.service", "u/a.service", true), ("?.service", "a.service", true),
    ("?.service", "ab.service", false),
    ("u/a*b*c.service", "u/aXbbYc.service", true), ("a", "a", true), ("a", "b/a", true), ("u/a", "a", false),
  ])
  func `patterns are of names`(pattern: String, path: String, isMatch: Bool) throws {
    #expect(try #require(PathPattern(pattern)).matches(path) == isMatch)
  }

  @Test(arguments: ["", "/a", "a//b", "../a", "a/./b", "a/", "a\nb"])
  func `patterns lead nowhere else`(text: String) {
    #expect(PathPattern(text) == nil)
  }
}

import Diagnostics
import SystemdUnits
import Testing
import UnitGraphs

@testable import UnitLint

@Suite struct UnitLintTests {
  @Test func `a comment above suppresses, one in vain is a note`() {
    let text =
      "[Unit]\n# imagegen: ignore[GR024] the network is static\nAfter=network-online.target\n"
      + "[Service]\nExecStart=/bin/true\nRestart=always\nRestartSec=2s\n[Install]\nWantedBy=multi-user.target"
    #expect(LintHarness.codes(text).isEmpty)
    let vain = text.replacing("GR024", with: "GR024,SY001")
    #expect(LintHarness.codes(vain) == ["SY090"])
    #expect(LintHarness.codes(text.replacing("ignore[", with: "ignore [")).sorted() == ["GR024", "SY091"])
    #expect(
      LintHarness.codes(
        "# imagegen: ignore-file[GR024]\n"
          + text.replacing("# imagegen: ignore[GR024] the network is static\n", with: "")
      ).isEmpty)
  }

  @Test func `a comment inside a continued line suppresses`() {
    let text =
      "[Service]\nExecStart=/bin/serverd \\\n  # imagegen: ignore[SE001] test only\n  --token abc\n[Install]\nWantedBy=a.target"
    #expect(!LintHarness.codes(text).contains("SE001"))
    #expect(LintHarness.codes(text.replacing("imagegen:", with: "note:")).contains("SE001"))
  }

  @Test func `only files asked about have findings`() {
    let entries = LintHarness.entries(
      "# a.service\n[Service]\nExecStart=a/b\n# b.service\n[Service]\nExecStart=c/d")
    let report = UnitLint.run(LintTarget(entries, asked: [SourceID(index: 1)]))
    #expect(!report.diagnostics.isEmpty && report.diagnostics.allSatisfy { $0.unit == "b.service" })
  }

  @Test func `findings in generated units point at the profile`() throws {
    let line = Span(source: SourceID(index: 7), start: 40, end: 52)
    let unit = UnitFile(
      name: "a.service",
      sections: [
        .init("Unit", [.init("After", "network-online.target", .profile(line))]),
        .init(
          "Service",
          [
            .init("ExecStart", "./run", .standard("x")), .init("Restart", "always", .standard("x")),
            .init("RestartSec", "2s", .standard("x")),
          ]),
        .init("Install", [.init("WantedBy", "multi-user.target", .standard("x"))]),
      ])
    let found = UnitLint.run(generated: [unit]).sorted
    #expect(found.map(\.code.description) == ["EX004", "GR024"])
    #expect(found.allSatisfy { $0.span == line && $0.unit == "a.service" && $0.fix == nil })
    var settings = LintSettings()
    settings.ignoredByUnit["a.service"] = [Code("EX004")]
    settings.ignored = ["GR"]
    #expect(UnitLint.run(generated: [unit], settings).diagnostics.isEmpty)
  }

  @Test func `a cycle names every edge with its place`() throws {
    let text = """
      # a.service
      [Unit]
      Before=sysinit.target
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=sysinit.target
      """
    let cycle = try #require(LintHarness.lint(text).first { $0.code.description == "GR003" })
    #expect(cycle.related.count == 2)
    #expect(cycle.related.contains { $0.message == "a.service has Before=sysinit.target" })
    #expect(cycle.related.contains { $0.message.contains("by default") })
    #expect(cycle.message.contains("a.service -> sysinit.target -> a.service"))
    let span = try #require(cycle.span)
    #expect(span.start == 7 && cycle.unit == "a.service")
  }

  @Test func `the seeds' lessons are found`() {
    let text = """
      # chainfire.service
      [Unit]
      After=network-online.target
      Wants=network-online.target
      [Service]
      Type=notify
      ExecStart=/opt/chainfire/bin/chainfire-server --cluster-pass ${CLUSTER_PASS}
      EnvironmentFile=/etc/app/known.env
      ExecStartPost=/bin/sh -c 'for i in $(seq 1 60); do curl -fs localhost && exit 0; sleep 2; done; exit 1'
      Restart=on-failure
      [Install]
      WantedBy=multi-user.target
      # flaredb.service
      [Unit]
      Requires=chainfire.service
      [Service]
      Type=notify
      ExecStart=/opt/flaredb/bin/flaredb-server
      Restart=always
      RestartSec=10s
      [Install]
      WantedBy=multi-user.target
      """
    #expect(Set(LintHarness.codes(text)) == ["SE001", "EN002", "LC001", "LC006", "GR020"])
  }

  @Test func `hostile files do no harm`() {
    let texts = [
      String(repeating: "[", count: 100_000), String(repeating: "A=\\\n", count: 5_000),
      "[Unit]\nAfter=" + String(repeating: "a.service ", count: 2_000),
      "[Service]\nExecStart=" + String(repeating: "'\\x ${ %", count: 1_000),
      "[Service]\nExecStart=/a\nExecStartPost=/bin/sh -c 'for i in $(seq 99999); do sleep infinity; done'",
      (0..<300).map {
        "# u\($0).service\n[Unit]\nAfter=u\(($0 + 1) % 300).service\n[Service]\nExecStart=/a\n"
      }.joined(),
    ]
    for text in texts { #expect(!LintHarness.lint(text).isEmpty) }
    // What rules compare with one another, many times each.
    let many = (0..<1_000).map { "/srv/f\($0)" }
    let pairs = [
      many.map { "ExecStartPre=/bin/mkdir \($0) $HOME ${V}/x\n" }
        + many.map { "Environment=A\($0.dropFirst(5))=b c\n" },
      many.map { "ReadWritePaths=\($0)\n" } + many.map { "ExecStartPre=/bin/a --data \($0)\n" }
        + ["ProtectSystem=strict\nNoExecPaths=/\n"] + many.map { "ExecPaths=\($0)\n" },
      many.map { "Environment=V=1 V=2 \($0.dropFirst(5))=\n" } + many.map { "UnsetEnvironment=V \($0)\n" },
      many.map { "LoadCredential=\($0.dropFirst(5)):\($0)\nStateDirectory=\($0)\n" },
      many.map { "After=\($0.dropFirst(5)).service\n" } + many.map { "After=\($0.dropFirst(5)).service\n" },
    ]
    for lines in pairs { #expect(!LintHarness.lint("[Service]\n" + lines.joined()).isEmpty) }
  }
}

import Diagnostics
import Testing
import UnitGraphs

@testable import UnitLint

@Suite struct LintFixesTests {
  private func fix(_ text: String) -> (text: String, count: Int) {
    let entries = LintHarness.entries(text)
    guard case .file(let bytes)? = entries.first?.content else { return (text, 0) }
    let source = SourceID(index: 0)
    let result = LintFixes.apply(LintHarness.lint(text), to: [source: bytes])
    return (String(decoding: result.texts[source] ?? bytes, as: UTF8.self), result.applied.count)
  }

  @Test func `all safe fixes of a file are applied in one go`() {
    let (text, count) = fix(
      """
      [Unit]
      After=network-online.target
      Requires=dbus
      [Service]
      Timeoutsec=5
      ExecStart=/bin/server
      # keep
      Restart=on-failure # up
      After=time-sync.target
      [Install]
      WantedBy=multi-user.target
      """)
    #expect(count >= 5)
    #expect(text.contains("Wants=network-online.target\n"))
    #expect(text.contains("Requires=dbus.service\n"))
    #expect(text.contains("Restart=on-failure\n") && text.contains("# keep\n"))
    #expect(text.contains("After=time-sync.target\n[Service]"))
  }

  @Test func `fixing ends`() {
    var text =
      "[Unit]\nRequires=dbus.service\nBindsTo=basic.target, dbus\nAfter=network-online.target example.service\n"
      + "[Service]\nStartLimitBurst=5\nExecStart=/bin/date +%Q\nRestart=on-failure # up\nEnvironment=A=b c\n"
    for _ in 0..<6 { text = fix(text).text }
    #expect(fix(text).count == 0, "\(text)")
    #expect(text == fix(text).text)
  }
}

import Baselines
import DiagnosticRendering
import Diagnostics
import Testing

@Suite struct BaselineTests {
  private static let rule = Rule(
    "SY001", "unknown", .warning, finds: "f", why: "w", example: "e", instead: "i")

  /// A unit whose lines hold the findings that a test gives by their text.
  private struct Run {
    let text: String
    let report: Report
    let map: SourceMap

    init(_ text: String, _ marked: [String]) {
      self.text = text
      var registry = SourceRegistry()
      let source = registry.register("units/a.service")
      _ = registry.register("baseline.json")
      let bytes = Array(text.utf8)
      map = SourceMap(registry: registry) { $0 == "units/a.service" ? bytes : nil }
      var report = Report()
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard marked.contains(String(line).trimmed) else { continue }
        let start = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(index)
          .reduce(0) { $0 + $1.utf8.count + 1 }
        report.add(
          Diagnostic(
            BaselineTests.rule, "line \(index)", at: Span(source: source, start: start, end: start + 1),
            unit: "a.service"))
      }
      self.report = report
    }

    var baseline: Baseline { Baseline(report, sources: map) { _ in "a.service" } }

    func left(of baseline: Baseline, isExpected: Bool = true) -> [String] {
      baseline.applied(to: report, sources: map, name: { _ in "a.service" }) { _, _ in isExpected }
        .sorted.map { "\($0.code) \($0.message)" }
    }
  }

  @Test func `what is known stays known when lines move and blanks change`() throws {
    let before = Run("[Service]\nFoo=1\nBar=2\n", ["Foo=1", "Bar=2"])
    let read = Baseline.read(before.baseline.bytes, source: SourceID(index: 1))
    #expect(read.report.diagnostics.isEmpty)
    let baseline = try #require(read.value)
    #expect(baseline.count == 2)
    let after = Run("# new\n[Unit]\n\n[Service]\n\tBar=2\n#\n  Foo=1\n", ["Foo=1", "Bar=2"])
    #expect(after.left(of: baseline).isEmpty)
    #expect(Run(before.text, ["Foo=1", "Bar=2"]).left(of: baseline).isEmpty)
  }

  @Test func `a second mistake of the same words is a new one`() {
    let baseline = Run("Foo=1\n", ["Foo=1"]).baseline
    #expect(Run("Foo=1\n\nFoo=1\n", ["Foo=1"]).left(of: baseline) == ["SY001 line 2"])
    let twice = Run("Foo=1\nFoo=1\n", ["Foo=1"])
    #expect(twice.left(of: twice.baseline).isEmpty)
  }

  @Test func `what is mended is told, where it was looked for`() throws {
    let known = Run("Foo=1\nBar=2\n", ["Foo=1", "Bar=2"]).baseline
    let baseline = try #require(Baseline.read(known.bytes, source: SourceID(index: 1)).value)
    let mended = Run("Foo=1\n", ["Foo=1"])
    #expect(mended.left(of: baseline) == ["SY092 SY001 is mended in a.service; the baseline still has it"])
    #expect(mended.left(of: baseline, isExpected: false).isEmpty)
    let report = baseline.applied(
      to: mended.report, sources: mended.map, name: { _ in "a.service" }, isExpected: { _, _ in true })
    let span = try #require(report.diagnostics.first?.span)
    #expect(span.source == SourceID(index: 1))
    #expect(
      String(decoding: known.bytes[Int(span.start)..<Int(span.end)], as: UTF8.self) == "\"fingerprint\"")
  }

  @Test(arguments: [
    "", "[]", "{}", "{\"version\": 2, \"findings\": []}", "{\"version\": 1}",
    "{\"version\": 1, \"findings\": [], \"more\": 1}", "{\"version\": 1, \"findings\": [{}]}",
    "{\"version\": 1, \"findings\": [{\"file\": \"a\", \"code\": \"SY1\", \"fingerprint\": \"x\"}]}",
    "{\"version\": 1, \"findings\": [{\"file\": \"a\", \"code\": \"SY001\", \"fingerprint\": 3}]}",
  ])
  func `nothing is guessed`(text: String) {
    let read = Baseline.read(Array(text.utf8), source: SourceID(index: 0))
    #expect(read.value == nil)
    #expect(read.report.diagnostics.map(\.code.description) == ["SY093"])
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0 == " " || $0 == "\t" })
  }
}

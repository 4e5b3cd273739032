import Diagnostics
import Testing

@Suite struct ReportTests {
  static let rule = Rule(
    "ZZ001", "test", finds: "", why: "", example: "", instead: "")

  @Test func sortedIsByPlaceAndFreeOfDuplicates() {
    var registry = SourceRegistry()
    let first = registry.register("a.yaml")
    let second = registry.register("b.yaml")
    var report = Report()
    for span in [
      Span(source: second, start: 0, end: 1), Span(source: first, start: 9, end: 10),
      Span(source: first, start: 9, end: 10), Span(source: first, start: 2, end: 3),
    ] {
      report.add(Diagnostic(Self.rule, "m", at: span))
    }
    report.add(Diagnostic(Self.rule, "no place", at: nil))
    #expect(report.sorted.map { $0.span?.start } == [nil, 2, 9, 0])
    #expect(registry.path(of: second) == "b.yaml")
    #expect(registry.path(of: SourceID(index: 7)) == nil)
  }

  @Test func codesParseStrictly() {
    #expect(Code(parsing: "FL031")?.family == "FL")
    for text in ["fl031", "FL31", "FL0311", "F1031", "", "FLA31"] {
      #expect(Code(parsing: text) == nil)
    }
  }
}

import DiagnosticRendering
import Diagnostics

/// A rule to find things by.
let address = Rule(
  "FL031", "duplicate-address", finds: "Two nodes with one address.", why: "They cannot both be reached.",
  example: "address: 10.0.0.1", instead: "address: 10.0.0.2")
let naming = Rule(
  "GR001", "naming", .warning, finds: "Odd names.", why: "They are hard to read.", example: "a", instead: "b",
  ignoreWhen: "the name is given")

/// Texts in memory, and spans found in them by their words.
struct Fixture {
  private var registry = SourceRegistry()
  private var texts: [String: [UInt8]] = [:]

  mutating func add(_ path: String, _ text: String) -> SourceID {
    add(path, Array(text.utf8))
  }

  mutating func add(_ path: String, _ bytes: [UInt8]) -> SourceID {
    texts[path] = bytes
    return registry.register(path)
  }

  mutating func missing(_ path: String) -> SourceID { registry.register(path) }

  /// The first place of `word` in a source.
  func span(of word: String, in source: SourceID) -> Span {
    let bytes = registry.path(of: source).flatMap { texts[$0] } ?? []
    let wanted = Array(word.utf8)
    let start = bytes.indices.first { bytes[$0...].starts(with: wanted) } ?? bytes.count
    return Span(source: source, start: start, end: start + wanted.count)
  }

  func render(
    _ findings: [Diagnostic], _ format: OutputFormat = .text, color: Bool = false,
    summary: [(String, Int)] = []
  ) -> String {
    let texts = texts
    var report = Report()
    for finding in findings { report.add(finding) }
    return DiagnosticRenderer.render(
      report, command: "check", format: format, sources: SourceMap(registry: registry) { texts[$0] },
      color: color,
      rules: [naming, address], summary: summary)
  }
}

/// The finding of the contract's example, with a fix.
func contractExample() -> (fixture: Fixture, finding: Diagnostic) {
  var fixture = Fixture()
  let first = fixture.add(
    "nodes/node01.yaml", "node: node01\n\n\n\n\n\n  address: 192.168.100.11\n")
  let second = fixture.add(
    "nodes/node02.yaml", "# é😀\n\n\n\n\n\n  address: 192.168.100.11\r\nmac: x\n")
  let span = fixture.span(of: "192.168.100.11", in: second)
  let finding = Diagnostic(
    address, "address 192.168.100.11 is already node01's", at: span,
    related: [Label("first used here", at: fixture.span(of: "192.168.100.11", in: first))],
    help: "give node02 a free address in 192.168.100.0/24", fix: Fix(.safe, [.init(span, "192.168.100.12")]),
    node: "node02")
  return (fixture, finding)
}

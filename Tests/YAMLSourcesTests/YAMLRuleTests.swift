import Diagnostics
import Testing
import YAMLSources

/// Reads `text` and says each finding as `code line:column-line:column`, columns in characters.
func findings(_ bytes: [UInt8], limits: YAMLLimits = .standard) -> [String] {
  func place(_ offset: UInt32) -> String {
    let before = bytes[..<Int(offset)]
    let line = before.count { $0 == 10 } + 1
    let start = (before.lastIndex(of: 10) ?? -1) + 1
    return "\(line):\(before[start...].count { $0 & 0xc0 != 0x80 } + 1)"
  }
  return YAMLDocument.parse(bytes, source: SourceID(index: 3), limits: limits).report.sorted.map { finding in
    guard let span = finding.span, span.source.index == 3 else { return "\(finding.code) without a place" }
    return "\(finding.code) \(place(span.start))-\(place(span.end))"
  }
}

func findings(_ text: String) -> [String] { findings(Array(text.utf8)) }

@Suite struct YAMLRuleTests {
  /// A rule's input, and what must be said of it.
  static let cases: [(text: String, expected: [String])] = [
    ("ä: [1, 2\nb: c\n", ["PR001 2:2-2:3"]),
    ("ä: [1, 2\n\n# c\n", ["PR001 1:4-1:5"]),
    ("ä: {b: [1, 2], c: 'x'\n", ["PR001 1:4-1:5"]),
    ("ä: \"x\n", ["PR001 1:4-1:6"]),
    ("ä: 1\n😀foo bar  \nbar: baz\n", ["PR001 2:1-2:9"]),
    ("ä: b: c\n", ["PR001 1:5-1:6"]),
    ("ä: @x\n", ["PR001 1:4-1:5"]),
    ("ä: *.example\n", ["PR001 1:4-1:13"]),
    ("a:\n  b: 1\n c: 2\n", ["PR001 3:2-3:3"]),
    ("a: 'it's'\n", ["PR001 1:8-1:9"]),
    ("a: ]\n", ["PR001 1:4-1:5"]),
    ("{a: b}}\n", ["PR001 1:7-1:8"]),
    ("a: \"\\q\"\n", ["PR001 1:5-1:6"]),
    ("\u{feff}a: b\n", ["PR003 1:1-1:2"]),
    (
      "a: b # \u{2028}c: d\u{7}\n\u{202e}\r",
      ["PR004 1:8-1:9", "PR004 1:13-1:14", "PR004 2:1-2:2", "PR004 2:2-2:3"]
    ),
    ("a: \"x\\0y\"\n", ["PR004 1:4-1:10"]),
    ("", ["PR009 1:1-1:1"]),
    ("# only\n", ["PR009 1:1-1:1"]),
    ("---\n# c\n", ["PR009 1:1-1:1"]),
    ("ä: b\n---\nc: d\n", ["PR010 2:1-2:4"]),
    ("ä: b\n...\nc: d\n", ["PR010 3:1-3:2"]),
    ("ä:\n\t\tb: c\n", ["PR011 2:1-2:3"]),
    ("ä:\n  - x\n\t- y\n", ["PR011 3:1-3:2"]),
    ("ä: |\n\tx\n", ["PR011 2:1-2:2"]),
    ("-\tä: |\n", ["PR011 1:2-1:3"]),
    ("ä: 1\nb: {c: 1, 'c': 2}\n\"ä\": 3\n", ["PR012 2:11-2:14", "PR012 3:1-3:4"]),
    ("{ä: b}: c\n[d]: e\n? - f\n: g\n", ["PR013 1:1-1:7", "PR013 2:1-2:4", "PR013 3:3-3:6"]),
    ("'': b\nc: {: d}\n", ["PR014 1:1-1:2", "PR014 2:5-2:6"]),
    (": ä\n", ["PR014 1:1-1:2"]),
    ("ä: 1\n<<: {b: c}\n'<<': 2\n", ["PR015 2:1-2:3"]),
    (
      "ä: &x 1\nb: &y\n  c: d\n&z e: &w [f]\n",
      ["PR016 1:4-1:6", "PR016 2:4-2:6", "PR016 4:1-4:3", "PR016 4:7-4:9"]
    ),
    ("ä: *x\nb: [*y]\n*z : 1\n", ["PR017 1:4-1:6", "PR017 2:5-2:7", "PR017 3:1-3:3"]),
    ("ä: !!int 1\nb: ! 'x'\nc: !<tag:a,b> {d: e}\n", ["PR018 1:4-1:9", "PR018 2:4-2:5", "PR018 3:4-3:14"]),
    ("ä: !t &a x\nb: &c !t x\n", ["PR018 1:4-1:6", "PR016 1:7-1:9", "PR016 2:4-2:6", "PR018 2:7-2:9"]),
    ("ä: !no!x y\n", ["PR018 1:4-1:9"]),
    ("%YAML 1.1\n---\nä: b\n", ["PR019 1:1-1:10"]),
    ("# c\n%TAG ! tag:x,2000:\n---\nä: b\n", ["PR019 2:1-2:19"]),
  ]

  @Test(arguments: cases) func `each rule fires at its place`(text: String, expected: [String]) {
    #expect(findings(text) == expected)
  }

  @Test func `bytes that are not UTF-8 are placed`() {
    #expect(findings(Array("ä: b\nc: é".utf8) + [0xe9, 0x0a]) == ["PR002 2:5-2:6"])
    #expect(findings([0xff, 0xfe, 0x61, 0]) == ["PR003 1:1-1:3"])
  }

  @Test func `limits stop the reading`() {
    let size = YAMLLimits(bytes: 4, depth: 3, nodes: 5)
    #expect(findings(Array("a: bc".utf8), limits: size) == ["PR005 1:1-1:1"])
    var limits = size
    limits.bytes = 100
    #expect(findings(Array("- [[1]]".utf8), limits: limits) == [])
    #expect(findings(Array("- [[[1]]]".utf8), limits: limits) == ["PR006 1:5-1:6"])
    #expect(findings(Array("a: b\nc: d\n".utf8), limits: limits) == [])
    #expect(findings(Array("a: b\nc: d\ne: f\n".utf8), limits: limits) == ["PR007 3:1-3:2"])
  }

  @Test func `keys beyond YAML's length are named as such`() {
    let key = String(repeating: "é", count: 1025)
    #expect(findings("\(key): v\n") == ["PR008 1:1-1:1026"])
    #expect(findings("a: b\n\(key): v\n") == ["PR008 2:1-2:1026"])
    #expect(findings("? \(key)\n: v\n") == ["PR008 1:3-1:1028"])
    #expect(findings("\(key.dropLast(2)): v\n") == [])
  }

  @Test func `every rule of the catalogue is covered`() {
    let covered = Set(Self.cases.flatMap(\.expected).map { String($0.prefix(5)) })
      .union(["PR002", "PR005", "PR006", "PR007", "PR008"])
    #expect(YAMLRules.all.map(\.code.description).sorted() == covered.sorted())
    #expect(Set(YAMLRules.all.map(\.name)).count == YAMLRules.all.count)
  }

  @Test func `the examples of the manual fire their own rule`() {
    for rule in YAMLRules.all
    where ["PR001", "PR010", "PR011", "PR012", "PR013", "PR014", "PR016", "PR018", "PR019"]
      .contains(rule.code.description)
    {
      #expect(findings(rule.example + "\n").contains { $0.hasPrefix(rule.code.description) }, "\(rule.code)")
      #expect(findings(rule.instead + "\n") == [], "\(rule.code)")
    }
  }
}

@Suite struct YAMLValueTests {
  private func parse(_ text: String) -> Checked<YAMLNode> {
    YAMLDocument.parse(Array(text.utf8), source: SourceID(index: 0))
  }

  @Test func `the first of duplicate keys is kept, with its place as related`() throws {
    let checked = parse("a: 1\na: 2\n")
    guard case .mapping(let entries) = try #require(checked.value).content else {
      Issue.record("no mapping")
      return
    }
    #expect(entries.map(\.value.content) == [.scalar("1", isPlain: true)])
    let finding = try #require(checked.report.diagnostics.first)
    #expect(
      finding.related == [Label("first set here", at: Span(source: SourceID(index: 0), start: 0, end: 1))])
  }

  @Test(arguments: ["a: *b\n", "<<: {a: b}\n", "a: [\n", "", "a: b\n---\n"])
  func `no value where it would mislead`(text: String) {
    #expect(parse(text).value == nil)
  }

  @Test func `null is what is left out or says so without quotes`() throws {
    guard
      case .sequence(let items) = try #require(parse("- \n- null\n- ~\n- ''\n- 'null'\n- no\n").value).content
    else {
      Issue.record("no list")
      return
    }
    #expect(items.map(\.isNull) == [true, true, true, false, false, false])
  }

  @Test func `values left out have an empty place behind their mark`() throws {
    let checked = parse("a:\n? b\n# c\nd: {e, f: }\n")
    #expect(checked.report.diagnostics.isEmpty)
    guard case .mapping(let entries) = try #require(checked.value).content,
      case .mapping(let inner) = entries[2].value.content
    else {
      Issue.record("no mapping")
      return
    }
    let places = (entries.prefix(2) + inner).map { [$0.value.span.start, $0.value.span.end] }
    #expect(places == [[2, 2], [6, 6], [16, 16], [20, 20]])
  }
}

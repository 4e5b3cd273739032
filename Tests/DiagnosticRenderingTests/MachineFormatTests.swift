import DiagnosticRendering
import Diagnostics
import JSONText
import Testing

@Suite struct MachineFormatTests {
  @Test func `JSON has the contract's fields and no others`() {
    let (fixture, finding) = contractExample()
    let bare = Diagnostic(naming, "bare \"x\"", at: nil, severity: .note, unit: "a.service")
    #expect(
      fixture.render([finding, bare], .json, summary: [("units", 12)]) == """
        {
          "version": 1,
          "command": "check",
          "diagnostics": [
            {
              "code": "GR001",
              "name": "naming",
              "severity": "note",
              "message": "bare \\"x\\"",
              "unit": "a.service"
            },
            {
              "code": "FL031",
              "name": "duplicate-address",
              "severity": "error",
              "message": "address 192.168.100.11 is already node01's",
              "file": "nodes/node02.yaml",
              "line": 7,
              "column": 12,
              "node": "node02",
              "help": "give node02 a free address in 192.168.100.0/24",
              "related": [
                {
                  "file": "nodes/node01.yaml",
                  "line": 7,
                  "column": 12,
                  "message": "first used here"
                }
              ],
              "fix": {
                "edits": [
                  {
                    "file": "nodes/node02.yaml",
                    "line": 7,
                    "column": 12,
                    "endLine": 7,
                    "endColumn": 26,
                    "text": "192.168.100.12"
                  }
                ]
              }
            }
          ],
          "summary": {
            "error": 1,
            "warning": 0,
            "note": 1,
            "units": 12
          }
        }

        """)
  }

  @Test func `JSON of nothing is whole`() throws {
    let text = Fixture().render([], .json)
    #expect(
      try JSONReader.parse(Array(text.utf8))
        == .object([
          "version": .integer(1), "command": .string("check"), "diagnostics": .array([]),
          "summary": .object(["error": .integer(0), "warning": .integer(0), "note": .integer(0)]),
        ]))
  }

  @Test func `GitHub commands are escaped, and have columns on one line only`() {
    var (fixture, finding) = contractExample()
    let source = fixture.add("a,b:c%.yaml", "x: [\n]\n")
    let several = Diagnostic(
      naming, "100% of\nlines", at: fixture.span(of: "[\n]", in: source), help: "::set-env name=x::y",
      severity: .note)
    finding.help = nil
    #expect(
      fixture.render([finding, several, Diagnostic(naming, "nowhere", at: nil)], .github) == """
        ::warning title=GR001 naming::nowhere
        ::error file=nodes/node02.yaml,line=7,col=12,endLine=7,endColumn=26,title=FL031 duplicate-address\
        ::address 192.168.100.11 is already node01's
        ::notice file=a%2Cb%3Ac%25.yaml,line=1,endLine=2,title=GR001 naming::100%25 of␊lines%0Ahelp: ::set-env name=x::y

        """)
    #expect(fixture.render([], .github) == "")
  }

  @Test func `JUnit fails on errors alone`() {
    let (fixture, finding) = contractExample()
    let bare = Diagnostic(naming, "a < b & \"c\" \u{1b}", at: nil, node: "node01")
    #expect(
      fixture.render([finding, bare], .junit) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="imagegen" tests="2" failures="1" errors="0">
          <testsuite name="imagegen check" tests="2" failures="1" errors="0">
            <testcase name="GR001 naming node01" classname="node01">
              <system-out>warning: node01: a &lt; b &amp; &quot;c&quot; ␛</system-out>
            </testcase>
            <testcase name="FL031 duplicate-address nodes/node02.yaml:7:12" classname="nodes/node02.yaml">
              <failure message="address 192.168.100.11 is already node01's" type="error">nodes/node02.yaml:7:12: \
        address 192.168.100.11 is already node01's
        help: give node02 a free address in 192.168.100.0/24</failure>
            </testcase>
          </testsuite>
        </testsuites>

        """)
    #expect(
      fixture.render([], .junit) == """
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="imagegen" tests="1" failures="0" errors="0">
          <testsuite name="imagegen check" tests="1" failures="0" errors="0">
            <testcase name="no findings" classname="imagegen check"/>
          </testsuite>
        </testsuites>

        """)
  }
}

@Suite struct SARIFRendererTests {
  private func log(_ fixture: Fixture, _ findings: [Diagnostic]) throws -> JSONValue {
    try JSONReader.parse(Array(fixture.render(findings, .sarif).utf8))
  }

  private func run(_ fixture: Fixture, _ findings: [Diagnostic]) throws -> JSONValue {
    let log = try log(fixture, findings)
    #expect(log["version"] == .string("2.1.0"))
    #expect(log["$schema"] == .string("https://json.schemastore.org/sarif-2.1.0.json"))
    let runs = try #require(log["runs"]?.elements)
    #expect(runs.count == 1)
    return try #require(runs.first)
  }

  @Test func `rules are listed once, by code, with their manual`() throws {
    let run = try run(Fixture(), [])
    #expect(run["columnKind"] == .string("unicodeCodePoints"))
    #expect(run["results"] == .array([]))
    let driver = try #require(run["tool"]?["driver"])
    #expect(driver["name"] == .string("imagegen"))
    let rules = try #require(driver["rules"]?.elements)
    #expect(rules.map { $0["id"]?.text } == ["FL031", "GR001"])
    #expect(
      rules[1]
        == .object([
          "id": .string("GR001"), "name": .string("naming"),
          "shortDescription": .object(["text": .string("Odd names.")]),
          "fullDescription": .object(["text": .string("They are hard to read.")]),
          "help": .object([
            "text": .string(
              "Odd names.\n\nWhy: They are hard to read.\n\nExample:\na\n\nInstead:\nb\n\nIgnore it when: the name is given"
            )
          ]),
          "defaultConfiguration": .object(["level": .string("warning")]),
        ]))
  }

  @Test func `a result has rule, regions, related places and fix`() throws {
    let (fixture, finding) = contractExample()
    let region = JSONValue.object([
      "startLine": .integer(7), "startColumn": .integer(12), "endLine": .integer(7),
      "endColumn": .integer(26),
    ])
    func physical(_ file: String) -> JSONValue {
      .object(["artifactLocation": .object(["uri": .string(file)]), "region": region])
    }
    #expect(
      try withoutFingerprints(run(fixture, [finding])["results"])
        == .array([
          .object([
            "ruleId": .string("FL031"), "ruleIndex": .integer(0), "level": .string("error"),
            "message": .object([
              "text": .string(
                "address 192.168.100.11 is already node01's\nhelp: give node02 a free address in 192.168.100.0/24"
              )
            ]),
            "locations": .array([.object(["physicalLocation": physical("nodes/node02.yaml")])]),
            "relatedLocations": .array([
              .object([
                "id": .integer(0), "message": .object(["text": .string("first used here")]),
                "physicalLocation": physical("nodes/node01.yaml"),
              ])
            ]),
            "fixes": .array([
              .object([
                "artifactChanges": .array([
                  .object([
                    "artifactLocation": .object(["uri": .string("nodes/node02.yaml")]),
                    "replacements": .array([
                      .object([
                        "deletedRegion": region,
                        "insertedContent": .object(["text": .string("192.168.100.12")]),
                      ])
                    ]),
                  ])
                ])
              ])
            ]),
            "properties": .object(["node": .string("node02")]),
          ])
        ]))
  }

  @Test(arguments: [
    ("a b/ü%.yaml", "a%20b/%C3%BC%25.yaml"), ("/tmp/x.yaml", "file:///tmp/x.yaml"), ("c:x/y", "./c:x/y"),
    ("d/c:x", "d/c:x"),
  ])
  func `paths become URI references`(path: String, uri: String) throws {
    var fixture = Fixture()
    let source = fixture.add(path, "x")
    let results = try run(fixture, [Diagnostic(naming, "x", at: fixture.span(of: "x", in: source))])[
      "results"]
    let location = results?.elements?.first?["locations"]?.elements?.first?["physicalLocation"]
    #expect(location?["artifactLocation"]?["uri"] == .string(uri))
  }

  /// Every result has a fingerprint; which one is for other tests.
  private func withoutFingerprints(_ results: JSONValue?) throws -> JSONValue {
    .array(
      try #require(results?.elements).map { result in
        let members = try #require(result.members)
        let prints = members.first { $0.key == "partialFingerprints" }?.value.members
        #expect(prints?.map(\.key) == ["imagegen/v1"])
        return .object(members.filter { $0.key != "partialFingerprints" })
      })
  }

  /// Fingerprints of the findings at lines that hold a mark.
  private func fingerprints(_ text: String, _ marks: [String]) throws -> [String] {
    var fixture = Fixture()
    let source = fixture.add("a.service", text)
    let findings = marks.map { Diagnostic(naming, "x", at: fixture.span(of: $0, in: source)) }
    return try #require(try run(fixture, findings)["results"]?.elements).map {
      try #require($0["partialFingerprints"]?["imagegen/v1"]?.text)
    }
  }

  @Test func `fingerprints stay when lines move, and tell lines apart`() throws {
    let before = try fingerprints("[Service]\nFoo=1\nBar=2\n", ["Foo", "Bar"])
    #expect(try fingerprints("# c\n\n[Service]\nBar=3\n  Foo = 1\n", ["Foo", "Bar"])[1] == before[0])
    #expect(Set(before).count == 2)
    #expect(try fingerprints("Foo=1", ["Foo", "oo"]).map { $0.suffix(2) } == [":1", ":2"])
  }

  @Test func `a path of related places is a code flow`() throws {
    var (fixture, finding) = contractExample()
    #expect(try run(fixture, [finding])["results"]?.elements?.first?["codeFlows"] == nil)
    let source = fixture.add("b.service", "After=a.service\n")
    finding.related.append(Label("b after a", at: fixture.span(of: "After", in: source)))
    finding.isPath = true
    let flow = try run(fixture, [finding])["results"]?.elements?.first?["codeFlows"]?.elements?.first
    let steps = try #require(flow?["threadFlows"]?.elements?.first?["locations"]?.elements)
    #expect(steps.map { $0["location"]?["message"]?["text"]?.text } == ["first used here", "b after a"])
  }

  @Test func `what cannot be placed is left out`() throws {
    var fixture = Fixture()
    let gone = fixture.missing("gone.yaml")
    let other = Rule("XX001", "other", finds: "", why: "", example: "", instead: "")
    let span = Span(source: gone, start: 0, end: 1)
    let results = try run(
      fixture,
      [
        Diagnostic(
          other, "unlisted", at: nil,
          related: [Label("elsewhere", at: Span(source: SourceID(index: 9), start: 0, end: 0))]),
        Diagnostic(naming, "gone", at: span, fix: Fix(.safe, [.init(span, "y")])),
      ])["results"]
    #expect(
      try withoutFingerprints(results)
        == .array([
          .object([
            "ruleId": .string("XX001"), "level": .string("error"),
            "message": .object(["text": .string("unlisted")]),
          ]),
          .object([
            "ruleId": .string("GR001"), "ruleIndex": .integer(1), "level": .string("warning"),
            "message": .object(["text": .string("gone")]),
            "locations": .array([
              .object([
                "physicalLocation": .object(["artifactLocation": .object(["uri": .string("gone.yaml")])])
              ])
            ]),
          ]),
        ]))
  }
}

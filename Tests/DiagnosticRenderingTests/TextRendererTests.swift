import DiagnosticRendering
import Diagnostics
import Testing

@Suite struct TextRendererTests {
  @Test func `the form of the contract`() {
    let (fixture, finding) = contractExample()
    #expect(
      fixture.render([finding]) == """
        nodes/node02.yaml:7:12: error[FL031]: address 192.168.100.11 is already node01's
          7 |   address: 192.168.100.11
            |            ^^^^^^^^^^^^^^
          note: first used at nodes/node01.yaml:7:12
          help: give node02 a free address in 192.168.100.0/24
        1 error

        """)
    #expect(fixture.render([]) == "")
  }

  @Test func `colours only when asked for`() {
    let (fixture, finding) = contractExample()
    #expect(!fixture.render([finding]).contains("\u{1b}"))
    #expect(
      fixture.render([finding], color: true) == """
        \u{1b}[1mnodes/node02.yaml:7:12\u{1b}[0m: \u{1b}[1;31merror[FL031]\u{1b}[0m: \
        \u{1b}[1maddress 192.168.100.11 is already node01's\u{1b}[0m
          \u{1b}[2m7 |\u{1b}[0m   address: 192.168.100.11
          \u{1b}[2m  |\u{1b}[0m            \u{1b}[1;31m^^^^^^^^^^^^^^\u{1b}[0m
          \u{1b}[1mnote:\u{1b}[0m first used at nodes/node01.yaml:7:12
          \u{1b}[1mhelp:\u{1b}[0m give node02 a free address in 192.168.100.0/24
        1 error

        """)
  }

  @Test func `findings without a place name their owner and come first`() {
    var fixture = Fixture()
    let gone = fixture.missing("gone.yaml")
    let unit = fixture.add("units/a.service", "[Unit]\n")
    #expect(
      fixture.render([
        Diagnostic(naming, "no such node", at: nil, severity: .note),
        Diagnostic(address, "no address", at: nil, unit: "a.service", node: "node01"),
        Diagnostic(naming, "gone", at: Span(source: gone, start: 3, end: 4)),
        Diagnostic(naming, "odd", at: fixture.span(of: "Unit", in: unit), unit: "a.service"),
        Diagnostic(naming, "odd too", at: fixture.span(of: "]", in: unit), unit: "b.service", node: "node01"),
      ]) == """
        node01/a.service: error[FL031]: no address
        note[GR001]: no such node
        gone.yaml: warning[GR001]: gone
        units/a.service:1:2: warning[GR001]: odd
          1 | [Unit]
            |  ^^^^
        units/a.service:1:6: warning[GR001]: odd too
          1 | [Unit]
            |      ^
          note: in unit b.service of node01
        1 error, 3 warnings, 1 note

        """)
  }

  @Test func `wide characters, tabs and marks keep the caret in place`() {
    var fixture = Fixture()
    let source = fixture.add("a.yaml", "日本 😀\té: e\u{301}x y\n")
    let finding = Diagnostic(naming, "here", at: fixture.span(of: "x y", in: source))
    #expect(
      fixture.render([finding]) == """
        a.yaml:1:11: warning[GR001]: here
          1 | 日本 😀    é: e\u{301}x y
            |                ^^^
        1 warning

        """)
  }

  @Test func `nothing of others reaches the terminal as it is`() {
    var fixture = Fixture()
    let source = fixture.add("a\u{1b}[2J.yaml", "k: \u{1b}]0;x\u{7}\u{9b}\u{202e} \u{200d}\u{7f}v\n")
    let finding = Diagnostic(
      naming, "\u{1b}[31mred\nline", at: fixture.span(of: "v", in: source),
      related: [Label("\rhere", at: fixture.span(of: "k", in: source))], help: "\u{8}", unit: "\u{1b}.service"
    )
    #expect(
      fixture.render([finding]) == """
        a␛[2J.yaml:1:15: warning[GR001]: ␛[31mred␊line
          1 | k: ␛]0;x␇<U+9B><U+202E> \u{200d}␡v
            |                          ^
          note: in unit ␛.service
          note: ␍here at a␛[2J.yaml:1:1
          help: ␈
        1 warning

        """)
  }

  @Test func `a span of several lines marks the first, an empty one a cell`() {
    var fixture = Fixture()
    let source = fixture.add("a.yaml", "list: [a,\n  b]\n\nend")
    let end = Span(source: source, start: 19, end: 19)
    #expect(
      fixture.render([
        Diagnostic(naming, "several", at: fixture.span(of: "[a,\n  b]", in: source)),
        Diagnostic(naming, "break", at: Span(source: source, start: 14, end: 15)),
        Diagnostic(naming, "blank", at: Span(source: source, start: 15, end: 15)),
        Diagnostic(naming, "end", at: end),
        Diagnostic(naming, "beyond", at: Span(source: source, start: 99, end: 99)),
      ]) == """
        a.yaml:1:7: warning[GR001]: several
          1 | list: [a,
            |       ^^^
        a.yaml:2:5: warning[GR001]: break
          2 |   b]
            |     ^
        a.yaml:3:1: warning[GR001]: blank
          3 |
            | ^
        a.yaml:4:4: warning[GR001]: end
          4 | end
            |    ^
        a.yaml:4:4: warning[GR001]: beyond
          4 | end
            |    ^
        5 warnings

        """)
  }

  @Test func `long lines are cut around the mark`() {
    var fixture = Fixture()
    let filler = String(repeating: "0123456789", count: 30)
    let source = fixture.add("a.yaml", "\(filler)HERE\(filler)\n")
    let start = fixture.add("b.yaml", "HERE\(filler)\n")
    let end = fixture.add("c.yaml", "\(filler)HERE")
    let ten = "0123456789"
    #expect(
      fixture.render(
        [source, start, end].map { Diagnostic(naming, "x", at: fixture.span(of: "HERE", in: $0)) }) == """
          a.yaml:1:301: warning[GR001]: x
            1 | …\(ten)\(ten)\(ten)\(ten)HERE\(ten)\(ten)\(ten)\(ten)\(ten)012345…
              |                                          ^^^^
          b.yaml:1:1: warning[GR001]: x
            1 | HERE\(ten)\(ten)\(ten)\(ten)\(ten)\(ten)\(ten)\(ten)\(ten)012345…
              | ^^^^
          c.yaml:1:301: warning[GR001]: x
            1 | …\(ten)\(ten)\(ten)\(ten)HERE
              |                                          ^^^^
          3 warnings

          """)
  }

  @Test func `a mark wider than the line's window ends with it`() {
    var fixture = Fixture()
    let source = fixture.add("a.yaml", "k: " + String(repeating: "é", count: 5000))
    let text = fixture.render([Diagnostic(naming, "x", at: Span(source: source, start: 3, end: 10_003))])
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[1] == "  1 | k: \(String(repeating: "é", count: 97))…")
    #expect(lines[2] == "    |    \(String(repeating: "^", count: 97))")
  }

  @Test func `bytes that are not UTF-8 are shown as such`() {
    var fixture = Fixture()
    let source = fixture.add("a.yaml", [0x61, 0xff, 0xe2, 0x82, 0x62, 0xf0])
    let finding = Diagnostic(naming, "x", at: Span(source: source, start: 4, end: 5))
    #expect(fixture.render([finding]).contains("  1 | a\u{fffd}\u{fffd}\u{fffd}b\u{fffd}\n    |     ^\n"))
  }
}

@Suite struct SourceTextTests {
  @Test func `positions agree with counting from the start`() {
    let text = String(repeating: "aé日😀\r\n\n", count: 200) + "end"
    let bytes = Array(text.utf8)
    let source = SourceText(bytes)
    var line = 1
    var column = 1
    for (offset, byte) in bytes.enumerated() {
      if byte & 0xc0 != 0x80 {
        #expect(source.position(of: offset) == (line, column))
        column += 1
      }
      if byte == 10 { (line, column) = (line + 1, 1) }
    }
    #expect(source.position(of: bytes.count) == (401, 4))
    #expect(source.position(of: .max) == (401, 4))
    #expect(source.position(of: -1) == (1, 1))
  }

  @Test func `lines come without their break`() {
    let source = SourceText(Array("a\r\n\r\nb\rc\n".utf8))
    #expect((0...5).map(source.line) == ["", "a", "", "b\rc", "", ""])
    #expect(SourceText([]).position(of: 0) == (1, 1))
    #expect(SourceText([]).line(1) == "")
  }
}

import Diagnostics
import Testing
import YAMLSources

@Suite struct YAMLSpanTests {
  /// The tree as text, each value as the bytes its span covers.
  private func outline(_ text: String) throws -> [String] {
    let bytes = Array(text.utf8)
    let checked = YAMLDocument.parse(bytes, source: SourceID(index: 0))
    #expect(checked.report.diagnostics.isEmpty)
    var lines: [String] = []
    func slice(_ span: Span) -> String {
      String(decoding: bytes[Int(span.start)..<Int(span.end)], as: UTF8.self)
    }
    func visit(_ node: YAMLNode, _ depth: Int) {
      let indent = String(repeating: " ", count: depth)
      switch node.content {
      case .scalar(let text, let isPlain):
        lines.append("\(indent)\(isPlain ? "plain" : "text") <\(slice(node.span))> \(text)")
      case .sequence(let items):
        lines.append("\(indent)list <\(slice(node.span))>")
        for item in items { visit(item, depth + 1) }
      case .mapping(let entries):
        lines.append("\(indent)map <\(slice(node.span))>")
        for entry in entries {
          lines.append("\(indent) key <\(slice(entry.keySpan))> \(entry.key)")
          visit(entry.value, depth + 2)
        }
      }
    }
    visit(try #require(checked.value), 0)
    return lines
  }

  @Test func `spans are bytes of the token, behind characters of two and four bytes`() throws {
    #expect(
      try outline("é😀: \"ü\\n\" # c\nnext:   plain text   # c\n") == [
        "map <é😀: \"ü\\n\" # c\nnext:   plain text>",
        " key <é😀> é😀", "  text <\"ü\\n\"> ü\n",
        " key <next> next", "  plain <plain text> plain text",
      ])
  }

  @Test func `characters beyond the first checkpoint are found`() throws {
    let filler = String(repeating: "é", count: 300)
    #expect(
      try outline("# \(filler)\na: '\(filler)'\nb: [x, 😀]\n").suffix(4) == [
        " key <b> b", "  list <[x, 😀]>", "   plain <x> x", "   plain <😀> 😀",
      ])
  }

  @Test func `a block collection ends at its last value`() throws {
    #expect(
      try outline("a:\n  - x: 1\n    y:\n  -\n\n# comment\nb:\n- c\n\n# end\n") == [
        "map <a:\n  - x: 1\n    y:\n  -\n\n# comment\nb:\n- c>",
        " key <a> a", "  list <- x: 1\n    y:\n  ->",
        "   map <x: 1\n    y:>", "    key <x> x", "     plain <1> 1", "    key <y> y", "     plain <> ",
        "   plain <> ",
        " key <b> b", "  list <- c>", "   plain <c> c",
      ])
  }

  @Test func `block scalars end at their last visible character`() throws {
    #expect(
      try outline("a: |\n  one\n  two\n\n# c\nb: >-\n  x\n  y\n") == [
        "map <a: |\n  one\n  two\n\n# c\nb: >-\n  x\n  y>",
        " key <a> a", "  text <|\n  one\n  two> one\ntwo\n",
        " key <b> b", "  text <>-\n  x\n  y> x y",
      ])
  }
}

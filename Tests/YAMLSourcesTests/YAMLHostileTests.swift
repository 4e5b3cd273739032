import Diagnostics
import SeededRandom
import Testing
import YAMLSources

@Suite struct YAMLHostileTests {
  @Test(arguments: ["[", "[\n", "{a: ", "{\n", "- ", "? ", "[{"])
  func `deep nesting is refused at the limit`(opening: String) {
    let bytes = Array(String(repeating: opening, count: 20_000).utf8)
    #expect(findings(bytes).map { $0.prefix(5) } == ["PR006"])
  }

  @Test func `a bomb of aliases never grows`() {
    var text = "a0: &a0 [x]\n"
    for level in 1..<30 {
      text +=
        "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    let checked = YAMLDocument.parse(Array(text.utf8), source: SourceID(index: 0))
    #expect(checked.value == nil)
    #expect(checked.report.count(of: .error) == 30 + 29 * 9)
  }

  /// Any bytes give a tree or findings, all places lie in the text, and children lie in their parents.
  @Test func `random changes of a document never break the reader`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let original = Array(Self.document.utf8)
    for round in 0..<4000 {
      let bytes = mutate(original, &random)
      let checked = YAMLDocument.parse(bytes, source: SourceID(index: 0))
      let fault = fault(of: checked, in: bytes)
      #expect(fault == nil, "seed \(seed), round \(round), text \(String(decoding: bytes, as: UTF8.self))")
      guard fault == nil else { return }
    }
  }

  private func fault(of checked: Checked<YAMLNode>, in bytes: [UInt8]) -> String? {
    guard checked.value != nil || checked.report.hasErrors else { return "neither value nor finding" }
    for finding in checked.report.diagnostics {
      guard let span = finding.span, Int(span.end) <= bytes.count else { return "place of \(finding.code)" }
    }
    return checked.value.flatMap { fault(of: $0, within: 0...UInt32(bytes.count)) }
  }

  private func fault(of node: YAMLNode, within range: ClosedRange<UInt32>) -> String? {
    guard range.contains(node.span.start), range.contains(node.span.end) else {
      return "span \(node.span) not in \(range)"
    }
    let inner = node.span.start...node.span.end
    switch node.content {
    case .scalar: return nil
    case .sequence(let items): return items.lazy.compactMap { fault(of: $0, within: inner) }.first
    case .mapping(let entries):
      guard Set(entries.map(\.key)).count == entries.count else { return "duplicate key" }
      return entries.lazy.compactMap { entry in
        let isInside = inner.contains(entry.keySpan.start) && entry.keySpan.end <= entry.value.span.start
        return isInside ? fault(of: entry.value, within: inner) : "key \(entry.keySpan)"
      }.first
    }
  }

  private func mutate(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
    var bytes = original
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[place] = Self.pieces.randomElement(using: &random)?.first ?? 0
      case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
      case 2: bytes.remove(at: place)
      default: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      }
    }
    return bytes
  }

  private static let pieces = [
    "\n", " ", "\t", ":", "- ", "? ", "{", "}", "[", "]", ",", "'", "\"", "#", "&a ", "*a", "!t ", "! ",
    "|\n", ">-\n", "%", "---\n",
    "...\n", "<<: ", "😀", "é", "\u{2028}", "\r", "\r\n", "\\", "@", "\u{feff}",
  ].map { Array($0.utf8) }

  private static let document = """
    # A node with 😀 in its comment.
    node: node01
    roles: [control-plane, 'größer']
    addresses: {lan: 192.168.100.11, "v6": "fd00::1"}
    disk:
      layout: lvm
      volumes:
        - root: 80GiB
          data: &x rest
        -
    motd: |
      welcome
        to 東京

    empty:
    ? explicit
    : - !t value
    """
}

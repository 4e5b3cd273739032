/// Splits a file into elements, line for line as `config_parse` of systemd does.
struct UnitSourceReader {
  /// The longest line, continued or not, that systemd reads.
  static let maximumLine = 1 << 20

  var elements: [UnitSource.Element] = []
  var sections: [UnitSource.Section] = []
  var assignments: [UnitSource.Assignment] = []
  private let bytes: [UInt8]
  private var position = 0

  /// A logical line: its bytes and, where it was put together of several, where each of its parts comes from.
  /// One that is a line of the file is a slice of it.
  private struct Logical {
    var start: Int
    var text: ArraySlice<UInt8> = []
    var parts: [UnitSource.ContinuedLine] = []
  }

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  mutating func read() {
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
    var isFirst = true
    while position < bytes.count {
      // The byte order mark belongs to the first line, which is read without it.
      let start = isFirst ? 0 : position
      isFirst = false
      readElement(from: start)
    }
    if isFirst, !bytes.isEmpty { append(.blank, 0..<bytes.count, bytes.count..<bytes.count) }
  }

  private mutating func readElement(from start: Int) {
    let line = nextLine()
    let text = trimmed(line.text)
    if text.isEmpty, !line.endsWithBackslash { return append(.blank, start..<position, text) }
    if isComment(text) { return append(.comment, start..<position, text) }
    guard line.endsWithBackslash else { return finish(Logical(start: start, text: bytes[line.text])) }
    var logical = Logical(start: start)
    join(line, to: &logical)
    var last = line
    while last.endsWithBackslash, position < bytes.count {
      last = nextLine()
      if isComment(trimmed(last.text)) {
        // A comment does not end the continuation, whatever it ends with itself.
        last.endsWithBackslash = true
      } else {
        join(last, to: &logical)
      }
    }
    finish(logical)
  }

  private struct Line {
    var text: Range<Int>
    var endsWithBackslash: Bool
  }

  /// The next physical line. CR, LF and NUL all end one; different ones in a row end it together.
  private mutating func nextLine() -> Line {
    let start = position
    while position < bytes.count, !Self.isLineEnd(bytes[position]) { position += 1 }
    let end = position
    // Bits of the line ends seen: each may come once, and NUL is the last.
    var seen: UInt16 = 0
    while position < bytes.count, Self.isLineEnd(bytes[position]),
      seen & (1 << UInt16(bytes[position]) | 1) == 0
    {
      seen |= 1 << UInt16(bytes[position])
      position += 1
    }
    var backslashes = 0
    while end - backslashes > start, bytes[end - backslashes - 1] == UInt8(ascii: "\\") { backslashes += 1 }
    return Line(text: start..<end, endsWithBackslash: backslashes % 2 == 1)
  }

  private func join(_ line: Line, to logical: inout Logical) {
    logical.parts.append(.init(valueOffset: logical.text.count, fileOffset: line.text.lowerBound))
    logical.text += bytes[line.text]
    if line.endsWithBackslash { logical.text[logical.text.endIndex - 1] = UInt8(ascii: " ") }
  }

  private mutating func finish(_ logical: Logical) {
    let text = Self.trim(logical.text, logical.text.indices)
    let range = logical.start..<position
    if text.isEmpty {
      let end = fileOffset(text.lowerBound, logical)
      return append(.blank, range, end..<end)
    }
    let shown = fileOffset(text.lowerBound, logical)..<(fileOffset(text.upperBound - 1, logical) + 1)
    if logical.text.count > Self.maximumLine { return append(.stray(.tooLong), range, shown) }
    guard UTF8Check.isTakenBySystemd(logical.text[text]) else {
      return append(.stray(.notUnicode), range, shown)
    }
    if logical.text[text.lowerBound] == UInt8(ascii: "[") {
      finishSection(logical.text[text], range, shown)
    } else {
      finishAssignment(logical, text, range, shown)
    }
  }

  private mutating func finishSection(_ text: ArraySlice<UInt8>, _ range: Range<Int>, _ shown: Range<Int>) {
    let name = text.dropFirst().dropLast()
    let isSafe = name.allSatisfy {
      $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    guard text.count >= 2, text.last == UInt8(ascii: "]"), isSafe else {
      return append(.stray(.malformedSection), range, shown)
    }
    append(.section(sections.count), range, shown)
    sections.append(.init(name: String(decoding: name, as: UTF8.self), text: shown))
  }

  private mutating func finishAssignment(
    _ logical: Logical, _ text: Range<Int>, _ range: Range<Int>, _ shown: Range<Int>
  ) {
    guard let equals = logical.text[text].firstIndex(of: UInt8(ascii: "=")) else {
      return append(.stray(.missingEquals), range, shown)
    }
    if equals == text.lowerBound { return append(.stray(.missingKey), range, shown) }
    let key = Self.trim(logical.text, text.lowerBound..<equals)
    let value = Self.trim(logical.text, equals + 1..<text.upperBound)
    let keyStart = fileOffset(key.lowerBound, logical)
    let valueStart = fileOffset(value.isEmpty ? equals : value.lowerBound, logical) + (value.isEmpty ? 1 : 0)
    let valueEnd = value.isEmpty ? valueStart : fileOffset(value.upperBound - 1, logical) + 1
    append(.assignment(assignments.count), range, shown)
    assignments.append(
      .init(
        section: sections.isEmpty ? nil : sections.count - 1,
        key: String(decoding: logical.text[key], as: UTF8.self),
        value: String(decoding: logical.text[value], as: UTF8.self),
        keyRange: keyStart..<(fileOffset(key.upperBound - 1, logical) + 1),
        valueRange: valueStart..<valueEnd,
        lines: valueLines(logical, from: value.lowerBound)))
  }

  /// The parts of a logical line from the value on, with offsets that count from it.
  /// None for a value on one line, whose offsets need no table.
  private func valueLines(_ logical: Logical, from start: Int) -> [UnitSource.ContinuedLine] {
    guard let last = logical.parts.last, last.valueOffset > start else { return [] }
    let first = logical.parts.lastIndex { $0.valueOffset <= start } ?? 0
    return logical.parts[first...].map { part in
      part.valueOffset <= start
        ? .init(valueOffset: 0, fileOffset: part.fileOffset + start - part.valueOffset)
        : .init(valueOffset: part.valueOffset - start, fileOffset: part.fileOffset)
    }
  }

  private func fileOffset(_ offset: Int, _ logical: Logical) -> Int {
    if logical.parts.isEmpty { return offset }
    guard let part = logical.parts.last(where: { $0.valueOffset <= offset }) else { return logical.start }
    return part.fileOffset + offset - part.valueOffset
  }

  private mutating func append(_ kind: UnitSource.Element.Kind, _ range: Range<Int>, _ text: Range<Int>) {
    elements.append(.init(kind: kind, range: range, text: text))
  }

  private func isComment(_ text: Range<Int>) -> Bool {
    guard let first = text.first else { return false }
    return bytes[first] == UInt8(ascii: "#") || bytes[first] == UInt8(ascii: ";")
  }

  private func trimmed(_ range: Range<Int>) -> Range<Int> { Self.trim(bytes[range], range) }

  private static func trim(_ bytes: ArraySlice<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, isBlank(bytes[start]) { start += 1 }
    while end > start, isBlank(bytes[end - 1]) { end -= 1 }
    return start..<end
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0a).contains(byte) || byte == 0x0d
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d || byte == 0 }
}

import Diagnostics

/// The line a finding points at, and which cells of it to mark.
///
/// Only a window of bytes around the place is looked at, so that a hostile line of a megabyte with
/// thousands of findings costs little.
struct Excerpt {
  /// Most cells of a line that are shown.
  private static let widest = 100
  /// Cells kept in front of the mark when a line is cut.
  private static let lead = 40
  /// Bytes looked at on each side of the mark's start.
  private static let reach = 512

  /// The line's number.
  let number: Int
  /// The line, or its part around the mark with `…` where it was cut.
  let line: String
  /// Cells in front of the mark.
  let indent: Int
  /// Cells to mark, at least one.
  let width: Int

  private struct Piece {
    let offset: Int
    let text: String
    let width: Int
  }

  init(_ span: Span, in text: SourceText) {
    let (number, range) = text.line(around: Int(span.start))
    let start = min(Int(span.start), range.upperBound)
    let end = max(start, min(Int(span.end), range.upperBound))
    let pieces = Self.pieces(of: text.bytes, in: range, around: start)
    let marked = pieces.firstIndex { $0.offset >= start } ?? pieces.count
    let total = pieces.reduce(0) { $0 + $1.width }
    let startsWhole = pieces.first.map { $0.offset == range.lowerBound } ?? true
    var first = 0
    if !startsWhole || total > Self.widest {
      first = Self.firstShown(of: pieces, marked: marked, startsWhole: startsWhole)
    }
    var last = first
    var cells = 0
    while last < pieces.count, cells + pieces[last].width <= Self.widest {
      cells += pieces[last].width
      last += 1
    }
    let shown = pieces[first..<last]
    let cutFront = first > 0 || !startsWhole
    let cutBack =
      (pieces.dropFirst(last).first?.offset ?? Self.end(of: pieces, in: text.bytes)) < range.upperBound
    self.number = number
    line = (cutFront ? "…" : "") + shown.map(\.text).joined() + (cutBack ? "…" : "")
    indent = (cutFront ? 1 : 0) + shown.reduce(0) { $1.offset < start ? $0 + $1.width : $0 }
    width = max(1, shown.reduce(0) { start <= $1.offset && $1.offset < end ? $0 + $1.width : $0 })
  }

  private static func firstShown(of pieces: [Piece], marked: Int, startsWhole: Bool) -> Int {
    let before = pieces[..<marked].reduce(0) { $0 + $1.width }
    if startsWhole, before <= widest * 3 / 5 { return 0 }
    var first = marked
    var cells = 0
    while first > 0, cells + pieces[first - 1].width <= lead {
      first -= 1
      cells += pieces[first].width
    }
    return first
  }

  /// The line's characters near `start`.
  private static func pieces(of bytes: [UInt8], in range: Range<Int>, around start: Int) -> [Piece] {
    var offset = max(range.lowerBound, start - reach)
    while offset > range.lowerBound, offset < start, bytes[offset] & 0xc0 == 0x80 { offset += 1 }
    let end = min(range.upperBound, start + reach)
    var pieces: [Piece] = []
    while offset < end {
      let (scalar, length) = scalar(in: bytes, at: offset, before: range.upperBound)
      let piece = HarmlessText.piece(scalar)
      pieces.append(Piece(offset: offset, text: piece.text, width: piece.width))
      offset += length
    }
    return pieces
  }

  private static func end(of pieces: [Piece], in bytes: [UInt8]) -> Int {
    guard let last = pieces.last else { return bytes.count }
    return last.offset + scalar(in: bytes, at: last.offset, before: bytes.count).length
  }

  /// The character at `offset`; U+FFFD of one byte where there is none.
  private static func scalar(
    in bytes: [UInt8], at offset: Int, before end: Int
  ) -> (scalar: Unicode.Scalar, length: Int) {
    let lead = bytes[offset]
    let length: Int
    var value: UInt32
    switch lead {
    case ..<0x80: return (Unicode.Scalar(lead), 1)
    case 0xc2...0xdf: (length, value) = (2, UInt32(lead & 0x1f))
    case 0xe0...0xef: (length, value) = (3, UInt32(lead & 0x0f))
    case 0xf0...0xf4: (length, value) = (4, UInt32(lead & 0x07))
    default: return ("\u{fffd}", 1)
    }
    guard offset + length <= end else { return ("\u{fffd}", 1) }
    for byte in bytes[(offset + 1)..<(offset + length)] {
      guard byte & 0xc0 == 0x80 else { return ("\u{fffd}", 1) }
      value = value << 6 | UInt32(byte & 0x3f)
    }
    guard let scalar = Unicode.Scalar(value) else { return ("\u{fffd}", 1) }
    return (scalar, length)
  }
}

/// A text with its lines, to say where a byte stands.
///
/// Lines end with LF; a CR before it belongs to the line break. Lines and columns count from 1,
/// columns in Unicode scalars (SARIF's `unicodeCodePoints`), the same in every output format.
public struct SourceText: Sendable {
  private static let stride = 256

  let bytes: [UInt8]
  private let lineStarts: [Int]
  /// How many scalars start before every 256th byte: a column costs the same on a line of any length.
  private let scalarCounts: [Int]

  /// Takes a text, UTF-8 or not: a stray byte counts as one scalar if it is no continuation byte.
  public init(_ bytes: [UInt8]) {
    var lineStarts = [0]
    var scalarCounts: [Int] = []
    var scalars = 0
    for (offset, byte) in bytes.enumerated() {
      if offset % Self.stride == 0 { scalarCounts.append(scalars) }
      if byte & 0xc0 != 0x80 { scalars += 1 }
      if byte == UInt8(ascii: "\n") { lineStarts.append(offset + 1) }
    }
    self.bytes = bytes
    self.lineStarts = lineStarts
    self.scalarCounts = scalarCounts
  }

  /// Line and column of a byte offset; offsets behind the end are taken for the end.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineIndex(of: offset)
    return (line + 1, scalars(before: offset) - scalars(before: lineStarts[line]) + 1)
  }

  /// The text of line `n`, counted from 1, without its line break; empty when there is none.
  public func line(_ n: Int) -> String {
    guard lineStarts.indices.contains(n - 1) else { return "" }
    return String(decoding: bytes[lineRange(at: n - 1)], as: UTF8.self)
  }

  /// The bytes of the line that `offset` is in, without line break, and its number.
  func line(around offset: Int) -> (number: Int, range: Range<Int>) {
    let index = lineIndex(of: min(max(offset, 0), bytes.count))
    return (index + 1, lineRange(at: index))
  }

  private func lineRange(at index: Int) -> Range<Int> {
    let start = lineStarts[index]
    guard index + 1 < lineStarts.count else { return start..<bytes.count }
    let end = lineStarts[index + 1] - 1
    return start..<(end > start && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end)
  }

  /// The last line that starts at or before `offset`.
  private func lineIndex(of offset: Int) -> Int {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return low
  }

  private func scalars(before offset: Int) -> Int {
    guard !scalarCounts.isEmpty else { return 0 }
    let checkpoint = min(offset / Self.stride, scalarCounts.count - 1)
    return bytes[(checkpoint * Self.stride)..<offset].reduce(scalarCounts[checkpoint]) { count, byte in
      byte & 0xc0 != 0x80 ? count + 1 : count
    }
  }
}

public import Diagnostics

/// A unit file as it stands: every byte belongs to exactly one element, so that printing the
/// elements gives the file again and an edit touches nothing but what it means to.
public struct UnitSource: Sendable {
  /// A part of the file from the start of a line to the end of one.
  public struct Element: Hashable, Sendable {
    /// What the part is to systemd.
    public enum Kind: Hashable, Sendable {
      /// Nothing but blanks.
      case blank
      /// A line that starts with `#` or `;`.
      case comment
      /// `[Name]`; an index into `sections`.
      case section(Int)
      /// `Key=value`, over several lines perhaps; an index into `assignments`.
      case assignment(Int)
      /// A line that systemd leaves out.
      case stray(Problem)
    }

    /// What the part is to systemd.
    public var kind: Kind {
      switch stored {
      case .blank: .blank
      case .comment: .comment
      case .section(let index): .section(Int(index))
      case .assignment(let index): .assignment(Int(index))
      case .stray(let problem): .stray(problem)
      }
    }
    /// Its bytes, line ends included.
    public var range: Range<Int> { bytes.range }
    /// The bytes of its text: no line end, no blanks around.
    public var text: Range<Int> { trimmed.range }

    /// A folder of many units has millions of lines: they are kept small.
    private enum Stored: Hashable {
      case blank
      case comment
      case section(UInt32)
      case assignment(UInt32)
      case stray(Problem)
    }

    private let stored: Stored
    private let bytes: ByteRange
    private let trimmed: ByteRange

    init(kind: Kind, range: Range<Int>, text: Range<Int>) {
      switch kind {
      case .blank: stored = .blank
      case .comment: stored = .comment
      case .section(let index): stored = .section(UInt32(clamping: index))
      case .assignment(let index): stored = .assignment(UInt32(clamping: index))
      case .stray(let problem): stored = .stray(problem)
      }
      bytes = ByteRange(range)
      trimmed = ByteRange(text)
    }
  }

  /// Why systemd leaves a line out, or the whole file.
  public enum Problem: Hashable, Sendable {
    /// Starts with `[` but does not end with `]`, or the name holds control characters: systemd
    /// does not load the unit.
    case malformedSection
    /// There is no `=`.
    case missingEquals
    /// There is nothing in front of `=`.
    case missingKey
    /// Not UTF-8.
    case notUnicode
    /// Longer than 1 MiB: systemd does not load the unit.
    case tooLong
  }

  /// A section's head. A name may come twice; systemd reads both as one.
  public struct Section: Hashable, Sendable {
    /// The text between the brackets.
    public let name: String
    /// The line's text, brackets included.
    public let text: Range<Int>
  }

  /// One setting as systemd reads it.
  public struct Assignment: Hashable, Sendable {
    /// An index into `sections`; `nil` in front of the first, where systemd leaves it out.
    public var section: Int? { sectionNumber == .max ? nil : Int(sectionNumber) }
    /// What stands before `=`.
    public let key: String
    /// What stands behind it, continued lines joined by a blank and comments between them left out.
    public let value: String
    /// The bytes of the key.
    public var keyRange: Range<Int> { keyBytes.range }
    /// The bytes of the value, from its first line to its last; empty when there is none.
    public var valueRange: Range<Int> { valueBytes.range }
    private let keyBytes: ByteRange
    private let valueBytes: ByteRange
    /// Where the lines of a value of several stand: `value` offset and file offset of each, in order. Empty
    /// for the others, which are nearly all.
    private let lines: [ContinuedLine]
    private let sectionNumber: UInt32

    init(
      section: Int?, key: String, value: String, keyRange: Range<Int>, valueRange: Range<Int>,
      lines: [ContinuedLine]
    ) {
      sectionNumber = section.map { UInt32(clamping: $0) } ?? .max
      self.key = key
      self.value = value
      keyBytes = ByteRange(keyRange)
      valueBytes = ByteRange(valueRange)
      self.lines = lines
    }

    /// The place in the file of an offset in `value`.
    public func fileOffset(ofValue offset: Int) -> Int {
      if lines.isEmpty { return valueRange.lowerBound + offset }
      // The last line that starts at or before it.
      var (low, high) = (0, lines.count)
      while low < high {
        let middle = (low + high) / 2
        if lines[middle].valueOffset <= offset { low = middle + 1 } else { high = middle }
      }
      guard low > 0 else { return valueRange.lowerBound }
      let line = lines[low - 1]
      return line.fileOffset + offset - line.valueOffset
    }

    /// Whether the value runs over several lines.
    public var isContinued: Bool { !lines.isEmpty }
  }

  struct ContinuedLine: Hashable, Sendable {
    let valueOffset: Int
    let fileOffset: Int
  }

  /// A range of bytes in half the room.
  private struct ByteRange: Hashable, Sendable {
    private let start: UInt32
    private let end: UInt32

    init(_ range: Range<Int>) {
      start = UInt32(clamping: range.lowerBound)
      end = UInt32(clamping: range.upperBound)
    }

    var range: Range<Int> { Int(start)..<Int(end) }
  }

  /// The text diagnostics point into.
  public let source: SourceID
  /// The file.
  public let bytes: [UInt8]
  /// All of it, in order.
  public let elements: [Element]
  /// The sections' heads, in order.
  public let sections: [Section]
  /// The settings, in order.
  public let assignments: [Assignment]

  /// Reads a file as systemd 252 to 257 do (systemd.syntax(7)); nothing is refused here.
  public init(_ bytes: [UInt8], source: SourceID) {
    var reader = UnitSourceReader(bytes)
    reader.read()
    self.source = source
    self.bytes = bytes
    // Copies have no room to spare, where arrays that grew have up to half of theirs.
    elements = reader.elements.map { $0 }
    sections = reader.sections
    assignments = reader.assignments.map { $0 }
  }

  /// The span of a range of bytes.
  public func span(_ range: Range<Int>) -> Span {
    Span(source: source, start: range.lowerBound, end: range.upperBound)
  }

  /// Whether systemd refuses to load the file whatever the rest says.
  public var isRefused: Bool {
    elements.contains { $0.kind == .stray(.malformedSection) || $0.kind == .stray(.tooLong) }
  }
}

/// Splitting of a value into words, as `extract_first_word` of systemd does it (systemd.syntax(7)
/// and systemd.service(5), "COMMAND LINES").
public enum UnitWords {
  /// A word of a value.
  public struct Word: Hashable, Sendable {
    /// Unquoted and unescaped. Bytes that are no UTF-8 are replaced.
    public let text: String
    /// Its bytes in the value, quotes included.
    public let range: Range<Int>
    /// Whether quotes or escapes were taken away.
    public let isQuoted: Bool
  }

  /// What the words of a directive know of escapes.
  public enum Grammar: Sendable {
    /// C escapes are resolved: command lines and `Environment=`.
    case command
    /// A backslash is kept, because names hold them: dependencies.
    case names
    /// A backslash protects the next byte: paths.
    case paths
  }

  /// Why a value cannot be split.
  public enum Problem: Hashable, Sendable {
    /// A quote is opened and never closed: systemd leaves the whole value out.
    case unbalancedQuote(at: Int)
    /// A backslash at the end, or `\x00`: systemd leaves the whole value out.
    case brokenEscape(at: Int)
    /// An escape that C does not have: systemd warns and keeps it.
    case unknownEscape(at: Int)
  }

  /// The words, as far as they can be read, and what is wrong.
  public static func split(_ value: String, _ grammar: Grammar) -> (words: [Word], problems: [Problem]) {
    let bytes = Array(value.utf8)
    var splitter = WordSplitter(bytes: bytes, grammar: grammar)
    splitter.split()
    return (splitter.words, splitter.problems)
  }

  /// The words' texts of a list of names; the fast way where nothing is quoted.
  public static func names(_ value: String) -> [String] {
    let isSimple = value.utf8.allSatisfy { $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "'") }
    if isSimple {
      return value.utf8.split { $0 == 0x20 || $0 == 0x09 }.map { String(Substring($0)) }
    }
    return split(value, .names).words.map(\.text)
  }
}

private struct WordSplitter {
  let bytes: [UInt8]
  let grammar: UnitWords.Grammar
  var words: [UnitWords.Word] = []
  var problems: [UnitWords.Problem] = []
  private var position = 0
  private var text: [UInt8] = []
  private var isQuoted = false

  init(bytes: [UInt8], grammar: UnitWords.Grammar) {
    self.bytes = bytes
    self.grammar = grammar
  }

  mutating func split() {
    while true {
      while position < bytes.count, Self.isBlank(bytes[position]) { position += 1 }
      guard position < bytes.count, readWord() else { return }
    }
  }

  /// Reads a word from a byte that is no blank; `false` when the value ends in the middle of it.
  private mutating func readWord() -> Bool {
    let start = position
    text = []
    isQuoted = false
    var quote: (byte: UInt8, at: Int)?
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\\"), grammar != .names {
        guard readEscape() else { return false }
        continue
      }
      if let open = quote {
        if byte == open.byte { quote = nil } else { text.append(byte) }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = (byte, position)
        isQuoted = true
      } else if Self.isBlank(byte) {
        break
      } else {
        text.append(byte)
      }
      position += 1
    }
    if let quote {
      problems.append(.unbalancedQuote(at: quote.at))
      return false
    }
    words.append(
      .init(text: String(decoding: text, as: UTF8.self), range: start..<position, isQuoted: isQuoted))
    return true
  }

  private mutating func readEscape() -> Bool {
    let start = position
    isQuoted = true
    guard start + 1 < bytes.count else {
      problems.append(.brokenEscape(at: start))
      return false
    }
    position += 2
    let letter = bytes[start + 1]
    if grammar == .paths {
      text.append(letter)
      return true
    }
    switch CEscape.decode(bytes[(start + 1)...]) {
    case .bytes(let decoded, let length):
      text += decoded
      position = start + 1 + length
      return true
    case .unknown:
      problems.append(.unknownEscape(at: start))
      text += [UInt8(ascii: "\\"), letter]
      return true
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d
  }
}

/// The escapes of systemd's `cunescape`: C's, and `\s` for a blank.
enum CEscape {
  enum Result {
    case bytes([UInt8], length: Int)
    case unknown
  }

  /// Decodes what follows a backslash.
  static func decode(_ rest: ArraySlice<UInt8>) -> Result {
    guard let letter = rest.first else { return .unknown }
    switch letter {
    case UInt8(ascii: "a"): return .bytes([7], length: 1)
    case UInt8(ascii: "b"): return .bytes([8], length: 1)
    case UInt8(ascii: "f"): return .bytes([12], length: 1)
    case UInt8(ascii: "n"): return .bytes([10], length: 1)
    case UInt8(ascii: "r"): return .bytes([13], length: 1)
    case UInt8(ascii: "t"): return .bytes([9], length: 1)
    case UInt8(ascii: "v"): return .bytes([11], length: 1)
    case UInt8(ascii: "s"): return .bytes([32], length: 1)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): return .bytes([letter], length: 1)
    case UInt8(ascii: "x"): return number(rest, digits: 2, radix: 16, skipping: 1, isCharacter: false)
    case UInt8(ascii: "u"): return number(rest, digits: 4, radix: 16, skipping: 1, isCharacter: true)
    case UInt8(ascii: "U"): return number(rest, digits: 8, radix: 16, skipping: 1, isCharacter: true)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      return number(rest, digits: 3, radix: 8, skipping: 0, isCharacter: false)
    default: return .unknown
    }
  }

  private static func number(
    _ rest: ArraySlice<UInt8>, digits: Int, radix: Int, skipping: Int, isCharacter: Bool
  ) -> Result {
    let text = rest.dropFirst(skipping).prefix(digits)
    guard text.count == digits, text.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
      let value = UInt32(String(decoding: text, as: UTF8.self), radix: radix), value != 0
    else { return .unknown }
    if !isCharacter {
      return value < 256 ? .bytes([UInt8(truncatingIfNeeded: value)], length: digits + skipping) : .unknown
    }
    guard let scalar = Unicode.Scalar(value), !UTF8Check.isNoncharacter(scalar),
      let encoded = UTF8.encode(scalar)
    else { return .unknown }
    return .bytes(Array(encoded), length: digits + skipping)
  }
}

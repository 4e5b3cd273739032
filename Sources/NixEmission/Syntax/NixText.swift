/// The spelling of strings, identifiers and numbers (Nix manual, "Values" and "Identifiers").
enum NixText {
  /// The words that are no identifiers though they look like some; `or` is one in places.
  private static let keywords: Set<String> = [
    "assert", "else", "if", "in", "inherit", "let", "or", "rec", "then", "with",
  ]

  /// Whether it may stand as an attribute or variable without quotes.
  static func isIdentifier(_ text: String) -> Bool {
    var isFirst = true
    for byte in text.utf8 {
      switch byte {
      case 65...90, 97...122, 95: break
      case 48...57, 45, 39: if isFirst { return false }
      default: return false
      }
      isFirst = false
    }
    return !isFirst && !keywords.contains(text)
  }

  /// Writes the inside of `"…"`. Line feeds and carriage returns are escaped as well: unescaped, Nix
  /// reads CR LF as LF.
  static func appendEscaped(_ text: String, to output: inout [UInt8]) {
    var isDollar = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      case UInt8(ascii: "\n"): output += "\\n".utf8
      case UInt8(ascii: "\r"): output += "\\r".utf8
      case UInt8(ascii: "\t"): output += "\\t".utf8
      case UInt8(ascii: "{") where isDollar:
        // The dollar is written already: put the backslash before it.
        output.removeLast()
        output += "\\${".utf8
      default: output.append(byte)
      }
      isDollar = byte == UInt8(ascii: "$")
    }
  }

  /// Whether a string is written as `''` lines; what is interpolated counts as a word.
  static func suitsLines(_ parts: [NixStringPart]) -> Bool {
    guard case .literal(let last)? = parts.last, last.utf8.last == 10 else { return false }
    if parts.count == 1 { return suitsLines(last) }
    return suitsLines(
      parts.map { part in
        if case .literal(let text) = part { text } else { "x" }
      }.joined())
  }

  /// Whether it may be written as `''` lines and be read back unchanged: some lines, each ended by a
  /// line feed; printable but for that; no quote that would need care (`''`, `'$`); and a line that
  /// begins at the margin, since Nix strips what all lines are indented by.
  static func suitsLines(_ text: String) -> Bool {
    let bytes = text.utf8
    guard bytes.last == 10, bytes.count > 1 else { return false }
    var previous: UInt8 = 10
    var touchesMargin = false
    var isBlank = false
    for byte in bytes {
      if byte == 10 {
        if isBlank { return false }
      } else if byte < 32 || byte == 127 {
        return false
      } else if previous == 10 {
        isBlank = byte == 32
        touchesMargin = touchesMargin || !isBlank
      } else if byte != 32 {
        isBlank = false
      }
      if previous == 39, byte == 39 || byte == 36 { return false }
      previous = byte
    }
    return touchesMargin
  }

  /// Writes the inside of a line of `''…''`.
  static func appendLine(_ line: Substring.UTF8View, to output: inout [UInt8]) {
    var previous: UInt8 = 0
    for byte in line {
      if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") {
        output.removeLast()
        output += "''${".utf8
      } else {
        output.append(byte)
      }
      previous = byte
    }
  }
}

/// Text of others made fit for a terminal.
///
/// Escape sequences in a profile or a path must not reach the terminal of who checks it, and marks of
/// direction must not turn a line round. C0 controls become their pictures (U+2400 block), others
/// their number.
enum HarmlessText {
  /// `text` with every control and invisible character made visible.
  static func of(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 >= 0x7f }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars { result += piece(scalar).text }
    return result
  }

  /// How a character is shown, and how many cells of a terminal that takes.
  static func piece(_ scalar: Unicode.Scalar) -> (text: String, width: Int) {
    switch scalar.value {
    case 0x09: return ("    ", 4)
    case ..<0x20: return (picture(0x2400 + scalar.value), 1)
    case 0x20..<0x7f: return (String(scalar), 1)
    case 0x7f: return (picture(0x2421), 1)
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
      // The joiner of emoji and Indic letters is harmless and common.
      if scalar.value == 0x200d { return (String(scalar), 0) }
      let number = "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
      return (number, number.utf8.count)
    case .nonspacingMark, .enclosingMark: return (String(scalar), 0)
    default: return (String(scalar), isWide(scalar) ? 2 : 1)
    }
  }

  private static func picture(_ value: UInt32) -> String {
    Unicode.Scalar(value).map { String($0) } ?? "?"
  }

  /// Blocks of East Asian Width W and F (UAX 11), and emoji.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
      0xff00...0xff60, 0xffe0...0xffe6, 0x20000...0x3fffd:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}

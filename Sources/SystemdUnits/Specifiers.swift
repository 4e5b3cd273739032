/// The `%` of unit files (systemd.unit(5), "SPECIFIERS").
public enum Specifiers {
  /// The letters that systemd 252 knows, besides `%%`.
  private static let letters = Set("aAbBcCdEfgGhHiIjJlLmMnNopPqrRsStTuUvVwWyY".utf8)
  /// Letters that only later versions know, with the first that does.
  private static let laterLetters: [UInt8: Int] = [UInt8(ascii: "D"): 256]

  /// Whether a version of systemd expands `%` with this letter.
  public static func isKnown(_ letter: UInt8, version: Int) -> Bool {
    letters.contains(letter) || laterLetters[letter].map { version >= $0 } ?? false
  }

  /// The offsets of all `%` that start a specifier, `%%` left out. A `%` at the end, or in front of
  /// anything but a letter, stands for itself.
  public static func offsets(in value: String) -> [Int] {
    guard value.utf8.contains(UInt8(ascii: "%")) else { return [] }
    let bytes = Array(value.utf8)
    var found: [Int] = []
    var position = 0
    while position + 1 < bytes.count {
      if bytes[position] == UInt8(ascii: "%") {
        if isLetter(bytes[position + 1]) { found.append(position) }
        position += 2
      } else {
        position += 1
      }
    }
    return found
  }

  /// A value with the specifiers that say who a unit is filled in: `%i %I %j %J %p %P %n %N %%`.
  /// `nil` when it holds others, whose values only the host knows.
  public static func expandNames(_ value: String, for unit: UnitName) -> String? {
    guard value.utf8.contains(UInt8(ascii: "%")) else { return value }
    var expanded: [UInt8] = []
    var rest = value.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%"), let letter = rest.popFirst() else {
        expanded.append(byte)
        continue
      }
      guard let text = nameSpecifier(letter, unit) else { return nil }
      expanded += text
    }
    return String(decoding: expanded, as: UTF8.self)
  }

  private static func nameSpecifier(_ letter: UInt8, _ unit: UnitName) -> [UInt8]? {
    let lastPart =
      unit.prefix.split(separator: "-", omittingEmptySubsequences: false).last.map(String.init) ?? ""
    switch letter {
    case UInt8(ascii: "%"): return [letter]
    case UInt8(ascii: "i"): return Array((unit.instance ?? "").utf8)
    case UInt8(ascii: "I"): return UnitEscaping.unescape(unit.instance ?? "")
    case UInt8(ascii: "p"): return Array(unit.prefix.utf8)
    case UInt8(ascii: "P"): return UnitEscaping.unescape(unit.prefix)
    case UInt8(ascii: "n"): return Array(unit.description.utf8)
    case UInt8(ascii: "N"): return Array(unit.withoutType.utf8)
    case UInt8(ascii: "j"): return Array(lastPart.utf8)
    case UInt8(ascii: "J"): return UnitEscaping.unescape(lastPart)
    default: return nil
    }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
}

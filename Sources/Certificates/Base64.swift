/// Base64 (RFC 4648), as keys are written in it.
enum Base64 {
  /// With `+` and `/`, padded.
  static func standard(_ bytes: [UInt8]) -> [UInt8] {
    encode(bytes, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", padded: true)
  }

  /// With `-` and `_`, not padded: it may stand in a URL, a shell word or a configuration file.
  static func urlSafe(_ bytes: [UInt8]) -> [UInt8] {
    encode(bytes, alphabet: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", padded: false)
  }

  /// The bytes of padded text in the standard alphabet; `nil` when it is none.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 4 == 0 else { return nil }
    let padding = text.reversed().prefix(2).prefix { $0 == 61 }.count
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3)
    var (bits, count) = (UInt32(0), 0)
    for character in text.dropLast(padding) {
      guard let value = value(of: character) else { return nil }
      bits = bits << 6 | UInt32(value)
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // What is left over are zeros, or the same bytes could be written in two ways.
    return bits & (1 << UInt32(count) - 1) == 0 ? bytes : nil
  }

  private static func encode(_ bytes: [UInt8], alphabet: StaticString, padded: Bool) -> [UInt8] {
    let digits = Array("\(alphabet)".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for place in 0...group.count { text.append(digits[Int(bits >> (18 - 6 * UInt32(place)) & 63)]) }
      if padded { text += Array(repeating: 61, count: 3 - group.count) }
    }
    return text
  }

  private static func value(of character: UInt8) -> UInt8? {
    switch character {
    case 65...90: character - 65
    case 97...122: character - 71
    case 48...57: character + 4
    case 43: 62
    case 47: 63
    default: nil
    }
  }
}

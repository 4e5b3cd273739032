/// A line of authorized_keys (sshd(8)) without options.
enum PublicKeyText {
  /// Types that OpenSSH takes, and how many strings their key is made of.
  private static let types = [
    "ssh-ed25519": 2, "ssh-rsa": 3, "ecdsa-sha2-nistp256": 3, "ecdsa-sha2-nistp384": 3,
    "ecdsa-sha2-nistp521": 3,
    "sk-ssh-ed25519@openssh.com": 3, "sk-ecdsa-sha2-nistp256@openssh.com": 4,
  ]

  /// Whether it is a type, a key of that type (RFC 4253, 6.6) and perhaps a comment. A key that was
  /// cut off while copying lets nobody in, and sshd does not say why.
  static func isWellFormed(_ text: String) -> Bool {
    guard text.utf8.count <= 8192, text.utf8.allSatisfy({ $0 >= 32 && $0 != 127 }) else { return false }
    let words = text.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
    guard words.count >= 2, let count = types[String(words[0])], let bytes = decode(words[1]) else {
      return false
    }
    let strings = strings(in: bytes)
    return strings.count == count && strings[0].elementsEqual(words[0].utf8) && isKey(strings, type: words[0])
  }

  private static func isKey(_ strings: [ArraySlice<UInt8>], type: Substring) -> Bool {
    switch type {
    case "ssh-ed25519", "sk-ssh-ed25519@openssh.com": strings[1].count == 32
    case "ssh-rsa": strings[2].count >= 256
    default: type.contains("-" + String(decoding: strings[1], as: UTF8.self))
    }
  }

  /// The strings of SSH's wire format, each behind its length; none when something is left over.
  private static func strings(in bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var strings: [ArraySlice<UInt8>] = []
    var rest = bytes[...]
    while rest.count >= 4 {
      let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(4)
      guard length <= rest.count else { return [] }
      strings.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? strings : []
  }

  /// Base64 with its padding (RFC 4648, 4); `nil` when it is none.
  private static func decode(_ text: Substring) -> [UInt8]? {
    guard text.utf8.count % 4 == 0 else { return nil }
    let padding = text.utf8.reversed().prefix { $0 == 61 }.count
    guard padding <= 2 else { return nil }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    for (index, byte) in text.utf8.dropLast(padding).enumerated() {
      guard let value = value(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      if index % 4 == 3 {
        bytes += [16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
        bits = 0
      }
    }
    if padding == 1 {
      bytes += [UInt8(truncatingIfNeeded: bits >> 10), UInt8(truncatingIfNeeded: bits >> 2)]
    }
    if padding == 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 4)) }
    return bytes
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 65...90: byte - 65
    case 97...122: byte - 71
    case 48...57: byte + 4
    case 43: 62
    case 47: 63
    default: nil
    }
  }
}

import Diagnostics
import SystemdUnits

/// SY006
enum InlineComment {
  static let rule = Rule(
    "SY006", "inline-comment", .warning,
    finds: "A `#` or `;` behind a value. Unit files have comments on lines of their own only.",
    why: "The comment becomes part of the value: a bad value, or arguments of the program.",
    example: "[Service]\nExecStart=/bin/true\nRestart=always # keep it up",
    instead: "[Service]\nExecStart=/bin/true\n# keep it up\nRestart=always")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Unit]\nDescription=Worker # 3\n[Service]\nExecStart=/bin/sh -c 'echo a # b'",
      "[Service]\nExecStart=/bin/true a ; /bin/true b\nType=oneshot",
      "[Service]\nExecStart=/bin/echo --color #fff",
    ],
    .setting { item, report in
      guard let kind = item.setting.kind, let start = start(of: item.setting.value, kind) else {
        return
      }
      let end = item.setting.value.utf8.count
      var cut = start
      let bytes = Array(item.setting.value.utf8)
      while cut > 0, bytes[cut - 1] == 0x20 || bytes[cut - 1] == 0x09 { cut -= 1 }
      report.add(
        item.atValue(
          rule, "the text from '\(Character(Unicode.Scalar(bytes[start])))' on is part of the value",
          start..<end,
          help: "put the comment on a line of its own", fix: item.replacing(cut..<end, by: "", .safe)))
    })

  /// Where a comment seems to start: behind a blank, outside of quotes. In command lines `;` separates
  /// commands and `#fff` may be meant, so only a `#` that stands alone counts there.
  private static func start(of value: String, _ kind: DirectiveKind) -> Int? {
    if kind == .string || kind == .label || kind == .url || !value.utf8.contains(where: isMark) { return nil }
    let bytes = Array(value.utf8)
    var quote: UInt8?
    for (index, byte) in bytes.enumerated() {
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if isMark(byte), index > 0, bytes[index - 1] == 0x20 || bytes[index - 1] == 0x09 {
        let isAlone = index + 1 == bytes.count || bytes[index + 1] == 0x20
        guard kind == .exec || kind == .environ || kind == .other else {
          return index
        }
        if byte == UInt8(ascii: "#"), isAlone { return index }
      }
    }
    return nil
  }

  private static func isMark(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "#") || byte == UInt8(ascii: ";") }
}

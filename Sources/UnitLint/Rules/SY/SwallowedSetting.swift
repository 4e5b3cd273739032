import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY008
enum SwallowedSetting {
  static let rule = Rule(
    "SY008", "swallowed-setting", .warning,
    finds: "A line that looks like a setting but continues the one above, which ends with a backslash.",
    why: "The setting becomes an argument of the program, or a part of another value.",
    example: "[Service]\nExecStart=/bin/serverd --port 80 \\\nRestart=always",
    instead: "[Service]\nExecStart=/bin/serverd --port 80\nRestart=always",
    ignoreWhen: "The program really takes an argument that is spelt like a directive.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd \\\n  --restart=always \\\n  Restarts=3",
      "[Service]\nExecStart=/bin/serverd Restart=always",
      "[Service]\nEnvironment=A=1 \\\n  B=2\nExecStart=/bin/true",
    ],
    .setting { item, report in
      guard item.setting.kind != .string, item.setting.value.utf8.contains(UInt8(ascii: "=")),
        let source = item.fragment.source, let number = item.setting.assignment,
        source.assignments[number].isContinued
      else { return }
      let assignment = source.assignments[number]
      for word in UnitWords.split(item.setting.value, .names).words {
        let name = word.text.prefix { $0 != "=" }
        guard name.utf8.count < word.text.utf8.count, name.utf8.first.map(isCapital) == true,
          !DirectiveCatalogue.standard.directives(named: String(name)).isEmpty
        else { continue }
        let start = assignment.fileOffset(ofValue: word.range.lowerBound)
        guard let lineStart = lineStart(of: start, in: source.bytes) else { continue }
        report.add(
          item.atValue(
            rule, "'\(name)=' is no setting here: the line above goes on", word.range,
            help: "take the backslash off the line above", fix: fix(lineStart, source)))
      }
    })

  private static func isCapital(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }

  /// Where the line of a byte starts, if nothing but blanks stands in front of the byte.
  private static func lineStart(of offset: Int, in bytes: [UInt8]) -> Int? {
    var position = offset
    while position > 0, bytes[position - 1] == 0x20 || bytes[position - 1] == 0x09 { position -= 1 }
    return position > 0 && bytes[position - 1] == 0x0a ? position : nil
  }

  /// Ends the line above, if that is the line with the backslash and no comment.
  private static func fix(_ lineStart: Int, _ source: UnitSource) -> Fix? {
    var end = lineStart - 1
    if end > 0, source.bytes[end - 1] == 0x0d { end -= 1 }
    guard end > 0, source.bytes[end - 1] == UInt8(ascii: "\\") else { return nil }
    return Fix(.unsafe, [.init(source.span(end - 1..<end), "")])
  }
}

/// SY028
enum DanglingContinuation {
  static let rule = Rule(
    "SY028", "dangling-continuation", .note,
    finds: "A backslash at the end of a setting that nothing follows: an empty line or the file's end.",
    why: "The next line that someone adds there becomes a part of the value.",
    example: "[Service]\nExecStart=/bin/serverd \\\n  --port 80 \\\n\nRestart=always",
    instead: "[Service]\nExecStart=/bin/serverd \\\n  --port 80\n\nRestart=always")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nExecStart=/bin/serverd \\\n  --port 80\n\nRestart=always"],
    .file { item, report in
      let bytes = item.source.bytes
      for element in item.source.elements {
        guard case .assignment = element.kind else { continue }
        var end = element.range.upperBound
        while end > element.range.lowerBound, bytes[end - 1] <= 0x20 { end -= 1 }
        guard end > element.range.lowerBound, bytes[end - 1] == UInt8(ascii: "\\"),
          end == bytes.count || bytes[end] == 0x0a || bytes[end] == 0x0d
        else { continue }
        // A comment as the last line ends nothing.
        let line = bytes[..<end].lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let first = bytes[line..<end].first { $0 != 0x20 && $0 != 0x09 }
        guard first != UInt8(ascii: "#"), first != UInt8(ascii: ";") else { continue }
        report.add(
          item.finding(
            rule, "the backslash continues the setting with nothing", at: end - 1..<end,
            help: "take it off", fix: Fix(.safe, [.init(item.source.span(end - 1..<end), "")])))
      }
    })
}

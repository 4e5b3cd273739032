import Diagnostics
import SystemdUnits

/// SY007
enum BlankAfterBackslash {
  static let rule = Rule(
    "SY007", "blank-after-backslash", .warning,
    finds: "A blank behind the backslash at the end of a line.",
    why:
      "Only a backslash that is the last byte continues a line, so the value ends here and the next line is lost.",
    example: "[Service]\nExecStart=/bin/echo one \\ \n  two",
    instead: "[Service]\nExecStart=/bin/echo one \\\n  two")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nExecStart=/bin/echo one \\\n  two"],
    .file { item, report in
      for assignment in item.source.assignments where assignment.value.utf8.last == UInt8(ascii: "\\") {
        let bytes = item.source.bytes
        let end = assignment.valueRange.upperBound
        var blank = end
        while blank < bytes.count, bytes[blank] == 0x20 || bytes[blank] == 0x09 { blank += 1 }
        guard blank > end else { continue }
        report.add(
          item.finding(
            rule, "the blank behind the backslash ends the line", at: end - 1..<blank,
            help: "take the blank out",
            fix: Fix(.safe, [.init(item.source.span(end..<blank), "")])))
      }
    })
}

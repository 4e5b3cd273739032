import Diagnostics
import SystemdUnits

/// SY012
enum CommandQuoting {
  static let rule = Rule(
    "SY012", "unbalanced-quotes", .error,
    finds:
      "Quotes that are never closed and escapes that C does not have, in command lines and Environment=.",
    why: "systemd leaves the whole setting out; a service without its command does not load.",
    example: "[Service]\nExecStart=/bin/sh -c 'echo it's on'",
    instead: "[Service]\nExecStart=/bin/sh -c \"echo it's on\"")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/echo \"a\\tb\" 'c\"d'",
      "[Service]\nType=oneshot\nExecStart=/usr/bin/find /srv/x -exec rm {} \\; -print",
    ],
    .values(of: [.exec, .environ]) { item, report in
      guard let kind = item.setting.kind,
        item.setting.value.utf8.contains(where: {
          $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "'") || $0 == UInt8(ascii: "\"")
        })
      else { return }
      for problem in UnitWords.split(item.setting.value, .command).problems {
        switch problem {
        case .unbalancedQuote(let at):
          report.add(
            item.atValue(
              rule, "the quote is never closed", at..<at + 1, help: "close it, or write it as \\x27 or \\x22")
          )
        case .brokenEscape(let at):
          report.add(item.atValue(rule, "the backslash escapes nothing", at..<at + 1, help: "write \\\\"))
        case .unknownEscape(let at):
          // A semicolon that separates no commands (systemd.service(5)).
          let bytes = item.setting.value.utf8.dropFirst(at + 1).prefix(2)
          if kind == .exec, bytes.first == UInt8(ascii: ";"),
            [nil, 0x20, 0x09].contains(bytes.dropFirst().first)
          {
            continue
          }
          report.add(
            item.atValue(
              rule, "there is no such escape; systemd keeps the backslash", at..<at + 2,
              help: "write \\\\ for a backslash",
              severity: .warning))
        }
      }
    })
}

import Diagnostics
import SystemdUnits

/// EX005
enum ShellSyntax {
  static let rule = Rule(
    "EX005", "shell-syntax", .warning,
    finds: "A redirection, pipe or `&&` in a command line that no shell reads.",
    why: "The program gets the characters as arguments.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/dmesg > /run/dmesg.txt",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'dmesg > /run/dmesg.txt'")

  static let unitRule = UnitRule(
    rule,
    nearMisses: ["[Service]\nExecStart=/bin/expr 1 '>' 2", "[Service]\nExecStart=/bin/sh -c 'a | b && c'"],
    .setting { item, report in
      guard item.setting.kind == .exec, item.setting.value.utf8.contains(where: isMark) else { return }
      for command in ExecCommand.parse(item.setting.value).commands {
        guard let word = command.arguments.first(where: { !$0.isQuoted && isOperator($0.text) }) else {
          continue
        }
        report.add(
          item.atValue(
            rule, "'\(word.text)' is passed to the program: no shell reads this line", word.range,
            help: "run the line by /bin/sh -c '…', or quote the word if it is meant"))
      }
    })

  private static func isMark(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ">") || byte == UInt8(ascii: "<") || byte == UInt8(ascii: "|")
      || byte == UInt8(ascii: "&")
  }

  private static func isOperator(_ word: String) -> Bool {
    if ["|", "||", "&&", "&", "<", "<<", ">", ">>", "&>"].contains(word) { return true }
    return word.hasPrefix(">/") || word.hasPrefix(">>/") || word.hasPrefix("</") || word.hasPrefix("2>")
      || word.hasPrefix("1>") || word.hasPrefix("&>")
  }
}

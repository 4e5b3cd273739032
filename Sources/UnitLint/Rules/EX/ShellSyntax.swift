import Diagnostics
import SystemdUnits

/// EX005, EX019, EX021
enum ShellSyntax {
  static let rule = Rule(
    "EX005", "shell-syntax", .warning,
    finds: "A redirection, pipe, `&&`, `$(…)` or `~` in a command line that no shell reads.",
    why: "The program gets the characters as arguments.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/dmesg > /run/dmesg.txt",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'dmesg > /run/dmesg.txt'",
    ignoreWhen: "The program itself reads such words; quotes around the word say so.")

  static let semicolon = Rule(
    "EX019", "semicolon-without-blank", .warning,
    finds: "A `;` that sticks to a word of a command line.",
    why: "Only a `;` between blanks separates commands. This one is the end of an argument.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/mkdir /srv/a; /bin/true",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/mkdir /srv/a ; /bin/true")

  static let glob = Rule(
    "EX021", "glob-in-arguments", .note,
    finds: "A path with `*` among the arguments of a program that is no shell.",
    why: "Nobody expands it: the program looks for a file with a star in its name.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/rm -f /srv/cache/*.tmp",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'rm -f /srv/cache/*.tmp'",
    ignoreWhen: "The program expands patterns itself.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/expr 1 '>' 2", "[Service]\nExecStart=/bin/sh -c 'a | b && c $(d)'",
      "[Service]\nExecStart=/bin/serverd --home '~/x' ~ a~b $$(x",
    ],
    .command { item, report in
      guard let word = item.arguments.first(where: { !$0.isQuoted && isSyntax($0.text) }) else { return }
      report.add(
        item.at(
          word, rule, "'\(word.text)' is passed to the program: no shell reads this line",
          help: "run the line by /bin/sh -c '…', or quote the word if it is meant"))
    })

  static let semicolonRule = UnitRule(
    semicolon,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/bin/mkdir /srv/a ; /bin/true",
      "[Service]\nExecStart=/usr/sbin/nginx -g 'daemon off;' -x",
      "[Service]\nExecStart=/usr/sbin/nginx -g daemon-off;",
      "[Service]\nExecStart=/usr/bin/find /x -exec rm {} \\; -print",
    ],
    .command { item, report in
      for (word, next) in zip(item.arguments, item.arguments.dropFirst())
      where !word.isQuoted && word.text.utf8.count > 1 && word.text.utf8.last == UInt8(ascii: ";") {
        guard next.text.utf8.first == UInt8(ascii: "/") else { continue }
        let end = word.range.upperBound
        report.add(
          item.at(
            word, semicolon, "the ';' is part of the argument", help: "put a blank in front of it",
            fix: item.setting.replacing(end - 1..<end, by: " ;", .unsafe)))
      }
    })

  static let globRule = UnitRule(
    glob,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'rm /srv/cache/*.tmp'",
      "[Service]\nExecStart=/usr/bin/find /srv -name '*.tmp'",
      "[Service]\nExecStart=/bin/serverd --listen=*:80 --allow '/srv/*'",
    ],
    .command { item, report in
      guard readsFiles.contains(item.program),
        let word = item.arguments.first(where: {
          !$0.isQuoted && $0.text.utf8.first == UInt8(ascii: "/") && $0.text.utf8.contains(UInt8(ascii: "*"))
        })
      else { return }
      report.add(
        item.at(
          word, glob, "nobody expands '\(word.text)'", help: "run the line by /bin/sh -c '…'"))
    })

  /// Programs that take paths as they are.
  private static let readsFiles: Set<Substring> = [
    "rm", "cp", "mv", "ls", "cat", "chmod", "chown", "chgrp", "touch", "gzip", "tar", "ln", "mkdir", "rmdir",
    "test",
    "stat", "du", "install", "shred", "truncate", "setfacl", "restorecon",
  ]

  private static func isSyntax(_ word: String) -> Bool {
    guard let first = word.utf8.first else { return false }
    switch first {
    case UInt8(ascii: "|"), UInt8(ascii: "&"), UInt8(ascii: ">"), UInt8(ascii: "<"): return isOperator(word)
    case UInt8(ascii: "1"), UInt8(ascii: "2"):
      return word.hasPrefix("2>") || word.hasPrefix("1>")
    case UInt8(ascii: "~"): return word.hasPrefix("~/")
    case UInt8(ascii: "`"): return true
    default:
      return word.hasPrefix("$(") || word.contains("=$(") || word.contains("=`")
    }
  }

  private static func isOperator(_ word: String) -> Bool {
    if ["|", "||", "&&", "&", "<", "<<", ">", ">>", "&>"].contains(word) { return true }
    return word.hasPrefix(">/") || word.hasPrefix(">>/") || word.hasPrefix("</") || word.hasPrefix("&>")
  }
}

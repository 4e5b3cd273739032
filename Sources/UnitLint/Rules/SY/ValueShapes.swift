import Diagnostics
import SystemdUnits

/// SY024, SY026, SY027, SY029, SY033
enum ValueShapes {
  static let quoted = Rule(
    "SY024", "quoted-value", .warning,
    finds: "Quotes around a value that systemd takes as it stands.",
    why: "The quotes become part of it: a user called \"app\", quotes and all, does not exist.",
    example: "[Service]\nUser=\"app\"\nExecStart=/bin/true",
    instead: "[Service]\nUser=app\nExecStart=/bin/true")

  static let comma = Rule(
    "SY026", "comma-in-list", .warning,
    finds: "A comma between the words of a list. Lists in unit files are separated by blanks.",
    why: "The comma becomes part of a path or a name, and that is not found.",
    example: "[Service]\nExecStart=/bin/true\nReadWritePaths=/srv/a, /srv/b",
    instead: "[Service]\nExecStart=/bin/true\nReadWritePaths=/srv/a /srv/b",
    ignoreWhen: "The path really ends with a comma.")

  static let empty = Rule(
    "SY027", "empty-choice", .warning,
    finds: "An empty value of a directive that is a choice of words, such as Type= or Restart=.",
    why: "Only lists are reset so. systemd warns and keeps what was set before.",
    example: "[Service]\nExecStart=/bin/true\nRestart=",
    instead: "[Service]\nExecStart=/bin/true\nRestart=no")

  static let typographic = Rule(
    "SY029", "typographic-character", .warning,
    finds:
      "Curly quotes, long dashes in front of options, or blanks that are none, as word processors make them.",
    why: "systemd and programs take them for ordinary letters: nothing is quoted, and no option is known.",
    example: "[Service]\nExecStart=/bin/serverd \u{2013}\u{2013}port \u{201c}80\u{201d}",
    instead: "[Service]\nExecStart=/bin/serverd --port \"80\"",
    ignoreWhen: "The characters are text that the program shows.")

  static let bareNumber = Rule(
    "SY033", "bare-number-of-seconds", .note,
    finds: "A large number without a unit as a time span: it counts seconds.",
    why: "A span thought in milliseconds lasts a thousand times as long.",
    example: "[Service]\nExecStart=/bin/true\nTimeoutStartSec=30000",
    instead: "[Service]\nExecStart=/bin/true\nTimeoutStartSec=30s",
    ignoreWhen: "The number of seconds is meant; give it a unit all the same.")

  static let quotedRule = UnitRule(
    quoted,
    nearMisses: [
      "[Unit]\nDescription=the \"best\" app\n[Service]\nExecStart=/bin/true",
      "[Service]\nEnvironment=\"A=b c\"\nExecStart=\"/bin/true\"\nReadWritePaths=\"/a b\"",
    ],
    .settings(of: [.user, .group, .description, .pidFile, .slice, .type, .restart, .uMask, .pamName]) {
      item, report in
      let value = item.setting.value
      guard let quote = value.utf8.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"),
        value.utf8.count > 1, value.utf8.last == quote, item.setting.section != .mount
      else { return }
      let inner = String(value.dropFirst().dropLast())
      guard !inner.utf8.contains(quote) else { return }
      report.add(
        item.atValue(
          quoted, "the quotes are part of the value", help: "take them off",
          severity: item.setting.key == .description ? .note : nil,
          fix: item.replacing(0..<value.utf8.count, by: inner, .safe)))
    })

  static let commaRule = UnitRule(
    comma,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nReadWritePaths=/srv/a,b /srv/c",
      "[Service]\nExecStart=/bin/serverd a, b",
      "[Service]\nExecStart=/bin/true\nRestrictAddressFamilies=AF_INET AF_UNIX",
    ],
    .setting { item, report in
      guard let kind = item.setting.kind else { return }
      let isName: Bool
      switch kind {
      case .paths: isName = false
      case .families, .boundingset, .syscalls, .namespaces, .archs: isName = true
      default:
        switch item.setting.key {
        case .supplementaryGroups, .passEnvironment, .unsetEnvironment: isName = true
        case .stateDirectory, .cacheDirectory, .logsDirectory, .runtimeDirectory, .configurationDirectory:
          isName = false
        default: return
        }
      }
      guard item.setting.value.utf8.contains(UInt8(ascii: ",")) else { return }
      let words = UnitWords.split(item.setting.value, .names).words
      for (position, word) in words.enumerated() where word.text.utf8.contains(UInt8(ascii: ",")) {
        let endsSo = word.text.utf8.last == UInt8(ascii: ",")
        guard isName || (endsSo && position + 1 < words.count) || word.text.contains(",/"), !word.isQuoted
        else {
          continue
        }
        let text = word.text.split(separator: ",").joined(separator: " ")
        report.add(
          item.atValue(
            comma, "the comma is part of '\(word.text)'", word.range, help: "separate the words by blanks",
            fix: item.replacing(word.range, by: text, .safe)))
      }
    })

  static let emptyRule = UnitRule(
    empty, nearMisses: ["[Service]\nExecStart=\nExecStart=/bin/true\nEnvironment="],
    .values(
      of: [.servicetype, .servicerestart, .killmode, .access, .serviceexittype, .timeoutmode]
    ) { item, report in
      guard item.setting.value.isEmpty else { return }
      report.add(
        item.atName(
          empty, "\(item.setting.name)= cannot be empty; the line changes nothing",
          help: "write the value that is wanted, or take the line out"))
    })

  static let typographicRule = UnitRule(
    typographic,
    nearMisses: [
      "[Unit]\nDescription=The \u{201c}best\u{201d} app \u{2013} ever\n[Service]\nExecStart=/bin/echo M\u{fc}nchen"
    ],
    .setting { item, report in
      guard let kind = item.setting.kind, kind != .string, kind != .url,
        item.setting.value.utf8.contains(where: { $0 >= 0x80 })
      else { return }
      var offset = 0
      var former: Unicode.Scalar = " "
      for scalar in item.setting.value.unicodeScalars {
        let length = UTF8.width(scalar)
        defer {
          offset += length
          former = scalar
        }
        guard let plain = plainText(scalar, behind: former) else { continue }
        report.add(
          item.atValue(
            typographic, "U+\(hexadecimal(scalar)) is a letter to systemd and to programs",
            offset..<offset + length,
            help: plain.isEmpty ? "take it out" : plain == " " ? "write a blank" : "write \(plain)",
            fix: item.replacing(offset..<offset + length, by: plain, .unsafe)))
        return
      }
    })

  static let bareNumberRule = UnitRule(
    bareNumber,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nTimeoutStartSec=86400\nRestartSec=30",
      "[Service]\nExecStart=/bin/true\nTimeoutStartSec=30000s",
    ],
    .values(of: [.seconds]) { item, report in
      guard item.setting.value.utf8.count < 16,
        let number = Int(item.setting.value), number >= 10_000, !number.isMultiple(of: 3600)
      else { return }
      report.add(
        item.atValue(
          bareNumber, "\(number) counts seconds: more than \(number / 3600) h",
          help: "write the unit, for example \(number)s or \(number)ms"))
    })

  /// What to type for a character that looks like something else; `nil` for all others.
  private static func plainText(_ scalar: Unicode.Scalar, behind former: Unicode.Scalar) -> String? {
    switch scalar.value {
    case 0x201c, 0x201d, 0x201e: "\""
    case 0x2018, 0x2019: "'"
    case 0xa0, 0x202f, 0x2007: " "
    case 0x200b, 0xfeff, 0x200e, 0x200f: ""
    case 0x2013, 0x2014, 0x2212: former == " " || former.value == scalar.value ? "-" : nil
    default: nil
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar) -> String {
    let text = String(scalar.value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - text.utf8.count)) + text
  }
}

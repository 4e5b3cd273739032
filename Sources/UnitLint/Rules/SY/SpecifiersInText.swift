import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY019, SY032
enum SpecifiersInText {
  static let format = Rule(
    "SY019", "specifier-in-format", .warning,
    finds: "A `%` meant for date, printf, stat or a URL, whose letter is a specifier of systemd.",
    why:
      "systemd fills in its own value without a word: `%Y-%m-%d` becomes a folder, the machine's number and more.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'tar cf /srv/b-$(date +%Y-%m-%d).tar /etc'",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'tar cf /srv/b-$(date +%%Y-%%m-%%d).tar /etc'",
    ignoreWhen: "The specifier of systemd is meant.")

  static let manager = Rule(
    "SY032", "specifier-of-the-manager", .warning,
    finds: "%h, %u, %U, %g, %G or %s in a service with User=.",
    why: "They tell of the manager's user and not of User=: in a system service %h is /root and %u is root.",
    example: "[Service]\nUser=app\nExecStart=/bin/serverd --home %h",
    instead: "[Service]\nUser=app\nExecStart=/bin/serverd --home /home/app",
    ignoreWhen: "Root's own value is meant.")

  static let formatRule = UnitRule(
    format,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'date +%%Y; printf \"%%s\" a'",
      "[Service]\nExecStart=/bin/serverd --name %H --id %m",
      "[Service]\nExecStart=/bin/curl -w %{http_code} http://a/b%20c",
    ],
    .command { item, report in
      let words = [command(item)] + item.arguments.map { ($0.text, $0.range) }
      for (position, word) in words.enumerated() where word.0.utf8.contains(UInt8(ascii: "%")) {
        let bytes = Array(word.0.utf8)
        let found = Specifiers.offsets(in: word.0).filter { Specifiers.isKnown(bytes[$0 + 1], version: 257) }
        guard let first = found.first else { continue }
        let before = position > 0 ? words[position - 1].0 : ""
        guard isFormat(bytes, first, program: item.program, before: before) else { continue }
        report.add(
          item.setting.atValue(
            format,
            "systemd fills in %\(Character(Unicode.Scalar(bytes[first + 1]))) before the program sees it",
            word.1, help: "write %% for each % that is meant for the program",
            fix: fix(item.setting, word.1)))
      }
    })

  static let managerRule = UnitRule(
    manager,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd --home %h",
      "[Service]\nUser=app\nExecStart=/bin/serverd --name %n %%h",
      "[Service]\nUser=root\nExecStart=/bin/serverd --home %h",
    ],
    .units(having: [.user]) { item, report in
      guard case .named = item.account else { return }
      for (index, setting) in item.unit.settings.enumerated() {
        guard let kind = setting.kind, kind.expandsSpecifiers || setting.key == .workingDirectory,
          setting.section != .unit, setting.section != .install,
          setting.value.utf8.contains(UInt8(ascii: "%")),
          item.context.isAsked(item.unit.fragment(of: index))
        else { continue }
        let bytes = Array(setting.value.utf8)
        let offsets = Specifiers.offsets(in: setting.value)
        guard let offset = offsets.first(where: { Array("huUgGs".utf8).contains(bytes[$0 + 1]) }) else {
          continue
        }
        if kind == .exec, setting.value.hasPrefix("+") || setting.value.hasPrefix("!") { continue }
        let one = SettingCase(owner: item, index: index, setting: setting)
        report.add(
          one.atValue(
            manager, "%\(Character(Unicode.Scalar(bytes[offset + 1]))) tells of root here and not of User=",
            offset..<offset + 2, help: "write the value itself, or use %S, %N and StateDirectory="))
      }
    })

  private static func command(_ item: CommandCase) -> (String, Range<Int>) {
    (item.command.program, item.command.programRange)
  }

  /// Whether the text in front of a specifier, or the program, says that it is a format.
  private static func isFormat(_ bytes: [UInt8], _ offset: Int, program: Substring, before: String) -> Bool {
    let start = String(decoding: bytes[..<offset], as: UTF8.self)
    switch program {
    case "date": return start.hasPrefix("+")
    case "printf": return true
    case "stat": return ["-c", "--format", "--printf"].contains(before) || start.hasPrefix("--format=")
    case "find": return before == "-printf"
    case "ps", "git": return start.hasPrefix("--format=") || start.hasPrefix("--pretty=")
    default: break
    }
    for mark in ["date +", "date '+", "date \"+", "date -u +", "printf ", "stat -c ", "-printf ", "strftime"]
    {
      guard let range = start.range(ofLast: mark) else { continue }
      if !start[range...].contains(where: { $0 == ";" || $0 == "|" || $0 == "&" || $0 == ")" }) {
        return true
      }
    }
    // A byte of a URL: `%C3%A9`.
    guard start.contains("://"), offset + 2 < bytes.count else { return false }
    return isHexadecimal(bytes[offset + 1]) && isHexadecimal(bytes[offset + 2])
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
  }

  private static func fix(_ item: SettingCase, _ range: Range<Int>) -> Fix? {
    guard item.fragment.source != nil else { return nil }
    let text = String(decoding: Array(item.setting.value.utf8)[range], as: UTF8.self)
    let edits = Specifiers.offsets(in: text).compactMap { offset in
      item.fragment.span(item.setting, range.lowerBound + offset..<range.lowerBound + offset + 1).map {
        Fix.Edit($0, "%%")
      }
    }
    return edits.isEmpty ? nil : Fix(.safe, edits)
  }
}

extension String {
  /// Where the last appearance of a text starts.
  fileprivate func range(ofLast text: String) -> String.Index? {
    var found: String.Index?
    var rest = self[...]
    while let range = rest.firstRange(of: text) {
      found = range.lowerBound
      rest = rest[range.upperBound...]
    }
    return found
  }
}

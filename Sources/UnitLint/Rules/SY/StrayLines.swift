import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY009
enum MalformedSection {
  static let rule = Rule(
    "SY009", "malformed-section", .error,
    finds: "A section's head that does not end with its bracket.",
    why: "systemd refuses to load the whole unit.",
    example: "[Unit]\nDescription=a\n[Service] # the daemon\nExecStart=/bin/true",
    instead: "[Unit]\nDescription=a\n# the daemon\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule,
    .file { item, report in
      for element in item.source.elements where element.kind == .stray(.malformedSection) {
        let text = item.source.bytes[element.text]
        let close = text.firstIndex(of: UInt8(ascii: "]"))
        let fix = close.map {
          Fix(.safe, [.init(item.source.span($0 + 1..<element.text.upperBound), "")])
        }
        report.add(
          item.finding(
            rule, "a section's head ends with ']'; systemd does not load this file", at: element.text,
            help: "leave nothing but '[Name]' on the line", fix: fix))
      }
    })
}

/// SY010
enum SettingBeforeSection {
  static let rule = Rule(
    "SY010", "setting-before-section", .warning,
    finds: "A setting in front of the first section.",
    why: "systemd leaves it out; drop-ins without a section do nothing at all.",
    example: "MemoryMax=1G\n[Service]\nExecStart=/bin/true",
    instead: "[Service]\nMemoryMax=1G\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["# comment\n\n[Service]\nExecStart=/bin/true"],
    .file { item, report in
      for assignment in item.source.assignments where assignment.section == nil {
        let homes = DirectiveCatalogue.standard.directives(named: assignment.key).flatMap(\.sections)
        let home = homes.first { $0.isTaken(by: item.unit.name.type) }
        let start = assignment.keyRange.lowerBound
        report.add(
          item.finding(
            rule, "\(assignment.key)= stands in front of the first section", at: assignment.keyRange,
            help: home.map { "put [\($0.rawValue)] in front of it" } ?? "put it into a section",
            fix: home.map { Fix(.unsafe, [.init(item.source.span(start..<start), "[\($0.rawValue)]\n")]) }))
      }
    })
}

/// SY011
enum LineWithoutEquals {
  static let rule = Rule(
    "SY011", "line-without-equals", .warning,
    finds: "A line that is no section, no comment and has no `=` behind a name.",
    why: "systemd leaves it out. Often the line above has lost its backslash.",
    example: "[Service]\nExecStart=/bin/echo one\n  two",
    instead: "[Service]\nExecStart=/bin/echo one \\\n  two")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\n; two\n\nExecStart=/bin/true"],
    .file { item, report in
      for element in item.source.elements {
        switch element.kind {
        case .stray(.missingEquals):
          report.add(
            item.finding(
              rule, "this line has no '='", at: element.text,
              help: "continue the line above with a backslash, or make it a comment"))
        case .stray(.missingKey):
          report.add(item.finding(rule, "there is no name in front of '='", at: element.text))
        default: break
        }
      }
    })
}

/// SY022
enum UnreadableLine {
  static let rule = Rule(
    "SY022", "unreadable-line", .error,
    finds: "A line that is not UTF-8, or longer than 1 MiB.",
    why: "systemd leaves the line out or, when it is too long, the whole unit.",
    // U+FFFE is no character to systemd, and a literal cannot spell it.
    example: "[Unit]\nDescription=" + String(decoding: [0xef, 0xbf, 0xbe] as [UInt8], as: UTF8.self)
      + "\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nDescription=plain text\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule,
    .file { item, report in
      for element in item.source.elements {
        switch element.kind {
        case .stray(.notUnicode):
          report.add(
            item.finding(
              rule, "the line is not UTF-8 and is left out", at: element.text, help: "save the file as UTF-8")
          )
        case .stray(.tooLong):
          report.add(
            item.finding(
              rule, "the line is longer than 1 MiB; systemd does not load this file", at: element.text))
        default: break
        }
      }
    })
}

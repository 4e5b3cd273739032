import Diagnostics
import SystemdUnits

/// EN003, EN004
enum EnvironmentAssignments {
  static let unquoted = Rule(
    "EN003", "unquoted-blank", .warning,
    finds: "An Environment= value with blanks that no quotes hold together.",
    why: "The value ends at the first blank, the rest is left out.",
    example: "[Service]\nEnvironment=JAVA_OPTS=-Xmx1g -Xms1g\nExecStart=/bin/true",
    instead: "[Service]\nEnvironment=\"JAVA_OPTS=-Xmx1g -Xms1g\"\nExecStart=/bin/true")

  static let badName = Rule(
    "EN004", "invalid-variable-name", .warning,
    finds: "A name in Environment= that is none: dots, hyphens, a digit in front.",
    why: "systemd leaves the assignment out.",
    example: "[Service]\nEnvironment=app.port=80\nExecStart=/bin/true",
    instead: "[Service]\nEnvironment=APP_PORT=80\nExecStart=/bin/true")

  static let unquotedRule = UnitRule(
    unquoted, nearMisses: ["[Service]\nEnvironment=A=1 B=2 'C=3 4'\nExecStart=/bin/true"],
    .settings(of: [.environment]) { item, report in
      let words = UnitWords.split(item.setting.value, .command).words
      guard let first = words.firstIndex(where: { !$0.text.utf8.contains(UInt8(ascii: "=")) }) else { return }
      // What was meant is certain only when the line has one assignment.
      let isOne = first == 1 && words.dropFirst().allSatisfy { !$0.isQuoted } && !words[0].isQuoted
      let quoted = "\"" + item.setting.value.replacing("\"", with: "\\\"") + "\""
      report.add(
        item.atValue(
          unquoted, "'\(words[first].text)' is no assignment and is left out", words[first].range,
          help: "put the whole assignment into quotes",
          fix: isOne ? item.replacing(0..<item.setting.value.utf8.count, by: quoted, .safe) : nil))
    })

  static let badNameRule = UnitRule(
    badName, nearMisses: ["[Service]\nEnvironment=_A1=x.y-z\nExecStart=/bin/true"],
    .settings(of: [.environment]) { item, report in
      for word in UnitWords.split(item.setting.value, .command).words {
        guard let equals = word.text.utf8.firstIndex(of: UInt8(ascii: "=")),
          !VariableReference.isName(word.text.utf8[..<equals])
        else { continue }
        report.add(
          item.atValue(
            badName, "'\(word.text[..<equals])' is no name for a variable", word.range,
            help: "use letters, digits and _, no digit in front"))
      }
    })
}

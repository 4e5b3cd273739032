import Diagnostics
import SystemdUnits
import UnitGraphs

/// EN005, EN012, EN016, EN017, EN020, EN021: values of Environment=.
enum AssignedValues {
  static let expansion = Rule(
    "EN005", "expansion-in-environment", .warning,
    finds: "`$NAME`, `$(…)` or `~/` in a value of Environment=.",
    why:
      "Nothing is expanded there: the program gets a dollar sign, and PATH=$PATH:/opt loses every folder but /opt.",
    example: "[Service]\nEnvironment=PATH=$PATH:/opt/app/bin\nExecStart=/opt/app/bin/serverd",
    instead: "[Service]\nEnvironment=PATH=/usr/sbin:/usr/bin:/opt/app/bin\nExecStart=/opt/app/bin/serverd",
    ignoreWhen: "The program expands the value itself.")

  static let reserved = Rule(
    "EN012", "variable-of-the-manager", .warning,
    finds:
      "A variable in Environment= by which systemd talks to services: NOTIFY_SOCKET, LISTEN_FDS, MAINPID.",
    why: "The value takes the place of systemd's own: notifications, sockets or the watchdog get lost.",
    example: "[Service]\nEnvironment=NOTIFY_SOCKET=/run/app/notify\nExecStart=/bin/serverd",
    instead: "[Service]\nExecStart=/bin/serverd")

  static let separator = Rule(
    "EN016", "separator-in-environment", .warning,
    finds: "A comma or semicolon behind an assignment of Environment= that others follow.",
    why: "Assignments are separated by blanks; the mark becomes part of the value.",
    example: "[Service]\nEnvironment=A=1, B=2\nExecStart=/bin/true",
    instead: "[Service]\nEnvironment=A=1 B=2\nExecStart=/bin/true",
    ignoreWhen: "The value ends so.")

  static let repeated = Rule(
    "EN017", "variable-set-twice", .note,
    finds: "A variable that the Environment= lines of a file set to two values.",
    why: "The last one counts; who edits the first changes nothing.",
    example: "[Service]\nEnvironment=PORT=80\nEnvironment=PORT=8080\nExecStart=/bin/true",
    instead: "[Service]\nEnvironment=PORT=8080\nExecStart=/bin/true")

  static let searchPath = Rule(
    "EN020", "relative-search-path", .warning,
    finds: "An empty or relative element of PATH, LD_LIBRARY_PATH or PYTHONPATH.",
    why: "It means the working directory: whoever may write there chooses the program or library.",
    example: "[Service]\nEnvironment=LD_LIBRARY_PATH=/opt/app/lib:\nExecStart=/bin/true",
    instead: "[Service]\nEnvironment=LD_LIBRARY_PATH=/opt/app/lib\nExecStart=/bin/true")

  static let narrow = Rule(
    "EN021", "narrow-path", .note,
    finds: "PATH in Environment= without /usr/bin or /bin.",
    why: "It replaces systemd's own: what the program starts, a shell's commands too, is not found.",
    example: "[Service]\nEnvironment=PATH=/opt/app/bin\nExecStart=/opt/app/bin/serverd",
    instead: "[Service]\nEnvironment=PATH=/opt/app/bin:/usr/bin\nExecStart=/opt/app/bin/serverd",
    ignoreWhen: "The program starts nothing from elsewhere.")

  static let expansionRule = UnitRule(
    expansion,
    nearMisses: [
      "[Service]\nEnvironment=PRICE=5$ A=a$1 B=~ 'C=${lower}x$'\nExecStart=/bin/true",
      "[Service]\nEnvironment=HOME=%h\nExecStart=/bin/sh -c 'echo $HOME $(date)'",
    ],
    .settings(of: [.environment]) { item, report in
      guard item.setting.value.utf8.contains(where: { [0x24, 0x60, 0x7e].contains($0) }) else { return }
      for (word, _, value) in assignments(item.setting.value) where expects(value) {
        report.add(
          item.atValue(
            expansion, "systemd expands nothing in '\(word.text)'", word.range,
            help: "write the value itself; specifiers such as %t and %S are filled in"))
      }
    })

  static let reservedRule = UnitRule(
    reserved,
    nearMisses: ["[Service]\nEnvironment=LISTEN_ADDRESS=a NOTIFY=1 STATE_DIRECTORY=/x\nExecStart=/bin/true"],
    .settings(of: [.environment]) { item, report in
      for (word, name, _) in assignments(item.setting.value) where reservedNames.contains(name) {
        report.add(
          item.atValue(
            reserved, "\(name) is set by systemd for the service", word.range, help: "take the assignment out"
          ))
      }
    })

  static let separatorRule = UnitRule(
    separator,
    nearMisses: [
      "[Service]\nEnvironment=A=1,2 B=2;\nExecStart=/bin/true",
      "[Service]\nEnvironment=\"A=1,\" B=2\nExecStart=/bin/true",
    ],
    .settings(of: [.environment]) { item, report in
      let words = UnitWords.split(item.setting.value, .command).words
      for (word, next) in zip(words, words.dropFirst())
      where !word.isQuoted && word.text.contains("=") && next.text.contains("=") {
        guard let last = word.text.utf8.last, last == UInt8(ascii: ",") || last == UInt8(ascii: ";") else {
          continue
        }
        let end = word.range.upperBound
        report.add(
          item.atValue(
            separator, "the '\(Character(Unicode.Scalar(last)))' is part of the value", end - 1..<end,
            help: "separate assignments by blanks alone", fix: item.replacing(end - 1..<end, by: "", .unsafe))
        )
      }
    })

  static let repeatedRule = UnitRule(
    repeated,
    nearMisses: [
      "[Service]\nEnvironment=PORT=80\nEnvironment=\nEnvironment=PORT=8080\nExecStart=/bin/true",
      "[Service]\nEnvironment=A=1 A=1\nExecStart=/bin/true",
    ],
    .units(having: [.environment]) { item, report in
      var seen: [Substring: (value: Substring, fragment: String)] = [:]
      for index in item.unit.indices(of: .environment) {
        let fragment = item.unit.fragment(of: index)
        for (word, name, value) in assignments(item.unit.settings[index].value) {
          let former = seen.updateValue((value, fragment.path), forKey: name)
          guard let former, former.value != value, former.fragment == fragment.path,
            item.context.isAsked(fragment)
          else { continue }
          let one = SettingCase(owner: item, index: index, setting: item.unit.settings[index])
          report.add(
            one.atValue(
              repeated, "\(name) has another value further up", word.range, help: "keep one of the two"))
        }
      }
    })

  static let searchPathRule = UnitRule(
    searchPath,
    nearMisses: ["[Service]\nEnvironment=PATH=/a:/usr/bin LIBS=:a PYTHONPATH=%S/x\nExecStart=/bin/true"],
    .settings(of: [.environment]) { item, report in
      guard ["PATH=", "LD_PRELOAD=", "PERL5LIB="].contains(where: { item.setting.value.contains($0) }) else {
        return
      }
      for (word, name, value) in assignments(item.setting.value)
      where ["PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "LD_PRELOAD", "PERL5LIB"].contains(name)
        && !value.isEmpty
      {
        let parts = value.utf8.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        // What looks like an expansion is another rule's.
        let isRelative = parts.contains { part in
          part.isEmpty
            ? name != "LD_PRELOAD" && name != "PYTHONPATH"
            : name == "LD_PRELOAD"
              ? part.first == UInt8(ascii: ".") : ![0x2f, 0x25, 0x24, 0x7e].contains(part.first ?? 0)
        }
        guard isRelative else { continue }
        report.add(
          item.atValue(
            searchPath, "an element of \(name) is the working directory or lies below it", word.range,
            help: "write absolute paths, without a colon at either end"))
      }
    })

  static let narrowRule = UnitRule(
    narrow,
    nearMisses: [
      "[Service]\nEnvironment=PATH=/a:/bin\nExecStart=/bin/true",
      "[Service]\nEnvironment=PATH=$PATH:/a\nExecStart=/bin/true",
    ],
    .settings(of: [.environment]) { item, report in
      guard item.setting.value.contains("PATH=") else { return }
      for (word, name, value) in assignments(item.setting.value) where name == "PATH" {
        let parts = value.split(separator: ":")
        guard
          !parts.contains(where: { $0 == "/usr/bin" || $0 == "/bin" || $0.contains("$") || $0.contains("%") })
        else { continue }
        report.add(
          item.atValue(
            narrow, "neither /usr/bin nor /bin is in this PATH", word.range, help: "add :/usr/bin"))
      }
    })

  /// The assignments of a value of Environment=.
  static func assignments(_ value: String) -> [(word: UnitWords.Word, name: Substring, value: Substring)] {
    UnitWords.split(value, .command).words.compactMap { word in
      guard let equals = word.text.firstIndex(of: "=") else { return nil }
      return (word, word.text[..<equals], word.text[word.text.index(after: equals)...])
    }
  }

  /// Whether a value looks as if a shell should read it: variables in capitals, commands, homes.
  static func expects(_ value: Substring) -> Bool {
    if value.hasPrefix("~/") || value.contains(":~/") || value.contains("$(") { return true }
    if value.utf8.count > 2, value.hasPrefix("`"), value.hasSuffix("`") { return true }
    var rest = value.utf8[...]
    while let dollar = rest.firstIndex(of: UInt8(ascii: "$")) {
      let isEscaped =
        dollar > value.utf8.startIndex && [0x5c, 0x24].contains(value.utf8[value.utf8.index(before: dollar)])
      rest = rest[rest.index(after: dollar)...]
      if rest.first == UInt8(ascii: "{") { rest = rest.dropFirst() }
      let name = rest.prefix { (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f }
      if !isEscaped, name.count > 1, VariableReference.isName(name) { return true }
    }
    return false
  }

  /// systemd.exec(5), "ENVIRONMENT VARIABLES IN SPAWNED PROCESSES"
  private static let reservedNames: Set<Substring> = [
    "NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "MAINPID", "MANAGERPID", "INVOCATION_ID",
    "WATCHDOG_USEC", "WATCHDOG_PID", "SYSTEMD_EXEC_PID", "JOURNAL_STREAM", "CREDENTIALS_DIRECTORY",
  ]
}

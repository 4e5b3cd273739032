import Diagnostics
import SystemdUnits
import UnitGraphs

/// A command under check.
struct CommandCase: Sendable {
  /// The setting it stands in.
  let setting: SettingCase
  let command: ExecCommand
  /// Whether no other command follows in the setting.
  let isLast: Bool

  var owner: UnitCase { setting.owner }
  var unit: LoadedUnit { setting.unit }
  var key: SettingKey? { setting.setting.key }
  var arguments: [UnitWords.Word] { command.arguments }

  /// The program's name without its folders.
  var program: Substring { command.program.lastPathPart }

  /// Whether User= and the sandbox are left out for the command (systemd.service(5), prefix `+`).
  var isPrivileged: Bool { command.prefixes.utf8.contains(UInt8(ascii: "+")) }

  /// Whether User= does not apply to it.
  var keepsRoot: Bool { isPrivileged || command.prefixes.utf8.contains(UInt8(ascii: "!")) }

  /// Whether this is the command that the service is.
  var isMain: Bool { key == .execStart && unit.name.type == .service }

  /// The script of `sh -c SCRIPT`, with its place among the arguments.
  var script: (index: Int, word: UnitWords.Word)? {
    guard Self.shells.contains(program) else { return nil }
    for (index, word) in arguments.enumerated() {
      guard let first = word.text.utf8.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") else {
        return nil
      }
      if word.text.utf8.dropFirst().first != UInt8(ascii: "-"), word.text.utf8.contains(UInt8(ascii: "c")) {
        return index + 1 < arguments.count ? (index + 1, arguments[index + 1]) : nil
      }
    }
    return nil
  }

  /// Whether the program gets one of these as a whole argument.
  func hasArgument(_ words: String...) -> Bool { arguments.contains { words.contains($0.text) } }

  /// A finding at the program.
  func atProgram(
    _ rule: Rule, _ message: String, help: String? = nil, severity: Severity? = nil, fix: Fix? = nil
  ) -> Diagnostic {
    setting.atValue(rule, message, command.programRange, help: help, severity: severity, fix: fix)
  }

  /// A finding at an argument.
  func at(
    _ word: UnitWords.Word, _ rule: Rule, _ message: String, help: String? = nil, severity: Severity? = nil,
    fix: Fix? = nil
  ) -> Diagnostic {
    setting.atValue(rule, message, word.range, help: help, severity: severity, fix: fix)
  }

  static let shells: Set<Substring> = ["sh", "bash", "dash", "zsh", "ash", "ksh"]
}

extension UnitWords.Word {
  /// The word up to the first `=`, and what follows it; `nil` where there is none.
  var flagAndValue: (flag: Substring, value: Substring?) {
    guard let equals = text.utf8.firstIndex(of: UInt8(ascii: "=")) else { return (text[...], nil) }
    return (text[..<equals], text[text.utf8.index(after: equals)...])
  }
}

extension String {
  /// The text behind the last slash.
  var lastPathPart: Substring {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self[...] }
    return self[utf8.index(after: slash)...]
  }

  /// Whether a path is `folder` or lies below it; `folder` has no slash at its end.
  func isBelow(_ folder: String) -> Bool {
    guard utf8.starts(with: folder.utf8) else { return false }
    let rest = utf8.dropFirst(folder.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: "/")
  }
}

extension UnitCase {
  /// Who runs the unit's programs.
  enum Account: Equatable {
    case root
    /// DynamicUser=
    case dynamic
    case named(String)
  }

  /// Who runs the unit's programs (systemd.exec(5), User= and DynamicUser=).
  var account: Account {
    if let user = unit.value(.user) { return user == "root" || user == "0" ? .root : .named(user) }
    return unit.flag(.dynamicUser, false) ? .dynamic : .root
  }

  /// The first words of a list setting, each with the setting it stands in; `~` and other marks included.
  func words(_ key: SettingKey) -> [(setting: Int, word: String)] {
    unit.indices(of: key).prefix(LintChecks.maximum).flatMap { index in
      UnitWords.names(unit.settings[index].value).prefix(LintChecks.maximum).map { (index, $0) }
    }
  }

  /// The first paths of a list setting without their marks (`-`, `+`), each with its setting.
  func paths(_ key: SettingKey) -> [(setting: Int, path: String, isOptional: Bool)] {
    var found: [(setting: Int, path: String, isOptional: Bool)] = []
    for index in unit.indices(of: key) {
      for word in UnitWords.split(unit.settings[index].value, .paths).words {
        guard found.count < LintChecks.maximum else { return found }
        let marks = word.text.utf8.prefix { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
        let path = String(decoding: word.text.utf8.dropFirst(marks.count), as: UTF8.self)
        found.append((index, path, marks.contains(UInt8(ascii: "-"))))
      }
    }
    return found
  }

  private static let commandKeys: [SettingKey] = [
    .execCondition, .execStartPre, .execStart, .execStartPost, .execReload, .execStop, .execStopPost,
  ]

  /// The first commands of a service that keep to its sandbox, each with its setting.
  var confinedCommands: [(setting: Int, command: ExecCommand)] {
    guard unit.name.type == .service else { return [] }
    return Self.commandKeys.flatMap { unit.indices(of: $0) }.prefix(LintChecks.maximum).flatMap { index in
      unit.commands(at: index).prefix(LintChecks.maximum).filter {
        !$0.prefixes.utf8.contains(UInt8(ascii: "+"))
      }.map { (index, $0) }
    }
  }

  /// Whether a choice that is a boolean or a word is on.
  func isOn(_ key: SettingKey) -> Bool {
    guard let value = unit.value(key) else { return false }
    return ValueReading.boolean(value) ?? true
  }
}

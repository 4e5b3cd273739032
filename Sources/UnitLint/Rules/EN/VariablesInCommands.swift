import Diagnostics
import SystemdUnits
import UnitGraphs

/// EN006, EN013, EN018, EN019: variables of command lines.
enum VariablesInCommands {
  static let splitting = Rule(
    "EN006", "variable-split-or-not", .warning,
    finds:
      "`${NAME}` where the value is several options, and `$NAME` where the value is one text with blanks.",
    why:
      "`${NAME}` is always one argument, `$NAME` is split at blanks: the program gets other arguments than meant.",
    example: "[Service]\nEnvironment=\"OPTS=--port 80 --verbose\"\nExecStart=/bin/serverd ${OPTS}",
    instead: "[Service]\nEnvironment=\"OPTS=--port 80 --verbose\"\nExecStart=/bin/serverd $OPTS")

  static let login = Rule(
    "EN013", "login-variable-without-user", .warning,
    finds: "`$HOME`, `$USER`, `$LOGNAME` or `$SHELL` in a command of a system service without User=.",
    why: "systemd sets them for services with User= only; here they are empty.",
    example: "[Service]\nExecStart=/bin/serverd --home ${HOME}",
    instead: "[Service]\nExecStart=/bin/serverd --home /root",
    ignoreWhen: "The unit is one of a user's manager, which sets them always.")

  static let credentials = Rule(
    "EN018", "credentials-directory-without-credentials", .warning,
    finds: "`${CREDENTIALS_DIRECTORY}` or %d in a unit that loads no credential.",
    why: "There is no such directory then: the variable is empty, and the path starts at /.",
    example: "[Service]\nExecStart=/bin/serverd --key ${CREDENTIALS_DIRECTORY}/key",
    instead:
      "[Service]\nLoadCredential=key:/etc/app/key\nExecStart=/bin/serverd --key ${CREDENTIALS_DIRECTORY}/key")

  static let several = Rule(
    "EN019", "variable-of-several-directories", .warning,
    finds: "`${STATE_DIRECTORY}` or its like as one path, where the directive names several directories.",
    why: "The variable holds all of them with colons between: no such path exists.",
    example: "[Service]\nStateDirectory=app app/cache\nExecStart=/bin/serverd --data ${STATE_DIRECTORY}/db",
    instead: "[Service]\nStateDirectory=app app/cache\nExecStart=/bin/serverd --data %S/app/db")

  static let splittingRule = UnitRule(
    splitting,
    nearMisses: [
      "[Service]\nEnvironment=\"OPTS=--a --b\"\nExecStart=/bin/serverd $OPTS",
      "[Service]\nEnvironment=\"NAME=My App\"\nExecStart=/bin/serverd --name ${NAME}",
      "[Service]\nEnvironment=\"OPTS=--a --b\"\nExecStart=/bin/sh -c 'serverd ${OPTS}'",
    ],
    fires: ["[Service]\nEnvironment=\"NAME=My App\"\nExecStart=/bin/serverd --name $NAME"],
    .units(having: [.environment]) { item, report in
      guard item.unit.value(.environmentFile) == nil else { return }
      var values: [Substring: Substring] = [:]
      for value in item.unit.values(.environment) where value.utf8.contains(UInt8(ascii: " ")) {
        for (_, name, value) in AssignedValues.assignments(value) where value.contains(" ") {
          values[name] = value
        }
      }
      guard !values.isEmpty else { return }
      for index in item.unit.indices(of: .execStart) + item.unit.indices(of: .execStartPre) {
        let one = SettingCase(owner: item, index: index, setting: item.unit.settings[index])
        for command in one.commands where !command.expandsNoVariables {
          for (position, word) in command.arguments.enumerated() {
            guard let reference = VariableReference.all(in: word.text).first,
              let value = values[reference.name[...]],
              word.text == (reference.isBraced ? "${\(reference.name)}" : "$\(reference.name)")
            else { continue }
            let isOptions = value.hasPrefix("-") && value.contains(" -")
            let former = position > 0 ? command.arguments[position - 1].text : ""
            let isValue = former.hasPrefix("--") && !former.contains("=") && !value.hasPrefix("-")
            guard reference.isBraced ? isOptions && !former.hasPrefix("-") : isValue else { continue }
            let better = reference.isBraced ? "$\(reference.name)" : "${\(reference.name)}"
            report.add(
              one.atValue(
                splitting,
                reference.isBraced
                  ? "all of \(reference.name) is one argument here"
                  : "\(reference.name) is split at its blanks here",
                word.range, help: "write \(better)",
                fix: word.isQuoted ? nil : one.replacing(word.range, by: better, .unsafe)))
          }
        }
      }
    })

  static let loginRule = UnitRule(
    login,
    nearMisses: [
      "[Service]\nUser=app\nExecStart=/bin/serverd ${HOME}",
      "[Service]\nEnvironment=HOME=/x\nExecStart=/bin/serverd ${HOME}",
      "[Service]\nExecStart=/bin/serverd $HOME\n[Install]\nWantedBy=default.target",
      "[Service]\nEnvironmentFile=/x\nExecStart=/bin/a ${USER}",
    ],
    .units(having: [.execStart, .execStartPre, .execStartPost, .execStop, .execReload]) { item, report in
      guard item.unit.value(.user) == nil, !item.unit.flag(.dynamicUser, false), !item.unit.has(.pamName),
        !isOfUser(item.unit)
      else { return }
      let keys: [SettingKey] = [.execStart, .execStartPre, .execStartPost, .execStop, .execReload]
      let used = keys.flatMap { item.unit.indices(of: $0) }.filter {
        item.unit.settings[$0].value.utf8.contains(UInt8(ascii: "$"))
      }
      guard !used.isEmpty else { return }
      let environment = UnitEnvironment(item.unit, item.context.settings.files)
      guard environment.rest == .none else { return }
      for index in used.prefix(LintChecks.maximum) {
        let one = SettingCase(owner: item, index: index, setting: item.unit.settings[index])
        for command in one.commands where !command.expandsNoVariables {
          for word in command.arguments {
            let names = VariableReference.all(in: word.text).map(\.name)
            guard let name = names.first(where: { ["HOME", "USER", "LOGNAME", "SHELL"].contains($0) }),
              !environment.names.contains(name)
            else { continue }
            report.add(
              one.atValue(
                login, "\(name) is set for services with User= only", word.range,
                help: "write the value, or set User="))
          }
        }
      }
    })

  static let credentialsRule = UnitRule(
    credentials,
    nearMisses: [
      "[Service]\nSetCredential=a:b\nExecStart=/bin/a %d/a",
      "[Service]\nImportCredential=a.*\nExecStart=/bin/a ${CREDENTIALS_DIRECTORY}/a",
      "[Service]\nExecStart=/bin/a %%d",
    ],
    .command { item, report in
      let keys: [SettingKey] = [
        .loadCredential, .loadCredentialEncrypted, .setCredential, .setCredentialEncrypted, .importCredential,
      ]
      for word in item.arguments {
        let hasSpecifier = Specifiers.offsets(in: word.text).contains {
          Array(word.text.utf8)[$0 + 1] == UInt8(ascii: "d")
        }
        guard hasSpecifier || word.text.contains("${CREDENTIALS_DIRECTORY}") else { continue }
        guard !keys.contains(where: item.unit.has), item.unit.hasFile else { return }
        // `date +%d` and its like are another rule's.
        if hasSpecifier, !word.text.contains("%d/") { continue }
        report.add(
          item.at(
            word, credentials, "the unit loads no credential", help: "add LoadCredential= or SetCredential="))
        return
      }
    })

  static let severalRule = UnitRule(
    several,
    nearMisses: [
      "[Service]\nStateDirectory=app\nExecStart=/bin/a ${STATE_DIRECTORY}/db",
      "[Service]\nStateDirectory=a b\nExecStart=/bin/a --dirs ${STATE_DIRECTORY}",
    ],
    .command { item, report in
      for word in item.arguments where word.text.contains("_DIRECTORY}/") {
        for (name, key) in directories where word.text.contains("${\(name)}/") {
          guard item.owner.words(key).count > 1 else { continue }
          report.add(
            item.at(
              word, several, "\(name) holds several paths with colons between",
              help: "write the path with %S, %t, %C, %L or %E"))
        }
      }
    })

  private static let directories: [(String, SettingKey)] = [
    ("STATE_DIRECTORY", .stateDirectory), ("CACHE_DIRECTORY", .cacheDirectory),
    ("LOGS_DIRECTORY", .logsDirectory),
    ("RUNTIME_DIRECTORY", .runtimeDirectory), ("CONFIGURATION_DIRECTORY", .configurationDirectory),
  ]

  /// Whether a unit seems to be for a user's manager.
  private static func isOfUser(_ unit: LoadedUnit) -> Bool {
    unit.settings.contains { setting in
      setting.key == .wantedBy
        && (setting.value.contains("default.target") || setting.value.contains("graphical-session"))
    }
  }
}

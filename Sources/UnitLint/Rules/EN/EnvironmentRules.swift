import Diagnostics
import SystemdUnits
import UnitGraphs

/// EN001, EN002
enum EnvironmentRules {
  static let missingFile = Rule(
    "EN001", "environment-file-missing", .error,
    finds: "An EnvironmentFile= without `-` that is not in the tree.",
    why: "The start fails before the program runs.",
    example: "[Service]\nEnvironmentFile=/etc/app/missing.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=-/etc/app/missing.env\nExecStart=/bin/true")

  static let undefined = Rule(
    "EN002", "undefined-variable", .warning,
    finds: "A variable of a command line that nothing defines.",
    why: "It becomes an empty argument, or none.",
    example: "[Service]\nEnvironment=PORT=80\nExecStart=/bin/serverd --port ${PROT}",
    instead: "[Service]\nEnvironment=PORT=80\nExecStart=/bin/serverd --port ${PORT}")

  static let missingFileRule = UnitRule(
    missingFile, nearMisses: ["[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true"],
    .unit { item, report in
      guard item.context.settings.files.isComplete else { return }
      for index in item.unit.indices(of: .environmentFile) {
        let path = item.unit.settings[index].value
        guard path.utf8.first == UInt8(ascii: "/"),
          !path.utf8.contains(where: { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "%") }),
          item.context.settings.files.environmentFiles[path] == nil
        else { continue }
        report.add(
          item.finding(
            missingFile, "\(path) does not exist", at: index,
            help: "add the file, or write -\(path) if it is optional",
            fix: item.replacingValue(of: index, by: "-" + path, .unsafe)))
      }
    })

  static let undefinedRule = UnitRule(
    undefined,
    nearMisses: [
      "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/serverd --port ${PORT} $MAINPID",
      "[Service]\nExecStart=/bin/sh -c 'echo $$HOME'", "[Service]\nExecStart=:/bin/serverd ${PORT}",
      "[Service]\nEnvironmentFile=/etc/elsewhere.env\nExecStart=/bin/serverd ${PORT}",
    ],
    .unit { item, report in
      let commands: [SettingKey] = [
        .execStart, .execStartPre, .execStartPost, .execCondition, .execReload, .execStop, .execStopPost,
      ]
      let used = commands.flatMap { item.unit.indices(of: $0) }.filter {
        item.unit.settings[$0].value.utf8.contains(UInt8(ascii: "$"))
      }
      guard !used.isEmpty else { return }
      let environment = UnitEnvironment(item.unit, item.context.settings.files)
      let known = environment.names.sorted().prefix(LintChecks.maximum)
      for index in used {
        for command in item.unit.commands(at: index)
        where !command.expandsNoVariables {
          for word in command.arguments {
            for reference in VariableReference.all(in: word.text) {
              guard let finding = judge(reference, environment, known, item, index) else { continue }
              report.add(finding)
            }
          }
        }
      }
    })

  private static func judge(
    _ reference: VariableReference, _ environment: UnitEnvironment, _ known: ArraySlice<String>,
    _ item: UnitCase, _ index: Int
  ) -> Diagnostic? {
    let name = reference.name
    if environment.names.contains(name) || UnitEnvironment.isSetBySystemd(name) { return nil }
    switch environment.rest {
    case .unknown: return nil
    case .optional:
      return item.finding(
        undefined, "\(name) is defined in an optional file at best", at: index,
        help: "give it a value with Environment= in front of the file", severity: .note)
    case .none:
      let meant = SpellingHints.nearest(to: name, among: known)
      return item.finding(
        undefined,
        "nothing defines \(name); it becomes \(reference.isBraced ? "an empty argument" : "no argument")",
        at: index,
        help: meant.map { "did you mean \($0)?" } ?? "set it with Environment= or EnvironmentFile=",
        // `$OPTIONS` with a file in which an administrator may set it is the way to optional arguments.
        severity: !reference.isBraced && meant == nil && item.unit.has(.environmentFile) ? .note : nil)
    }
  }
}

/// The variables that a unit's programs start with, as far as they are known.
struct UnitEnvironment {
  /// What else may define variables.
  enum Rest {
    /// Nothing.
    case none
    /// Files that need not be there, and that nobody has shown.
    case optional
    /// Files or other sources that nobody has shown.
    case unknown
  }

  var names = Set<String>()
  var rest = Rest.none

  init(_ unit: LoadedUnit, _ files: KnownFiles) {
    for value in unit.values(.environment) {
      for word in UnitWords.split(value, .command).words {
        names.insert(String(word.text.prefix { $0 != "=" }))
      }
    }
    for value in unit.values(.passEnvironment) { names.formUnion(UnitWords.names(value)) }
    for value in unit.values(.environmentFile) { add(file: value, files) }
    if unit.has(.pamName) { rest = .unknown }
    let directories: [(SettingKey, String)] = [
      (.stateDirectory, "STATE_DIRECTORY"), (.cacheDirectory, "CACHE_DIRECTORY"),
      (.logsDirectory, "LOGS_DIRECTORY"),
      (.runtimeDirectory, "RUNTIME_DIRECTORY"), (.configurationDirectory, "CONFIGURATION_DIRECTORY"),
    ]
    for (key, name) in directories where unit.has(key) { names.insert(name) }
  }

  private mutating func add(file value: String, _ files: KnownFiles) {
    let isOptional = value.utf8.first == UInt8(ascii: "-")
    let path = isOptional ? String(value.dropFirst()) : value
    if let bytes = files.environmentFiles[path] {
      names.formUnion(Self.names(inFile: bytes))
    } else if !isOptional {
      rest = .unknown
    } else if rest == .none {
      rest = .optional
    }
  }

  /// The names that an environment file defines (systemd.exec(5), EnvironmentFile=). Lines inside of
  /// quotes may be taken for definitions, which only makes the check milder.
  private static func names(inFile bytes: [UInt8]) -> [String] {
    bytes.split { $0 == 0x0a || $0 == 0x0d }.compactMap { line in
      guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
      let name = line[..<equals].drop { $0 == 0x20 || $0 == 0x09 }
      return VariableReference.isName(name) ? String(decoding: name, as: UTF8.self) : nil
    }
  }

  /// The variables that systemd gives every service (systemd.exec(5), "ENVIRONMENT VARIABLES IN SPAWNED
  /// PROCESSES").
  static func isSetBySystemd(_ name: String) -> Bool {
    let names = [
      "PATH", "LANG", "USER", "LOGNAME", "HOME", "SHELL", "INVOCATION_ID", "XDG_RUNTIME_DIR", "MAINPID",
      "MANAGERPID",
      "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC",
      "SYSTEMD_EXEC_PID", "TERM", "LOG_NAMESPACE", "JOURNAL_STREAM", "SERVICE_RESULT", "EXIT_CODE",
      "EXIT_STATUS",
      "PIDFILE", "REMOTE_ADDR", "REMOTE_PORT", "CREDENTIALS_DIRECTORY", "MEMORY_PRESSURE_WATCH",
      "MEMORY_PRESSURE_WRITE", "FDSTORE",
    ]
    return names.contains(name) || name.hasPrefix("MONITOR_") || name.hasPrefix("TRIGGER_")
      || name.hasPrefix("LC_")
  }
}

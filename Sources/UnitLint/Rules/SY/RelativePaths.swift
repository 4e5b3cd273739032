import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY015
enum RelativePaths {
  static let rule = Rule(
    "SY015", "relative-path", .warning,
    finds: "A relative path, one in quotes, or one with `~`, where systemd takes absolute paths only.",
    why: "systemd leaves the path out; a service whose working directory or root it is does not load.",
    example: "[Service]\nExecStart=/bin/true\nWorkingDirectory=app",
    instead: "[Service]\nExecStart=/bin/true\nWorkingDirectory=/srv/app")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nWorkingDirectory=-/srv/app\nReadWritePaths=-/a +/b \"/c d\" %h/x",
      "[Service]\nExecStart=/bin/true\nWorkingDirectory=~\nBindPaths=/a:/b -/c\nEnvironmentFile=-/etc/default/x",
      "# a.swap\n[Swap]\nWhat=UUID=1234",
    ],
    .values(of: [.path, .file, .paths, .bindPaths, .other, .output]) { item, report in
      guard let kind = item.setting.kind, !item.setting.value.isEmpty else { return }
      switch kind {
      case .path where item.setting.name != "ExecSearchPath", .file: checkOne(item, &report)
      case .paths, .bindPaths: checkList(item, isBinding: kind == .bindPaths, &report)
      case .other:
        if item.setting.key == .workingDirectory { checkOne(item, &report) }
        if item.setting.key == .temporaryFileSystem { checkList(item, isBinding: true, &report) }
      case .output: checkOutput(item, &report)
      default: break
      }
    })

  private static func checkOne(_ item: SettingCase, _ report: inout Report) {
    var value = item.setting.value
    if item.setting.key == .environmentFile || item.setting.key == .workingDirectory, value.hasPrefix("-") {
      value.removeFirst()
    }
    if item.setting.key == .workingDirectory, value == "~" { return }
    guard isRelative(value), !(item.setting.name == "What" && value.contains("=")) else { return }
    let isFatal = ["WorkingDirectory", "RootDirectory", "RootImage"].contains(item.setting.name)
    let unquoted = value.utf8.count > 2 ? String(value.dropFirst().dropLast()) : ""
    let isQuoted = value.hasPrefix("\"") && value.hasSuffix("\"") && !isRelative(unquoted)
    let end = item.setting.value.utf8.count
    let range = end - value.utf8.count..<end
    report.add(
      item.atValue(
        rule, isQuoted ? "the quotes are part of the path here" : "'\(value)' is no absolute path", range,
        help: isQuoted ? "take the quotes off" : advice(value),
        severity: isFatal ? .error : nil,
        fix: isQuoted ? item.replacing(range, by: unquoted, .safe) : nil))
  }

  private static func checkList(_ item: SettingCase, isBinding: Bool, _ report: inout Report) {
    for word in UnitWords.split(item.setting.value, .paths).words {
      let path = word.text.drop { $0 == "-" || $0 == "+" }
      let parts =
        isBinding ? path.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false) : [path]
      let named = item.setting.key == .temporaryFileSystem ? parts.prefix(1) : parts.prefix(2)
      for part in named where !part.isEmpty && isRelative(String(part)) {
        report.add(
          item.atValue(
            rule, "'\(part)' is no absolute path and is left out", word.range, help: advice(String(part))))
      }
    }
  }

  private static func checkOutput(_ item: SettingCase, _ report: inout Report) {
    let value = item.setting.value
    guard let prefix = ["file:", "append:", "truncate:"].first(where: { value.hasPrefix($0) }) else { return }
    let path = String(value.dropFirst(prefix.utf8.count))
    guard isRelative(path) else { return }
    report.add(
      item.atValue(
        rule, "'\(path)' is no absolute path", prefix.utf8.count..<value.utf8.count, help: advice(path)))
  }

  private static func isRelative(_ path: String) -> Bool {
    path.utf8.first != UInt8(ascii: "/") && path.utf8.first != UInt8(ascii: "%")
  }

  private static func advice(_ path: String) -> String {
    path.hasPrefix("~")
      ? "systemd expands no ~ here; write the path" : "write the path from / on, without variables"
  }
}

/// SY025
enum AbsoluteDirectories {
  static let rule = Rule(
    "SY025", "absolute-directory", .warning,
    finds: "StateDirectory= and its like with an absolute path, or one that climbs with `..`.",
    why:
      "These directives take names below a fixed folder. systemd leaves the path out and makes no directory.",
    example: "[Service]\nExecStart=/bin/true\nStateDirectory=/var/lib/app",
    instead: "[Service]\nExecStart=/bin/true\nStateDirectory=app")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nExecStart=/bin/true\nStateDirectory=app app/data\nLogsDirectory=%N"],
    .settings(of: [
      .stateDirectory, .cacheDirectory, .logsDirectory, .runtimeDirectory, .configurationDirectory,
    ]) { item, report in
      guard let key = item.setting.key, let base = ServiceDirectories.base(of: key) else { return }
      for word in UnitWords.split(item.setting.value, .paths).words {
        let isAbsolute = word.text.utf8.first == UInt8(ascii: "/")
        guard
          isAbsolute
            || word.text.utf8.split(separator: UInt8(ascii: "/")).contains(where: {
              $0.elementsEqual("..".utf8)
            })
        else { continue }
        let rest = word.text.isBelow(base) ? String(word.text.dropFirst(base.utf8.count + 1)) : ""
        let isPlain = !rest.isEmpty && !rest.contains("..") && !word.isQuoted
        report.add(
          item.atValue(
            rule, "\(item.setting.name)= takes names below \(base), '\(word.text)' is left out", word.range,
            help: isPlain ? "write \(rest)" : "write a name below \(base), or use ReadWritePaths=",
            fix: isPlain ? item.replacing(word.range, by: rest, .safe) : nil))
      }
    })
}

/// The directories that systemd makes for a service (systemd.exec(5), RuntimeDirectory= and its like).
enum ServiceDirectories {
  static let keys: [SettingKey] = [
    .stateDirectory, .cacheDirectory, .logsDirectory, .runtimeDirectory, .configurationDirectory,
  ]

  /// The folder that a directive's names lie below, for the system's manager.
  static func base(of key: SettingKey) -> String? {
    switch key {
    case .stateDirectory: "/var/lib"
    case .cacheDirectory: "/var/cache"
    case .logsDirectory: "/var/log"
    case .runtimeDirectory: "/run"
    case .configurationDirectory: "/etc"
    default: nil
    }
  }

  /// The directive that makes a folder at a path, with the name to give it.
  static func directive(for path: String) -> (name: String, value: String)? {
    for key in keys where key != .configurationDirectory {
      guard let base = base(of: key), path.isBelow(base), path.utf8.count > base.utf8.count + 1 else {
        continue
      }
      return (key.rawValue, String(path.dropFirst(base.utf8.count + 1)))
    }
    return nil
  }

  /// The directories of a unit, as paths. Names with specifiers are filled in where the unit's name
  /// says how.
  static func paths(of unit: LoadedUnit) -> [String] {
    keys.flatMap { key -> [String] in
      guard let base = base(of: key), unit.has(key) else { return [] }
      return unit.values(key).flatMap(UnitWords.names).map { word in
        let name = String(word.prefix { $0 != ":" })
        return base + "/" + (Specifiers.expandNames(name, for: unit.name) ?? name)
      }
    }
  }

  /// The directories of all units and those above them.
  static func all(of set: UnitSet) -> Set<String> {
    var found = Set<String>()
    for unit in set.units where !unit.isMasked {
      for path in paths(of: unit) {
        var folder = path[...]
        while !folder.isEmpty, found.insert(String(folder)).inserted, let slash = folder.lastIndex(of: "/") {
          folder = folder[..<slash]
        }
      }
    }
    return found
  }
}

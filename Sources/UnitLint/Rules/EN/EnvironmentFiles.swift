import Diagnostics
import SystemdUnits
import UnitGraphs

/// EN008, EN009, EN011, EN015, EN022: files of EnvironmentFile=.
enum EnvironmentFiles {
  static let ignored = Rule(
    "EN008", "ignored-line-in-environment-file", .warning,
    finds: "A line of an environment file that is no assignment to systemd: export NAME=…, a name with dots.",
    why: "systemd is no shell and leaves the line out.",
    example: "[Service]\nEnvironmentFile=/etc/app/export.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true")

  static let overridden = Rule(
    "EN009", "environment-overridden-by-file", .note,
    finds: "A variable of Environment= that an environment file sets to something else.",
    why: "Files win over Environment=, wherever the lines stand.",
    example: "[Service]\nEnvironmentFile=/etc/app/known.env\nEnvironment=PORT=80\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true",
    ignoreWhen: "Environment= gives the standard that the file may change.")

  static let comment = Rule(
    "EN011", "comment-behind-value-in-file", .warning,
    finds: "A `#` behind a value in an environment file.",
    why: "Only whole lines are comments there: the text becomes part of the value.",
    example: "[Service]\nEnvironmentFile=/etc/app/comment.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true")

  static let several = Rule(
    "EN015", "several-environment-files", .warning,
    finds: "Two paths in one EnvironmentFile=.",
    why: "The directive takes one: systemd looks for a file with a blank in its name.",
    example: "[Service]\nEnvironmentFile=-/etc/a.env -/etc/b.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=-/etc/a.env\nEnvironmentFile=-/etc/b.env\nExecStart=/bin/true")

  static let expansion = Rule(
    "EN022", "expansion-in-environment-file", .warning,
    finds: "`$NAME`, `$(…)` or `~/` in a value of an environment file.",
    why: "systemd expands nothing there: the program gets the characters.",
    example: "[Service]\nEnvironmentFile=/etc/app/expansion.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true",
    ignoreWhen: "A shell reads the file as well, or the program expands the value itself.")

  static let ignoredRule = UnitRule(
    ignored, nearMisses: ["[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true"],
    .settings(of: [.environmentFile]) { item, report in
      guard let file = EnvironmentText(item) else { return }
      for line in file.lines where !VariableReference.isName(line.name.utf8) {
        report.add(
          item.atValue(
            ignored, "line \(line.number) of \(file.path) is left out: '\(line.name)' is no name",
            help: line.name.hasPrefix("export ") ? "take export away" : "write NAME=value"))
        return
      }
      if let number = file.stray {
        report.add(
          item.atValue(
            ignored, "line \(number) of \(file.path) has no '='",
            help: "write NAME=value, or make it a comment"))
      }
    })

  static let overriddenRule = UnitRule(
    overridden,
    nearMisses: [
      "[Service]\nEnvironment=PORT=1\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true",
      "[Service]\nEnvironment=OTHER=1\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true",
    ],
    .units(having: [.environmentFile]) { item, report in
      guard item.unit.has(.environment) else { return }
      var inFiles: [Substring: (value: String, path: String)] = [:]
      for value in item.unit.values(.environmentFile).prefix(LintChecks.maximum) {
        guard let file = EnvironmentText(value, item.context.settings.files) else { continue }
        for line in file.lines { inFiles[line.name] = (line.value, file.path) }
      }
      guard !inFiles.isEmpty else { return }
      for index in item.unit.indices(of: .environment) {
        for (word, name, value) in AssignedValues.assignments(item.unit.settings[index].value) {
          guard let file = inFiles[name], file.value != value else { continue }
          let one = SettingCase(owner: item, index: index, setting: item.unit.settings[index])
          report.add(
            one.atValue(
              overridden, "\(file.path) sets \(name) to something else, and files win", word.range,
              help: "take one of the two out"))
        }
      }
    })

  static let commentRule = UnitRule(
    comment, nearMisses: ["[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true"],
    .settings(of: [.environmentFile]) { item, report in
      guard let file = EnvironmentText(item) else { return }
      guard let line = file.lines.first(where: { !$0.isQuoted && $0.value.contains(" # ") }) else { return }
      report.add(
        item.atValue(
          comment, "the text behind # in line \(line.number) of \(file.path) is part of \(line.name)",
          help: "put the comment on a line of its own"))
    })

  static let severalRule = UnitRule(
    several, nearMisses: ["[Service]\nEnvironmentFile=-/etc/my app.env\nExecStart=/bin/true"],
    .settings(of: [.environmentFile]) { item, report in
      guard item.setting.value.contains(" /") || item.setting.value.contains(" -/") else { return }
      report.add(
        item.atValue(several, "the directive takes one path", help: "give each file a line of its own"))
    })

  static let expansionRule = UnitRule(
    expansion, nearMisses: ["[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true"],
    .settings(of: [.environmentFile]) { item, report in
      guard let file = EnvironmentText(item),
        let line = file.lines.first(where: { !$0.isSingleQuoted && AssignedValues.expects($0.value[...]) })
      else { return }
      report.add(
        item.atValue(
          expansion, "systemd expands nothing in line \(line.number) of \(file.path)",
          help: "write the value itself"))
    })
}

/// The assignments of an environment file that somebody has shown (systemd.exec(5), EnvironmentFile=), line
/// by line. What runs over several lines is left out, so that nothing wrong is said of it.
struct EnvironmentText {
  /// A line.
  struct Line {
    let number: Int
    let name: Substring
    /// Without its quotes.
    let value: String
    let isQuoted: Bool
    let isSingleQuoted: Bool
  }

  let path: String
  private(set) var lines: [Line] = []
  /// The first line without an assignment.
  private(set) var stray: Int?

  /// The file of a setting; none of the settings far down, as every rule reads its file anew.
  init?(_ item: SettingCase) {
    guard item.index < 1_024 else { return nil }
    self.init(item.setting.value, item.context.settings.files)
  }

  init?(_ value: String, _ files: KnownFiles) {
    path = value.hasPrefix("-") ? String(value.dropFirst()) : value
    guard let bytes = files.environmentFiles[path] else { return nil }
    var isQuoteOpen = false
    var isContinued = false
    for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      let wasOpen = isQuoteOpen || isContinued
      let first = line.first { $0 != 0x20 && $0 != 0x09 }
      if !wasOpen, first == UInt8(ascii: "#") || first == UInt8(ascii: ";") { continue }
      let quotes = line.count { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") }
      if quotes % 2 == 1 { isQuoteOpen.toggle() }
      isContinued = line.last == UInt8(ascii: "\\")
      if !wasOpen, !isQuoteOpen, !isContinued { read(String(decoding: line, as: UTF8.self), index + 1) }
    }
  }

  private mutating func read(_ line: String, _ number: Int) {
    let text = line.utf8.drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }
    guard !text.isEmpty else { return }
    guard let equals = text.firstIndex(of: UInt8(ascii: "=")) else {
      if stray == nil { stray = number }
      return
    }
    var value = line[text.index(after: equals)...].drop { $0 == " " }
    while value.last == " " || value.last == "\r" || value.last == "\t" { value.removeLast() }
    let quote = value.first
    let isQuoted = (quote == "\"" || quote == "'") && value.count > 1 && value.last == quote
    lines.append(
      Line(
        number: number, name: line[text.startIndex..<equals],
        value: isQuoted ? String(value.dropFirst().dropLast()) : String(value), isQuoted: isQuoted,
        isSingleQuoted: isQuoted && quote == "'"))
  }
}

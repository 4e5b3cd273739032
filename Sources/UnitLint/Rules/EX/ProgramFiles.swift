import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX001, EX002, EX003: what `lint --root` knows of programs.
enum ProgramFiles {
  static let missing = Rule(
    "EX001", "program-missing", .error,
    finds: "A command whose program is not in the root tree.",
    why: "The start fails with 203/EXEC.",
    example: "[Service]\nExecStart=/opt/known/missing",
    instead: "[Service]\nExecStart=/opt/known/server",
    ignoreWhen: "Something that runs before the service puts the program there.")

  static let notExecutable = Rule(
    "EX002", "program-not-executable", .error,
    finds: "A command whose program nobody may execute, or which is a folder.",
    why: "The start fails with 203/EXEC.",
    example: "[Service]\nExecStart=/opt/known/plain.txt",
    instead: "[Service]\nExecStart=/opt/known/server")

  static let interpreter = Rule(
    "EX003", "interpreter-missing", .error,
    finds: "A script whose first line names an interpreter that is not in the root tree.",
    why: "The start fails with 203/EXEC, although the script is there.",
    example: "[Service]\nExecStart=/opt/known/lonely.sh",
    instead: "[Service]\nExecStart=/opt/known/script.sh")

  static let missingRule = UnitRule(
    missing,
    nearMisses: [
      "[Service]\nExecStart=-/opt/known/missing", "[Service]\nExecStart=/opt/never/looked/at",
      "[Unit]\nConditionFileIsExecutable=/opt/known/missing\n[Service]\nExecStart=/opt/known/missing",
      "# opt-known.mount\n[Mount]\nWhat=/dev/sda1\nWhere=/opt/known\n# a.service\n[Service]\nExecStart=/opt/known/missing",
      "[Service]\nExecStart=known-tool",
    ],
    .command { item, report in
      guard !item.command.ignoresFailure else { return }
      let places = ProgramPlaces.candidates(item.command.program, of: item.unit)
      let files = item.setting.context.settings.files
      guard let first = places.first, places.allSatisfy(files.isMissing), !item.mayAppear(first) else {
        return
      }
      report.add(
        item.atProgram(
          missing,
          places.count > 1
            ? "there is no program \(item.command.program) in the root tree"
            : "\(first) is not in the root tree",
          help: "install it, or write - in front of the command if it is optional",
          // A condition may well keep the unit from starting where the program is not installed.
          severity: item.unit.settings.contains { $0.kind == .condition } ? .warning : nil))
    })

  static let notExecutableRule = UnitRule(
    notExecutable,
    nearMisses: [
      "[Service]\nExecStart=/opt/known/server", "[Service]\nExecStart=/bin/sh /opt/known/plain.txt",
    ],
    .command { item, report in
      guard let (path, file) = item.programFile, file.kind != .other,
        file.kind == .directory || file.mode & 0o111 == 0
      else { return }
      report.add(
        item.atProgram(
          notExecutable, file.kind == .directory ? "\(path) is a folder" : "\(path) may not be executed",
          help: file.kind == .directory ? "name the program in it" : "set its mode to 0755"))
    })

  static let interpreterRule = UnitRule(
    interpreter,
    nearMisses: ["[Service]\nExecStart=/opt/known/script.sh", "[Service]\nExecStart=-/opt/known/lonely.sh"],
    .command { item, report in
      guard let (path, file) = item.programFile, let interpreter = file.interpreter,
        !item.command.ignoresFailure, item.setting.context.settings.files.isMissing(interpreter),
        !item.unit.has(.rootDirectory)
      else { return }
      report.add(
        item.atProgram(
          Self.interpreter, "\(path) is run by \(interpreter), which is not in the root tree",
          help: "install it, or change the script's first line"))
    })
}

extension CommandCase {
  /// The program's file, when somebody looked and found it.
  var programFile: (path: String, file: KnownFile)? {
    let files = setting.context.settings.files
    guard !files.paths.isEmpty else { return nil }
    for path in ProgramPlaces.candidates(command.program, of: unit) {
      if let file = files.file(path) { return (path, file) }
    }
    return nil
  }

  /// Whether something at run time may put a file at a path that no tree at rest has: a mount, an image,
  /// or a condition that keeps the unit from starting without it.
  func mayAppear(_ path: String) -> Bool { owner.mayAppear(path) }
}

extension UnitCase {
  /// Whether something at run time may put a file at a path that no tree at rest has.
  func mayAppear(_ path: String) -> Bool {
    for setting in unit.settings {
      switch setting.key {
      case .bindPaths, .bindReadOnlyPaths, .rootImage: return true
      default: break
      }
      if setting.name == "MountImages" || setting.name == "ExtensionImages"
        || setting.name == "ExtensionDirectories"
      {
        return true
      }
      guard setting.kind == .condition else { continue }
      let value = setting.value.drop { $0 == "|" || $0 == "!" }
      if value == path || path.isBelow(String(value)) { return true }
    }
    return isBelowMount(path)
  }

  /// Whether a mount of the set lies on a path.
  private func isBelowMount(_ path: String) -> Bool {
    var folder = ""
    for part in path.split(separator: "/").prefix(64) {
      folder += "/" + part
      for type in [UnitType.mount, .automount] {
        guard let name = UnitName(path: folder, type: type) else { continue }
        if context.set.index(of: name.description) != nil { return true }
      }
    }
    return false
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE004, SE006, SE010: what `lint --root` knows of modes and paths.
enum FilePermissions {
  static let secretFile = Rule(
    "SE004", "readable-secrets", .warning,
    finds: "An environment file with a password, token or key that everybody may read.",
    why: "systemd reads the file as root; nobody else needs to.",
    example: "[Service]\nEnvironmentFile=/etc/app/secret.env\nExecStart=/bin/true",
    instead: "[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true")

  static let exposedProgram = Rule(
    "SE006", "program-others-may-change", .error,
    finds:
      "A program that everybody may write or replace, or one of a user's home or /tmp that runs as root.",
    why: "Whoever changes it runs as root at the next start.",
    example: "[Service]\nExecStart=/opt/known/open-to-all",
    instead: "[Service]\nExecStart=/opt/known/server")

  static let noPath = Rule(
    "SE010", "sandbox-path-missing", .error,
    finds:
      "A path of ReadWritePaths=, BindPaths= and their like, or a working directory, that nobody creates.",
    why: "The sandbox cannot be set up: the start fails with 226/NAMESPACE, or 200/CHDIR.",
    example: "[Service]\nReadWritePaths=/opt/known/missing\nExecStart=/bin/true",
    instead: "[Service]\nReadWritePaths=-/opt/known/missing\nExecStart=/bin/true",
    ignoreWhen: "Something that runs before the service creates the path.")

  static let secretFileRule = UnitRule(
    secretFile, nearMisses: ["[Service]\nEnvironmentFile=/etc/app/known.env\nExecStart=/bin/true"],
    .settings(of: [.environmentFile]) { item, report in
      guard let text = EnvironmentText(item), let file = item.context.settings.files.file(text.path),
        file.mode & 0o004 != 0,
        let line = text.lines.first(where: {
          SecretArguments.namesSecret($0.name) && !$0.value.isEmpty && !$0.value.hasPrefix("/")
        })
      else { return }
      report.add(
        item.atValue(
          secretFile, "everybody may read \(text.path), which holds \(line.name)",
          help: "set its mode to 0600, its owner to root"))
    })

  static let exposedProgramRule = UnitRule(
    exposedProgram,
    nearMisses: [
      "[Service]\nExecStart=/opt/known/server", "[Service]\nUser=app\nExecStart=/home/app/bin/x",
      "[Service]\nExecStart=/opt/never/looked/at",
    ],
    fires: [
      "[Service]\nExecStart=/tmp/x", "[Service]\nExecStart=/home/app/bin/x",
      "[Service]\nExecStart=/opt/known/shared/x",
    ],
    .command { item, report in
      let program = item.command.program
      guard program.utf8.first == UInt8(ascii: "/") else { return }
      if let (path, file) = item.programFile, file.kind == .file {
        if file.mode & 0o002 != 0 {
          report.add(
            item.atProgram(
              exposedProgram, "everybody may write \(path)", help: "set its mode to 0755, its owner to root"))
          return
        }
        if let folder = file.exposedFolder {
          report.add(
            item.atProgram(
              exposedProgram, "everybody may replace \(path): \(folder) is open to all",
              help: "set the folder's mode to 0755"))
          return
        }
      }
      let isRoot = item.keepsRoot || item.owner.account == .root
      guard isRoot, !item.unit.has(.rootDirectory), !item.unit.has(.rootImage), !item.unit.name.isTemplate
      else { return }
      let isShared = ["/tmp", "/var/tmp", "/dev/shm"].contains(where: program.isBelow)
      guard isShared || program.isBelow("/home") else { return }
      report.add(
        item.atProgram(
          exposedProgram,
          isShared
            ? "a program of a folder that everybody may write runs as root"
            : "a program of a user's home runs as root",
          help: "install it below /usr/local or /opt, or set User=", severity: .warning))
    })

  static let noPathRule = UnitRule(
    noPath,
    nearMisses: [
      "[Service]\nReadWritePaths=/opt/known/data /run/app\nExecStart=/bin/true",
      "[Service]\nReadWritePaths=/opt/never/looked\nExecStart=/a",
      "[Service]\nStateDirectory=made\nReadWritePaths=/var/lib/made\nExecStart=/bin/true",
      "[Service]\nWorkingDirectory=-/opt/known/missing\nExecStart=/bin/true",
    ],
    fires: ["[Service]\nWorkingDirectory=/opt/known/missing\nExecStart=/bin/true"],
    .units(having: [
      .readWritePaths, .readOnlyPaths, .inaccessiblePaths, .execPaths, .noExecPaths, .bindPaths,
      .bindReadOnlyPaths,
      .workingDirectory,
    ]) { item, report in
      let files = item.context.settings.files
      guard !files.paths.isEmpty, !item.unit.has(.rootDirectory), !item.unit.has(.rootImage) else { return }
      func check(_ index: Int, _ path: String) {
        guard files.isMissing(path), !item.isCreated(path) else { return }
        report.add(
          item.finding(
            noPath, "nobody creates \(path)", at: index,
            help: "write -\(path) if it is optional, or make it with StateDirectory= or tmpfiles.d",
            // The scripts of packages make folders there, which a tree that was only unpacked lacks.
            severity: path.isBelow("/var") ? .warning : nil))
      }
      let lists: [SettingKey] = [
        .readWritePaths, .readOnlyPaths, .inaccessiblePaths, .execPaths, .noExecPaths,
      ]
      for key in lists {
        for (index, path, isOptional) in item.paths(key) where !isOptional { check(index, path) }
      }
      for key in [SettingKey.bindPaths, .bindReadOnlyPaths] {
        for (index, path, isOptional) in item.paths(key) where !isOptional {
          check(index, String(path.prefix { $0 != ":" }))
        }
      }
      if let index = item.unit.index(of: .workingDirectory) { check(index, item.unit.settings[index].value) }
    })
}

extension UnitCase {
  /// Whether the directories of a unit, a mount or an image make a path.
  func isCreated(_ path: String) -> Bool {
    if context.madeFolders.contains(path) { return true }
    return mayAppear(path)
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX048, EX049
enum RootDirectories {
  static let twice = Rule(
    "EX048", "path-through-root-directory", .warning,
    finds: "RootDirectory= and a program or working directory that has the same folder in front.",
    why: "Paths start inside of the root: /srv/jail/bin/x is looked for in /srv/jail/srv/jail/bin.",
    example: "[Service]\nRootDirectory=/srv/jail\nMountAPIVFS=yes\nExecStart=/srv/jail/bin/serverd",
    instead: "[Service]\nRootDirectory=/srv/jail\nMountAPIVFS=yes\nExecStart=/bin/serverd")

  static let bare = Rule(
    "EX049", "root-without-api-file-systems", .note,
    finds: "RootDirectory= without MountAPIVFS= or bind mounts.",
    why:
      "Inside there is no /proc, /sys or /dev and no socket of the journal; many programs fail in odd ways.",
    example: "[Service]\nRootDirectory=/srv/jail\nExecStart=/bin/serverd",
    instead: "[Service]\nRootDirectory=/srv/jail\nMountAPIVFS=yes\nExecStart=/bin/serverd",
    ignoreWhen: "The program needs none of them.")

  static let twiceRule = UnitRule(
    twice,
    nearMisses: [
      "[Service]\nRootDirectory=/srv/jail\nMountAPIVFS=yes\nExecStart=/srv/jailer/x",
      "[Service]\nRootDirectory=/\nExecStart=/bin/x",
    ],
    .units(having: [.rootDirectory]) { item, report in
      guard let root = item.unit.value(.rootDirectory), root.utf8.count > 1,
        root.utf8.first == UInt8(ascii: "/")
      else {
        return
      }
      let folder = root.hasSuffix("/") ? String(root.dropLast()) : root
      for (setting, command) in item.confinedCommands where command.program.isBelow(folder) {
        report.add(
          item.finding(
            twice, "'\(command.program)' is looked for inside of \(folder)", at: setting,
            help: "write \(command.program.dropFirst(folder.utf8.count))"))
      }
      if let index = item.unit.index(of: .workingDirectory), item.unit.settings[index].value.isBelow(folder) {
        report.add(
          item.finding(
            twice, "'\(item.unit.settings[index].value)' is looked for inside of \(folder)", at: index,
            help: "write the path as it is inside"))
      }
    })

  static let bareRule = UnitRule(
    bare,
    nearMisses: [
      "[Service]\nRootDirectory=/srv/jail\nBindReadOnlyPaths=/dev/log\nExecStart=/a",
      "[Service]\nRootDirectory=/\nExecStart=/a",
    ],
    .units(having: [.rootDirectory]) { item, report in
      guard let index = item.unit.index(of: .rootDirectory), item.unit.settings[index].value != "/",
        !item.unit.has(.mountAPIVFS), !item.unit.has(.bindPaths), !item.unit.has(.bindReadOnlyPaths),
        item.unit.name.type == .service
      else { return }
      report.add(
        item.finding(
          bare, "the service sees no /proc, /sys or /dev", at: index, help: "set MountAPIVFS=yes",
          fix: item.insertion("MountAPIVFS=yes", after: index, .unsafe)))
    })
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE005, SE014, SE015, SE034: permission bits.
enum UnitFileModes {
  static let unitFile = Rule(
    "SE005", "unit-file-mode", .warning,
    finds: "A unit file of the root tree that everybody may write, or that is executable.",
    why: "Who may write it runs what they like as root. An executable one is a sign of a wrong installation.",
    example: "# open.service\n[Service]\nExecStart=/bin/true",
    instead: "# closed.service\n[Service]\nExecStart=/bin/true")

  static let openMask = Rule(
    "SE014", "open-umask", .warning,
    finds: "A UMask= that lets everybody write the service's files.",
    why: "Whatever it creates without a mode of its own can be changed by every user of the host.",
    example: "[Service]\nUMask=0000\nExecStart=/bin/serverd",
    instead: "[Service]\nUMask=0027\nExecStart=/bin/serverd")

  static let modeAsMask = Rule(
    "SE015", "mode-as-umask", .warning,
    finds: "A UMask= that takes rights from the owner: a file's mode written where a mask belongs.",
    why: "The mask names the bits to take away. With UMask=0755 the service cannot read what it has written.",
    example: "[Service]\nUMask=0750\nExecStart=/bin/serverd",
    instead: "[Service]\nUMask=0027\nExecStart=/bin/serverd")

  static let directory = Rule(
    "SE034", "directory-mode", .warning,
    finds: "A mode for a service's directory that everybody may write, or that its owner cannot enter.",
    why: "Others put files there, or the service cannot open its own.",
    example: "[Service]\nStateDirectory=app\nStateDirectoryMode=0777\nExecStart=/bin/serverd",
    instead: "[Service]\nStateDirectory=app\nStateDirectoryMode=0750\nExecStart=/bin/serverd")

  static let unitFileRule = UnitRule(
    unitFile,
    .file { item, report in
      guard let file = item.context.settings.files.unitFiles[item.source.source] else { return }
      let isOpen = file.mode & 0o002 != 0
      guard isOpen || file.mode & 0o111 != 0 else { return }
      report.add(
        item.finding(
          unitFile, isOpen ? "everybody may write the file" : "the file is executable", at: 0..<0,
          help: "set its mode to 0644"))
    })

  static let openMaskRule = UnitRule(
    openMask, nearMisses: ["[Service]\nUMask=0022\nExecStart=/a", "[Service]\nUMask=077\nExecStart=/a"],
    .settings(of: [.uMask]) { item, report in
      guard let mask = mode(item.setting.value), mask & 0o002 == 0 else { return }
      report.add(
        item.atValue(
          openMask, "everybody may write what the service creates", help: "write 0022, 0027 or 0077"))
    })

  static let modeAsMaskRule = UnitRule(
    modeAsMask, nearMisses: ["[Service]\nUMask=0137\nExecStart=/a", "[Service]\nUMask=0077\nExecStart=/a"],
    .settings(of: [.uMask]) { item, report in
      guard let mask = mode(item.setting.value), mask & 0o600 != 0 else { return }
      let meant = String(~mask & 0o777, radix: 8)
      report.add(
        item.atValue(
          modeAsMask, "the mask takes rights from the owner",
          help:
            "write \(String(repeating: "0", count: max(0, 4 - meant.utf8.count)))\(meant) if the value is meant as a mode"
        ))
    })

  static let directoryRule = UnitRule(
    directory,
    nearMisses: [
      "[Service]\nStateDirectory=a\nStateDirectoryMode=0700\nExecStart=/a",
      "[Service]\nRuntimeDirectory=a\nRuntimeDirectoryMode=01777\nExecStart=/a",
    ],
    fires: ["[Service]\nRuntimeDirectory=a\nRuntimeDirectoryMode=0600\nExecStart=/a"],
    .settings(of: [
      .stateDirectoryMode, .cacheDirectoryMode, .logsDirectoryMode, .runtimeDirectoryMode,
      .configurationDirectoryMode,
    ]) { item, report in
      guard let mode = mode(item.setting.value) else { return }
      if mode & 0o1002 == 0o002 {
        report.add(
          item.atValue(directory, "everybody may write in the directory", help: "write 0755, 0750 or 0700"))
      } else if mode & 0o100 == 0 {
        report.add(item.atValue(directory, "the owner cannot enter the directory", help: "add the x: 0700"))
      }
    })

  static func mode(_ value: String) -> Int? {
    guard value.utf8.count < 7, value.utf8.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return Int(value, radix: 8)
  }
}

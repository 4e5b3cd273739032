import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX016, EX035, EX036, EX037: where services keep what they run with.
enum PlacesOfFiles {
  static let varRun = Rule(
    "EX016", "path-below-var-run", .note,
    finds: "A path below /var/run, the old name of /run.",
    why:
      "/var/run is a link that may not be there early; systemd rewrites some such paths and warns of others.",
    example: "[Service]\nType=forking\nPIDFile=/var/run/app.pid\nExecStart=/bin/appd",
    instead: "[Service]\nType=forking\nPIDFile=/run/app.pid\nExecStart=/bin/appd")

  static let unused = Rule(
    "EX035", "pid-file-without-forking", .note,
    finds: "PIDFile= in a service whose main process systemd starts itself.",
    why: "systemd reads the file for Type=forking only; all it does here is remove it after a stop.",
    example: "[Service]\nType=simple\nPIDFile=/run/app.pid\nExecStart=/bin/appd",
    instead: "[Service]\nType=simple\nExecStart=/bin/appd",
    ignoreWhen: "A file that the program leaves behind is to be removed.")

  static let exposed = Rule(
    "EX036", "pid-file-in-shared-folder", .warning,
    finds: "PIDFile= below /tmp, /var/tmp or /home.",
    why: "Whoever may write there says which process systemd signals; systemd refuses files of other owners.",
    example: "[Service]\nType=forking\nPIDFile=/tmp/app.pid\nExecStart=/bin/appd",
    instead: "[Service]\nType=forking\nPIDFile=/run/app/app.pid\nRuntimeDirectory=app\nExecStart=/bin/appd")

  static let noFolder = Rule(
    "EX037", "pid-file-without-folder", .note,
    finds: "PIDFile= in a folder of /run that the unit does not make, for a service with User=.",
    why: "/run is empty after every boot and belongs to root: the program cannot write the file.",
    example: "[Service]\nType=forking\nUser=app\nPIDFile=/run/app/app.pid\nExecStart=/bin/appd",
    instead:
      "[Service]\nType=forking\nUser=app\nRuntimeDirectory=app\nPIDFile=/run/app/app.pid\nExecStart=/bin/appd",
    ignoreWhen: "tmpfiles.d makes the folder.")

  static let varRunRule = UnitRule(
    varRun,
    nearMisses: [
      "[Service]\nExecStart=/bin/appd --root /srv/var/run/x\nPIDFile=/run/a.pid",
      "[Unit]\nDescription=was in /var/run/x\n[Service]\nExecStart=/a",
    ],
    .setting { item, report in
      guard let kind = item.setting.kind, kind != .string, kind != .url, kind != .condition,
        namesVarRun(item.setting.value)
      else { return }
      let bytes = Array(item.setting.value.utf8)
      let old = Array("/var/run/".utf8)
      let starts = bytes.ranges(of: old).map(\.lowerBound).filter { start in
        guard start > 0 else { return true }
        switch bytes[start - 1] {
        case 0x20, 0x09, 0x22, 0x27, 0x2d, 0x2b, 0x3a, 0x3d, 0x21, 0x40: return true
        default: return false
        }
      }
      guard let first = starts.first else { return }
      let isCommand = kind == .exec || kind == .environ
      let edits = starts.compactMap { start in
        item.fragment.span(item.setting, start..<start + 4).map { Fix.Edit($0, "") }
      }
      report.add(
        item.atValue(
          varRun, "/var/run is the old name of /run", first..<first + 8, help: "write /run",
          fix: item.fragment.source == nil ? nil : Fix(isCommand ? .unsafe : .safe, edits)))
    })

  /// Whether the folder is named anywhere in a value: asked of every setting, so in one pass.
  private static func namesVarRun(_ value: String) -> Bool {
    var matched = 0
    for byte in value.utf8 {
      matched = byte == name[matched] ? matched + 1 : byte == name[0] ? 1 : 0
      if matched == name.count { return true }
    }
    return false
  }

  private static let name = Array("/var/run/".utf8)

  static let unusedRule = UnitRule(
    unused,
    nearMisses: [
      "[Service]\nType=forking\nPIDFile=/run/a.pid\nExecStart=/a", "[Service]\nPIDFile=\nExecStart=/a",
    ],
    .units(having: [.pidFile]) { item, report in
      guard let index = item.unit.index(of: .pidFile), item.unit.name.type == .service,
        item.unit.value(.type) != "forking", item.unit.hasFile
      else { return }
      report.add(
        item.finding(
          unused, "systemd knows the main process of Type=\(item.unit.value(.type) ?? "simple") without it",
          at: index,
          help: "take the line out"))
    })

  static let exposedRule = UnitRule(
    exposed, nearMisses: ["[Service]\nType=forking\nPIDFile=/run/tmp/a.pid\nExecStart=/a"],
    .settings(of: [.pidFile]) { item, report in
      let folders = ["/tmp", "/var/tmp", "/home", "/dev/shm"]
      guard folders.contains(where: item.setting.value.isBelow) else { return }
      report.add(
        item.atValue(
          exposed, "others than the service may write there",
          help: "use RuntimeDirectory= and a file below /run"))
    })

  static let noFolderRule = UnitRule(
    noFolder,
    nearMisses: [
      "[Service]\nType=forking\nUser=root\nPIDFile=/run/app/a.pid\nExecStart=/a",
      "[Service]\nType=forking\nUser=app\nPIDFile=/run/known/a.pid\nExecStart=/a",
      "[Service]\nType=forking\nUser=app\nRuntimeDirectory=app/x\nPIDFile=/run/app/x/a.pid\nExecStart=/a",
    ],
    .units(having: [.pidFile]) { item, report in
      guard let index = item.unit.index(of: .pidFile), case .named = item.account else { return }
      let parts = item.unit.settings[index].value.split(separator: "/")
      let run = parts.first == "var" ? parts.dropFirst() : parts[...]
      guard run.first == "run", run.count > 2, let folder = run.dropFirst().first, !folder.contains("%"),
        !item.context.settings.files.created.contains("/run/\(folder)"),
        !ServiceDirectories.paths(of: item.unit).contains(where: {
          $0.isBelow("/run/\(folder)") || $0.contains("%")
        })
      else { return }
      report.add(
        item.finding(
          noFolder, "nothing here makes /run/\(folder), and \(item.unit.value(.user) ?? "the user") may not",
          at: index,
          help: "set RuntimeDirectory=\(folder)"))
    })
}

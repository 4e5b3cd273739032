import Diagnostics
import SystemdUnits
import UnitGraphs

/// TI011
enum PathRules {
  static let rule = Rule(
    "TI011", "path-triggers-for-ever", .note,
    finds:
      "PathExists=, PathExistsGlob= or DirectoryNotEmpty= for a job none of whose commands names the path.",
    why:
      "The path is looked at again when the job ends. While it is there the job starts at once anew, until the "
      + "start limit strikes and the path unit fails.",
    example: "# a.path\n[Path]\nDirectoryNotEmpty=/var/spool/in\n[Install]\nWantedBy=paths.target\n"
      + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/notify-admin",
    instead: "# a.path\n[Path]\nPathModified=/var/spool/in\n[Install]\nWantedBy=paths.target\n"
      + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/notify-admin",
    ignoreWhen: "The program itself takes the files away.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a.path\n[Path]\nDirectoryNotEmpty=/var/spool/in\n[Install]\nWantedBy=paths.target\n"
        + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/take --all /var/spool/in",
      "# a.path\n[Path]\nPathExists=/run/go\n[Install]\nWantedBy=paths.target\n"
        + "# a.service\n[Service]\nExecStart=/bin/serverd",
    ],
    .unit { item, report in
      guard item.unit.name.type == .path else { return }
      for key in [SettingKey.pathExists, .pathExistsGlob, .directoryNotEmpty] {
        for index in item.unit.indices(of: key) {
          let path = item.unit.settings[index].value
          for other in item.triggered where other.isPassing && !other.unit.indices(of: .execStart).isEmpty {
            guard !other.mentions(path) else { continue }
            report.add(
              item.finding(
                rule,
                "no command of \(other.unit.name) names \(path), which starts it again while it is there",
                at: index, related: other.label("the job", at: other.unit.indices(of: .execStart).first),
                help: "use PathChanged= or PathModified=, or let the job take it away"))
          }
        }
      }
    })
}

extension UnitCase {
  /// Whether a line of the service names a path, or a folder above it.
  fileprivate func mentions(_ path: String) -> Bool {
    let stem = path.utf8.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    let text = String(Substring(stem))
    let trimmed = text.hasSuffix("/") ? String(text.dropLast()) : text
    let parent = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(trimmed[..<$0]) } ?? ""
    return unit.settings.contains { setting in
      setting.section == .service
        && (setting.value.contains(trimmed) || (parent.utf8.count > 5 && setting.value.contains(parent)))
    }
  }
}

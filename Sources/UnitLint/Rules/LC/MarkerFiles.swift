import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC014
enum MarkerFiles {
  static let rule = Rule(
    "LC014", "marker-never-written", .note,
    finds:
      "ConditionPathExists=!FILE in a unit whose commands are all shell scripts, none of which writes the file; "
      + "or that writes it into a directory below /var/lib that nothing makes.",
    why: "What is to run once runs at every boot.",
    example: "[Unit]\nConditionPathExists=!/var/lib/app/.done\n[Service]\nType=oneshot\nStateDirectory=app\n"
      + "ExecStart=/bin/sh -c 'setup-app'",
    instead: "[Unit]\nConditionPathExists=!/var/lib/app/.done\n[Service]\nType=oneshot\nStateDirectory=app\n"
      + "ExecStart=/bin/sh -c 'setup-app && touch /var/lib/app/.done'",
    ignoreWhen: "The program that the script calls writes the file.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Unit]\nConditionPathExists=!/var/lib/app/.done\n[Service]\nType=oneshot\nExecStart=/bin/setup-app",
      "[Unit]\nConditionPathExists=!/etc/no-app\n[Service]\nExecStart=/bin/sh -c 'exec app'",
      "[Unit]\nConditionPathExists=!/var/lib/a/.d\n[Service]\nType=oneshot\nStateDirectory=a\n"
        + "ExecStart=/bin/sh -c 'setup'\nExecStartPost=/usr/bin/touch /var/lib/a/.d",
    ],
    .unit { item, report in
      guard item.unit.name.type == .service, item.unit.value(.type) == "oneshot", item.isKnown else { return }
      let markers = item.unit.settings.indices.filter {
        item.unit.settings[$0].name == "ConditionPathExists" && item.unit.settings[$0].value.hasPrefix("!/")
      }
      guard !markers.isEmpty else { return }
      let values = [SettingKey.execStartPre, .execStart, .execStartPost].flatMap { item.unit.values($0) }
      let isPlain = values.allSatisfy { value in
        [" -c ", "/touch ", "/mkdir ", "/install "].contains { value.contains($0) }
      }
      guard !values.isEmpty, isPlain else { return }
      for index in markers {
        let path = String(item.unit.settings[index].value.dropFirst())
        guard !path.utf8.contains(UInt8(ascii: "%")) else { continue }
        guard values.contains(where: { $0.contains(path) || $0.contains("/" + name(of: path)) }) else {
          // One of several conditions is no marker, as a rule.
          if markers.count == 1 {
            report.add(
              item.finding(
                rule, "no command writes \(path), so the unit runs at every boot", at: index,
                help: "end the script with: touch \(path)"))
          }
          continue
        }
        guard let directory = lackingDirectory(path, item.unit, values) else { continue }
        report.add(
          item.finding(
            rule, "nothing makes \(directory), so the marker cannot be written", at: index,
            help: "add StateDirectory=\(directory.dropFirst("/var/lib/".utf8.count))"))
      }
    })

  private static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The marker's directory below /var/lib, when neither the unit nor its commands make it.
  private static func lackingDirectory(_ path: String, _ unit: LoadedUnit, _ values: [String]) -> String? {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count >= 4, parts[0] == "var", parts[1] == "lib" else { return nil }
    let directory = "/var/lib/" + parts[2]
    let state = unit.values(.stateDirectory).flatMap(UnitWords.names)
    let isMade =
      state.contains { ("/var/lib/" + $0 + "/").hasPrefix(directory + "/") }
      || values.contains { $0.contains("mkdir") || $0.contains("install -d") }
    return isMade ? nil : directory
  }
}

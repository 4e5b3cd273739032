import Diagnostics
import SystemdUnits
import UnitGraphs

/// MT001
enum MountNames {
  static let rule = Rule(
    "MT001", "mount-name", .error,
    finds: "A mount, automount or swap unit whose name is not its path, escaped.",
    why: "systemd refuses the unit.",
    example: "# data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data",
    instead: "# srv-data.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/data")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# dev-vdb1.swap\n[Swap]\nWhat=/dev/vdb1",
      "# srv-my\\x2ddata.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/my-data/",
    ],
    .unit { item, report in
      let type = item.unit.name.type
      guard type == .mount || type == .automount || type == .swap,
        let index = item.unit.index(of: type == .swap ? .what : .wherePath), !item.unit.name.isTemplate
      else { return }
      let path = item.unit.settings[index].value
      guard !path.utf8.contains(UInt8(ascii: "%")), type != .swap || path.hasPrefix("/") else { return }
      let name = UnitName(path: path, type: type)
      guard name != item.unit.name else { return }
      report.add(
        item.finding(
          rule, "a \(type.rawValue) unit for \(path) is not named \(item.unit.name)", at: index,
          help: name.map { "name the file \($0)" } ?? "\(item.unit.settings[index].name)= is an absolute path"
        ))
    })
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR035
enum UnreachableUnit {
  static let rule = Rule(
    "GR035", "unreachable-unit", .warning,
    finds:
      "A service, socket or path unit that nothing starts: no [Install], no dependant, no trigger, no bus name.",
    why: "It never runs unless a person starts it.",
    example: "[Service]\nExecStart=/bin/true",
    instead: "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The unit is for people, or for a program that calls systemctl.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a.service\n[Service]\nExecStart=/bin/true\n# a.timer\n[Timer]\nOnBootSec=5\n[Install]\nWantedBy=timers.target",
      "# b@.service\n[Service]\nExecStart=/bin/true",
      "# a.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Unit]\nOnFailure=a.service\n[Service]\nExecStart=/bin/true\n"
        + "[Install]\nWantedBy=multi-user.target",
    ],
    .unit { item, report in
      let unit = item.unit
      // What systemd ships is started by itself, by generators or by udev.
      guard unit.hasFile, !unit.name.isTemplate, !item.context.stock.has(unit.name),
        [.service, .socket, .path].contains(unit.name.type),
        let node = item.node, !item.context.index.isStarted(node), !unit.has(.busName),
        !item.context.isAlso(unit.name), !unit.has(.partOf)
      else { return }
      report.add(
        item.finding(
          rule, "nothing starts \(unit.name)",
          help: "add [Install] with WantedBy=\(unit.name.type.usualTarget), or let another unit want it"))
    })
}

extension UnitType {
  /// The target that usually wants units of this type.
  fileprivate var usualTarget: String {
    switch self {
    case .socket: "sockets.target"
    case .path: "paths.target"
    default: "multi-user.target"
    }
  }
}

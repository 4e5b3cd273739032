import Diagnostics
import SystemdUnits
import UnitGraphs

/// TI001, TI003
enum Triggers {
  static let noUnit = Rule(
    "TI001", "nothing-to-trigger", .error,
    finds: "A timer, path, socket or automount without the unit that it starts.",
    why: "It is refused, or fires into the void.",
    example: "# backup.timer\n[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target",
    instead: "# backup.timer\n[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n"
      + "# backup.service\n[Service]\nType=oneshot\nExecStart=/bin/true")

  static let noSpecification = Rule(
    "TI003", "trigger-without-event", .error,
    finds: "A timer without On…=, a path unit without a path, a socket without Listen…=.",
    why: "systemd refuses the unit.",
    example:
      "# a.timer\n[Timer]\nPersistent=yes\n[Install]\nWantedBy=timers.target\n# a.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.timer\n[Timer]\nPersistent=yes\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n"
      + "# a.service\n[Service]\nExecStart=/bin/true")

  static let noUnitRule = UnitRule(
    noUnit,
    nearMisses: [
      "# a.socket\n[Socket]\nListenStream=80\nAccept=yes\n[Install]\nWantedBy=sockets.target\n# a@.service\n[Service]\nExecStart=/bin/true"
    ],
    .unit { item, report in
      guard item.unit.hasFile, let node = item.node else { return }
      let graph = item.context.graph
      for edge in item.context.index.outgoing[node] where edge.kind == .triggers {
        guard graph.nodes[Int(edge.to)].state == .missing else { continue }
        var setting: Int?
        if case .implied(let index) = edge.origin, index >= 0 { setting = Int(index) }
        let name = graph.nodes[Int(edge.to)].name
        // A template that Accept= would need is TI002's.
        if item.unit.name.type == .socket, setting == nil,
          item.context.set.index(of: item.unit.name.prefix + "@.service") != nil
        {
          continue
        }
        report.add(
          item.finding(
            noUnit, "starts \(name), which nobody has", at: setting, help: "add \(name), or name another unit"
          ))
      }
    })

  static let noSpecificationRule = UnitRule(
    noSpecification,
    .unit { item, report in
      guard item.unit.hasFile, item.unit.fragments.first?.isKnown == true,
        let wanted = events(of: item.unit.name.type),
        !item.unit.settings.contains(where: { setting in
          !setting.value.isEmpty && setting.section == UnitSection(of: item.unit.name.type)
            && wanted.contains { setting.name.hasPrefix($0) }
        })
      else { return }
      report.add(
        item.finding(
          noSpecification, "the \(item.unit.name.type.rawValue) unit names no event",
          help: "add one of \(wanted.map { $0 + "…=" }.joined(separator: ", "))"))
    })

  private static func events(of type: UnitType) -> [String]? {
    switch type {
    case .timer: ["On"]
    case .path: ["PathExists", "PathChanged", "PathModified", "DirectoryNotEmpty"]
    case .socket: ["Listen"]
    default: nil
    }
  }
}

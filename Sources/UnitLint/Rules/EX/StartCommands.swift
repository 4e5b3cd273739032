import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX006, EX007, EX008
enum StartCommands {
  static let several = Rule(
    "EX006", "several-start-commands", .error,
    finds: "More than one ExecStart= in a service that is no oneshot.",
    why: "systemd refuses the unit.",
    example: "[Service]\nExecStart=/bin/a\nExecStart=/bin/b",
    instead: "[Service]\nExecStartPre=/bin/a\nExecStart=/bin/b")

  static let added = Rule(
    "EX007", "drop-in-adds-start-command", .error,
    finds: "A drop-in that sets ExecStart= without an empty ExecStart= in front.",
    why: "The command is added to the unit's own, and systemd refuses a service with two.",
    example:
      "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/override.conf\n[Service]\nExecStart=/bin/b",
    instead:
      "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/override.conf\n[Service]\nExecStart=\nExecStart=/bin/b"
  )

  static let none = Rule(
    "EX008", "no-start-command", .error,
    finds: "A service without ExecStart= that needs one.",
    why: "systemd refuses the unit.",
    example: "[Service]\nType=simple\nExecStop=/bin/true",
    instead: "[Service]\nType=simple\nExecStart=/bin/sleep infinity\nExecStop=/bin/true")

  static let severalRule = UnitRule(
    several,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/bin/a\nExecStart=/bin/b",
      "[Service]\nExecStart=/bin/a\nExecStart=\nExecStart=/bin/b",
    ],
    .unit { item, report in
      guard let second = item.surplusCommand, item.unit.fragment(of: second).isUnitFile else { return }
      report.add(
        item.finding(
          several, "a second ExecStart=, which only Type=oneshot may have", at: second,
          help: "use ExecStartPre= for what comes first, or Type=oneshot"))
    })

  static let addedRule = UnitRule(
    added,
    .unit { item, report in
      guard let second = item.surplusCommand, !item.unit.fragment(of: second).isUnitFile else { return }
      let fragment = item.unit.fragment(of: second)
      var fix: Fix?
      if let source = fragment.source, let assignment = item.unit.settings[second].assignment {
        let start = source.assignments[assignment].keyRange.lowerBound
        fix = Fix(.safe, [.init(source.span(start..<start), "ExecStart=\n")])
      }
      report.add(
        item.finding(
          added, "adds a command to the unit's own instead of replacing it", at: second,
          help: "put an empty ExecStart= in front", fix: fix))
    })

  static let noneRule = UnitRule(
    none,
    nearMisses: [
      "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/bin/true",
      "# a.service.d/x.conf\n[Service]\nUser=a",
    ],
    .unit { item, report in
      let unit = item.unit
      guard unit.name.type == .service, unit.hasFile, unit.fragments.first?.isKnown == true,
        unit.indices(of: .execStart).isEmpty
      else { return }
      let hasAction = (unit.value(.successAction) ?? "none") != "none"
      let isOneshot = unit.value(.type) == "oneshot" || (unit.value(.type) == nil && !unit.has(.busName))
      let stays = unit.flag(.remainAfterExit, false) && !unit.indices(of: .execStop).isEmpty
      guard !(isOneshot && (stays || hasAction)) else { return }
      report.add(item.finding(none, "the service has no ExecStart=", help: "add ExecStart="))
    })
}

extension UnitFragment {
  /// Whether it is the unit's own file and no drop-in.
  var isUnitFile: Bool { !path.utf8.contains(UInt8(ascii: "/")) }

  /// Whether there was anything to read: a link to a file elsewhere may say what it likes.
  var isKnown: Bool { source.map { !$0.bytes.isEmpty } ?? true }
}

extension UnitCase {
  /// The second of two start commands, where there may be one only.
  fileprivate var surplusCommand: Int? {
    guard unit.name.type == .service, unit.value(.type) != "oneshot" else { return nil }
    let commands = unit.indices(of: .execStart)
    return commands.count > 1 ? commands[1] : nil
  }
}

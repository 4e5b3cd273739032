import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR041, GR045, GR046, GR048
enum UnstartableUnits {
  static let refused = Rule(
    "GR041", "nobody-may-start", .warning,
    finds: "RefuseManualStart=yes in a unit that nothing else starts.",
    why: "It can never run: people may not start it, and no unit does.",
    example: "[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/true",
    instead:
      "[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target")

  static let namespace = Rule(
    "GR045", "joins-no-namespace", .note,
    finds: "JoinsNamespaceOf= in a unit without PrivateTmp=, PrivateNetwork= or PrivateIPC=.",
    why: "There is nothing to share: the line does nothing.",
    example: "# a.service\n[Unit]\nJoinsNamespaceOf=b.service\n[Service]\nExecStart=/bin/true\n" + other,
    instead:
      "# a.service\n[Unit]\nJoinsNamespaceOf=b.service\n[Service]\nExecStart=/bin/true\nPrivateTmp=yes\n"
      + other)

  static let unneeded = Rule(
    "GR046", "stops-when-started", .warning,
    finds: "StopWhenUnneeded=yes in a service that no unit wants or requires.",
    why:
      "It is stopped as soon as it is started. A timer, path or socket that starts it does not count as a need.",
    example: "# a.service\n[Unit]\nStopWhenUnneeded=yes\n[Service]\nExecStart=/bin/true\n# a.timer\n[Timer]\n"
      + "OnBootSec=1min\n[Install]\nWantedBy=timers.target",
    instead: "# a.service\n[Service]\nExecStart=/bin/true\n# a.timer\n[Timer]\nOnBootSec=1min\n[Install]\n"
      + "WantedBy=timers.target")

  static let deepSlice = Rule(
    "GR048", "deep-slice", .note,
    finds: "A slice more than six levels down.",
    why: "Each dash of its name is a level of the control group tree, which each process pays for.",
    example: "[Service]\nExecStart=/bin/true\nSlice=a-b-c-d-e-f-g-h.slice",
    instead: "[Service]\nExecStart=/bin/true\nSlice=a-b.slice")

  private static let other = "# b.service\n[Service]\nExecStart=/bin/true\nPrivateTmp=yes"

  static let rules = [
    UnitRule(
      refused,
      nearMisses: [
        "# a.service\n[Unit]\nRefuseManualStart=yes\n[Service]\nExecStart=/bin/true\n# b.service\n[Unit]\n"
          + "OnFailure=a.service\n[Service]\nExecStart=/bin/true",
        "# a.target\n[Unit]\nRefuseManualStart=yes",
      ],
      .unit { item, report in
        guard let index = item.unit.index(of: .refuseManualStart), item.unit.flag(.refuseManualStart, false),
          item.unit.hasFile, let node = item.node, !item.unit.name.isTemplate, !item.unit.has(.busName),
          ![.target, .slice, .device].contains(item.unit.name.type), !item.context.index.isStarted(node),
          !item.context.stock.has(item.unit.name)
        else { return }
        report.add(
          item.finding(
            refused, "people may not start this unit, and nothing else does", at: index,
            help: "let a unit want it, or take RefuseManualStart= out"))
      }),
    UnitRule(
      namespace,
      nearMisses: [
        "# a.service\n[Unit]\nJoinsNamespaceOf=b.service\n[Service]\nExecStart=/bin/true\nPrivateNetwork=yes\n"
          + other
      ],
      .unit { item, report in
        guard let index = item.unit.indices(of: .joinsNamespaceOf).first, item.unit.name.type == .service,
          !item.unit.settings.contains(where: {
            ["PrivateTmp", "PrivateNetwork", "PrivateIPC", "NetworkNamespacePath", "IPCNamespacePath"]
              .contains($0.name)
              && ValueReading.boolean($0.value) != false
          })
        else { return }
        report.add(
          item.finding(
            namespace, "there is no namespace to join", at: index,
            help: "set PrivateTmp=, PrivateNetwork= or PrivateIPC= in both units"))
      }),
    UnitRule(
      unneeded,
      nearMisses: [
        "# a.service\n[Unit]\nStopWhenUnneeded=yes\n[Service]\nExecStart=/bin/true\n# b.service\n[Unit]\n"
          + "Requires=a.service\nAfter=a.service\n[Service]\nExecStart=/bin/true",
        "# a.service\n[Unit]\nStopWhenUnneeded=yes\n[Service]\nType=oneshot\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard let index = item.unit.index(of: .stopWhenUnneeded), item.unit.flag(.stopWhenUnneeded, false),
          item.isDaemon, !item.unit.name.isTemplate, !item.dependants.contains(where: \.kind.pullsIn),
          !item.context.stock.has(item.unit.name)
        else { return }
        report.add(
          item.finding(
            unneeded, "no unit needs this one, so it stops as soon as it is started", at: index,
            help: "take StopWhenUnneeded= out, or let a unit want it"))
      }),
    UnitRule(
      deepSlice, nearMisses: ["[Service]\nExecStart=/bin/true\nSlice=a-b-c-d.slice"],
      .settings(of: [.slice]) { item, report in
        guard let name = UnitName(item.setting.value), name.type == .slice else {
          return
        }
        let depth = name.withoutType.utf8.count { $0 == UInt8(ascii: "-") } + 1
        guard depth > 6 else { return }
        report.add(
          item.atValue(deepSlice, "\(name) lies \(depth) levels down", help: "use fewer dashes in the name"))
      }),
  ]
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// IN006, IN007, IN008, IN013, IN014, IN015
enum InstallSection {
  static let target = Rule(
    "IN006", "wanted-by-nothing", .warning,
    finds: "WantedBy=, RequiredBy= or UpheldBy= a unit that nobody has, or a name without its type.",
    why: "Enabling the unit makes a link that nothing follows, or fails: the unit is never started.",
    example: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user",
    instead: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The other unit comes with a package that need not be here.")

  static let unusual = Rule(
    "IN007", "wanted-by-unusual-target", .warning,
    finds: "WantedBy= a target that is not for services of one's own: network-online.target, default.target, "
      + "network.target, basic.target.",
    why:
      "What network-online.target wants holds up all that waits for the network; default.target may be the "
      + "rescue target some day.",
    example: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=network-online.target",
    instead: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The service is what tells that the network is there.")

  static let template = Rule(
    "IN008", "template-without-instance", .note,
    finds: "A template with WantedBy= and no DefaultInstance=; or a link that enables a bare template.",
    why:
      "It can be enabled with an instance only; a link to the template starts an instance of a made-up name.",
    example: "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nWantedBy=multi-user.target",
    instead: "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nWantedBy=multi-user.target\n"
      + "DefaultInstance=main",
    ignoreWhen: "People are to name the instances.")

  static let empty = Rule(
    "IN013", "install-says-nothing", .note,
    finds: "An [Install] section without WantedBy=, RequiredBy=, UpheldBy=, Alias= or Also=.",
    why: "systemctl enable has nothing to do.",
    example: "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nDefaultInstance=main",
    instead: "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nDefaultInstance=main\n"
      + "WantedBy=multi-user.target")

  static let shutdown = Rule(
    "IN014", "started-at-shutdown", .warning,
    finds:
      "A service with default dependencies that is wanted by shutdown.target, reboot.target or their like.",
    why: "By default a service conflicts with shutdown.target: the shutdown that is to start it stops it.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/a\n[Install]\nWantedBy=shutdown.target",
    instead:
      "[Unit]\nDefaultDependencies=no\nBefore=shutdown.target\n[Service]\nType=oneshot\nExecStart=/bin/a\n"
      + "[Install]\nWantedBy=shutdown.target")

  static let required = Rule(
    "IN015", "boot-requires-service", .note,
    finds: "RequiredBy= a target of the boot in a service.",
    why: "When the service fails the target fails, and with it all that it starts: no login, no ssh.",
    example: "[Service]\nExecStart=/bin/a\n[Install]\nRequiredBy=multi-user.target",
    instead: "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The machine is not to come up without it.")

  static let rules = [
    UnitRule(
      target,
      nearMisses: [
        "[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target dev-vda.device",
        "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nWantedBy=b@%i.target\n# b@.target\n[Unit]\n"
          + "Description=b",
      ], .settings(of: [.wantedBy, .requiredBy, .upheldBy], checkTarget)),
    UnitRule(
      unusual,
      nearMisses: [
        "[Unit]\nBefore=network-online.target\n[Service]\nType=oneshot\nExecStart=/bin/wait-online\n[Install]\n"
          + "WantedBy=network-online.target",
        "# a.target\n[Unit]\nDescription=a\n[Install]\nWantedBy=default.target",
      ], .settings(of: [.wantedBy], checkUnusual)),
    UnitRule(
      template,
      nearMisses: [
        "# a@b.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nWantedBy=multi-user.target",
        "# a@.service\n[Service]\nExecStart=/bin/a %i\n[Install]\nAlias=b@.service",
      ], .host(checkTemplates)),
    UnitRule(
      empty,
      nearMisses: [
        "[Service]\nExecStart=/bin/a\n[Install]\nAlias=b.service", "[Service]\nExecStart=/bin/a",
      ],
      .unit { item, report in
        let unit = item.unit
        guard item.isKnown, let index = unit.settings.firstIndex(where: { $0.section == .install }),
          ![SettingKey.wantedBy, .requiredBy, .upheldBy, .alias, .also].contains(where: {
            !unit.indices(of: $0).isEmpty
          })
        else { return }
        report.add(
          item.finding(
            empty, "[Install] says nothing of when to start the unit", at: index, help: "add WantedBy="))
      }),
    UnitRule(
      shutdown,
      nearMisses: [
        "[Unit]\nDefaultDependencies=no\nBefore=shutdown.target\n[Service]\nType=oneshot\nExecStart=/bin/a\n[Install]\n"
          + "WantedBy=shutdown.target",
        "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStop=/bin/a\n[Install]\nWantedBy=multi-user.target",
      ],
      .settings(of: [.wantedBy, .requiredBy]) { item, report in
        guard item.unit.name.type == .service,
          item.unit.flag(.defaultDependencies, true)
        else { return }
        let ends = [
          "shutdown.target", "reboot.target", "poweroff.target", "halt.target", "kexec.target",
          "final.target",
        ]
        for name in item.names where ends.contains(name) {
          report.add(
            item.atWord(
              name, shutdown, "\(name) stops this service instead of starting it",
              help:
                "set DefaultDependencies=no and Before=shutdown.target; or use ExecStop= in a oneshot that "
                + "multi-user.target wants"))
        }
      }),
    UnitRule(
      required,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n[Install]\nRequiredBy=b.service\n# b.service\n[Service]\n"
          + "ExecStart=/bin/b",
        "# srv.mount\n[Mount]\nWhat=/dev/vdb\n[Install]\nRequiredBy=local-fs.target",
      ],
      .settings(of: [.requiredBy]) { item, report in
        guard item.unit.name.type == .service else { return }
        let boot = [
          "multi-user.target", "graphical.target", "default.target", "basic.target", "sysinit.target",
        ]
        for name in item.names where boot.contains(name) {
          report.add(
            item.atWord(
              name, required, "\(name) fails when this service does", help: "use WantedBy=\(name)"))
        }
      }),
  ]

  @Sendable private static func checkTarget(_ item: SettingCase, _ report: inout Report) {
    for text in item.names where !text.utf8.contains(UInt8(ascii: "%")) {
      guard let name = UnitName(text) else {
        let guess = text + ".target"
        let isTarget = UnitName(guess).map { item.context.mayExist($0) } ?? false
        let word = UnitWords.split(item.setting.value, .names).words.first { $0.text == text }
        report.add(
          item.atWord(
            text, target, "\(text) is no unit's name",
            help: isTarget ? "write \(guess)" : "write its type as well",
            severity: .error,
            fix: isTarget ? word.flatMap { item.replacing($0.range, by: guess, .safe) } : nil))
        continue
      }
      guard !item.context.mayExist(name) else { continue }
      let meant = item.context.nearestUnit(to: name)
      report.add(
        item.atWord(
          text, target, "nobody has \(name), so it starts nothing",
          help: meant.map { "did you mean \($0)?" } ?? "name a unit that is started"))
    }
  }

  @Sendable private static func checkUnusual(_ item: SettingCase, _ report: inout Report) {
    guard item.unit.name.type == .service,
      item.unit.flag(.defaultDependencies, true)
    else { return }
    let ordered = item.unit.indices(of: .before).flatMap { item.unit.names(at: $0) }
    for name in item.names where !ordered.contains(name) {
      guard ["network-online.target", "network.target", "default.target", "basic.target"].contains(name)
      else {
        continue
      }
      report.add(
        item.atWord(
          name, unusual, "\(name) is not for services to be started by",
          help: "use WantedBy=multi-user.target",
          severity: name == "default.target" ? .note : nil))
    }
  }

  @Sendable private static func checkTemplates(_ context: LintContext, _ report: inout Report) {
    for unit in context.set.units where unit.name.isTemplate && !unit.isMasked && context.isAsked(unit) {
      guard !unit.has(.defaultInstance),
        let index = unit.indices(of: .wantedBy).first ?? unit.indices(of: .requiredBy).first,
        context.instances[unit.name.description] == nil
      else { continue }
      report.add(
        UnitCase(context, unit).finding(
          template, "'systemctl enable \(unit.name)' needs an instance", at: index,
          help: "add DefaultInstance="))
    }
    for link in context.set.links where link.dependency.isTemplate && context.isAsked(link.source) {
      guard !link.dependent.isTemplate, !link.dependent.isInstance else { continue }
      let made = link.dependency.instantiated(link.dependent.prefix)?.description ?? ""
      report.add(
        context.finding(
          template, "\(link.path) names no instance, so systemd starts \(made)", at: link.source,
          unit: link.dependent.description, help: "name the link after the instance you mean",
          severity: .error))
    }
  }
}

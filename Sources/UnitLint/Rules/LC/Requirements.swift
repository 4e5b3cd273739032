import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC017, LC026
enum FailedRequirements {
  static let retry = Rule(
    "LC017", "failed-requirement-not-retried", .note,
    finds: "A service that requires another and is to be restarted, while nothing starts it again when the "
      + "other comes up late.",
    why:
      "When the other's start fails, this one's start fails with \"dependency\". Restart= is about its own "
      + "process, of which there is none: the other is restarted and runs, this one stays dead.",
    example: dependant + "# db.service\n[Service]\nType=notify\nExecStart=/bin/db\nRestart=always",
    instead: dependant
      + "# db.service\n[Unit]\nWants=app.service\n[Service]\nType=notify\nExecStart=/bin/db\n"
      + "Restart=always",
    ignoreWhen: "The other never fails to start, or a person is to look first.")

  static let deadlock = Rule(
    "LC026", "start-waits-for-later-unit", .error,
    finds: "A command of a unit that starts, with systemctl, a unit that is ordered after it.",
    why: "systemctl waits for the other unit, which waits for this one: both wait until a timeout.",
    example: "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/systemctl start b.service\n[Install]\n"
      + "WantedBy=multi-user.target\n# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/b",
    instead:
      "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/systemctl --no-block start b.service\n[Install]\n"
      + "WantedBy=multi-user.target\n# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/b")

  private static let dependant =
    "# app.service\n[Unit]\nRequires=db.service\nAfter=db.service\n[Service]\nExecStart=/bin/app\nRestart=always\n"
    + "[Install]\nWantedBy=multi-user.target\n"

  static let rules = [
    UnitRule(
      retry,
      nearMisses: [
        dependant + "# db.service\n[Service]\nType=notify\nExecStart=/bin/db",
        dependant.replacing("Requires=", with: "Wants=")
          + "# db.service\n[Service]\nType=notify\nExecStart=/bin/db\nRestart=always",
      ],
      .unit { item, report in
        guard item.restarts, let own = item.node else { return }
        item.eachRequirement { other, setting in
          // A plain daemon counts as started once it is forked, so its start hardly fails.
          guard other.restarts, !["simple", "exec", "idle"].contains(other.unit.value(.type) ?? "simple"),
            let node = other.node, !item.context.index.pullsIn(node, own),
            other.unit.value(.restartMode) != "direct"
          else { return }
          report.add(
            item.finding(
              retry, "when \(other.unit.name) comes up late, nothing starts this unit again", at: setting,
              related: other.label("is restarted by itself", at: other.unit.index(of: .restart)),
              help: "add Wants=\(item.unit.name) to \(other.unit.name), or use Wants= instead of Requires="))
        }
      }),
    UnitRule(
      deadlock,
      nearMisses: [
        "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/systemctl start b.service\n# b.service\n[Service]\n"
          + "ExecStart=/bin/b",
        "# a.service\n[Service]\nExecStart=/bin/systemctl start b.service\n# b.service\n[Unit]\nAfter=a.service\n"
          + "[Service]\nExecStart=/bin/b",
      ],
      .unit { item, report in
        guard let own = item.node, item.unit.name.type == .service else { return }
        // The main command of a plain daemon runs when the unit counts as started.
        let isSlow = ["oneshot", "notify", "forking", "dbus"].contains(item.unit.value(.type) ?? "simple")
        for key in isSlow
          ? [SettingKey.execStartPre, .execStart, .execStartPost] : [.execStartPre, .execStartPost]
        {
          for index in item.unit.indices(of: key) {
            for name in started(item.unit, index) {
              guard let node = item.context.graph.node(named: name), node != own,
                item.context.index.isOrdered(own, before: node)
              else { continue }
              report.add(
                item.finding(
                  deadlock, "waits for \(name), which waits for this unit", at: index,
                  help: "use systemctl --no-block, or let the unit want \(name)"))
            }
          }
        }
      }),
  ]

  /// The units that a command starts and waits for.
  private static func started(_ unit: LoadedUnit, _ setting: Int) -> [String] {
    guard unit.settings[setting].value.contains("systemctl") else { return [] }
    return unit.commands(at: setting).flatMap { command -> [String] in
      guard command.program.split(separator: "/").last == "systemctl" else { return [] }
      let words = command.arguments.map(\.text)
      guard !words.contains("--no-block"), !words.contains("--user"),
        let verb = words.first(where: { !$0.hasPrefix("-") }), ["start", "restart", "isolate"].contains(verb)
      else { return [] }
      return words.filter { !$0.hasPrefix("-") }.dropFirst().map {
        UnitName($0) == nil ? $0 + ".service" : $0
      }
    }
  }
}

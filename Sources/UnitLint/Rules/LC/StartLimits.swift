import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC010, LC011, LC015, LC027, LC028
enum StartLimits {
  static let reached = Rule(
    "LC010", "start-limit-by-design", .note,
    finds: "Restart=always whose delay lets the start limit strike within seconds.",
    why: "After five failures in ten seconds, the default, the unit stays dead, always or not.",
    example: "[Service]\nExecStart=/bin/serverd\nRestart=always",
    instead: "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=5s",
    ignoreWhen: "A program that fails five times at once will not do better later.")

  static let unreachable = Rule(
    "LC011", "start-limit-unreachable", .note,
    finds:
      "A StartLimitBurst= or StartLimitIntervalSec= that the restart delay keeps from ever being reached.",
    why: "The restarts go on for ever, which the limit was to prevent.",
    example: "[Unit]\nStartLimitBurst=5\nStartLimitIntervalSec=30s\n[Service]\nExecStart=/bin/serverd\n"
      + "Restart=always\nRestartSec=10s",
    instead: "[Unit]\nStartLimitBurst=5\nStartLimitIntervalSec=2min\n[Service]\nExecStart=/bin/serverd\n"
      + "Restart=always\nRestartSec=10s")

  static let endlessStep = Rule(
    "LC015", "step-retried-for-ever", .note,
    finds: "A oneshot with Restart=on-failure and no start limit that it can reach.",
    why: "A step that cannot succeed is tried for ever, and nothing ever says that it failed.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/join\nRestart=on-failure\nRestartSec=10s",
    instead:
      "[Unit]\nStartLimitBurst=20\nStartLimitIntervalSec=1h\n[Service]\nType=oneshot\nExecStart=/bin/join\n"
      + "Restart=on-failure\nRestartSec=10s",
    ignoreWhen: "It is to go on until a person comes.")

  static let storm = Rule(
    "LC027", "restart-storm", .warning,
    finds: "StartLimitIntervalSec=0 with a restart delay of less than a second.",
    why:
      "A program that fails at once is started ten times a second for ever: the journal fills, other logs are lost.",
    example: "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\nRestart=always",
    instead:
      "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=5s")

  static let handler = Rule(
    "LC028", "failure-never-told", .note,
    finds: "OnFailure= in a service whose restarts never end.",
    why:
      "A unit that is restarted has not failed: the handler is called only when the start limit is hit, which "
      + "never happens here.",
    example: "[Unit]\nOnFailure=rescue.target\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\n"
      + "Restart=always\nRestartSec=5s",
    instead: "[Unit]\nOnFailure=rescue.target\nStartLimitBurst=5\nStartLimitIntervalSec=5min\n[Service]\n"
      + "ExecStart=/bin/serverd\nRestart=always\nRestartSec=5s")

  static let rules = [
    UnitRule(
      reached,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nRestart=on-failure",
        "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=2s",
      ],
      .unit { item, report in
        guard item.isDaemon, item.unit.value(.restart) == "always", let index = item.unit.index(of: .restart),
          let limit = StartLimit(item), limit.interval > 0, limit.isReachable, !limit.isOwn
        else { return }
        report.add(
          item.finding(
            reached, "after \(limit.burst) failures within \(Int(limit.interval)) s the unit stays dead",
            at: index,
            help: "set RestartSec=5s, or StartLimitIntervalSec=0 in [Unit]",
            fix: item.unit.has(.restartSec) ? nil : item.insertion("RestartSec=5s", after: index)))
      }),
    UnitRule(
      unreachable,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=10s",
        "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=10s",
      ],
      .unit { item, report in
        guard item.restarts, let limit = StartLimit(item), limit.interval > 0, limit.isOwn, !limit.isReachable
        else { return }
        let index = item.unit.index(of: .startLimitBurst) ?? item.unit.index(of: .startLimitInterval)
        report.add(
          item.finding(
            unreachable,
            "\(limit.burst) starts take longer than \(Int(limit.interval)) s, so the limit never strikes",
            at: index, help: "set StartLimitIntervalSec= above \(Int(limit.delay * Double(limit.burst)) + 1)")
        )
      }),
    UnitRule(
      endlessStep,
      nearMisses: [
        "[Service]\nType=oneshot\nExecStart=/bin/join\nRestart=on-failure",
        "[Service]\nType=oneshot\nExecStart=/bin/join",
      ],
      .unit { item, report in
        guard item.unit.name.type == .service, item.unit.value(.type) == "oneshot", item.restarts,
          let limit = StartLimit(item), !limit.isReachable, let index = item.unit.index(of: .restart)
        else { return }
        report.add(
          item.finding(
            endlessStep, "the step is tried for ever", at: index,
            help: "set StartLimitBurst= and a StartLimitIntervalSec= longer than that many tries take"))
      }),
    UnitRule(
      storm,
      nearMisses: [
        "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd",
        "[Unit]\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=1s",
      ],
      .unit { item, report in
        guard item.restarts, let limit = StartLimit(item), limit.interval == 0, limit.delay < 1,
          let index = item.unit.index(of: .restartSec) ?? item.unit.index(of: .restart)
        else { return }
        let fix =
          item.unit.has(.restartSec)
          ? item.replacingValue(of: index, by: "5s") : item.insertion("RestartSec=5s", after: index)
        report.add(
          item.finding(
            storm, "nothing brakes the restarts", at: index, help: "set RestartSec= to seconds", fix: fix))
      }),
    UnitRule(
      handler,
      nearMisses: [
        "[Unit]\nOnFailure=rescue.target\n[Service]\nExecStart=/bin/serverd\nRestart=always",
        "[Unit]\nOnFailure=rescue.target\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/serverd",
      ],
      .unit { item, report in
        guard item.restarts, let index = item.unit.indices(of: .onFailure).first,
          let limit = StartLimit(item),
          !limit.isReachable, ["always", "on-failure"].contains(item.unit.value(.restart) ?? "no")
        else { return }
        report.add(
          item.finding(
            handler, "the handler is never called: the service is restarted for ever", at: index,
            related: item.label(
              "restarts without a limit that it can reach", at: item.unit.index(of: .restart)),
            help: "set StartLimitBurst= and StartLimitIntervalSec= in [Unit]"))
      }),
  ]
}

/// How often a service may start before systemd gives up (systemd.unit(5), StartLimitIntervalSec=).
struct StartLimit {
  /// In seconds; 0 for no limit.
  let interval: Double
  let burst: Int
  /// Between an end and the next start, in seconds.
  let delay: Double
  /// Whether the unit sets the limit itself.
  let isOwn: Bool

  /// `nil` when a value cannot be read.
  init?(_ item: UnitCase) {
    let unit = item.unit
    guard let burst = unit.value(.startLimitBurst).map({ Int($0) }) ?? 5 else { return nil }
    self.burst = burst
    interval = item.seconds(.startLimitInterval, 10)
    delay = item.seconds(.restartSec, 0.1)
    isOwn = unit.has(.startLimitBurst) || unit.has(.startLimitInterval)
  }

  /// Whether a program that fails at once is given up on.
  var isReachable: Bool { interval > 0 && burst > 0 && delay * Double(burst) < interval }
}

extension UnitCase {
  /// Whether systemd starts the service again when it fails.
  var restarts: Bool {
    unit.name.type == .service && !["no", "on-success"].contains(unit.value(.restart) ?? "no")
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC004, LC005, LC008
enum StayingActive {
  static let timed = Rule(
    "LC004", "timer-on-unit-that-stays", .error,
    finds: "A repeating timer for a service with RemainAfterExit=yes.",
    why: "After its first run the service stays active, and starting what is active does nothing: "
      + "the timer fires in vain until the next boot.",
    example: timer + "# a.service\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true",
    instead: timer + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/true")

  static let daemon = Rule(
    "LC005", "daemon-remains-after-exit", .warning,
    finds: "RemainAfterExit=yes in a service that is not a oneshot.",
    why: "When the daemon exits the unit stays active: nobody sees it, and nothing restarts it.",
    example: "[Service]\nType=notify\nExecStart=/bin/serverd\nRemainAfterExit=yes",
    instead: "[Service]\nType=notify\nExecStart=/bin/serverd\nRestart=always",
    ignoreWhen: "The command leaves something behind that ExecStop= takes away; then Type=oneshot says so.")

  static let endless = Rule(
    "LC008", "endless-oneshot", .warning,
    finds: "A loop without a bound in a oneshot without TimeoutStartSec=.",
    why:
      "For a oneshot no limit is the default: the unit starts for ever, and all that is ordered after it waits.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'until probe; do sleep 1; done'",
    instead:
      "[Service]\nType=oneshot\nTimeoutStartSec=5min\nExecStart=/bin/sh -c 'until probe; do sleep 1; done'")

  private static let timer =
    "# a.timer\n[Timer]\nOnCalendar=hourly\n[Install]\nWantedBy=timers.target\n"

  static let rules = [
    UnitRule(
      timed,
      nearMisses: [
        "# a.timer\n[Timer]\nOnBootSec=1min\n[Install]\nWantedBy=timers.target\n# a.service\n[Service]\n"
          + "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true",
        timer.replacing("hourly", with: "2030-01-01") + "# a.service\n[Service]\nType=oneshot\n"
          + "RemainAfterExit=yes\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard item.unit.name.type == .timer, let event = repetition(item) else { return }
        for edge in item.dependencies where edge.kind == .triggers {
          guard let other = item.context.unit(at: edge.to), other.unit.name.type == .service,
            other.unit.flag(.remainAfterExit, false), let remain = other.unit.index(of: .remainAfterExit)
          else { continue }
          report.add(
            item.finding(
              timed, "\(other.unit.name) stays active after its first run, so the timer fires in vain",
              at: event,
              related: other.label("stays active", at: remain),
              help: "take RemainAfterExit=yes out of \(other.unit.name)",
              fix: other.replacingValue(of: remain, by: "no", .unsafe)))
        }
      }),
    UnitRule(
      daemon,
      nearMisses: [
        "[Service]\nType=oneshot\nExecStart=/bin/true\nRemainAfterExit=yes",
        "[Service]\nType=forking\nExecStart=/etc/init.d/a start\nRemainAfterExit=yes",
        "[Service]\nType=notify\nExecStart=/bin/serverd\nRemainAfterExit=no",
      ],
      .unit { item, report in
        let types = ["simple", "exec", "notify", "notify-reload"]
        guard item.isDaemon, item.unit.flag(.remainAfterExit, false), !item.unit.has(.busName),
          types.contains(item.unit.value(.type) ?? "simple"),
          let index = item.unit.index(of: .remainAfterExit)
        else { return }
        let hasStop = item.unit.has(.execStop)
        report.add(
          item.finding(
            daemon, "the unit stays active when the daemon is gone", at: index,
            help: hasStop ? "use Type=oneshot" : "take RemainAfterExit=yes out",
            fix: item.replacingValue(of: index, by: "no", hasStop ? .unsafe : .safe)))
      }),
    UnitRule(
      endless,
      nearMisses: [
        "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'for i in $(seq 9); do sleep 1; done'",
        "[Service]\nExecStart=/bin/sh -c 'while true; do probe; sleep 60; done'",
      ],
      .unit { item, report in
        guard item.unit.name.type == .service, item.unit.value(.type) == "oneshot", item.startTimeout == nil,
          !item.unit.has(.timeoutStartSec), !item.unit.has(.timeoutSec)
        else { return }
        for key in [SettingKey.execStart, .execStartPre] {
          for index in item.unit.indices(of: key) where item.unit.settings[index].value.contains("sleep") {
            let command = item.unit.commands(at: index).first
            guard PollLoops.isEndless(command?.arguments.map(\.text).joined(separator: " ") ?? "") else {
              continue
            }
            report.add(
              item.finding(
                endless, "the loop has no end of its own, and a oneshot has no limit", at: index,
                help: "set TimeoutStartSec=",
                fix: item.insertion("TimeoutStartSec=5min", after: index, .unsafe)))
          }
        }
      }),
  ]

  /// The setting that makes a timer fire more than once.
  private static func repetition(_ item: UnitCase) -> Int? {
    let unit = item.unit
    return unit.indices(of: .onUnitActiveSec).first ?? unit.indices(of: .onUnitInactiveSec).first
      ?? unit.indices(of: .onCalendar).first { index in
        guard let event = CalendarEvent(unit.settings[index].value),
          let first = event.next(after: CalendarEvent.earliest)
        else { return false }
        return event.next(after: first) != nil
      }
  }
}

extension CalendarEvent {
  /// A time before which no unit of today was meant to fire: the year of the oldest supported systemd.
  static let earliest = CalendarTime(CalendarDate(year: 2022, month: 1, day: 1))
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// TI004, TI005, TI006, TI008, TI012, TI013
enum TimerRules {
  static let calendar = Rule(
    "TI004", "calendar-event", .error,
    finds: "An OnCalendar= that systemd refuses, or that never comes.",
    why: "The timer is not armed, and nobody notices that the job does not run.",
    example: unit("OnCalendar=every day") + job, instead: unit("OnCalendar=daily") + job)

  static let neverFirst = Rule(
    "TI005", "timer-never-starts", .error,
    finds: "A timer with OnUnitActiveSec= or OnUnitInactiveSec= alone, for a unit that nothing else starts.",
    why: "Both count from the unit's last run. Without a first one they never fire.",
    example: unit("OnUnitActiveSec=1h") + job, instead: unit("OnBootSec=5min\nOnUnitActiveSec=1h") + job)

  static let enabled = Rule(
    "TI006", "timer-and-enablement", .warning,
    finds: "A timer that nothing starts; or a service with a timer that is also enabled by itself.",
    why:
      "A timer that is not started never fires. A job that is wanted by a target runs at every boot as well, "
      + "and the boot may wait for it.",
    example: "# a.timer\n[Timer]\nOnCalendar=daily\n" + job,
    instead: unit("OnCalendar=daily") + job,
    ignoreWhen: "The job is to run at boot too, or people start the timer by hand.")

  static let accuracy = Rule(
    "TI008", "timer-finer-than-accuracy", .warning,
    finds: "A timer whose period is shorter than its AccuracySec=, which is a minute unless it is set.",
    why: "The timer may fire that much later, so a job of every ten seconds runs about once a minute.",
    example: unit("OnBootSec=10s\nOnUnitActiveSec=10s") + job,
    instead: unit("OnBootSec=10s\nOnUnitActiveSec=10s\nAccuracySec=1s") + job)

  static let restarted = Rule(
    "TI012", "timer-on-daemon", .note,
    finds: "A timer for a service with Restart=always.",
    why:
      "Once started the service runs on and on, and starting what runs does nothing: the timer fires once.",
    example: unit("OnCalendar=hourly") + "# a.service\n[Service]\nExecStart=/bin/job\nRestart=always",
    instead: unit("OnCalendar=hourly")
      + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/job\nRestart=on-failure",
    ignoreWhen: "The timer is only to start the daemon later.")

  static let spread = Rule(
    "TI013", "delay-longer-than-period", .note,
    finds: "A RandomizedDelaySec= as long as the timer's period, or longer.",
    why: "The delay is drawn anew each time: runs come in no order, some in a row, some not for two periods.",
    example: unit("OnCalendar=hourly\nRandomizedDelaySec=2h") + job,
    instead: unit("OnCalendar=hourly\nRandomizedDelaySec=10min") + job,
    ignoreWhen: "The runs are only to be spread, as downloads are, and their distance does not matter.")

  private static func unit(_ lines: String) -> String {
    "# a.timer\n[Timer]\n\(lines)\n[Install]\nWantedBy=timers.target\n"
  }

  private static let job = "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/job\n"

  static let rules = [
    UnitRule(
      calendar,
      nearMisses: [
        unit("OnCalendar=Mon..Fri *-*-1..7 08:00 Europe/Berlin") + job, unit("OnCalendar=*-02-29") + job,
      ], .settings(of: [.onCalendar], checkCalendar)),
    UnitRule(
      neverFirst,
      nearMisses: [
        unit("OnUnitActiveSec=1h\nOnCalendar=daily") + job,
        unit("OnUnitActiveSec=1h") + job + "[Install]\nWantedBy=multi-user.target",
      ], .unit(checkFirst)),
    UnitRule(
      enabled,
      nearMisses: [
        unit("OnCalendar=daily") + job,
        "# a.timer\n[Timer]\nOnCalendar=daily\n" + job + "# b.service\n[Unit]\nWants=a.timer\n[Service]\n"
          + "ExecStart=/bin/b",
      ], .unit(checkEnabled)),
    UnitRule(
      accuracy,
      nearMisses: [
        unit("OnBootSec=10s\nOnUnitActiveSec=5min") + job, unit("OnCalendar=*:0/5") + job,
        unit("OnCalendar=*:*:0/10\nAccuracySec=1s") + job,
      ], .unit(checkAccuracy)),
    UnitRule(
      restarted,
      nearMisses: [
        unit("OnBootSec=1h") + "# a.service\n[Service]\nExecStart=/bin/job\nRestart=always",
        unit("OnCalendar=hourly") + "# a.service\n[Service]\nExecStart=/bin/job\nRestart=on-failure",
      ],
      .unit { item, report in
        guard item.unit.name.type == .timer, let index = item.unit.indices(of: .onCalendar).first else {
          return
        }
        for other in item.triggered {
          guard other.unit.value(.restart) == "always" else { continue }
          report.add(
            item.finding(
              restarted, "\(other.unit.name) never ends, so the timer fires once", at: index,
              related: other.label("restarted for ever", at: other.unit.index(of: .restart)),
              help: "use Restart=on-failure for a job, or enable the service instead of the timer"))
        }
      }),
    UnitRule(
      spread,
      nearMisses: [
        unit("OnCalendar=daily\nRandomizedDelaySec=2h") + job,
        unit("OnBootSec=5min\nRandomizedDelaySec=1h") + job,
      ],
      .unit { item, report in
        guard item.unit.name.type == .timer, let index = item.unit.index(of: .randomizedDelaySec),
          !item.unit.flag(.fixedRandomDelay, false)
        else { return }
        let delay = item.seconds(.randomizedDelaySec, 0)
        guard let period = item.timerPeriod, delay >= period else { return }
        report.add(
          item.finding(
            spread, "the delay of up to \(Int(delay)) s is no shorter than the period of \(Int(period)) s",
            at: index, help: "shorten it, or set FixedRandomDelay=yes"))
      }),
  ]

  @Sendable private static func checkCalendar(_ item: SettingCase, _ report: inout Report) {
    guard !item.setting.value.isEmpty,
      !item.setting.value.utf8.contains(UInt8(ascii: "%"))
    else { return }
    guard let event = CalendarEvent(item.setting.value) else {
      return report.add(
        item.atValue(
          calendar, "'\(item.setting.value)' is no calendar event",
          help: "write it like 'daily', 'Mon..Fri 08:00' or '*-*-01 04:00:00'; "
            + "'systemd-analyze calendar' explains it"))
    }
    guard event.next(after: CalendarEvent.earliest) == nil else { return }
    report.add(
      item.atValue(
        calendar, "\(event.normalForm) never comes, or is long past", help: "correct the date",
        severity: .warning))
  }

  @Sendable private static func checkFirst(_ item: UnitCase, _ report: inout Report) {
    guard item.unit.name.type == .timer, item.isKnown,
      let index = item.unit.indices(of: .onUnitActiveSec).first
        ?? item.unit.indices(of: .onUnitInactiveSec).first,
      ![SettingKey.onCalendar, .onActiveSec, .onBootSec, .onStartupSec].contains(where: {
        !item.unit.indices(of: $0).isEmpty
      })
    else { return }
    // What another unit starts has a first run.
    let isStarted = item.triggered.contains { other in
      other.dependants.contains { $0.kind.pullsIn || ($0.kind == .triggers && Int($0.from) != item.node) }
    }
    guard !isStarted else { return }
    report.add(
      item.finding(
        neverFirst, "the timer waits for a first run that nothing brings about", at: index,
        help: "add OnBootSec=5min", fix: item.insertion("OnBootSec=5min", after: index, .unsafe)))
  }

  @Sendable private static func checkEnabled(_ item: UnitCase, _ report: inout Report) {
    guard item.unit.name.type == .timer, item.unit.hasFile, let node = item.node else { return }
    if !item.unit.name.isTemplate, !item.context.index.isStarted(node), !item.context.isAlso(item.unit.name) {
      report.add(
        item.finding(
          enabled, "nothing starts \(item.unit.name)", help: "add [Install] with WantedBy=timers.target"))
    }
    for other in item.triggered {
      let edge = other.dependants.first { edge in
        guard edge.kind.pullsIn, item.context.graph.nodes[Int(edge.from)].name.type == .target else {
          return false
        }
        switch edge.origin {
        case .install, .link: return true
        default: return false
        }
      }
      guard let edge, !other.isDaemon else { continue }
      report.add(
        item.finding(
          enabled,
          "\(other.unit.name) is started by \(item.context.name(of: edge.from)) as well as by its timer",
          related: item.context.graph.span(of: edge).map {
            [Label(item.context.graph.describe(edge), at: $0)]
          } ?? [],
          help: "enable the timer only", severity: .note))
    }
  }

  @Sendable private static func checkAccuracy(_ item: UnitCase, _ report: inout Report) {
    guard item.unit.name.type == .timer, let period = item.timerPeriod else { return }
    let tolerance = item.seconds(.accuracySec, 60)
    guard period < tolerance else { return }
    let keys = [SettingKey.accuracySec, .onUnitActiveSec, .onUnitInactiveSec, .onCalendar]
    guard let index = keys.lazy.compactMap({ item.unit.indices(of: $0).first }).first else { return }
    let fix =
      item.unit.has(.accuracySec)
      ? item.replacingValue(of: index, by: "1s") : item.insertion("AccuracySec=1s", after: index)
    report.add(
      item.finding(
        Self.accuracy, "a period of \(Int(period)) s, but AccuracySec= lets it be \(Int(tolerance)) s late",
        at: index,
        help: "set AccuracySec=1s", fix: fix))
  }

}

extension UnitCase {
  /// The units of the set that this one triggers.
  var triggered: [UnitCase] {
    dependencies.filter { $0.kind == .triggers }.compactMap { context.unit(at: $0.to) }
  }

  /// The shortest time between two runs of a timer, in seconds; `nil` when it fires once.
  var timerPeriod: Double? {
    let spans = [SettingKey.onUnitActiveSec, .onUnitInactiveSec].flatMap { unit.values($0) }.compactMap {
      ValueReading.seconds($0)
    }
    let events = unit.values(.onCalendar).prefix(50).compactMap { CalendarEvent($0)?.shortestPeriod }
    return (spans + events).filter { $0 > 0 && $0.isFinite }.min()
  }
}

extension CalendarEvent {
  /// The shortest of the first few times between two events, in seconds; `nil` when there are no two.
  var shortestPeriod: Double? {
    guard var time = next(after: Self.earliest) else { return nil }
    var shortest: Double?
    for _ in 0..<8 {
      guard let later = next(after: time) else { break }
      let days = later.date.daysSince1970 - time.date.daysSince1970
      let period = Double(days) * 86_400 + Double(later.microseconds - time.microseconds) / 1e6
      shortest = min(shortest ?? period, period)
      time = later
    }
    return shortest
  }
}

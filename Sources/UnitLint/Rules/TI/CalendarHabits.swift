import Diagnostics
import SystemdUnits
import UnitGraphs

/// TI009, TI010
enum CalendarHabits {
  static let uneven = Rule(
    "TI009", "uneven-repetition", .note,
    finds: "A repetition of minutes, seconds or hours that does not divide the whole.",
    why: "*:0/7 starts anew with each hour: after minute 56 comes minute 0, four minutes later.",
    example: unit("OnCalendar=*:0/7"), instead: unit("OnCalendar=*:0/6"),
    ignoreWhen: "The odd gap does no harm.")

  static let missingDay = Rule(
    "TI010", "day-that-months-lack", .note,
    finds: "OnCalendar= on the 29th, 30th or 31st of any month.",
    why: "Months without that day are left out: *-*-31 comes seven times a year.",
    example: unit("OnCalendar=*-*-31"), instead: unit("OnCalendar=*-*~01"),
    ignoreWhen: "Only those months are meant.")

  private static func unit(_ lines: String) -> String {
    "# a.timer\n[Timer]\n\(lines)\n[Install]\nWantedBy=timers.target\n"
      + "# a.service\n[Service]\nType=oneshot\nExecStart=/bin/job\n"
  }

  static let rules = [
    UnitRule(
      uneven,
      nearMisses: [
        unit("OnCalendar=*:0/15"), unit("OnCalendar=*:5/20"), unit("OnCalendar=*:0..20/7"),
        unit("OnCalendar=*-*-1/3"),
      ],
      .settings(of: [.onCalendar]) { item, report in
        guard let event = CalendarEvent(item.setting.value) else { return }
        let parts = [
          (event.hours, 24, "hours of the day"), (event.minutes, 60, "minutes of the hour"),
          (event.microseconds, 60_000_000, "seconds of the minute"),
        ]
        for (elements, whole, name) in parts {
          guard elements.count == 1, let element = elements.first, element.step > 0, element.stop == nil,
            whole % element.step != 0
          else { continue }
          // A single repetition within the whole has no gaps to compare.
          guard element.start + element.step * 2 < whole else { continue }
          report.add(
            item.atValue(
              uneven, "the \(name) do not divide evenly, so the last gap is shorter",
              help: "use a number that divides them, or OnUnitActiveSec= for an even period"))
        }
      }),
    UnitRule(
      missingDay,
      nearMisses: [
        unit("OnCalendar=*-*-28"), unit("OnCalendar=*-01,03-31"), unit("OnCalendar=*-*-1..31"),
        unit("OnCalendar=Mon *-*-1/7"),
      ],
      .settings(of: [.onCalendar]) { item, report in
        guard let event = CalendarEvent(item.setting.value),
          !event.countsFromMonthEnd, event.months.isEmpty, !event.days.isEmpty,
          let last = event.days.first(where: { $0.start > 28 && $0.stop == nil && $0.step == 0 }),
          !event.days.contains(where: { $0.start <= 28 })
        else { return }
        report.add(
          item.atValue(
            missingDay, "months without a day \(last.start) are left out",
            help: "count from the end: *-*~01 is the last day of every month"))
      }),
  ]
}

import Diagnostics
import SystemdUnits

/// SY089
enum RemovedDirective {
  static let rule = Rule(
    "SY089", "removed-directive", .warning,
    finds: "A directive that the systemd which the unit is for no longer knows.",
    why: "systemd leaves the setting out; what it limited is not limited any more.",
    example: "[Service]\nManagedOOMMemoryPressureLimitPercent=60%\nExecStart=/bin/true",
    instead: "[Service]\nManagedOOMMemoryPressureLimit=60%\nExecStart=/bin/true",
    ignoreWhen: "The unit serves hosts with an older systemd as well, and says the same in the new words.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nMemoryMax=1G\nExecStart=/bin/true", "[Service]\nCPUWeight=10\nExecStart=/bin/true",
    ],
    .setting { item, report in
      let version = item.context.settings.systemdVersion
      guard let row = item.setting.directive, item.context.isGone[Int(row.index)],
        let last = DirectiveCatalogue.standard.until(row),
        // Between the last version that knows it and the next one asked nobody can tell.
        let gone = DirectiveCatalogue.versionsAsked.first(where: { $0 > last }), gone <= version
      else { return }
      report.add(
        item.atName(
          rule, "\(item.setting.name)= is gone from systemd \(gone) on, the unit is for \(version)",
          help: "see its successor in the manual page, or take the line out"))
    })
}

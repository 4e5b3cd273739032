import Diagnostics
import SystemdUnits

/// SY021
enum NewerDirective {
  static let rule = Rule(
    "SY021", "newer-directive", .warning,
    finds: "A directive that only later versions of systemd know than the one the unit is for.",
    why: "The older systemd leaves the setting out.",
    example: "[Unit]\nWantsMountsFor=/srv\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nRequiresMountsFor=/srv\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The setting is a refinement that an older host can do without.")

  static let unitRule = UnitRule(
    rule,
    .setting { item, report in
      guard let row = item.setting.directive, item.context.isNewer[Int(row.index)] else { return }
      let version = item.context.settings.systemdVersion
      let directive = DirectiveCatalogue.standard[row]
      report.add(
        item.atName(
          rule, "\(directive.name)= is known since systemd \(directive.since), the unit is for \(version)",
          help: "take it out, or raise the version that the units are for"))
    })
}

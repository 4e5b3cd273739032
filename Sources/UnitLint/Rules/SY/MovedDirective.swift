import Diagnostics
import SystemdUnits

/// SY004
enum MovedDirective {
  static let rule = Rule(
    "SY004", "moved-directive", .warning,
    finds: "StartLimit… settings in [Service]; since systemd 230 they belong to [Unit].",
    why: "The new spelling is left out there, so the start limit stays at five starts in ten seconds.",
    example: "[Unit]\nDescription=a\n[Service]\nExecStart=/bin/true\nStartLimitIntervalSec=0",
    instead: "[Unit]\nDescription=a\nStartLimitIntervalSec=0\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Unit]\nStartLimitBurst=3\n[Service]\nExecStart=/bin/true"],
    .setting { item, report in
      guard item.setting.section == .service, item.setting.name.hasPrefix("StartLimit"),
        !DirectiveCatalogue.standard.directives(named: item.setting.name).isEmpty
      else { return }
      let isTaken = item.directive != nil
      report.add(
        item.atName(
          rule,
          isTaken
            ? "\(item.setting.name)= in [Service] is the spelling of systemd before 230"
            : "\(item.setting.name)= has no effect in [Service]",
          help: "move the line to [Unit]", fix: item.move(to: .unit)))
    })
}

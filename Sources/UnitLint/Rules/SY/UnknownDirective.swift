import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY001
enum UnknownDirective {
  static let rule = Rule(
    "SY001", "unknown-directive", .warning,
    finds: "A directive that no version of systemd knows in any section.",
    why: "systemd warns in the journal and goes on without the setting.",
    example: "[Service]\nExecStart=/bin/true\nRestartSecs=5",
    instead: "[Service]\nExecStart=/bin/true\nRestartSec=5",
    ignoreWhen: "Another program reads the key; name it X-… then, which systemd leaves alone.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nX-Owner=ops", "[X-Own]\nAnything=1\n[Unit]\nDescription=a",
    ],
    .setting { item, report in
      guard item.setting.directive == nil, let section = item.setting.section,
        !item.setting.name.hasPrefix("X-"),
        section.isTaken(by: item.unit.name.type)
      else { return }
      let catalogue = DirectiveCatalogue.standard
      // Known elsewhere or in another case: SY003, SY004 and SY005 say it better.
      guard catalogue.directives(namedLike: item.setting.name).isEmpty else { return }
      let candidates = catalogue.directives.filter { $0.sections.contains(section) }.map(\.name)
      let meant = SpellingHints.nearest(to: item.setting.name, among: candidates)
      report.add(
        item.atName(
          rule, "unknown directive \(item.setting.name)= in [\(section.rawValue)]",
          help: meant.map { "did you mean \($0)=?" }
            ?? "take the line out, or name the key X-… if another program reads it",
          fix: meant.flatMap { item.renaming(to: $0, .unsafe) }))
    })
}

extension UnitSection {
  /// Whether units of a type may have the section at all.
  func isTaken(by type: UnitType) -> Bool {
    self == .unit || self == .install || self == UnitSection(of: type)
  }
}

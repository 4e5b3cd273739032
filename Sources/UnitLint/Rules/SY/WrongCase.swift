import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY005
enum WrongCase {
  static let rule = Rule(
    "SY005", "wrong-case", .error,
    finds: "A directive or section that differs from a known one in its case only.",
    why: "systemd compares names letter by letter and leaves the setting out.",
    example: "[Service]\nExecstart=/bin/false\nExecStart=/bin/true",
    instead: "[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nExecStart=/bin/true\nUMask=0077"],
    .setting { item, report in
      guard item.setting.directive == nil, let section = item.setting.section,
        section.isTaken(by: item.unit.name.type)
      else { return }
      let catalogue = DirectiveCatalogue.standard
      guard catalogue.directives(named: item.setting.name).isEmpty else { return }
      let alike = catalogue.directives(namedLike: item.setting.name)
      guard let meant = alike.first(where: { $0.sections.contains(section) }) ?? alike.first else { return }
      report.add(
        item.atName(
          rule, "\(item.setting.name)= is spelt \(meant.name)=", help: "write \(meant.name)=",
          // A command that never ran would run from then on.
          fix: item.renaming(to: meant.name, meant.kind == .exec ? .unsafe : .safe)))
    })

  /// The same for sections, which are no settings.
  static let sectionRule = UnitRule(
    rule,
    .file { item, report in
      for section in item.source.sections where UnitSection(rawValue: section.name) == nil {
        let alike = UnitSection.allCases.first { $0.rawValue.lowercased() == section.name.lowercased() }
        guard let meant = alike?.rawValue else { continue }
        report.add(
          item.finding(
            rule, "[\(section.name)] is spelt [\(meant)]", at: section.text, help: "write [\(meant)]",
            fix: Fix(.safe, [.init(item.source.span(section.text), "[\(meant)]")])))
      }
    })
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// DR004, DR006, DR007
enum DropInSettings {
  static let reset = Rule(
    "DR004", "dependency-reset", .warning,
    finds: "An empty assignment to a dependency, such as After= or Requires=.",
    why: "Lists of commands or paths start anew with one, dependencies do not: nothing is taken away.",
    example:
      "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Unit]\nAfter=",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Unit]\nAfter=c.service")

  static let masked = Rule(
    "DR006", "drop-in-for-masked-unit", .note,
    finds: "Drop-ins for a unit that is masked.",
    why: "The unit cannot start, whatever they say.",
    example: "# a.service\n# a.service.d/x.conf\n[Service]\nNice=5",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Service]\nNice=5",
    ignoreWhen: "The mask is for now.")

  static let contradiction = Rule(
    "DR007", "drop-ins-contradict", .note,
    finds: "Two drop-ins of a unit that set one directive to different values.",
    why: "The one read last counts, by its file name, not by its date or its author.",
    example: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/cpu.conf\n[Service]\nNice=5\n"
      + "# a.service.d/base.conf\n[Service]\nNice=1",
    instead: "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/base.conf\n[Service]\nNice=1",
    ignoreWhen: "One is a default that the other overrides.")

  static let rules = [
    UnitRule(
      reset,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Service]\nExecStart=\nExecStart=/bin/b"
      ],
      .settings(of: SettingKey.dependencies) { item, report in
        guard let kind = item.setting.key?.dependency, item.setting.value.isEmpty else { return }
        report.add(
          item.atName(
            reset, "an empty \(kind.rawValue)= takes nothing away",
            help: "copy the unit to /etc/systemd/system and change it there",
            fix: item.owner.removal(of: item.index)))
      }),
    UnitRule(
      masked,
      nearMisses: ["# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/x.conf\n[Service]\nNice=5"],
      .host { context, report in
        for unit in context.set.units where unit.isMasked {
          guard
            let fragment = unit.fragments.first(where: { $0.path == own($0, unit) && context.isAsked($0) })
          else {
            continue
          }
          report.add(
            Diagnostic(
              masked, "\(unit.name) is masked, so this changes nothing", at: fragment.span,
              help: "unmask the unit, or remove the drop-in", unit: unit.name.description))
        }
      }),
    UnitRule(
      contradiction,
      nearMisses: [
        "# a.service\n[Service]\nExecStart=/bin/a\nNice=1\n# a.service.d/cpu.conf\n[Service]\nNice=5",
        "# a.service\n[Service]\nExecStart=/bin/a\n# a.service.d/a.conf\n[Service]\nEnvironment=A=1\n"
          + "# a.service.d/b.conf\n[Service]\nEnvironment=B=1",
        "# a.service\n[Service]\nExecStart=/bin/a\n# service.d/a.conf\n[Service]\nNice=1\n"
          + "# a.service.d/b.conf\n[Service]\nNice=5",
      ], .unit(checkContradiction)),
  ]

  /// The path of a fragment when it lies in the unit's own folder.
  private static func own(_ fragment: UnitFragment, _ unit: LoadedUnit) -> String? {
    fragment.path.hasPrefix(unit.name.description + ".d/") ? fragment.path : nil
  }

  @Sendable private static func checkContradiction(_ item: UnitCase, _ report: inout Report) {
    let unit = item.unit
    guard unit.fragments.count > 2 || (!unit.hasFile && unit.fragments.count > 1) else { return }
    var seen: [String: (value: String, path: String, setting: Int)] = [:]
    var index = 0
    for fragment in unit.fragments {
      let range = index..<(index + fragment.settings.count)
      index = range.upperBound
      guard own(fragment, unit) != nil else { continue }
      for number in range {
        let setting = unit.settings[number]
        guard let row = setting.directive, !DirectiveCatalogue.standard[row].isList, !setting.value.isEmpty
        else {
          continue
        }
        let key = setting.sectionName + "." + setting.name
        if let before = seen[key], before.path != fragment.path, before.value != setting.value,
          item.context.isAsked(fragment)
        {
          report.add(
            item.finding(
              contradiction, "\(setting.name)=\(setting.value) overrides \(before.value) of \(before.path)",
              at: number,
              related: item.label("overridden", at: before.setting), help: "say it once"))
        }
        seen[key] = (setting.value, fragment.path, number)
      }
    }
  }
}

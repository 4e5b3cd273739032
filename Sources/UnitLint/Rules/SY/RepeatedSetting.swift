import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY016
enum RepeatedSetting {
  static let rule = Rule(
    "SY016", "repeated-setting", .warning,
    finds: "A directive with one value that a file sets twice, to different values.",
    why: "The last one counts, which readers of the first do not see.",
    example: "[Service]\nExecStart=/bin/true\nUser=a\nRestart=no\nUser=b",
    instead: "[Service]\nExecStart=/bin/true\nRestart=no\nUser=b")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a.path\n[Path]\nPathChanged=/a\nPathChanged=/b\n[Install]\nWantedBy=paths.target\n"
        + "# a.service\n[Service]\nExecStart=/bin/true",
      "[Service]\nType=oneshot\nExecStart=/bin/true\nExecStart=/bin/true x\nUser=a\nUser=a",
    ],
    .unit { item, report in
      for fragment in item.unit.fragments where item.context.isAsked(fragment) {
        var last: [DirectiveCatalogue.Row: Int] = [:]
        last.reserveCapacity(fragment.settings.count)
        for (index, setting) in fragment.settings.enumerated() {
          // A path unit watches all of its paths.
          guard let row = setting.directive, setting.key?.isDependency != true,
            !(setting.section == .path && setting.kind == .path),
            !DirectiveCatalogue.standard[row].isList, DirectiveCatalogue.standard[row].isSingle
          else { continue }
          if let former = last.updateValue(index, forKey: row),
            fragment.settings[former].value != setting.value,
            !fragment.settings[former].value.isEmpty, !setting.value.isEmpty
          {
            report.add(finding(item, fragment, setting, fragment.settings[former]))
          }
        }
      }
    })

  private static func finding(
    _ item: UnitCase, _ fragment: UnitFragment, _ setting: UnitSetting, _ former: UnitSetting
  ) -> Diagnostic {
    let related = fragment.nameSpan(former).map { [Label("set to '\(former.value)' here", at: $0)] } ?? []
    return Diagnostic(
      rule, "\(setting.name)= is set again, to another value", at: fragment.nameSpan(setting),
      related: related,
      help: "keep one of the two lines", unit: item.unit.name.description)
  }
}

extension Directive {
  /// Whether a second value replaces the first for certain. What the catalogue calls OTHER may add up.
  fileprivate var isSingle: Bool {
    switch kind {
    case .boolean, .seconds, .string, .servicetype, .servicerestart, .killmode, .mode, .signal, .unsigned,
      .integer,
      .slice, .access, .action, .path, .nice, .oomscoreadjust:
      true
    default: name == "User" || name == "Group"
    }
  }
}

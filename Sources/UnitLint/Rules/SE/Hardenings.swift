import Diagnostics
import Hardening
import SystemdUnits
import UnitGraphs

/// SE013
enum Hardenings {
  static let rule = Rule(
    "SE013", "hardening-gap", .note,
    finds:
      "A setting of the sandbox that a service lacks, with what it adds to the exposure (`lint --security`).",
    why: "What the service does not need, an intruder does not need to have either.",
    example: "[Service]\nExecStart=/bin/serverd",
    instead: "# app.target\n[Unit]\nDescription=What is no service has no sandbox",
    ignoreWhen: "The service needs what the setting would take.")

  static let unitRule = UnitRule(
    rule,
    .unit { item, report in
      guard item.context.settings.reportsHardening, item.unit.name.type == .service, item.unit.hasFile,
        item.context.isAsked(item.unit)
      else { return }
      let exposure = Exposure.score(of: UnitFile(item.unit))
      var gaps: [String: Int] = [:]
      for row in exposure.rows where row.points > 0 {
        gaps[directive(row.field), default: 0] += exposure.tenths(of: row)
      }
      for (name, tenths) in gaps.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        report.add(
          item.finding(
            rule, "\(name) leaves \(tenths / 10).\(tenths % 10) of the exposure \(exposure.text)",
            at: item.unit.settings.lastIndex { $0.name == name },
            help: "see \(name.contains(" ") ? name : name + "=") in systemd.exec(5)"))
      }
    })

  /// The directive that a check of `systemd-analyze security` is about.
  private static func directive(_ field: String) -> String {
    switch field {
    case "UserOrDynamicUser": return "User"
    case "RootDirectoryOrRootImage": return "RootDirectory"
    default: break
    }
    for name in [
      "CapabilityBoundingSet", "RestrictNamespaces", "RestrictAddressFamilies", "SystemCallFilter",
    ]
    where field.hasPrefix(name) {
      return name
    }
    return field
  }
}

extension UnitFile {
  /// A unit as the manager reads it, drop-ins included.
  fileprivate init(_ unit: LoadedUnit) {
    var sections: [String: [Directive]] = [:]
    for setting in unit.settings where setting.directive != nil {
      sections[setting.sectionName, default: []].append(Directive(setting.name, setting.value, .standard("")))
    }
    self.init(
      name: unit.name.description,
      sections: sections.sorted { $0.key < $1.key }.map { Section($0.key, $0.value) })
  }
}

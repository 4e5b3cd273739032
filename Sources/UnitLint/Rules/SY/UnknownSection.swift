import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY002
enum UnknownSection {
  static let rule = Rule(
    "SY002", "unknown-section", .error,
    finds: "A section that systemd does not know, or that units of this type do not have.",
    why: "systemd leaves out every setting of the section.",
    example: "[Unit]\nDescription=a\n[Servce]\nExecStart=/bin/true\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nDescription=a\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Unit]\nDescription=a\n[X-Own]\nKey=1\n[Service]\nExecStart=/bin/true"],
    .file { item, report in
      let type = item.unit.name.type
      for section in item.source.sections where !section.name.hasPrefix("X-") {
        if let known = UnitSection(rawValue: section.name) {
          guard !known.isTaken(by: type) else { continue }
          report.add(
            item.finding(
              rule, "[\(section.name)] has no effect in a \(type.rawValue) unit", at: section.text,
              help: UnitSection(of: type).map {
                "a \(type.rawValue) unit has [Unit], [\($0.rawValue)] and [Install]"
              }))
          continue
        }
        // Another case only: SY005.
        guard !UnitSection.allCases.contains(where: { $0.rawValue.lowercased() == section.name.lowercased() })
        else { continue }
        let names = UnitSection.allCases.filter { $0.isTaken(by: type) }.map(\.rawValue)
        let meant = SpellingHints.nearest(to: section.name, among: names)
        let fix = meant.map { Fix(.unsafe, [.init(item.source.span(section.text), "[\($0)]")]) }
        report.add(
          item.finding(
            rule, "unknown section [\(section.name)]", at: section.text,
            help: meant.map { "did you mean [\($0)]?" } ?? "sections of other programs start with X-",
            fix: fix))
      }
    })
}

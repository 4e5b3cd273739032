import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX013
enum BusNames {
  static let rule = Rule(
    "EX013", "bus-name", .error,
    finds: "Type=dbus without BusName=, and two services with the same BusName=.",
    why:
      "Without the name systemd refuses the unit; of two services with one name, the second never gets it.",
    example: "[Service]\nType=dbus\nExecStart=/bin/serverd",
    instead: "[Service]\nType=dbus\nBusName=org.example.App\nExecStart=/bin/serverd")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Service]\nBusName=org.example.App\nExecStart=/bin/serverd"],
    .units(having: [.type]) { item, report in
      guard let index = item.unit.index(of: .type), item.unit.settings[index].value == "dbus",
        item.unit.name.type == .service, item.unit.value(.busName) == nil
      else { return }
      report.add(
        item.finding(
          rule, "Type=dbus needs a name to wait for", at: index, help: "set BusName=, or use Type=notify"))
    })

  static let sharedRule = UnitRule(
    rule,
    nearMisses: [
      "# a.service\n[Unit]\nConflicts=b.service\n[Service]\nBusName=org.a\nExecStart=/a\n# b.service\n[Service]\nBusName=org.a\nExecStart=/b"
    ],
    fires: [
      "# a.service\n[Service]\nBusName=org.a\nExecStart=/a\n# b.service\n[Service]\nBusName=org.a\nExecStart=/b"
    ],
    .host { context, report in
      var owners: [String: LoadedUnit] = [:]
      for unit in context.set.units
      where unit.name.type == .service && !unit.isMasked && !unit.name.isTemplate {
        guard let index = unit.index(of: .busName) else { continue }
        let name = unit.settings[index].value
        guard let first = owners[name] else {
          owners[name] = unit
          continue
        }
        guard context.isAsked(unit.fragment(of: index)), !excludes(unit, first), !excludes(first, unit) else {
          continue
        }
        let place = first.index(of: .busName).flatMap { first.span(of: $0) }
        report.add(
          Diagnostic(
            rule, "\(first.name) has the bus name \(name) already", at: unit.span(of: index),
            related: place.map { [Label("set here", at: $0)] } ?? [],
            help: "give them different names, or Conflicts= if one replaces the other", severity: .warning,
            unit: unit.name.description))
      }
    })

  private static func excludes(_ unit: LoadedUnit, _ other: LoadedUnit) -> Bool {
    unit.indices(of: .conflicts).contains { unit.names(at: $0).contains(other.name.description) }
  }
}

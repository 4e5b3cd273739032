import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR036
enum FailureHandlers {
  static let rule = Rule(
    "GR036", "failure-handler-loop", .warning,
    finds: "OnFailure= handlers that lead back to themselves, mostly by a drop-in for all services that the "
      + "handler gets as well.",
    why:
      "When the handler fails, as in an outage of mail, it starts itself again and again, under ever longer names.",
    example:
      "# alert@.service\n[Unit]\nOnFailure=alert@%n.service\n[Service]\nType=oneshot\nExecStart=/bin/mail %i",
    instead: "# alert@.service\n[Service]\nType=oneshot\nExecStart=/bin/mail %i")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a.service\n[Unit]\nOnFailure=alert@%n.service\n[Service]\nExecStart=/bin/true\n[Install]\n"
        + "WantedBy=multi-user.target\n# alert@.service\n[Service]\nType=oneshot\nExecStart=/bin/mail %i",
      "# a.service\n[Unit]\nOnFailure=b.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Unit]\n"
        + "OnFailure=c.service\n[Service]\nExecStart=/bin/true\n# c.service\n[Service]\nExecStart=/bin/true",
    ],
    .unit { item, report in
      guard let first = item.unit.indices(of: .onFailure).first,
        let own = item.context.set.index(of: item.unit.name.description)
      else { return }
      var seen = Set<Int>()
      var open = handlers(of: item.unit, item.context)
      while let index = open.popLast(), seen.count < 100 {
        if index == own {
          report.add(
            item.finding(
              rule, "a failure of the handler starts the handler again", at: first,
              help: "give the handler no OnFailure= of its own"
                + (item.unit.fragment(of: first).path.contains("/")
                  ? ", with an empty drop-in of the same file name in \(item.unit.name).d" : "")))
          return
        }
        if seen.insert(index).inserted { open += handlers(of: item.context.set.units[index], item.context) }
      }
    })

  /// The units of the set that a unit's failure starts, templates for their instances.
  private static func handlers(of unit: LoadedUnit, _ context: LintContext) -> [Int] {
    let name = unit.name.instantiated("x") ?? unit.name
    return unit.indices(of: .onFailure).flatMap { unit.names(at: $0) }.compactMap { text in
      Specifiers.expandNames(text, for: name).flatMap { UnitName($0) }.flatMap {
        context.set.index(providing: $0)
      }
    }
  }
}

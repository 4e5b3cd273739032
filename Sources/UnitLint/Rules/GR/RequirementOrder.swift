import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR020 and GR021
enum RequirementOrder {
  static let requires = Rule(
    "GR020", "requires-without-order", .warning,
    finds: "Requires= without an order between the two units.",
    why: "Both start at once, and when the other fails after this one has started nothing happens to it.",
    example: "[Unit]\nRequires=database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nRequires=database.service\nAfter=database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The two only have to run together and tolerate each other's absence at the start.")

  static let bindsTo = Rule(
    "GR021", "binds-without-order", .warning,
    finds: "BindsTo= or Requisite= without After= the other unit.",
    why: "The other unit is looked at while it may still be starting: the result is a matter of luck.",
    example: "[Unit]\nBindsTo=database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nBindsTo=database.service\nAfter=database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true")

  static let requiresRule = UnitRule(
    requires,
    nearMisses: [
      "[Unit]\nRequires=basic.target dbus.socket\n[Service]\nExecStart=/bin/true",
      "# a.target\n[Unit]\nRequires=b.service\n# b.service\n[Service]\nExecStart=/bin/true",
      "[Unit]\nRequires=b.service\nBefore=b.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Service]\nExecStart=/bin/true",
    ],
    .unit { item, report in
      check(item, [.requires], requires, &report) { index, own, other in
        index.isOrdered(other, before: own) || index.isOrdered(own, before: other)
      }
    })

  static let bindsToRule = UnitRule(
    bindsTo,
    nearMisses: ["[Unit]\nBindsTo=dev-vda.device\nAfter=dev-vda.device\n[Service]\nExecStart=/bin/true"],
    .unit { item, report in
      check(item, [.bindsTo, .requisite], bindsTo, &report) { index, own, other in
        index.isOrdered(other, before: own)
      }
    })

  private static func check(
    _ item: UnitCase, _ kinds: [SettingKey], _ rule: Rule, _ report: inout Report,
    isOrdered: (GraphIndex, Int, Int) -> Bool
  ) {
    guard let own = item.node else { return }
    let graph = item.context.graph
    for key in kinds {
      for index in item.unit.indices(of: key) {
        for name in item.unit.names(at: index) {
          guard let other = graph.node(named: name), other != own, graph.nodes[other].canStart,
            !isOrdered(item.context.index, own, other)
          else { continue }
          report.add(
            item.finding(
              rule, "\(key.rawValue)=\(name) says nothing of the order", at: index, help: "add After=\(name)",
              fix: item.insertion("After=\(name)", after: index)))
        }
      }
    }
  }
}

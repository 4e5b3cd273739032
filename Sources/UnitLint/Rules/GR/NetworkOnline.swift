import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR024 and GR025
enum NetworkOnline {
  static let notPulledIn = Rule(
    "GR024", "network-online-not-pulled-in", .warning,
    finds: "After=network-online.target in a unit that does not pull the target in.",
    why: "Nothing else need do so, and a target that is not started is not waited for.",
    example: "[Unit]\nAfter=network-online.target\n[Service]\nExecStart=/bin/true",
    instead:
      "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/true")

  static let notOrdered = Rule(
    "GR025", "network-online-not-ordered", .warning,
    finds: "A unit that pulls network-online.target in but is not ordered after it.",
    why: "The unit starts at the same time as the wait for the network.",
    example: "[Unit]\nWants=network-online.target\n[Service]\nExecStart=/bin/true",
    instead:
      "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/true")

  static let notPulledInRule = UnitRule(
    notPulledIn, nearMisses: ["[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true"],
    .unit { item, report in
      guard let after = item.unit.indices(of: .after).first(where: { item.names($0, target) }),
        let own = item.node, let online = item.context.graph.node(named: target),
        !item.context.index.pullsIn(own, online)
      else { return }
      report.add(
        item.finding(
          notPulledIn, "after \(target), which this unit does not pull in", at: after,
          help: "add Wants=\(target)", fix: item.insertion("Wants=\(target)", after: after)))
    })

  static let notOrderedRule = UnitRule(
    notOrdered,
    nearMisses: ["# a.target\n[Unit]\nWants=network-online.target"],
    .unit { item, report in
      for key in [SettingKey.wants, .requires, .bindsTo] {
        guard let index = item.unit.indices(of: key).first(where: { item.names($0, target) }),
          let own = item.node,
          let online = item.context.graph.node(named: target), own != online,
          !item.context.index.isOrdered(online, before: own)
        else { continue }
        report.add(
          item.finding(
            notOrdered, "pulls in \(target) but does not wait for it", at: index, help: "add After=\(target)",
            fix: item.insertion("After=\(target)", after: index)))
        return
      }
    })

  private static let target = "network-online.target"
}

extension UnitCase {
  /// Whether a dependency of the unit names another.
  fileprivate func names(_ setting: Int, _ other: String) -> Bool {
    unit.names(at: setting).contains(other)
  }
}

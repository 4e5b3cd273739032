import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR037
enum EarlyShutdown {
  static let rule = Rule(
    "GR037", "no-shutdown-order", .warning,
    finds:
      "A service with DefaultDependencies=no that does not conflict with shutdown.target and stop before it.",
    why:
      "Nobody stops the service at shutdown: it is killed at the very end, when file systems should be gone.",
    example: "[Unit]\nDefaultDependencies=no\n[Service]\nExecStart=/bin/true",
    instead:
      "[Unit]\nDefaultDependencies=no\nConflicts=shutdown.target\nBefore=shutdown.target\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The service is short, or has to live until the very end.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/true",
      "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true",
    ],
    .unit { item, report in
      let unit = item.unit
      guard unit.name.type == .service, let index = unit.index(of: .defaultDependencies),
        !unit.flag(.defaultDependencies, true)
      else { return }
      // A oneshot is over long before, unless it stays to do something when it is stopped.
      let acts = unit.has(.execStop) || unit.has(.execStopPost)
      if unit.value(.type) == "oneshot", !(acts && unit.flag(.remainAfterExit, false)) { return }
      let lacking = [SettingKey.conflicts, .before].filter { key in
        !unit.values(key).contains { value in
          UnitWords.names(value).contains {
            $0 == "shutdown.target" || $0 == "umount.target" || $0 == "final.target"
          }
        }
      }
      guard !lacking.isEmpty else { return }
      let lines = lacking.map { "\($0.rawValue)=shutdown.target" }
      report.add(
        item.finding(
          rule, "without default dependencies the service lacks \(lines.joined(separator: " and "))",
          at: index,
          help: "add \(lines.joined(separator: " and "))",
          fix: item.insertion(lines.joined(separator: "\n"), after: index)))
    })
}

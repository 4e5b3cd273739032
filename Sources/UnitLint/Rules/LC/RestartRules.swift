import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC001, LC002, LC003
enum RestartRules {
  static let onFailure = Rule(
    "LC001", "clean-exit-is-final", .note,
    finds: "A daemon with Restart=on-failure.",
    why:
      "A daemon that exits with status 0, as many do on SIGTERM or a lost quorum, stays dead and looks healthy.",
    example: "[Service]\nType=notify\nExecStart=/bin/serverd\nRestart=on-failure",
    instead: "[Service]\nType=notify\nExecStart=/bin/serverd\nRestart=always",
    ignoreWhen: "The daemon ends on purpose, when it is idle for example.")

  static let never = Rule(
    "LC002", "no-restart", .note,
    finds: "A daemon that waits for the network and has no Restart=.",
    why: "It stays dead after its first crash.",
    example:
      "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/serverd",
    instead:
      "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/serverd\nRestart=always"
  )

  static let oneshot = Rule(
    "LC003", "oneshot-restart", .error,
    finds: "Type=oneshot with Restart=always or on-success.",
    why: "systemd refuses the unit: it would run for ever.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/true\nRestart=always",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/true\nRestart=on-failure")

  static let onFailureRule = UnitRule(
    onFailure,
    nearMisses: ["[Service]\nType=oneshot\nExecStart=/bin/true\nRestart=on-failure"],
    .unit { item, report in
      guard item.isDaemon, item.unit.value(.restart) == "on-failure",
        let index = item.unit.index(of: .restart)
      else { return }
      report.add(
        item.finding(
          onFailure, "a clean exit leaves the daemon dead", at: index, help: "use Restart=always",
          fix: item.replacingValue(of: index, by: "always")))
    })

  static let neverRule = UnitRule(
    never, nearMisses: ["[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true"],
    .unit { item, report in
      guard item.isDaemon, item.unit.index(of: .restart) == nil, !item.unit.flag(.remainAfterExit, false),
        item.unit.values(.after).contains(where: { UnitWords.names($0).contains("network-online.target") }),
        let command = item.unit.indices(of: .execStart).first
      else { return }
      report.add(
        item.finding(
          never, "the daemon has no Restart=", at: command, help: "add Restart=always and RestartSec="))
    })

  static let oneshotRule = UnitRule(
    oneshot, nearMisses: ["[Service]\nType=oneshot\nExecStart=/bin/true\nRestart=no"],
    .unit { item, report in
      guard item.unit.name.type == .service, item.unit.value(.type) == "oneshot",
        let restart = item.unit.value(.restart), restart == "always" || restart == "on-success",
        let index = item.unit.index(of: .restart)
      else { return }
      report.add(
        item.finding(
          oneshot, "Type=oneshot does not go with Restart=\(restart)", at: index,
          help: "use Restart=on-failure",
          fix: item.replacingValue(of: index, by: "on-failure")))
    })
}

extension UnitCase {
  /// Whether the unit is a service that is to run on and on.
  var isDaemon: Bool {
    guard unit.name.type == .service, unit.hasFile || unit.has(.execStart),
      !unit.indices(of: .execStart).isEmpty
    else { return false }
    return unit.value(.type) != "oneshot"
  }

  /// Replaces a setting's value.
  func replacingValue(of setting: Int, by value: String, _ applicability: Fix.Applicability = .safe) -> Fix? {
    let fragment = unit.fragment(of: setting)
    guard fragment.source != nil, let span = fragment.valueSpan(unit.settings[setting]) else { return nil }
    return Fix(applicability, [.init(span, value)])
  }
}

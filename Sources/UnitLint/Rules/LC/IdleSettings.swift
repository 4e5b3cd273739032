import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC013
enum IdleSettings {
  static let rule = Rule(
    "LC013", "setting-without-effect", .note,
    finds:
      "A setting that does nothing beside the unit's others: WatchdogSec= or RuntimeMaxSec= of a oneshot, "
      + "RestartSec= without Restart=, RestartSteps= without RestartMaxDelaySec=, Persistent= without "
      + "OnCalendar=, FixedRandomDelay= without RandomizedDelaySec=, MakeDirectory= with PathExists= alone.",
    why: "Who reads it thinks that it works.",
    example: "[Service]\nExecStart=/bin/serverd\nRestartSec=5s",
    instead: "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=5s")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# a.timer\n[Timer]\nOnCalendar=daily\nPersistent=yes\nRandomizedDelaySec=1h\nFixedRandomDelay=yes",
      "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartSec=1s\nRestartSteps=5\nRestartMaxDelaySec=1min\n"
        + "WatchdogSec=30s\nRuntimeMaxSec=1d",
    ],
    .unit { item, report in
      for (key, reason) in reasons(item) {
        guard let index = item.unit.index(of: key) else { continue }
        report.add(
          item.finding(
            rule, "\(key.rawValue)= does nothing: \(reason)", at: index, help: "take the line out",
            fix: item.removal(of: index)))
      }
    })

  private static func reasons(_ item: UnitCase) -> [(SettingKey, String)] {
    let unit = item.unit
    // Of a unit that is elsewhere only the drop-ins are known.
    guard item.isKnown else { return [] }
    switch unit.name.type {
    case .service: return serviceReasons(item)
    case .timer:
      var found: [(SettingKey, String)] = []
      if unit.flag(.persistent, false), unit.indices(of: .onCalendar).isEmpty {
        found.append((.persistent, "only OnCalendar= can be made up for"))
      }
      if unit.flag(.fixedRandomDelay, false), item.seconds(.randomizedDelaySec, 0) == 0 {
        found.append((.fixedRandomDelay, "there is no RandomizedDelaySec="))
      }
      return found
    case .path:
      let others = [SettingKey.pathChanged, .pathModified, .directoryNotEmpty]
      guard unit.flag(.makeDirectory, false), unit.has(.pathExists), !others.contains(where: unit.has) else {
        return []
      }
      return [(.makeDirectory, "PathExists= makes no directory")]
    default: return []
    }
  }

  private static func serviceReasons(_ item: UnitCase) -> [(SettingKey, String)] {
    let unit = item.unit
    var found: [(SettingKey, String)] = []
    if unit.value(.type) == "oneshot" {
      if item.seconds(.runtimeMaxSec, .infinity).isFinite {
        found.append((.runtimeMaxSec, "a oneshot never counts as running; use TimeoutStartSec="))
      }
      if item.seconds(.watchdogSec, 0) > 0 { found.append((.watchdogSec, "a oneshot has no watchdog")) }
    }
    if (unit.value(.restart) ?? "no") == "no", !unit.has(.restartForceExitStatus) {
      for key in [SettingKey.restartSec, .restartSteps, .restartMaxDelaySec, .restartPreventExitStatus] {
        found.append((key, "there is no Restart="))
      }
    } else {
      if !unit.has(.restartMaxDelaySec) { found.append((.restartSteps, "there is no RestartMaxDelaySec=")) }
      if !unit.has(.restartSteps) { found.append((.restartMaxDelaySec, "there is no RestartSteps=")) }
    }
    if !unit.has(.runtimeMaxSec) {
      found.append((.runtimeRandomizedExtraSec, "there is no RuntimeMaxSec="))
    }
    let (running, job) = (
      item.seconds(.jobRunningTimeoutSec, .infinity), item.seconds(.jobTimeoutSec, .infinity)
    )
    if running.isFinite, job.isFinite, job > 0, running > job {
      found.append((.jobRunningTimeoutSec, "JobTimeoutSec= is shorter"))
    }
    return found
  }
}

extension UnitCase {
  /// Takes a setting's lines out.
  func removal(of setting: Int) -> Fix? {
    guard let source = unit.fragment(of: setting).source, let assignment = unit.settings[setting].assignment,
      let element = source.element(withAssignment: assignment)
    else { return nil }
    return Fix(.safe, [.init(source.span(element.range), "")])
  }
}

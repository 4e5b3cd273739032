import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC012, LC016, LC020, LC024
enum StopRules {
  static let killMode = Rule(
    "LC012", "processes-left-behind", .warning,
    finds: "KillMode=none or KillMode=process.",
    why:
      "Processes outlive their unit: they hold ports and files, nobody restarts them, and at shutdown they keep "
      + "file systems busy. systemd calls none unsafe.",
    example: "[Service]\nExecStart=/bin/serverd\nKillMode=none",
    instead: "[Service]\nExecStart=/bin/serverd\nKillMode=mixed",
    ignoreWhen: "The processes belong to somebody else, as sessions of a login or containers do.")

  static let drain = Rule(
    "LC016", "stopped-before-it-is-done", .note,
    finds:
      "A stop command that waits longer than TimeoutStopSec= allows, or a service that is killed with SIGKILL "
      + "at once.",
    why: "What is being written is cut off.",
    example: "[Service]\nExecStart=/bin/serverd\nExecStop=/bin/sh -c 'drain; sleep 120'",
    instead: "[Service]\nExecStart=/bin/serverd\nExecStop=/bin/sh -c 'drain; sleep 120'\nTimeoutStopSec=150s",
    ignoreWhen: "The program has nothing to lose.")

  static let endlessStart = Rule(
    "LC020", "start-without-limit", .note,
    finds: "TimeoutStartSec=infinity in a daemon that waits for the network and is to be restarted.",
    why:
      "A start that hangs, in a connection that gets no answer for example, hangs for ever: it never fails, so it "
      + "is never restarted.",
    example: "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nType=notify\n"
      + "ExecStart=/bin/serverd\nRestart=always\nTimeoutStartSec=infinity",
    instead: "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nType=notify\n"
      + "ExecStart=/bin/serverd\nRestart=always\nTimeoutStartSec=10min",
    ignoreWhen: "The program gives up by itself.")

  static let zero = Rule(
    "LC024", "timeout-zero-is-infinite", .note,
    finds: "TimeoutStartSec=0, TimeoutStopSec=0 or TimeoutSec=0.",
    why: "It does not mean at once but never: a stop that hangs keeps the machine from shutting down.",
    example: "[Service]\nExecStart=/bin/serverd\nTimeoutStopSec=0",
    instead: "[Service]\nExecStart=/bin/serverd\nTimeoutStopSec=infinity")

  static let rules = [
    UnitRule(
      killMode,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nKillMode=mixed",
        "[Service]\nExecStart=/bin/serverd\nKillMode=control-group",
      ],
      .settings(of: [.killMode]) { item, report in
        guard ["none", "process"].contains(item.setting.value) else { return }
        let isNone = item.setting.value == "none"
        report.add(
          item.atValue(
            killMode, "\(isNone ? "no process is" : "only the main process is") ended with the unit",
            help: "use KillMode=mixed", severity: isNone ? nil : .note,
            fix: item.replacing(0..<item.setting.value.utf8.count, by: "mixed", .unsafe)))
      }),
    UnitRule(
      drain,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nExecStop=/bin/sh -c 'drain; sleep 20'",
        "[Service]\nExecStart=/bin/serverd\nKillSignal=SIGTERM",
      ],
      .unit { item, report in
        guard item.isDaemon else { return }
        if let index = item.unit.index(of: .killSignal),
          ["SIGKILL", "KILL", "9"].contains(item.unit.settings[index].value)
        {
          report.add(
            item.finding(
              drain, "the service is killed without a chance to finish", at: index, help: "use SIGTERM"))
        }
        let limit = item.stopTimeout
        for index in item.unit.indices(of: .execStop) where item.unit.settings[index].value.contains("sleep")
        {
          let words = item.unit.settings[index].value.split { " ;\t()'\"".contains($0) }
          let pauses = words.indices.dropLast().filter {
            words[$0] == "sleep" || words[$0].hasSuffix("/sleep")
          }
          let longest = pauses.compactMap { ValueReading.seconds(String(words[$0 + 1])) }.max() ?? 0
          guard longest >= limit, longest.isFinite else { continue }
          report.add(
            item.finding(
              drain, "the stop may take \(Int(longest)) s, systemd kills after \(Int(limit)) s", at: index,
              help: "set TimeoutStopSec=\(Int(min(longest, 1e6)) + 30)"))
        }
      }),
    UnitRule(
      endlessStart,
      nearMisses: [
        "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/serverd\n"
          + "Restart=always\nTimeoutStartSec=infinity",
        "[Service]\nType=notify\nExecStart=/bin/serverd\nRestart=always\nTimeoutStartSec=infinity",
      ],
      .unit { item, report in
        guard item.isDaemon, item.restarts,
          ["notify", "notify-reload", "forking", "dbus"].contains(
            item.unit.value(.type) ?? "simple"), item.startTimeout == nil,
          item.unit.indices(of: .after).contains(where: {
            item.unit.names(at: $0).contains("network-online.target")
          }), let index = item.unit.index(of: .timeoutStartSec) ?? item.unit.index(of: .timeoutSec)
        else { return }
        report.add(
          item.finding(
            endlessStart, "a start that hangs is never restarted", at: index,
            help: "set a limit that no start needs"))
      }),
    UnitRule(
      zero,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nTimeoutStopSec=infinity",
        "[Service]\nExecStart=/bin/serverd\nWatchdogSec=0\nTimeoutStopSec=1",
      ],
      .settings(of: [.timeoutStartSec, .timeoutStopSec, .timeoutSec]) { item, report in
        guard item.setting.section == .service, ValueReading.seconds(item.setting.value) == 0
        else { return }
        report.add(
          item.atValue(
            zero, "0 means without limit", help: "write infinity, or a limit",
            fix: item.replacing(0..<item.setting.value.utf8.count, by: "infinity", .safe)))
      }),
  ]
}

extension UnitCase {
  /// How long a stop may take, in seconds.
  fileprivate var stopTimeout: Double {
    let value = unit.value(.timeoutStopSec) ?? unit.value(.timeoutSec)
    let seconds = value.map { ValueReading.seconds($0) ?? 90 } ?? 90
    return seconds > 0 ? seconds : .infinity
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC018, LC022, LC023, LC025, LC029
enum ExitRules {
  static let watchdog = Rule(
    "LC018", "watchdog-behind-shell", .warning,
    finds: "WatchdogSec= in a service whose main process is a shell that does not exec its program.",
    why: "Signs of life count from the main process only, unless NotifyAccess=all: systemd kills the service "
      + "although it works.",
    example: "[Service]\nType=notify\nExecStart=/bin/sh -c 'prepare; serverd'\nWatchdogSec=30s",
    instead: "[Service]\nType=notify\nExecStart=/bin/sh -c 'prepare; exec serverd'\nWatchdogSec=30s")

  static let action = Rule(
    "LC022", "reboot-loop", .note,
    finds:
      "FailureAction=, StartLimitAction= or JobTimeoutAction= that reboots, in a unit that is started at boot.",
    why:
      "A unit that cannot start, for want of a file or a peer, reboots the machine at every boot: nobody gets in "
      + "to mend it.",
    example:
      "[Unit]\nFailureAction=reboot\n[Service]\nExecStart=/bin/serverd\n[Install]\nWantedBy=multi-user.target",
    instead:
      "[Unit]\nOnFailure=rescue.target\n[Service]\nExecStart=/bin/serverd\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The machine is of no use without the unit, and a boot counter or another slot ends the loop."
  )

  static let statuses = Rule(
    "LC023", "exit-status-in-two-lists", .warning,
    finds: "An exit status in RestartPreventExitStatus= and in RestartForceExitStatus=.",
    why: "Only the prevention counts.",
    example:
      "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartPreventExitStatus=3\nRestartForceExitStatus=3 4",
    instead:
      "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartPreventExitStatus=3\nRestartForceExitStatus=4"
  )

  static let runtime = Rule(
    "LC025", "runtime-ends-for-good", .note,
    finds: "RuntimeMaxSec= in a daemon that nothing restarts.",
    why: "After that time it is ended as failed, and stays so.",
    example: "[Service]\nExecStart=/bin/serverd\nRuntimeMaxSec=1d\n[Install]\nWantedBy=multi-user.target",
    instead:
      "[Service]\nExecStart=/bin/serverd\nRuntimeMaxSec=1d\nRestart=always\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The program is a job with a limit.")

  static let failure = Rule(
    "LC029", "failure-is-final", .note,
    finds: "A daemon with Restart=on-success, on-abnormal, on-abort or on-watchdog.",
    why: "An exit with a status other than 0, the usual end of a daemon in trouble, leaves it dead.",
    example: "[Service]\nExecStart=/bin/serverd\nRestart=on-abnormal",
    instead: "[Service]\nExecStart=/bin/serverd\nRestart=always",
    ignoreWhen: "The daemon exits so when it must not be started again.")

  static let rules = [
    UnitRule(
      watchdog,
      nearMisses: [
        "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'prepare; serverd'\nWatchdogSec=30s",
        "[Service]\nType=notify\nExecStart=/bin/serverd -c 'a; b'\nWatchdogSec=30s",
      ],
      .unit { item, report in
        guard item.isDaemon, item.seconds(.watchdogSec, 0) > 0, item.unit.value(.notifyAccess) != "all",
          let index = item.unit.index(of: .watchdogSec), let command = item.commands(.execStart).first,
          ["sh", "bash", "dash"].contains(command.program.split(separator: "/").last ?? ""),
          command.arguments.first?.text == "-c", let script = command.arguments.dropFirst().first?.text,
          !script.split(whereSeparator: { " ;&|\n\t(".contains($0) }).contains("exec"),
          script.contains(where: { ";&|".contains($0) })
        else { return }
        report.add(
          item.finding(
            watchdog, "the shell gives no signs of life, and those of its program do not count", at: index,
            help: "write exec in front of the program, or set NotifyAccess=all"))
      }),
    UnitRule(
      action,
      nearMisses: [
        "[Unit]\nFailureAction=reboot\n[Service]\nExecStart=/bin/serverd",
        "# reboot.target\n[Unit]\nJobTimeoutSec=30min\nJobTimeoutAction=reboot-force",
      ],
      .unit { item, report in
        guard let node = item.node, item.context.index.isStartedAtBoot(node) else { return }
        for key in [SettingKey.failureAction, .startLimitAction, .jobTimeoutAction] {
          guard let index = item.unit.index(of: key),
            ["reboot", "kexec", "soft-reboot"].contains(where: item.unit.settings[index].value.hasPrefix)
          else { continue }
          report.add(
            item.finding(
              action, "a unit of every boot reboots the machine when it cannot start", at: index,
              help: "use OnFailure=, or make sure that something ends the loop"))
        }
      }),
    UnitRule(
      statuses,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nRestart=always\nRestartPreventExitStatus=3\nRestartForceExitStatus=4"
      ],
      .unit { item, report in
        guard item.unit.has(.restartForceExitStatus), item.unit.has(.restartPreventExitStatus) else { return }
        let prevented = Set(item.unit.values(.restartPreventExitStatus).flatMap(UnitWords.names))
        for index in item.unit.indices(of: .restartForceExitStatus) {
          let both = UnitWords.names(item.unit.settings[index].value).filter(prevented.contains)
          guard !both.isEmpty else { continue }
          report.add(
            item.finding(
              statuses, "\(both.joined(separator: ", ")) is both forced and prevented", at: index,
              help: "take it out of one of the two"))
        }
      }),
    UnitRule(
      runtime,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nRuntimeMaxSec=1d\nRestart=on-failure\n[Install]\nWantedBy=multi-user.target",
        "[Service]\nExecStart=/bin/serverd\nRuntimeMaxSec=infinity\n[Install]\nWantedBy=multi-user.target",
      ],
      .unit { item, report in
        guard item.isDaemon, item.seconds(.runtimeMaxSec, .infinity).isFinite, !item.restarts,
          let index = item.unit.index(of: .runtimeMaxSec), let node = item.node,
          item.context.index.isStartedAtBoot(node)
        else { return }
        report.add(
          item.finding(
            runtime, "the daemon is ended and nothing starts it again", at: index, help: "add Restart=always")
        )
      }),
    UnitRule(
      failure,
      nearMisses: [
        "[Service]\nExecStart=/bin/serverd\nRestart=always",
        "[Service]\nType=oneshot\nExecStart=/bin/true\nRestart=on-abnormal",
      ],
      .unit { item, report in
        guard item.isDaemon, let index = item.unit.index(of: .restart),
          ["on-success", "on-abnormal", "on-abort", "on-watchdog"].contains(item.unit.settings[index].value)
        else { return }
        report.add(
          item.finding(
            failure, "an exit with an error leaves the daemon dead", at: index, help: "use Restart=always",
            fix: item.replacingValue(of: index, by: "always", .unsafe)))
      }),
  ]
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX015, EX041, EX042, EX044, EX045: commands around the main process.
enum StopCommands {
  static let noPID = Rule(
    "EX015", "kill-without-pid", .warning,
    finds: "kill in ExecReload= or ExecStop= that names no process.",
    why: "kill fails, and the reload or stop with it; nothing reaches the service.",
    example: "[Service]\nExecStart=/bin/serverd\nExecReload=/bin/kill -HUP",
    instead: "[Service]\nExecStart=/bin/serverd\nExecReload=/bin/kill -HUP $MAINPID")

  static let needless = Rule(
    "EX041", "stop-signal-as-command", .note,
    finds: "ExecStop= that does nothing but send the main process the signal that systemd sends anyway.",
    why:
      "The command returns at once, so systemd's own signal follows on its heels; KillSignal= says the same in a word.",
    example: "[Service]\nExecStart=/bin/serverd\nExecStop=/bin/kill -TERM $MAINPID",
    instead: "[Service]\nExecStart=/bin/serverd",
    ignoreWhen: "The line documents what happens.")

  static let oneshot = Rule(
    "EX042", "stop-command-of-oneshot", .note,
    finds: "ExecStop= in a oneshot without RemainAfterExit=.",
    why:
      "The service counts as stopped as soon as it has run, so the stop command runs right after the start.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/setup up\nExecStop=/bin/setup down",
    instead:
      "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/setup up\nExecStop=/bin/setup down",
    ignoreWhen: "The command cleans up after the run.")

  static let condition = Rule(
    "EX044", "condition-that-holds-always", .warning,
    finds: "ExecCondition= with the prefix `-`, or with a script that ends in `|| true`.",
    why: "Its failure is what keeps the service from starting; ignored, the condition decides nothing.",
    example: "[Service]\nExecCondition=-/usr/bin/test -e /srv/data\nExecStart=/bin/serverd",
    instead: "[Service]\nExecCondition=/usr/bin/test -e /srv/data\nExecStart=/bin/serverd")

  static let ignored = Rule(
    "EX045", "failure-ignored-and-restarted", .warning,
    finds: "ExecStart= with the prefix `-` and Restart=on-failure.",
    why: "With `-` a failure counts as success, and success is not restarted.",
    example: "[Service]\nExecStart=-/bin/serverd\nRestart=on-failure",
    instead: "[Service]\nExecStart=/bin/serverd\nRestart=on-failure")

  static let noPIDRule = UnitRule(
    noPID,
    nearMisses: [
      "[Service]\nExecStart=/a\nExecReload=kill -HUP ${MAINPID}",
      "[Service]\nExecStart=/a\nExecStop=/bin/kill -s QUIT 1",
      "[Service]\nExecStart=/a\nExecReload=/bin/kill -HUP -- $PARENT",
      "[Service]\nExecStart=/a\nExecStop=/bin/kill --list",
    ],
    .command { item, report in
      guard item.program == "kill", item.key == .execReload || item.key == .execStop,
        let last = item.arguments.last, item.arguments.allSatisfy({ isSignal($0.text) })
      else { return }
      let end = last.range.upperBound
      report.add(
        item.at(
          last, noPID, "kill is told of no process", help: "add $MAINPID",
          fix: item.setting.replacing(end..<end, by: " $MAINPID", .safe)))
    })

  static let needlessRule = UnitRule(
    needless,
    nearMisses: [
      "[Service]\nExecStart=/a\nExecStop=/bin/kill -QUIT $MAINPID",
      "[Service]\nExecStart=/a\nExecStop=/bin/flush\nExecStop=/bin/kill $MAINPID",
    ],
    .units(having: [.execStop]) { item, report in
      let stops = item.unit.indices(of: .execStop)
      guard let index = stops.first, stops.count == 1,
        !item.unit.settings.contains(where: { $0.name == "KillSignal" || $0.name == "KillMode" })
      else { return }
      let commands = item.unit.commands(at: index)
      guard let command = commands.first, commands.count == 1, command.program.lastPathPart == "kill" else {
        return
      }
      let words = command.arguments.map(\.text)
      let signals: [[String]] = [[], ["-TERM"], ["-SIGTERM"], ["-15"], ["-s", "TERM"], ["-s", "SIGTERM"]]
      guard let target = words.last, target == "$MAINPID" || target == "${MAINPID}",
        signals.contains(Array(words.dropLast()))
      else { return }
      report.add(
        item.finding(
          needless, "systemd sends the main process this signal by itself", at: index,
          help: "take the line out; KillSignal= changes the signal"))
    })

  static let oneshotRule = UnitRule(
    oneshot,
    nearMisses: [
      "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/a\nExecStop=/b",
      "[Service]\nExecStart=/a\nExecStop=/b",
    ],
    .units(having: [.execStop]) { item, report in
      guard item.unit.value(.type) == "oneshot", !item.unit.flag(.remainAfterExit, false),
        let index = item.unit.indices(of: .execStop).first
      else { return }
      report.add(
        item.finding(
          oneshot, "the command runs as soon as the start is done", at: index,
          help: "set RemainAfterExit=yes, or call it ExecStartPost="))
    })

  static let conditionRule = UnitRule(
    condition,
    nearMisses: [
      "[Service]\nExecCondition=/usr/bin/test -e /x\nExecStart=/a",
      "[Service]\nExecStartPre=-/a\nExecStart=/a",
    ],
    .command { item, report in
      guard item.key == .execCondition else { return }
      let script = item.script?.word.text
      guard
        item.command.ignoresFailure || script?.hasSuffix("|| true") == true
          || script?.hasSuffix("|| :") == true
      else { return }
      report.add(
        item.atProgram(
          condition, "the failure that would keep the service from starting is ignored",
          help: "take the - or the || true away"))
    })

  static let ignoredRule = UnitRule(
    ignored,
    nearMisses: [
      "[Service]\nExecStart=-/a\nRestart=always",
      "[Service]\nExecStart=/a\nExecStartPre=-/b\nRestart=on-failure",
    ],
    .command { item, report in
      guard item.isMain, item.command.ignoresFailure, item.unit.value(.type) != "oneshot",
        let restart = item.unit.value(.restart), ["on-failure", "on-abnormal", "on-abort"].contains(restart)
      else { return }
      report.add(
        item.atProgram(
          ignored, "with - no failure is left for Restart=\(restart)",
          help: "take the - away, or use Restart=always"))
    })

  private static func isSignal(_ word: String) -> Bool {
    guard word.utf8.first == UInt8(ascii: "-"), word.utf8.count > 1 else { return false }
    return word.utf8.dropFirst().allSatisfy {
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (0x30...0x39).contains($0)
    }
  }
}

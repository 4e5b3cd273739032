import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX014, EX030, EX031, EX032, EX033, EX038: programs that do what systemd does.
enum Wrappers {
  static let account = Rule(
    "EX014", "sudo-in-command", .warning,
    finds: "sudo, su, runuser, doas, nohup or setsid in front of a program.",
    why:
      "They need a session or leave the service's control; systemd changes the user and detaches by itself.",
    example: "[Service]\nExecStart=/usr/bin/sudo -u app /bin/serverd",
    instead: "[Service]\nUser=app\nExecStart=/bin/serverd",
    ignoreWhen: "The command needs a PAM session of another user.")

  static let systemctl = Rule(
    "EX030", "systemctl-in-command", .note,
    finds: "A command that has systemctl start, stop or restart a unit and waits for it.",
    why:
      "The job may wait for the very unit whose command waits for it; the graph does not know of the dependency.",
    example: "[Service]\nType=oneshot\nExecStart=/usr/bin/systemctl restart other.service",
    instead: "[Service]\nType=oneshot\nExecStart=/usr/bin/systemctl --no-block restart other.service",
    ignoreWhen: "The unit is meant to control others, and none of them is ordered against it.")

  static let killByName = Rule(
    "EX031", "kill-by-name", .note,
    finds: "killall or pkill in a command.",
    why:
      "They hit processes of the same name in other services and containers; systemd knows which are the unit's.",
    example: "[Service]\nExecStart=/bin/serverd\nExecStop=/usr/bin/killall serverd",
    instead: "[Service]\nExecStart=/bin/serverd",
    ignoreWhen: "Processes outside of the service are meant.")

  static let initScript = Rule(
    "EX032", "wrapped-init-script", .warning,
    finds: "A unit that starts a script of /etc/init.d or calls service(8).",
    why:
      "Many scripts hand over to systemctl when it runs, and wait for themselves; the main process stays unknown.",
    example: "[Service]\nType=forking\nExecStart=/etc/init.d/app start",
    instead: "[Service]\nType=exec\nExecStart=/usr/sbin/app --foreground")

  static let terminal = Rule(
    "EX033", "terminal-for-container", .warning,
    finds: "docker or podman run with -t in a service that has no terminal.",
    why: "docker refuses: the input device is not a TTY. podman mangles the log with control characters.",
    example: "[Service]\nExecStart=/usr/bin/docker run -it app:1",
    instead: "[Service]\nExecStart=/usr/bin/docker run app:1")

  static let daemonizer = Rule(
    "EX038", "daemonizer", .warning,
    finds: "start-stop-daemon, daemonize, screen or tmux in front of a program.",
    why: "They put the program out of systemd's sight: no exit status, no log, no main process.",
    example: "[Service]\nType=forking\nExecStart=/usr/bin/screen -dmS app /bin/serverd",
    instead: "[Service]\nType=exec\nExecStart=/bin/serverd",
    ignoreWhen: "Somebody really attaches to the session.")

  private static let wrappers: Set<Substring> = ["sudo", "su", "runuser", "doas", "nohup", "setsid"]

  static let accountRule = UnitRule(
    account,
    nearMisses: [
      "[Service]\nUser=app\nExecStart=/bin/serverd su", "[Service]\nExecStart=/bin/sh -c 'echo sudoers'",
    ],
    .command { item, report in
      let isWrapped = wrappers.contains(item.program) && !item.arguments.isEmpty
      guard
        isWrapped
          || item.script.map({ $0.word.text.hasPrefix("sudo ") || $0.word.text.contains("; sudo ") }) == true
      else { return }
      let isDetaching = item.program == "nohup" || item.program == "setsid"
      report.add(
        item.atProgram(
          account,
          isDetaching
            ? "\(item.program) does what every service has anyway"
            : "a service needs no \(isWrapped ? String(item.program) : "sudo")",
          help: isDetaching
            ? "name the program alone" : "set User=, or put + in front of a command that needs root"))
    })

  static let systemctlRule = UnitRule(
    systemctl,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/usr/bin/systemctl is-active a.service",
      "[Service]\nType=oneshot\nExecStart=/bin/systemctl --no-block start a.service",
      "[Service]\nType=oneshot\nExecStart=/bin/systemctl daemon-reload",
    ],
    .command { item, report in
      guard item.program == "systemctl",
        !item.arguments.contains(where: { $0.text == "--no-block" || $0.text.hasPrefix("--root") }),
        let verb = item.arguments.first(where: { $0.text.utf8.first != UInt8(ascii: "-") }),
        ["start", "stop", "restart", "try-restart", "reload-or-restart", "isolate"].contains(verb.text)
      else { return }
      let own = item.unit.name.description
      let isSelf = item.arguments.contains {
        $0.text == own || $0.text == "%n" || $0.text + ".service" == own
      }
      report.add(
        item.at(
          verb, systemctl,
          isSelf ? "the unit waits for a job of its own" : "the command waits for a job of another unit",
          help: isSelf ? "add --no-block, or use Restart=" : "add --no-block, or declare the dependency",
          severity: isSelf ? .warning : nil))
    })

  static let killByNameRule = UnitRule(
    killByName, nearMisses: ["[Service]\nExecStart=/bin/serverd\nExecReload=/bin/kill -HUP $MAINPID"],
    .command { item, report in
      guard item.program == "killall" || item.program == "pkill" else { return }
      report.add(
        item.atProgram(
          killByName, "\(item.program) does not know which processes are the service's",
          help: "leave it to systemd, or use kill with $MAINPID"))
    })

  static let initScriptRule = UnitRule(
    initScript, nearMisses: ["[Service]\nExecStart=/usr/lib/app/init.d/run"],
    .command { item, report in
      let isService = item.program == "service" && item.arguments.count > 1
      guard
        isService || item.command.program.isBelow("/etc/init.d")
          || item.arguments.first?.text.isBelow("/etc/init.d") == true
            && CommandCase.shells.contains(item.program)
      else { return }
      report.add(
        item.atProgram(
          initScript, "the unit wraps an init script", help: "start the program that the script starts"))
    })

  static let terminalRule = UnitRule(
    terminal,
    nearMisses: [
      "[Service]\nExecStart=/usr/bin/docker run -i app:1",
      "[Service]\nStandardInput=tty\nTTYPath=/dev/tty9\nExecStart=/usr/bin/docker run -it app:1",
      "[Service]\nExecStart=/usr/bin/docker run app:1 prog -t x",
    ],
    .command { item, report in
      guard ["docker", "podman", "nerdctl"].contains(item.program),
        ["run", "exec"].contains(item.arguments.first?.text),
        !item.unit.settings.contains(where: { $0.name == "StandardInput" && $0.value.hasPrefix("tty") })
      else { return }
      for word in item.arguments.dropFirst() {
        guard word.text.utf8.first == UInt8(ascii: "-") else { return }
        guard ["-t", "-it", "-ti", "--tty"].contains(word.text) else { continue }
        report.add(
          item.at(
            word, terminal, "'\(word.text)' asks for a terminal, and a service has none",
            help: "take the t out"))
        return
      }
    })

  static let daemonizerRule = UnitRule(
    daemonizer,
    nearMisses: [
      "[Service]\nExecStart=/usr/bin/tmuxinator x", "[Service]\nExecStart=/usr/bin/start-stop-daemon-monitor",
    ],
    .command { item, report in
      guard item.isMain,
        ["start-stop-daemon", "daemonize", "screen", "tmux", "daemon"].contains(item.program)
      else {
        return
      }
      report.add(
        item.atProgram(
          daemonizer, "\(item.program) hides the program from systemd",
          help: "start the program itself, in the foreground"))
    })
}

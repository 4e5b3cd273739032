import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX009, EX010, EX011, EX012: whether a program does what Type= says.
enum ServiceTypes {
  static let foreground = Rule(
    "EX009", "forking-in-foreground", .error,
    finds: "Type=forking with an option that keeps the program in the foreground.",
    why: "systemd waits for the program to go to the background until the start times out, and kills it.",
    example: "[Service]\nType=forking\nExecStart=/usr/sbin/sshd -D",
    instead: "[Service]\nType=exec\nExecStart=/usr/sbin/sshd -D")

  static let background = Rule(
    "EX010", "daemonizing-main-process", .error,
    finds: "Type=simple, exec or notify with an option that sends the program to the background.",
    why: "The main process ends at once; systemd takes the service for stopped and kills what is left of it.",
    example: "[Service]\nType=simple\nExecStart=/usr/bin/docker run -d --name app app:1",
    instead: "[Service]\nType=simple\nExecStart=/usr/bin/docker run --name app app:1",
    ignoreWhen: "The option means something else to this program.")

  static let noPIDFile = Rule(
    "EX011", "forking-without-pid-file", .note,
    finds: "Type=forking without PIDFile=.",
    why: "systemd guesses the main process; when there are several it does not notice that the service died.",
    example: "[Service]\nType=forking\nExecStart=/usr/sbin/appd",
    instead: "[Service]\nType=forking\nPIDFile=/run/appd.pid\nExecStart=/usr/sbin/appd",
    ignoreWhen: "The program leaves exactly one process behind.")

  static let notifyingChild = Rule(
    "EX012", "notification-from-a-child", .warning,
    finds: "Type=notify with a shell in front that stays, or systemd-notify in a script.",
    why:
      "Only the main process may notify, and that is the shell: the message of its child is ignored and the start "
      + "times out.",
    example: "[Service]\nType=notify\nExecStart=/bin/sh -c 'ulimit -c 0; /bin/serverd'",
    instead: "[Service]\nType=notify\nExecStart=/bin/sh -c 'ulimit -c 0; exec /bin/serverd'")

  static let foregroundRule = UnitRule(
    foreground,
    nearMisses: [
      "[Service]\nType=forking\nExecStart=/usr/sbin/sshd",
      "[Service]\nType=simple\nExecStart=/usr/sbin/appd --foreground",
      "[Service]\nType=forking\nExecStart=/usr/sbin/appd -f /etc/appd.conf",
    ],
    .command { item, report in
      guard item.isMain, item.unit.value(.type) == "forking" else { return }
      let flags = [
        "--foreground", "--no-daemon", "--nodaemon", "--no-fork", "--nofork", "-nofork", "-DFOREGROUND",
      ]
      let short = ["sshd": "-D", "cron": "-f", "nginx": "daemon off;", "smbd": "-F", "named": "-f"]
      guard
        let word = item.arguments.first(where: {
          flags.contains($0.text) || short[String(item.program)] == $0.text
        })
      else { return }
      report.add(
        item.at(
          word, foreground,
          "'\(word.text)' keeps the program in the foreground, Type=forking waits for the opposite",
          help: "use Type=exec, or Type=notify if the program notifies"))
    })

  static let backgroundRule = UnitRule(
    background,
    nearMisses: [
      "[Service]\nType=forking\nExecStart=/usr/sbin/appd --daemonize",
      "[Service]\nExecStart=/usr/sbin/appd --daemonize=no",
      "[Service]\nExecStart=/usr/sbin/appd --daemonize no",
      "[Service]\nExecStart=/usr/bin/rsync --daemon --no-detach",
      "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/usr/bin/docker compose up -d",
      "[Service]\nExecStart=/usr/bin/docker run --name d -v /d:/d app:1 -d",
    ],
    .command { item, report in
      guard item.isMain, isForeground(item.unit), !item.unit.flag(.remainAfterExit, false) else { return }
      if ["docker", "podman", "nerdctl"].contains(item.program) {
        guard let flag = detachment(item) else { return }
        report.add(
          item.at(
            flag, background,
            "'\(flag.text)' leaves the container in the background and ends the main process",
            help: "take it out"))
        return
      }
      // To many programs --daemon only means to run and serve.
      let flags = ["--daemonize", "--fork", "--detach", "--background", "-daemonize"]
      guard let position = item.arguments.firstIndex(where: { flags.contains($0.text) }),
        !item.hasArgument("--no-detach", "--foreground", "--no-fork", "--nodaemon")
      else { return }
      let word = item.arguments[position]
      let next = item.arguments.dropFirst(position + 1).first?.text ?? ""
      guard ValueReading.boolean(next) != false else { return }
      report.add(
        item.at(
          word, background, "'\(word.text)' seems to send the program to the background",
          help: "take it out, or use Type=forking",
          // Of --daemon about as many programs stay in the foreground as not.
          severity: word.text == "--daemon" ? .note : .warning))
    })

  static let noPIDFileRule = UnitRule(
    noPIDFile,
    nearMisses: [
      "[Service]\nType=forking\nPIDFile=/run/a.pid\nExecStart=/a",
      "[Service]\nType=forking\nGuessMainPID=no\nExecStart=/a",
    ],
    .units(having: [.type]) { item, report in
      guard item.unit.value(.type) == "forking", let index = item.unit.index(of: .type),
        !item.unit.has(.pidFile),
        !item.unit.settings.contains(where: { $0.name == "GuessMainPID" })
      else { return }
      report.add(
        item.finding(
          noPIDFile, "nothing says which process of the service is the main one", at: index,
          help: "set PIDFile=, or run the program in the foreground with Type=exec"))
    })

  static let notifyingChildRule = UnitRule(
    notifyingChild,
    nearMisses: [
      "[Service]\nType=notify\nExecStart=/bin/sh -c 'exec /bin/serverd'",
      "[Service]\nType=notify\nExecStart=/bin/sh -c '/bin/serverd --x'",
      "[Service]\nType=notify\nNotifyAccess=all\nExecStart=/bin/sh -c 'a; /bin/serverd'",
      "[Service]\nType=exec\nExecStart=/bin/sh -c 'a; /bin/serverd'",
    ],
    .command { item, report in
      guard item.isMain, let index = item.unit.index(of: .type),
        ["notify", "notify-reload"].contains(item.unit.settings[index].value),
        (item.unit.value(.notifyAccess) ?? "main") == "main", let (_, script) = item.script
      else { return }
      let notifies = script.text.contains("systemd-notify")
      let hasSeveral = script.text.utf8.contains { [0x3b, 0x26, 0x7c, 0x0a].contains($0) }
      guard notifies || (hasSeveral && !script.text.contains("exec ")) else { return }
      report.add(
        item.at(
          script, notifyingChild,
          notifies
            ? "systemd-notify is a child of the shell, and nobody listens to it"
            : "the shell stays in front of the program that notifies",
          help: notifies
            ? "set NotifyAccess=all" : "put exec in front of the program, or set NotifyAccess=all",
          fix: item.owner.insertion("NotifyAccess=all", after: index, .unsafe)))
    })

  /// Whether systemd takes the process it starts for the service.
  static func isForeground(_ unit: LoadedUnit) -> Bool {
    switch unit.value(.type) {
    case nil, "simple", "exec", "notify", "notify-reload", "idle": true
    default: false
    }
  }

  /// The option of `docker run` that leaves the container in the background; what stands behind the
  /// image belongs to the container.
  private static func detachment(_ item: CommandCase) -> UnitWords.Word? {
    guard item.arguments.first?.text == "run" else { return nil }
    for (former, word) in zip(item.arguments, item.arguments.dropFirst()) {
      if word.text == "-d" || word.text == "--detach" || word.text == "-itd" || word.text == "-dit" {
        return word
      }
      // A word behind an option may be its value; the image stands behind a word, or behind a flag.
      if word.text.utf8.first != UInt8(ascii: "-"),
        former.text.utf8.first != UInt8(ascii: "-") || former.text.contains("=") || former.text == "--rm"
      {
        return nil
      }
    }
    return nil
  }
}

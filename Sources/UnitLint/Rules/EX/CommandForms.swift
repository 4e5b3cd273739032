import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX018, EX020, EX022, EX023, EX024, EX025, EX026: what stands in front of the arguments.
enum CommandForms {
  static let tooLong = Rule(
    "EX018", "argument-too-long", .error,
    finds: "An argument of 128 KiB or more.",
    why: "The kernel refuses it (execve(2), E2BIG), so the program does not start.",
    example: "[Service]\nExecStart=/bin/serverd --config={\"a\":\"… 128 KiB …\"}",
    instead: "[Service]\nExecStart=/bin/serverd --config-file=/etc/app/config.json")

  static let several = Rule(
    "EX020", "several-commands-in-a-line", .error,
    finds: "A `;` between two commands of ExecStart= in a service that is no oneshot.",
    why: "systemd refuses the unit: only Type=oneshot may have more than one command.",
    example: "[Service]\nExecStart=/bin/a ; /bin/b",
    instead: "[Service]\nExecStartPre=/bin/a\nExecStart=/bin/b")

  static let quoted = Rule(
    "EX022", "quoted-command-line", .warning,
    finds: "Quotes around a program and its arguments together.",
    why: "systemd looks for one program of that long name and finds none.",
    example: "[Service]\nExecStart=\"/bin/serverd --port 80\"",
    instead: "[Service]\nExecStart=/bin/serverd --port 80",
    ignoreWhen: "The program's path really has a blank in it.")

  static let builtin = Rule(
    "EX023", "shell-builtin", .warning,
    finds: "A command of the shell itself where a program should be: cd, source, export, ulimit.",
    why: "There is no such program, or it changes nothing but itself.",
    example: "[Service]\nExecStartPre=cd /srv/app\nExecStart=/bin/serverd",
    instead: "[Service]\nWorkingDirectory=/srv/app\nExecStart=/bin/serverd")

  static let assignment = Rule(
    "EX024", "assignment-as-program", .error,
    finds: "An assignment NAME=value in front of a command.",
    why: "systemd takes it for the program and finds none.",
    example: "[Service]\nExecStart=PORT=80 /bin/serverd",
    instead: "[Service]\nEnvironment=PORT=80\nExecStart=/bin/serverd")

  static let prefixes = Rule(
    "EX025", "contradicting-prefixes", .error,
    finds: "Prefixes of a command that exclude one another, or one twice: `+!`, `--`, `!!!`.",
    why: "systemd takes the second for the start of the path and refuses the unit.",
    example: "[Service]\nExecStart=+!/bin/serverd",
    instead: "[Service]\nExecStart=+/bin/serverd")

  static let zeroth = Rule(
    "EX026", "name-to-run-under-missing", .error,
    finds: "The prefix `@` without a word behind the program.",
    why: "The word behind the program is the name to run under; without one systemd refuses the unit.",
    example: "[Service]\nExecStart=@/bin/serverd",
    instead: "[Service]\nExecStart=@/bin/serverd app-server")

  static let tooLongRule = UnitRule(
    tooLong,
    nearMisses: ["[Service]\nExecStart=/bin/serverd --config=" + String(repeating: "a", count: 70_000)],
    fires: ["[Service]\nExecStart=/bin/serverd --config=" + String(repeating: "a", count: 140_000)],
    .command { item, report in
      guard let word = item.arguments.first(where: { $0.text.utf8.count >= 131_072 }) else { return }
      report.add(
        item.setting.atValue(
          tooLong, "the argument has \(word.text.utf8.count) bytes, the kernel takes less than 131072",
          word.range.prefix(80), help: "put it into a file"))
    })

  static let severalRule = UnitRule(
    several,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/bin/a ; /bin/b",
      "[Service]\nExecStartPre=/bin/a ; /bin/b\nExecStart=/bin/c ';' d",
    ],
    .command { item, report in
      guard item.isMain, !item.isLast, item.unit.value(.type) != "oneshot" else { return }
      report.add(
        item.atProgram(
          several, "the line has a second command, which only Type=oneshot may have",
          help: "use ExecStartPre= for what comes first, or Type=oneshot"))
    })

  static let quotedRule = UnitRule(
    quoted,
    nearMisses: [
      "[Service]\nExecStart=\"/opt/My App/serverd\" --port 80",
      "[Service]\nExecStart=\"/bin/serverd\" \"a b\"",
    ],
    .command { item, report in
      guard item.arguments.isEmpty, item.command.program.contains(" -") || item.command.program.contains(" /")
      else {
        return
      }
      report.add(
        item.atProgram(
          quoted, "the whole line is one word, and with it the program's name",
          help: "take the quotes off, or quote the program alone"))
    })

  static let builtinRule = UnitRule(
    builtin,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'cd /srv && exec ./a'", "[Service]\nExecStart=/usr/bin/test -e /x",
    ],
    .command { item, report in
      guard let advice = builtins[item.command.program] else { return }
      report.add(item.atProgram(builtin, "'\(item.command.program)' is a command of the shell", help: advice))
    })

  static let assignmentRule = UnitRule(
    assignment, nearMisses: ["[Service]\nExecStart=/usr/bin/env PORT=80 /bin/serverd"],
    .command { item, report in
      let program = item.command.program
      guard let equals = program.utf8.firstIndex(of: UInt8(ascii: "=")),
        VariableReference.isName(program.utf8[..<equals])
      else { return }
      report.add(
        item.atProgram(
          assignment, "'\(program)' is taken for the program",
          help: "write Environment=\(program) on a line of its own"))
    })

  static let prefixesRule = UnitRule(
    prefixes, nearMisses: ["[Service]\nExecStart=-!!/bin/a", "[Service]\nExecStart=-@:+/bin/a b"],
    .command { item, report in
      let marks = Array(item.command.prefixes.utf8)
      guard marks.count > 1 else { return }
      let bangs = marks.count { $0 == UInt8(ascii: "!") }
      let others = marks.filter { $0 != UInt8(ascii: "!") }
      let isTogether = marks.firstRange(of: Array("!!".utf8)) != nil
      let clashes = bangs > 0 && others.contains(UInt8(ascii: "+"))
      guard clashes || bangs > 2 || (bangs == 2 && !isTogether) || Set(others).count < others.count else {
        return
      }
      report.add(
        item.atProgram(
          prefixes, "the prefixes '\(item.command.prefixes)' exclude one another",
          help: "keep one of +, ! and !!, and each of the others once"))
    })

  static let zerothRule = UnitRule(
    zeroth, nearMisses: ["[Service]\nExecStart=@/bin/serverd serverd", "[Service]\nExecStart=-/bin/serverd"],
    .command { item, report in
      guard item.command.prefixes.utf8.contains(UInt8(ascii: "@")), item.arguments.isEmpty else { return }
      report.add(
        item.atProgram(
          zeroth, "@ takes the name to run under from behind the program",
          help: "add the name, or take the @ off"))
    })

  private static let builtins: [String: String] = [
    "cd": "use WorkingDirectory=", "source": "use EnvironmentFile=, or run the line by /bin/sh -c '…'",
    "export": "use Environment=", "ulimit": "use LimitNOFILE= and its like", "umask": "use UMask=",
    "set": "run the line by /bin/sh -c '…'", "exec": "name the program alone",
    "eval": "run the line by /bin/sh -c '…'", "exit": "use /bin/false or /bin/true",
    "if": "run the line by /bin/sh -c '…'", "for": "run the line by /bin/sh -c '…'",
    "while": "run the line by /bin/sh -c '…'", "until": "run the line by /bin/sh -c '…'",
    "trap": "use ExecStopPost=", "wait": "run the line by /bin/sh -c '…'", "unset": "use UnsetEnvironment=",
    "alias": "name the program itself",
  ]
}

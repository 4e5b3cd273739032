import Diagnostics
import SystemdUnits
import UnitGraphs

/// EX034, EX039, EX040, EX043, EX047: what commands do that settings do better.
enum Preparations {
  static let sleep = Rule(
    "EX034", "sleep-as-order", .note,
    finds: "sleep as a command in front of or behind the start.",
    why:
      "It waits too long on most days and too short on the one that matters; nothing is known to be ready after it.",
    example: "[Service]\nExecStartPre=/bin/sleep 30\nExecStart=/bin/serverd",
    instead: "[Unit]\nAfter=database.service\nRequires=database.service\n[Service]\nExecStart=/bin/serverd",
    ignoreWhen: "Hardware needs the time and says nothing when it is ready.")

  static let directory = Rule(
    "EX039", "directory-by-command", .note,
    finds: "mkdir in ExecStartPre= for a folder that StateDirectory= or its like would make.",
    why: "With User= the command has no right to make it; without, its owner is root and nobody removes it.",
    example: "[Service]\nUser=app\nExecStartPre=/bin/mkdir -p /run/app\nExecStart=/bin/serverd",
    instead: "[Service]\nUser=app\nRuntimeDirectory=app\nExecStart=/bin/serverd")

  static let removal = Rule(
    "EX040", "removal-with-variable", .warning,
    finds: "rm -r of a path that starts with a variable.",
    why: "When the variable is not set, ${DIR}/ is the root folder.",
    example:
      "[Service]\nEnvironmentFile=-/etc/app/known.env\nExecStartPre=/bin/rm -rf ${CACHE}/\nExecStart=/bin/serverd",
    instead: "[Service]\nExecStartPre=/bin/rm -rf /var/cache/app/\nExecStart=/bin/serverd")

  static let files = Rule(
    "EX043", "unlimited-files", .note,
    finds: "LimitNOFILE=infinity.",
    why:
      "The limit becomes the kernel's largest, a thousand million on some hosts: programs that close every number or "
      + "make a table of them stand still for minutes or run out of memory.",
    example: "[Service]\nLimitNOFILE=infinity\nExecStart=/bin/serverd",
    instead: "[Service]\nLimitNOFILE=1024:524288\nExecStart=/bin/serverd",
    ignoreWhen: "The program is known to cope; container engines are.")

  static let lookup = Rule(
    "EX047", "path-does-not-find-program", .note,
    finds: "A bare program name in a unit that sets PATH with Environment=.",
    why: "systemd looks programs up in folders of its own; PATH counts for what the program starts.",
    example: "[Service]\nEnvironment=PATH=/opt/app/bin:/usr/bin\nExecStart=serverd --port 80",
    instead: "[Service]\nEnvironment=PATH=/opt/app/bin:/usr/bin\nExecStart=/opt/app/bin/serverd --port 80",
    ignoreWhen: "The program lies in a standard folder.")

  static let sleepRule = UnitRule(
    sleep,
    nearMisses: ["[Service]\nExecStart=/bin/sleep 30", "[Service]\nExecStart=/a\nExecStop=/bin/sleep 1"],
    .command { item, report in
      guard item.program == "sleep", item.key == .execStartPre || item.key == .execStartPost,
        item.unit.name.type == .service
      else { return }
      report.add(
        item.atProgram(
          sleep, "a pause is no order", help: "order the unit After= what it needs, or poll for it"))
    })

  static let directoryRule = UnitRule(
    directory,
    nearMisses: [
      "[Service]\nExecStartPre=/bin/mkdir -p /srv/app\nExecStart=/a",
      "[Service]\nUser=app\nExecStartPre=/bin/mkdir -p /var/lib/app/x\nStateDirectory=app\nExecStart=/a",
    ],
    .command { item, report in
      guard item.key == .execStartPre, item.program == "mkdir" || item.program == "install",
        item.program == "mkdir" || item.hasArgument("-d", "--directory")
      else { return }
      let own = ServiceDirectories.paths(of: item.unit)
      guard
        let word = item.arguments.first(where: { word in
          word.text.utf8.first == UInt8(ascii: "/") && !own.contains(where: word.text.isBelow)
        }), let made = ServiceDirectories.directive(for: word.text)
      else { return }
      var isForbidden = false
      if !item.keepsRoot, !item.command.ignoresFailure, !item.unit.flag(.permissionsStartOnly, false),
        case .named = item.owner.account
      {
        isForbidden = made.name == "RuntimeDirectory" && !made.value.contains("/")
      }
      report.add(
        item.at(
          word, directory,
          isForbidden
            ? "\(item.unit.value(.user) ?? "the user") may not make \(word.text)"
            : "systemd makes such folders itself",
          help: "set \(made.name)=\(made.value)", severity: isForbidden ? .warning : nil))
    })

  static let removalRule = UnitRule(
    removal,
    nearMisses: [
      "[Service]\nExecStartPre=/bin/rm -f ${CACHE}/x\nExecStart=/a",
      "[Service]\nExecStartPre=/bin/rm -rf /srv/${X}\nExecStart=/a",
      "[Service]\nCacheDirectory=a\nExecStartPre=/bin/rm -rf ${CACHE_DIRECTORY}/x\nExecStart=/a",
    ],
    .command { item, report in
      guard item.program == "rm",
        item.arguments.contains(where: { isRecursive($0.text) }),
        let word = item.arguments.first(where: {
          $0.text.hasPrefix("${") && $0.text.contains("}/") && !$0.text.hasPrefix("${RUNTIME_DIRECTORY}")
        })
      else { return }
      let name = word.text.dropFirst(2).prefix { $0 != "}" }
      let isFixed = item.unit.values(.environment).contains { value in
        UnitWords.split(value, .command).words.contains { $0.text.hasPrefix("\(name)=/") }
      }
      guard !isFixed, !name.hasSuffix("_DIRECTORY") else { return }
      report.add(
        item.at(
          word, removal, "without \(name) this removes from / on",
          help: "write the path, or set \(name) with Environment="))
    })

  static let filesRule = UnitRule(
    files,
    nearMisses: [
      "[Service]\nLimitNOFILE=65536\nExecStart=/a", "[Service]\nLimitNPROC=infinity\nExecStart=/a",
    ],
    .settings(of: [.limitNOFILE]) { item, report in
      let soft = item.setting.value.prefix { $0 != ":" }
      guard soft == "infinity" else { return }
      report.add(
        item.atValue(
          files, "the soft limit becomes the kernel's largest",
          help: "write a number, for example 1024:524288"))
    })

  static let lookupRule = UnitRule(
    lookup,
    nearMisses: [
      "[Service]\nEnvironment=PATH=/opt/bin\nExecStart=/opt/bin/a",
      "[Service]\nEnvironment=A=1\nExecStart=serverd",
      "[Service]\nEnvironment=PATH=/opt/bin\nExecSearchPath=/opt/bin\nExecStart=serverd",
    ],
    .command { item, report in
      guard item.isMain, !item.command.program.isEmpty,
        !item.command.program.utf8.contains(UInt8(ascii: "/")),
        !item.command.program.utf8.contains(UInt8(ascii: "%")), !item.unit.has(.execSearchPath),
        item.unit.values(.environment).contains(where: {
          $0.hasPrefix("PATH=") || $0.contains(" PATH=") || $0.contains("\"PATH=")
        })
      else { return }
      report.add(
        item.atProgram(
          lookup, "systemd does not look for '\(item.command.program)' in the unit's PATH",
          help: "write the whole path, or set ExecSearchPath="))
    })

  private static func isRecursive(_ word: String) -> Bool {
    word == "--recursive"
      || (word.hasPrefix("-") && !word.hasPrefix("--") && (word.contains("r") || word.contains("R")))
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE009, SE011, SE016, SE019: the sandbox against what the service does.
enum Sandboxes {
  static let readOnly = Rule(
    "SE009", "read-only-path-in-use", .warning,
    finds: "ProtectSystem= and a working directory or data folder that it makes read-only.",
    why: "The program cannot write there and fails, often not before the first write.",
    example: "[Service]\nProtectSystem=strict\nExecStart=/bin/serverd --data-dir /srv/app",
    instead:
      "[Service]\nProtectSystem=strict\nReadWritePaths=/srv/app\nExecStart=/bin/serverd --data-dir /srv/app",
    ignoreWhen: "The program only reads there.")

  static let contradiction = Rule(
    "SE011", "sandbox-against-use", .warning,
    finds: "A part of the sandbox that takes what another setting or the command uses.",
    why:
      "The start fails, or the program does at the first use: files of /home, devices, sockets in /tmp, sudo.",
    example: "[Service]\nUser=app\nProtectHome=yes\nExecStart=/home/app/bin/serverd",
    instead: "[Service]\nUser=app\nExecStart=/home/app/bin/serverd",
    ignoreWhen: "The program copes without.")

  static let compiler = Rule(
    "SE016", "memory-protection-against-compiler", .warning,
    finds:
      "MemoryDenyWriteExecute= for a program that makes code at run time: java, node, dotnet, a browser.",
    why: "The program is killed or does not start: it may not make memory executable.",
    example: "[Service]\nMemoryDenyWriteExecute=yes\nExecStart=/usr/bin/node /srv/app.js",
    instead: "[Service]\nExecStart=/usr/bin/node /srv/app.js",
    ignoreWhen: "The program runs without its compiler, for example node --jitless.")

  static let noUnixSockets = Rule(
    "SE019", "no-unix-sockets", .warning,
    finds: "RestrictAddressFamilies= without AF_UNIX in a service of Type=notify or Type=dbus.",
    why: "The notification goes over a UNIX socket: the start times out. The same holds for the bus.",
    example: "[Service]\nType=notify\nRestrictAddressFamilies=AF_INET AF_INET6\nExecStart=/bin/serverd",
    instead:
      "[Service]\nType=notify\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\nExecStart=/bin/serverd")

  static let readOnlyRule = UnitRule(
    readOnly,
    nearMisses: [
      "[Service]\nProtectSystem=strict\nStateDirectory=app\nExecStart=/bin/serverd --data-dir=/var/lib/app",
      "[Service]\nProtectSystem=full\nExecStart=/bin/serverd --data-dir /srv/app",
      "[Service]\nProtectSystem=strict\nExecStart=/bin/serverd --data-dir /tmp/x --data-dir /run",
      "[Service]\nProtectSystem=strict\nBindPaths=/big:/srv\nExecStart=+/bin/serverd --data-dir /opt",
    ],
    .units(having: [.protectSystem]) { item, report in
      guard let level = item.unit.value(.protectSystem), item.unit.name.type == .service else { return }
      let isStrict = level == "strict"
      let closed =
        isStrict ? ["/"] : ["/usr", "/boot", "/efi"] + (level == "full" ? ["/etc"] : [])
      guard isStrict || ValueReading.boolean(level) == true || level == "full" else { return }
      let uses = item.confinedCommands.flatMap { setting, command in
        dataFolders(command).map { (setting: setting, path: $0.path, flag: $0.flag) }
      }.filter { $0.path != "/run" && $0.path != "/tmp" }
      guard !uses.isEmpty else { return }
      let open =
        ServiceDirectories.paths(of: item.unit)
        + [SettingKey.readWritePaths, .bindPaths, .temporaryFileSystem].flatMap { item.paths($0) }.flatMap {
          $0.path.split(separator: ":").map(String.init)
        } + ["/dev", "/proc", "/sys", "/run/user"]
        + (item.isOn(.privateTmp) || isStrict ? ["/tmp", "/var/tmp"] : [])
      func check(_ path: String, _ setting: Int, _ what: String) {
        guard path.utf8.first == UInt8(ascii: "/"), !path.utf8.contains(UInt8(ascii: "%")),
          !path.utf8.contains(UInt8(ascii: "$")), path.utf8.count > 1,
          closed.contains(where: { $0 == "/" || path.isBelow($0) }),
          !open.contains(where: { path.isBelow($0) || $0.isBelow(path) || $0.contains("%") })
        else { return }
        report.add(
          item.finding(
            readOnly, "ProtectSystem=\(level) makes \(what) \(path) read-only", at: setting,
            help: ServiceDirectories.directive(for: path).map { "set \($0.name)=\($0.value)" }
              ?? "set ReadWritePaths=\(path)"))
      }
      for use in uses { check(use.path, use.setting, "the folder of \(use.flag)") }
    })

  static let contradictionRule = UnitRule(
    contradiction,
    nearMisses: [
      "[Service]\nProtectHome=read-only\nExecStart=/home/app/bin/serverd",
      "[Service]\nProtectHome=yes\nExecStart=/opt/home/x\nExecStartPre=+/home/a/x",
      "[Service]\nPrivateDevices=yes\nDeviceAllow=/dev/null rw\nExecStart=/a",
      "[Service]\nPrivateTmp=no\nListenStream=/tmp/x\nExecStart=/a",
      "[Service]\nNoNewPrivileges=no\nExecStart=/usr/bin/sudo /a",
    ],
    fires: [
      "[Service]\nPrivateDevices=yes\nDeviceAllow=/dev/sda rw\nExecStart=/a",
      "[Service]\nNoNewPrivileges=yes\nExecStart=/usr/bin/sudo /a",
      "[Service]\nProtectHome=tmpfs\nWorkingDirectory=/home/app\nExecStart=/a",
      "[Service]\nPrivateNetwork=yes\nExecStart=/bin/serverd --listen 0.0.0.0:80",
      "[Service]\nPrivateTmp=yes\nExecStart=/bin/serverd --socket /tmp/app.sock",
    ],
    .units(having: [.protectHome, .privateDevices, .noNewPrivileges, .privateNetwork, .privateTmp]) {
      item, report in
      guard item.unit.name.type == .service else { return }
      let uses = Uses(item)
      for use in uses.found {
        report.add(item.finding(contradiction, use.message, at: use.setting, help: use.help))
      }
    })

  static let compilerRule = UnitRule(
    compiler,
    nearMisses: [
      "[Service]\nMemoryDenyWriteExecute=yes\nExecStart=/usr/bin/python3 /srv/a.py",
      "[Service]\nMemoryDenyWriteExecute=no\nExecStart=/usr/bin/java -jar /a.jar",
      "[Service]\nMemoryDenyWriteExecute=yes\nExecStart=/usr/bin/node --jitless /srv/a.js",
    ],
    .units(having: [.memoryDenyWriteExecute]) { item, report in
      guard item.unit.flag(.memoryDenyWriteExecute, false),
        let index = item.unit.index(of: .memoryDenyWriteExecute)
      else { return }
      let compilers: Set<Substring> = [
        "java", "node", "nodejs", "deno", "bun", "dotnet", "mono", "luajit", "pypy3", "chromium",
        "google-chrome",
        "firefox", "pwsh", "julia", "qemu-system-x86_64",
      ]
      for (_, command) in item.confinedCommands where compilers.contains(command.program.lastPathPart) {
        guard !command.arguments.contains(where: { $0.text == "--jitless" || $0.text == "-Xint" }) else {
          continue
        }
        report.add(
          item.finding(
            compiler, "\(command.program.lastPathPart) makes code at run time, which this forbids", at: index,
            help: "take the line out"))
        return
      }
    })

  static let noUnixSocketsRule = UnitRule(
    noUnixSockets,
    nearMisses: [
      "[Service]\nType=notify\nRestrictAddressFamilies=AF_INET\nRestrictAddressFamilies=AF_UNIX\nExecStart=/a",
      "[Service]\nType=notify\nRestrictAddressFamilies=~AF_PACKET\nExecStart=/a",
      "[Service]\nRestrictAddressFamilies=AF_INET\nExecStart=/a",
    ],
    fires: [
      "[Service]\nType=notify\nRestrictAddressFamilies=~AF_UNIX\nExecStart=/a",
      "[Service]\nType=notify\nRestrictAddressFamilies=none\nExecStart=/a",
    ],
    .units(having: [.restrictAddressFamilies]) { item, report in
      guard let type = item.unit.value(.type), ["notify", "notify-reload", "dbus"].contains(type),
        let index = item.unit.indices(of: .restrictAddressFamilies).first
      else { return }
      let words = item.words(.restrictAddressFamilies).map(\.word)
      guard let first = words.first, !words.contains(where: { $0.utf8.contains(UInt8(ascii: ",")) }) else {
        return
      }
      let isDenying = first.utf8.first == UInt8(ascii: "~")
      // Lists that allow and deny by turns are left alone.
      guard words.dropFirst().allSatisfy({ $0.utf8.first != UInt8(ascii: "~") }) else { return }
      let names = words.map { $0.drop { $0 == "~" } }
      let hasUnix = names.contains("AF_UNIX") || names.contains("AF_LOCAL")
      guard hasUnix == isDenying else { return }
      report.add(
        item.finding(
          noUnixSockets, "Type=\(type) needs AF_UNIX", at: index,
          help: isDenying ? "take AF_UNIX out" : "add AF_UNIX",
          fix: isDenying ? nil : item.insertion("RestrictAddressFamilies=AF_UNIX", after: index, .unsafe)))
    })

  /// The folders that a command is told to keep its data in.
  private static let dataFlags: Set<Substring> = [
    "--data-dir", "--datadir", "--data", "--data-path", "--log-dir", "--cache-dir", "--state-dir",
    "--storage-dir", "-data-dir", "--storage.tsdb.path", "--db-path", "--dbpath", "--workdir", "--log-file",
    "--logfile", "--pidfile",
  ]

  private static func dataFolders(_ command: ExecCommand) -> [(path: String, flag: String)] {
    var found: [(String, String)] = []
    for (position, word) in command.arguments.enumerated() {
      guard word.text.utf8.first == UInt8(ascii: "-") else { continue }
      let (flag, joined) = word.flagAndValue
      guard dataFlags.contains(flag) else { continue }
      if let joined {
        found.append((String(joined), String(flag)))
      } else if position + 1 < command.arguments.count {
        found.append((command.arguments[position + 1].text, String(flag)))
      }
    }
    return found
  }
}

/// What a service uses and its sandbox takes away.
private struct Uses {
  /// Programs that gain privileges by the mode of their file.
  private static let gaining: Set<Substring> = [
    "sudo", "su", "pkexec", "doas", "ping6", "fusermount", "newgrp", "at", "crontab",
  ]

  private(set) var found: [(setting: Int, message: String, help: String)] = []

  init(_ item: UnitCase) {
    let commands = item.confinedCommands
    takeHome(item, commands)
    if item.unit.flag(.privateDevices, false) {
      for (index, word) in item.words(.deviceAllow) where word.isBelow("/dev") {
        let pseudo = ["null", "zero", "full", "random", "urandom", "tty", "ptmx", "pts"]
        guard !pseudo.contains(String(word.lastPathPart)) else { continue }
        found.append(
          (
            index, "PrivateDevices= leaves no \(word) to allow",
            "take PrivateDevices= out, DevicePolicy=closed instead"
          ))
      }
    }
    let isLocked = item.unit.flag(.noNewPrivileges, false)
    let hasOwnTmp = item.unit.flag(.privateTmp, false)
    let hasOwnNetwork =
      item.unit.flag(.privateNetwork, false) && item.unit.indices(of: .sockets).isEmpty
      && !item.unit.has(.joinsNamespaceOf)
    for (setting, command) in commands {
      let name = command.program.lastPathPart
      if isLocked,
        Self.gaining.contains(name)
      {
        found.append(
          (
            setting, "NoNewPrivileges= takes from \(name) what it needs",
            "take NoNewPrivileges= out, or use + or User="
          ))
      }
      for word in command.arguments {
        let value = word.flagAndValue.value ?? word.text[...]
        if hasOwnTmp, value.hasPrefix("/tmp/"),
          value.hasSuffix(".sock") || value.hasSuffix(".socket")
        {
          found.append(
            (
              setting, "with PrivateTmp= nobody else sees the socket \(value)",
              "put it below /run: RuntimeDirectory="
            ))
        }
        if hasOwnNetwork, value.hasPrefix("0.0.0.0:") || value.hasPrefix("[::]:") {
          found.append(
            (
              setting, "with PrivateNetwork= nobody reaches \(value)",
              "take PrivateNetwork= out, or use a socket unit"
            ))
        }
      }
    }
  }

  private mutating func takeHome(_ item: UnitCase, _ commands: [(setting: Int, command: ExecCommand)]) {
    guard let value = item.unit.value(.protectHome), value == "tmpfs" || ValueReading.boolean(value) == true,
      !item.unit.has(.bindPaths), !item.unit.has(.bindReadOnlyPaths)
    else { return }
    let homes = ["/home", "/root", "/run/user"]
    for (setting, command) in commands where homes.contains(where: command.program.isBelow) {
      found.append(
        (
          setting, "ProtectHome=\(value) hides \(command.program)",
          "install the program elsewhere, or write ProtectHome=read-only"
        ))
    }
    if let index = item.unit.index(of: .workingDirectory) {
      let path = item.unit.settings[index].value
      if homes.contains(where: path.isBelow) {
        found.append(
          (index, "ProtectHome=\(value) hides \(path)", "use StateDirectory=, or take ProtectHome= out"))
      }
    }
    for (index, path, isOptional) in item.paths(.readWritePaths)
    where !isOptional && homes.contains(where: path.isBelow) {
      found.append(
        (
          index, "ProtectHome=\(value) hides \(path), so it cannot be opened again",
          "use BindPaths=, or take ProtectHome= out"
        ))
    }
  }
}

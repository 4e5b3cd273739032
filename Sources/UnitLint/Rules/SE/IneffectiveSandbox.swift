import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE022, SE023, SE024, SE025, SE026, SE027, SE028, SE038: settings of the sandbox that do nothing, or undo
/// one another.
enum IneffectiveSandbox {
  static let allowed = Rule(
    "SE022", "allow-list-without-deny", .warning,
    finds: "IPAddressAllow= without IPAddressDeny=, and SocketBindAllow= without SocketBindDeny=.",
    why: "What no list denies is allowed: the line restricts nothing.",
    example: "[Service]\nIPAddressAllow=10.0.0.0/8\nExecStart=/bin/serverd",
    instead: "[Service]\nIPAddressDeny=any\nIPAddressAllow=10.0.0.0/8\nExecStart=/bin/serverd",
    ignoreWhen: "A slice or a drop-in elsewhere denies.")

  static let architectures = Rule(
    "SE023", "filter-of-one-architecture", .note,
    finds: "SystemCallFilter= without SystemCallArchitectures=.",
    why: "A program may take the calls of another ABI, which the lists were not made for.",
    example: "[Service]\nSystemCallFilter=@system-service\nExecStart=/bin/serverd",
    instead:
      "[Service]\nSystemCallFilter=@system-service\nSystemCallArchitectures=native\nExecStart=/bin/serverd",
    ignoreWhen: "The service runs 32-bit programs.")

  static let order = Rule(
    "SE024", "allowing-in-a-deny-list", .warning,
    finds: "SystemCallFilter= that first denies (`~…`) and then names calls without `~`.",
    why:
      "The first line makes the list one of denied calls; the second takes calls off it and allows no more than before.",
    example:
      "[Service]\nSystemCallFilter=~@privileged\nSystemCallFilter=@system-service\nExecStart=/bin/serverd",
    instead:
      "[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@privileged\nExecStart=/bin/serverd",
    ignoreWhen: "Single calls of a denied group are meant to work.")

  static let writable = Rule(
    "SE025", "writable-paths-without-protection", .note,
    finds: "ReadWritePaths= in a unit where nothing is made read-only.",
    why: "Everything is writable there anyway, as far as file permissions go: the line does nothing.",
    example: "[Service]\nReadWritePaths=/srv/app\nExecStart=/bin/serverd",
    instead: "[Service]\nProtectSystem=strict\nReadWritePaths=/srv/app\nExecStart=/bin/serverd",
    ignoreWhen: "A drop-in elsewhere makes paths read-only.")

  static let executable = Rule(
    "SE026", "exec-paths-without-protection", .note,
    finds: "ExecPaths= without NoExecPaths=.",
    why: "Every path is executable then: the line does nothing.",
    example: "[Service]\nExecPaths=/usr/bin\nExecStart=/bin/serverd",
    instead: "[Service]\nNoExecPaths=/\nExecPaths=/usr /bin /lib /lib64\nExecStart=/bin/serverd")

  static let ownProgram = Rule(
    "SE027", "program-on-no-exec-path", .warning,
    finds: "A command whose program NoExecPaths= or InaccessiblePaths= closes.",
    why: "The start fails with 203/EXEC: permission denied.",
    example: "[Service]\nNoExecPaths=/srv\nExecStart=/srv/app/serverd",
    instead: "[Service]\nNoExecPaths=/srv\nExecPaths=/srv/app\nExecStart=/srv/app/serverd")

  static let undone = Rule(
    "SE028", "protection-undone", .warning,
    finds: "ReadWritePaths= of / or /usr in a unit with ProtectSystem=, or of /etc with ProtectSystem=full.",
    why: "It opens again what ProtectSystem= closes.",
    example: "[Service]\nProtectSystem=strict\nReadWritePaths=/\nExecStart=/bin/serverd",
    instead: "[Service]\nProtectSystem=strict\nReadWritePaths=/srv/app\nExecStart=/bin/serverd")

  static let joined = Rule(
    "SE038", "nothing-to-share", .warning,
    finds: "JoinsNamespaceOf= in a unit without PrivateNetwork=, PrivateTmp=, PrivateIPC= and their like.",
    why: "Only private namespaces are shared, and only where both units have them: the line does nothing.",
    example: "[Unit]\nJoinsNamespaceOf=a.service\n[Service]\nExecStart=/bin/serverd",
    instead: "[Unit]\nJoinsNamespaceOf=a.service\n[Service]\nPrivateTmp=yes\nExecStart=/bin/serverd")

  static let allowedRule = UnitRule(
    allowed,
    nearMisses: [
      "[Service]\nIPAddressDeny=any\nIPAddressAllow=localhost\nExecStart=/a",
      "[Service]\nSlice=closed.slice\nIPAddressAllow=localhost\nExecStart=/a",
    ],
    fires: ["[Service]\nSocketBindAllow=80\nExecStart=/a"],
    .units(having: [.ipAddressAllow, .socketBindAllow]) { item, report in
      for (allow, deny) in [
        (SettingKey.ipAddressAllow, SettingKey.ipAddressDeny), (.socketBindAllow, .socketBindDeny),
      ] {
        guard let index = item.unit.indices(of: allow).first, !item.unit.has(deny), item.unit.hasFile,
          !item.unit.has(.slice)
        else { continue }
        report.add(
          item.finding(
            allowed, "without \(deny.rawValue)= the line restricts nothing", at: index,
            help: "add \(deny.rawValue)=any",
            fix: item.insertion("\(deny.rawValue)=any", after: index, .unsafe)))
      }
    })

  static let architecturesRule = UnitRule(
    architectures,
    nearMisses: [
      "[Service]\nSystemCallFilter=@mount\nSystemCallArchitectures=native\nExecStart=/a",
      "[Service]\nSystemCallFilter=\nExecStart=/a",
    ],
    .units(having: [.systemCallFilter]) { item, report in
      guard let index = item.unit.indices(of: .systemCallFilter).first,
        !item.unit.has(.systemCallArchitectures),
        item.unit.hasFile
      else { return }
      report.add(
        item.finding(
          architectures, "the filter's lists were made for one ABI", at: index,
          help: "add SystemCallArchitectures=native",
          fix: item.insertion("SystemCallArchitectures=native", after: index, .unsafe)))
    })

  static let orderRule = UnitRule(
    order,
    nearMisses: [
      "[Service]\nSystemCallFilter=@system-service\nSystemCallFilter=~@mount\nExecStart=/a",
      "[Service]\nSystemCallFilter=~@mount\nSystemCallFilter=\nSystemCallFilter=@system-service\nExecStart=/a",
      "[Service]\nSystemCallFilter=~@mount\nSystemCallFilter=umount2\nExecStart=/a",
    ],
    .units(having: [.systemCallFilter]) { item, report in
      let lines = item.unit.indices(of: .systemCallFilter)
      guard let first = lines.first, item.unit.settings[first].value.hasPrefix("~"),
        let second = lines.dropFirst().first(where: { item.unit.settings[$0].value.hasPrefix("@") })
      else { return }
      let place = item.unit.span(of: first).map { [Label("the first line denies", at: $0)] } ?? []
      report.add(
        item.finding(
          order, "the line takes calls off a list of denied ones", at: second, related: place,
          help: "put the line that allows first, or empty the list in front of it"))
    })

  static let writableRule = UnitRule(
    writable,
    nearMisses: [
      "[Service]\nProtectSystem=full\nReadWritePaths=/etc/a\nExecStart=/a",
      "[Service]\nDynamicUser=yes\nReadWritePaths=/srv/a\nExecStart=/a",
      "[Service]\nReadOnlyPaths=/srv\nReadWritePaths=/srv/a\nExecStart=/a",
    ],
    .units(having: [.readWritePaths]) { item, report in
      let closing: [SettingKey] = [
        .protectSystem, .protectHome, .readOnlyPaths, .inaccessiblePaths, .temporaryFileSystem,
        .protectKernelTunables,
        .protectControlGroups, .bindReadOnlyPaths, .rootDirectory, .rootImage,
      ]
      guard let index = item.unit.indices(of: .readWritePaths).first, !closing.contains(where: item.unit.has),
        !item.unit.flag(.dynamicUser, false), item.unit.hasFile
      else { return }
      report.add(
        item.finding(
          writable, "nothing is read-only here", at: index,
          help: "set ProtectSystem=strict, or take the line out"))
    })

  static let executableRule = UnitRule(
    executable, nearMisses: ["[Service]\nNoExecPaths=/srv\nExecPaths=/srv/a\nExecStart=/a"],
    .units(having: [.execPaths]) { item, report in
      guard let index = item.unit.indices(of: .execPaths).first, !item.unit.has(.noExecPaths),
        item.unit.hasFile
      else {
        return
      }
      report.add(
        item.finding(executable, "every path is executable anyway", at: index, help: "add NoExecPaths=/"))
    })

  static let ownProgramRule = UnitRule(
    ownProgram,
    nearMisses: [
      "[Service]\nNoExecPaths=/\nExecPaths=/usr /bin\nExecStart=/usr/bin/a",
      "[Service]\nNoExecPaths=/srv\nExecStart=+/srv/a\nExecStartPre=/bin/x",
      "[Service]\nInaccessiblePaths=-/srv/data\nExecStart=/srv/app/a",
    ],
    fires: ["[Service]\nInaccessiblePaths=/opt\nExecStart=/opt/app/a"],
    .units(having: [.noExecPaths, .inaccessiblePaths]) { item, report in
      guard !item.unit.has(.rootDirectory), !item.unit.has(.bindPaths), !item.unit.has(.bindReadOnlyPaths)
      else { return }
      let open = item.paths(.execPaths).map(\.path)
      let noExec = item.paths(.noExecPaths).map(\.path)
      let closed = item.paths(.inaccessiblePaths).map(\.path)
      for (setting, command) in item.confinedCommands where command.program.utf8.first == UInt8(ascii: "/") {
        let program = command.program
        let opener = open.filter(program.isBelowPath).map(\.utf8.count).max() ?? -1
        let closer = noExec.filter(program.isBelowPath).map(\.utf8.count).max() ?? -1
        guard closer > opener || closed.contains(where: program.isBelowPath) else { continue }
        report.add(
          item.finding(
            ownProgram, "\(program) lies on a path that the unit closes", at: setting,
            help: "add its folder to ExecPaths="))
      }
    })

  static let undoneRule = UnitRule(
    undone,
    nearMisses: [
      "[Service]\nProtectSystem=strict\nReadWritePaths=/etc/app /usr/local/x\nExecStart=/a",
      "[Service]\nProtectSystem=yes\nReadWritePaths=/etc\nExecStart=/a",
      "[Service]\nProtectSystem=strict\nReadWritePaths=/etc\nExecStart=/a",
    ],
    .units(having: [.readWritePaths]) { item, report in
      guard item.isOn(.protectSystem), let level = item.unit.value(.protectSystem) else { return }
      // With strict, /usr and the rest stay closed: to open /etc is what it is for.
      let closed = level == "full" ? ["/", "/usr", "/etc"] : ["/", "/usr"]
      for (index, path, _) in item.paths(.readWritePaths) where closed.contains(path) {
        report.add(
          item.finding(
            undone, "\(path) is what ProtectSystem= protects", at: index,
            help: "name the folders that are written", severity: path == "/etc" ? .note : nil))
      }
    })

  static let joinedRule = UnitRule(
    joined, nearMisses: ["[Unit]\nJoinsNamespaceOf=a.service\n[Service]\nPrivateNetwork=yes\nExecStart=/a"],
    .units(having: [.joinsNamespaceOf]) { item, report in
      let isPrivate = [SettingKey.privateNetwork, .privateTmp, .privateIPC, .privateUsers].contains(
        where: item.isOn)
      guard let index = item.unit.indices(of: .joinsNamespaceOf).first, !isPrivate, item.unit.hasFile,
        !item.unit.flag(.dynamicUser, false),
        !item.unit.settings.contains(where: { $0.name.hasSuffix("NamespacePath") })
      else { return }
      report.add(
        item.finding(
          joined, "the unit has no namespace of its own to share", at: index,
          help: "set PrivateTmp=, PrivateNetwork= or PrivateIPC="))
    })
}

extension String {
  /// Whether a path is another or lies below it; `/` has everything below.
  fileprivate func isBelowPath(_ folder: String) -> Bool { folder == "/" || isBelow(folder) }
}

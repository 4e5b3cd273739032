import SystemdUnits

/// Grammars of single values as systemd 252 reads them: numbers, modes, sizes, signals, limits, weights,
/// addresses. Measured with `systemd-analyze verify`, which a test repeats.
enum ValueGrammar {
  /// What a value should be, when it is not; `nil` when it is fine, or nothing is known of it.
  static func expectation(_ kind: DirectiveKind, _ name: String, _ value: String) -> String? {
    // Specifiers may stand for anything.
    if value.utf8.contains(UInt8(ascii: "%")), value.utf8.last != UInt8(ascii: "%") { return nil }
    switch kind {
    case .mode:
      return UnitFileModes.mode(value).map { $0 <= 0o7777 } == true ? nil : "an octal mode such as 0755"
    case .unsigned: return isNumber(value, 0...Int(UInt32.max)) ? nil : "a number"
    case .integer: return isNumber(value, Int(Int32.min)...Int(Int32.max)) ? nil : "a number"
    case .nice: return isNumber(value, -20...19) ? nil : "a number from -20 to 19"
    case .oomscoreadjust: return isNumber(value, -1000...1000) ? nil : "a number from -1000 to 1000"
    case .iopriority: return isNumber(value, 0...7) ? nil : "a number from 0 to 7"
    case .cpuschedprio: return isNumber(value, 0...99) ? nil : "a number from 1 to 99"
    case .weight:
      return isNumber(value, name.contains("Block") ? 10...1000 : 1...10_000)
        ? nil : "a number from 1 to 10000"
    case .cpuweight:
      return value == "idle" || isNumber(value, 1...10_000) ? nil : "a number from 1 to 10000, or idle"
    case .size: return size(value) == nil ? "a number of bytes, K, M, G or T behind it" : nil
    case .signal: return isSignal(value) ? nil : "a signal such as SIGTERM"
    case .limit: return limit(name, value)
    case .listen: return listen(name, value)
    case .other: return other(name, value)
    default: return nil
    }
  }

  private static func other(_ name: String, _ value: String) -> String? {
    switch name {
    case "CPUQuota":
      guard let number = value.utf8.last == UInt8(ascii: "%") ? value.dropLast() : nil else {
        return "a percentage such as 150%"
      }
      return isDecimal(number) ? nil : "a percentage such as 150%"
    case "TasksMax":
      if value == "infinity" { return nil }
      return isNumber(
        value.utf8.last == UInt8(ascii: "%") ? String(value.dropLast()) : value, 1...Int(Int64.max))
        ? nil : "a number, a percentage or infinity"
    default: return nil
    }
  }

  /// Resource limits of processes (systemd.exec(5), LimitCPU= and on) and of memory
  /// (systemd.resource-control(5)).
  private static func limit(_ name: String, _ value: String) -> String? {
    if name.hasPrefix("Limit") {
      // Time spans, sizes and niceness have words of their own.
      if ["LimitCPU", "LimitRTTIME", "LimitNICE"].contains(name) { return nil }
      let isCount = ["LimitNOFILE", "LimitNPROC", "LimitLOCKS", "LimitSIGPENDING", "LimitRTPRIO"].contains(
        name)
      let parts = value.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let numbers = parts.map { part -> Double? in
        if part == "infinity" { return .infinity }
        return isCount ? isNumber(part, 0...Int(Int64.max)) ? Double(part) : nil : size(part)
      }
      guard (1...2).contains(parts.count), !numbers.contains(nil) else {
        return isCount
          ? "a number, infinity, or SOFT:HARD" : "a number of bytes, K, M, G or T behind it, or SOFT:HARD"
      }
      let known = numbers.compactMap { $0 }
      return known.count == 2 && known[0] > known[1] ? "a soft limit up to the hard one" : nil
    }
    guard name.hasPrefix("Memory") || name.hasPrefix("DefaultMemory") || name.hasPrefix("StartupMemory")
    else {
      return nil
    }
    if value == "infinity" { return nil }
    if value.utf8.last == UInt8(ascii: "%") { return isDecimal(value.dropLast()) ? nil : "a percentage" }
    return size(value) == nil ? "a number of bytes, K, M, G or T behind it, a percentage or infinity" : nil
  }

  /// Addresses of sockets (systemd.socket(5), ListenStream=).
  private static func listen(_ name: String, _ value: String) -> String? {
    guard name == "ListenStream" || name == "ListenDatagram", let first = value.utf8.first,
      ![UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "%")].contains(first), !value.hasPrefix("vsock:")
    else { return nil }
    let wanted = "a path, a port, ADDRESS:PORT or [ADDRESS]:PORT"
    if isNumber(value, 1...65_535) { return nil }
    guard let colon = value.lastIndex(of: ":") else { return wanted }
    let port = value[value.index(after: colon)...].prefix { $0 != "%" }
    let host = value[..<colon]
    guard isNumber(String(port), 1...65_535) else { return wanted }
    if first == UInt8(ascii: "[") { return host.hasSuffix("]") ? nil : wanted }
    // A network interface may stand behind an IPv6 address only.
    return host.split(separator: ".", omittingEmptySubsequences: false).count == 4
      && host.utf8.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") } ? nil : wanted
  }

  /// A number of bytes; `nil` when it is none. Units are powers of 1024, in pairs perhaps (`1G 512M`).
  static func size(_ value: String) -> Double? {
    var total = 0.0
    var rest = value.utf8[...].drop { $0 == 0x20 }
    guard !rest.isEmpty else { return nil }
    while !rest.isEmpty {
      let number = rest.prefix { isDigit($0) || $0 == UInt8(ascii: ".") }
      rest = rest[number.endIndex...].drop { $0 == 0x20 }
      guard number.first.map(isDigit) == true, let amount = Double(String(decoding: number, as: UTF8.self))
      else {
        return nil
      }
      var factor = 1.0
      if let letter = rest.first, let power = Array("BKMGTPE".utf8).firstIndex(of: letter) {
        for _ in 0..<power { factor *= 1024 }
        rest = rest.dropFirst().drop { $0 == 0x20 }
      } else if !rest.isEmpty {
        return nil
      }
      total += amount * factor
    }
    return total
  }

  private static func isNumber(_ value: String, _ range: ClosedRange<Int>) -> Bool {
    guard value.utf8.count < 20 else { return false }
    if let number = Int(value) { return range.contains(number) }
    // systemd takes 0x, 0o and 0b; what follows is not looked at.
    return value.hasPrefix("0x") || value.hasPrefix("0o") || value.hasPrefix("0b")
  }

  private static func isDecimal(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// signal(7), with or without SIG; RTMIN+N and RTMAX-N; numbers.
  static func isSignal(_ value: String) -> Bool {
    if let number = Int(value) { return (1...64).contains(number) }
    let name = value.hasPrefix("SIG") ? value.dropFirst(3) : value[...]
    if name.hasPrefix("RTMIN") || name.hasPrefix("RTMAX") {
      let rest = name.dropFirst(5)
      let sign: Character = name.hasPrefix("RTMIN") ? "+" : "-"
      return rest.isEmpty || (rest.first == sign && isNumber(String(rest.dropFirst()), 0...30))
    }
    return signals.contains(name)
  }

  private static let signals: Set<Substring> = [
    "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "IOT", "BUS", "FPE", "KILL", "USR1", "SEGV", "USR2", "PIPE",
    "ALRM",
    "TERM", "STKFLT", "CHLD", "CLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG", "XCPU", "XFSZ", "VTALRM",
    "PROF",
    "WINCH", "IO", "POLL", "PWR", "SYS",
  ]

  /// The words that a choice takes (systemd.service(5), systemd.exec(5), systemd.kill(5), systemd.unit(5)); of
  /// those that are booleans too, the words beside them.
  static func words(of kind: DirectiveKind, _ name: String) -> (words: [String], orBoolean: Bool)? {
    switch kind {
    case .other:
      if let words = booleanChoices[name] { return (words, true) }
      return namedChoices[name].map { ($0, false) }
    case .socketbind: return (["default", "both", "ipv6-only"], true)
    case .policy: return name == "DevicePolicy" ? (["auto", "closed", "strict"], false) : nil
    case .exec, .string, .units, .environ, .boolean, .seconds, .condition, .url, .path, .paths: return nil
    default: return choices[kind].map { ($0, false) }
    }
  }

  private static let choices: [DirectiveKind: [String]] = [
    .servicetype: ["simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"],
    .servicerestart: ["no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always"],
    .serviceexittype: ["main", "cgroup"], .killmode: ["control-group", "process", "mixed", "none"],
    .access: ["none", "main", "exec", "all"], .timeoutmode: ["terminate", "abort", "kill"],
    .action: [
      "none", "reboot", "reboot-force", "reboot-immediate", "poweroff", "poweroff-force",
      "poweroff-immediate", "exit",
      "exit-force", "soft-reboot", "soft-reboot-force", "kexec", "kexec-force", "halt", "halt-force",
      "halt-immediate",
    ],
    .jobMode: [
      "fail", "replace", "replace-irreversibly", "isolate", "flush", "ignore-dependencies",
      "ignore-requirements",
    ],
    .facility: [
      "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp",
      "local0",
      "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ],
    .level: [
      "emerg", "alert", "crit", "err", "warning", "notice", "info", "debug", "0", "1", "2", "3", "4", "5",
      "6", "7",
    ],
    .ioclass: ["none", "realtime", "best-effort", "idle", "0", "1", "2", "3"],
    .cpuschedpolicy: ["other", "batch", "idle", "fifo", "rr", "0", "1", "2", "3", "5"],
  ]

  private static let booleanChoices: [String: [String]] = [
    "ProtectSystem": ["full", "strict"], "ProtectHome": ["read-only", "tmpfs"],
    "PrivateTmp": ["disconnected"],
    "ProtectControlGroups": ["private", "strict"], "PrivateUsers": ["self", "identity", "full"],
    "ProtectHostname": ["private"],
    "RuntimeDirectoryPreserve": ["restart"], "PrivateMounts": [], "FileDescriptorStorePreserve": ["restart"],
  ]

  private static let namedChoices: [String: [String]] = [
    "ProtectProc": ["default", "noaccess", "invisible", "ptraceable"], "ProcSubset": ["all", "pid"],
    "KeyringMode": ["inherit", "private", "shared"], "OOMPolicy": ["continue", "stop", "kill"],
    "UtmpMode": ["init", "login", "user"], "CollectMode": ["inactive", "inactive-or-failed"],
    "ManagedOOMSwap": ["auto", "kill"], "ManagedOOMMemoryPressure": ["auto", "kill"],
    "ManagedOOMPreference": ["none", "avoid", "omit"],
    "NUMAPolicy": ["default", "preferred", "bind", "interleave", "local"],
    "RestartMode": ["normal", "direct", "debug"], "SocketProtocol": ["udplite", "sctp", "mptcp"],
  ]
}

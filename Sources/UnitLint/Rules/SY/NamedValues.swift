import SystemdUnits

/// Grammars of values that systemd's dump calls OTHER, or whose kind alone does not say enough. Measured with
/// `systemd-analyze verify` row by row; what only a running system can tell is left to it.
enum NamedValues {
  /// What a value should be, when it is not; `nil` when it is fine, or nothing is known of it.
  static func expectation(_ kind: DirectiveKind, _ name: String, _ value: String) -> String? {
    // Specifiers may stand for anything.
    if value.utf8.contains(UInt8(ascii: "%")), value.utf8.last != UInt8(ascii: "%") { return nil }
    switch kind {
    case .condition: return condition(name, value)
    case .cpuaffinity: return isSet(value, or: "numa") ? nil : "numbers and ranges of CPUs such as 0-3 5"
    case .device, .deviceweight, .bandwidth, .devicelatency: return device(kind, value)
    case .limit where name.hasPrefix("IO"): return device(kind, value)
    case .errno: return isErrorNumber(value) ? nil : "an error such as EPERM, or kill"
    case .input: return isStream(value, inputs) ? nil : "one of " + inputs.joined(separator: ", ")
    case .output: return isStream(value, outputs) ? nil : "one of " + outputs.joined(separator: ", ")
    case .long: return isNumber(value) ? nil : "a number"
    case .mountFlags:
      return ["shared", "slave", "private"].contains(value) ? nil : "shared, slave or private"
    case .nanoseconds: return isSpan(value) ? nil : "a number and a unit such as 50ms"
    case .networkinterface: return isInterface(value) ? nil : "the name of a network interface"
    case .service: return value.hasSuffix(".service") ? nil : "the name of a service"
    case .sockets: return each(value) { $0.hasSuffix(".socket") } ? nil : "names of sockets"
    case .slice: return UnitName(value)?.type == .slice ? nil : "the name of a slice"
    case .unit: return UnitName(value) == nil ? "the name of a unit" : nil
    case .timer where name != "OnCalendar":
      return ValueReading.seconds(value) == nil ? "a number and a unit such as 15min" : nil
    case .tos:
      return tos.contains(value) || isNumber(value)
        ? nil : "a number, or one of " + tos.joined(separator: ", ")
    case .listen: return listen(name, value)
    case .path where name == "ExecSearchPath":
      return value.split(separator: ":").allSatisfy { $0.hasPrefix("/") }
        ? nil : "absolute paths with : between"
    case .other: return other(name, value)
    default: return nil
    }
  }

  private static func other(_ name: String, _ value: String) -> String? {
    switch name {
    case "AllowedCPUs", "StartupAllowedCPUs", "AllowedMemoryNodes", "StartupAllowedMemoryNodes":
      return isSet(value, or: "") ? nil : "numbers and ranges such as 0-3 5"
    case "NUMAMask": return isSet(value, or: "all") ? nil : "numbers and ranges such as 0-3, or all"
    case "TTYColumns", "TTYRows", "Priority": return isNumber(value) ? nil : "a number"
    case "FailureActionExitStatus", "SuccessActionExitStatus":
      return Int(value).map { (0...255).contains($0) } == true ? nil : "a number from 0 to 255"
    case "CPUQuotaPeriodSec", "TimeoutIdleSec":
      return ValueReading.seconds(value) == nil ? "a number and a unit such as 100ms" : nil
    case "IPEgressFilterPath", "IPIngressFilterPath": return value.hasPrefix("/") ? nil : "an absolute path"
    case "Symlinks": return each(value) { $0.hasPrefix("/") || $0.hasPrefix("\"") } ? nil : "absolute paths"
    case "MountAPIVFS": return ValueReading.boolean(value) == nil ? "yes or no" : nil
    case "SetCredential", "SetCredentialEncrypted": return value.contains(":") ? nil : "NAME:VALUE"
    case "ManagedOOMMemoryPressureLimit":
      return value.utf8.last == UInt8(ascii: "%") ? nil : "a percentage such as 50%"
    case "Timestamping":
      return timestamps.contains(value) || ValueReading.boolean(value) != nil
        ? nil : "one of " + timestamps.joined(separator: ", ")
    default: return nil
    }
  }

  /// Conditions on paths (systemd.unit(5), "CONDITIONS AND ASSERTS"); `|` and `!` may stand in front, in
  /// this order and without a blank.
  private static func condition(_ name: String, _ value: String) -> String? {
    let stem = name.hasPrefix("Condition") ? name.dropFirst(9) : name.dropFirst(6)
    guard stem.hasPrefix("Path") || conditionsOnPaths.contains(stem) else { return nil }
    var path = value[...]
    for mark in ["|", "!"] where path.hasPrefix(mark) { path = path.dropFirst() }
    return path.hasPrefix("/") ? nil : "an absolute path"
  }

  /// A device and what is set for it (systemd.resource-control(5)).
  private static func device(_ kind: DirectiveKind, _ value: String) -> String? {
    if value.utf8.contains(UInt8(ascii: "\"")) || value.utf8.contains(UInt8(ascii: "'")) { return nil }
    let words = value.split { $0 == " " || $0 == "\t" }.map(String.init)
    if kind == .device {
      guard let first = words.first else { return nil }
      return first.hasPrefix("/") || first.hasPrefix("char-") || first.hasPrefix("block-")
        ? nil : "a path in /dev, char-NAME or block-NAME"
    }
    let wanted = "a device or path, and what it gets"
    guard words.count == 2 else { return wanted }
    switch kind {
    case .devicelatency: return ValueReading.seconds(words[1]) == nil ? wanted : nil
    case .deviceweight: return isNumber(words[1]) ? nil : wanted
    default: return words[1] == "infinity" || ValueGrammar.size(words[1]) != nil ? nil : wanted
    }
  }

  private static func listen(_ name: String, _ value: String) -> String? {
    switch name {
    case "ListenFIFO", "ListenSpecial", "ListenUSBFunction", "ListenMessageQueue":
      value.hasPrefix("/") ? nil : "an absolute path"
    case "ListenSequentialPacket":
      value.hasPrefix("/") || value.hasPrefix("@") ? nil : "an absolute path, or @NAME"
    default: nil
    }
  }

  private static func each(_ value: String, _ isRight: (Substring) -> Bool) -> Bool {
    value.split { $0 == " " || $0 == "\t" }.allSatisfy(isRight)
  }

  /// `0-3,5 7`, or a mask `0x3`.
  private static func isSet(_ value: String, or word: String) -> Bool {
    if value == word { return true }
    return value.split { $0 == " " || $0 == "," || $0 == "\t" }.allSatisfy { part in
      if part.hasPrefix("0x") { return true }
      let ends = part.split(separator: "-", omittingEmptySubsequences: false)
      return (1...2).contains(ends.count) && ends.allSatisfy(isDigits)
    }
  }

  private static func isStream(_ value: String, _ words: [String]) -> Bool {
    words.contains(value) || ["fd:", "file:", "append:", "truncate:"].contains { value.hasPrefix($0) }
  }

  /// Names are many, and the kernel's: anything that looks like one is taken.
  private static func isErrorNumber(_ value: String) -> Bool {
    if value == "kill" || isNumber(value) { return true }
    return value.lowercased().hasPrefix("e")
      && value.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
  }

  /// A time span whose number alone counts nanoseconds.
  private static func isSpan(_ value: String) -> Bool {
    let micro = value.split(separator: " ").map { $0.hasSuffix("ns") ? $0.dropLast(2) : $0 }
      .filter { !$0.isEmpty }
    return !micro.isEmpty && ValueReading.seconds(micro.joined(separator: " ")) != nil
  }

  /// A name of at most 15 bytes (netdevice(7)), an alternative one of at most 127, or `*`.
  private static func isInterface(_ value: String) -> Bool {
    value.utf8.count <= 127 && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x2f && $0 != 0x3a }
  }

  private static func isNumber(_ value: String) -> Bool {
    let digits = value.hasPrefix("-") || value.hasPrefix("+") ? value.dropFirst() : value[...]
    return isDigits(digits) || ["0x", "0o", "0b"].contains { digits.hasPrefix($0) }
  }

  private static func isDigits(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static let conditionsOnPaths: Set<Substring> = [
    "DirectoryNotEmpty", "FileIsExecutable", "FileNotEmpty", "NeedsUpdate",
  ]
  private static let inputs = ["null", "tty", "tty-force", "tty-fail", "data", "socket", "fd"]
  private static let outputs = [
    "inherit", "null", "tty", "journal", "journal+console", "kmsg", "kmsg+console", "syslog",
    "syslog+console",
    "socket", "fd",
  ]
  private static let tos = ["low-delay", "throughput", "reliability", "low-cost"]
  private static let timestamps = ["off", "us", "usec", "µs", "μs", "ns", "nsec"]
}

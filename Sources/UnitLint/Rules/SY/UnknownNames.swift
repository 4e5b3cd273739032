import Diagnostics
import SystemdUnits

/// SY014
enum UnknownNames {
  static let rule = Rule(
    "SY014", "unknown-name", .warning,
    finds:
      "A capability, a group of system calls, an address family, a kind of namespace or an architecture "
      + "that systemd does not know.",
    why: "systemd leaves the word out, and of unknown capabilities it does not even warn.",
    example: "[Service]\nExecStart=/bin/true\nUser=app\nAmbientCapabilities=NET_BIND_SERVICE",
    instead: "[Service]\nExecStart=/bin/true\nUser=app\nAmbientCapabilities=CAP_NET_BIND_SERVICE")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nCapabilityBoundingSet=~cap_sys_admin CAP_NET_RAW 12",
      "[Service]\nExecStart=/bin/true\nSystemCallFilter=~@mount:EPERM @obsolete open:ENOSYS",
      "[Service]\nExecStart=/bin/true\nRestrictAddressFamilies=none\nRestrictNamespaces=~user mnt",
      "[Service]\nExecStart=/bin/true\nRestrictNamespaces=yes\nSystemCallArchitectures=native x86-64",
    ],
    .values(of: [.boundingset, .syscalls, .families, .namespaces, .archs]) { item, report in
      guard let kind = item.setting.kind, let known = known(kind) else { return }
      let words = UnitWords.split(item.setting.value, .names).words
      for (position, word) in words.enumerated() {
        var name = word.text
        var start = word.range.lowerBound
        if position == 0, name.utf8.first == UInt8(ascii: "~") {
          name.removeFirst()
          start += 1
        }
        if name.isEmpty || name.utf8.contains(UInt8(ascii: ",")) { continue }
        if kind == .syscalls {
          let number = name.prefix { $0 != ":" }
          // A call that no table of ours has may well be one of the kernel's.
          guard name.utf8.first == UInt8(ascii: "@") || name.utf8.first == UInt8(ascii: "~") else { continue }
          name = String(number)
        }
        guard !isKnown(name, kind, known, isOnly: words.count == 1) else { continue }
        report.add(finding(item, name, start..<start + name.utf8.count, kind, known))
      }
    })

  private static func finding(
    _ item: SettingCase, _ name: String, _ range: Range<Int>, _ kind: DirectiveKind, _ known: Set<String>
  ) -> Diagnostic {
    if name.utf8.first == UInt8(ascii: "~") {
      return item.atValue(
        rule, "'~' counts at the start of the value only, '\(name)' is left out", range,
        help: "write a second \(item.setting.name)=\(name)")
    }
    if kind == .boundingset, known.contains("cap_" + name.lowercased()) {
      return item.atValue(
        rule, "capabilities are spelt with CAP_ in front", range, help: "write CAP_\(name.uppercased())",
        fix: item.replacing(range, by: "CAP_" + name.uppercased(), .safe))
    }
    let meant = SpellingHints.nearest(
      to: kind == .boundingset ? name.lowercased() : name, among: known.sorted())
    let spelt = meant.map { kind == .boundingset ? $0.uppercased() : $0 }
    return item.atValue(
      rule, "systemd knows no '\(name)' for \(item.setting.name)=", range,
      help: spelt.map { "did you mean \($0)?" } ?? "see systemd.exec(5) for the names there are",
      fix: spelt.flatMap { item.replacing(range, by: $0, .unsafe) })
  }

  private static func isKnown(_ name: String, _ kind: DirectiveKind, _ known: Set<String>, isOnly: Bool)
    -> Bool
  {
    switch kind {
    case .boundingset:
      return known.contains(name.lowercased()) || name.utf8.allSatisfy { (0x30...0x39).contains($0) }
    case .families:
      // Families come with the kernel: of those that look like one, only near misses of known ones count.
      if isOnly, name == "none" { return true }
      guard name.hasPrefix("AF_") else { return false }
      return known.contains(name) || SpellingHints.nearest(to: name, among: known.sorted()) == nil
    case .namespaces: return (isOnly && ValueReading.boolean(name) != nil) || known.contains(name)
    default: return known.contains(name)
    }
  }

  private static func known(_ kind: DirectiveKind) -> Set<String>? {
    switch kind {
    case .boundingset: capabilities
    case .syscalls: groups
    case .families: families
    case .namespaces: ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts"]
    case .archs: architectures
    default: nil
    }
  }

  /// capabilities(7)
  static let capabilities = Set(
    """
    audit_control audit_read audit_write block_suspend bpf checkpoint_restore chown dac_override
    dac_read_search fowner fsetid ipc_lock ipc_owner kill lease linux_immutable mac_admin
    mac_override mknod net_admin net_bind_service net_broadcast net_raw perfmon setfcap setgid
    setpcap setuid sys_admin sys_boot sys_chroot sys_module sys_nice sys_pacct sys_ptrace sys_rawio
    sys_resource sys_time sys_tty_config syslog wake_alarm
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map { "cap_" + $0 })

  /// `systemd-analyze syscall-filter`; `@sandbox` came with 254.
  private static let groups: Set<String> = [
    "@default", "@aio", "@basic-io", "@chown", "@clock", "@cpu-emulation", "@debug", "@file-system",
    "@io-event",
    "@ipc", "@keyring", "@memlock", "@module", "@mount", "@network-io", "@obsolete", "@pkey", "@privileged",
    "@process", "@raw-io", "@reboot", "@resources", "@sandbox", "@setuid", "@signal", "@swap", "@sync",
    "@system-service", "@timer", "@known",
  ]

  /// address_families(7)
  private static let families: Set<String> = [
    "AF_UNIX", "AF_LOCAL", "AF_INET", "AF_INET6", "AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_BLUETOOTH",
    "AF_CAN",
    "AF_ALG", "AF_XDP", "AF_KEY", "AF_TIPC", "AF_QIPCRTR", "AF_RDS", "AF_ISDN", "AF_NFC", "AF_KCM", "AF_SMC",
  ]

  /// systemd.unit(5), ConditionArchitecture=, and systemd.exec(5), SystemCallArchitectures=.
  private static let architectures: Set<String> = [
    "native", "x86", "x86-64", "x32", "arm", "arm64", "alpha", "arc", "loongarch64", "mips", "mips64",
    "mips64-n32",
    "mips-le", "mips64-le", "mips64-le-n32", "parisc", "parisc64", "ppc", "ppc64", "ppc64-le", "riscv32",
    "riscv64",
    "s390", "s390x", "tilegx", "sparc", "sparc64", "cris", "ia64", "m68k", "nios2", "sh", "sh64",
  ]
}

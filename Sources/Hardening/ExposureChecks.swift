/// A check of `systemd-analyze security`. Weights and grades were measured with
/// `--security-policy=`, which silences all checks but one, on systemd 252.
struct ExposureCheck: Sendable {
  let field: String
  let weight: Int
  let range: Int
  /// How bad the setting is; `nil` where the check does not apply.
  let assess: @Sendable (SecuritySettings) -> Int?

  /// A check with grades.
  private init(
    _ field: String, _ weight: Int, range: Int, assess: @escaping @Sendable (SecuritySettings) -> Int?
  ) {
    self.field = field
    self.weight = weight
    self.range = range
    self.assess = assess
  }

  /// A check that is met or not.
  private init(_ field: String, _ weight: Int, isMet: @escaping @Sendable (SecuritySettings) -> Bool) {
    self.init(field, weight, range: 1) { isMet($0) ? 0 : 1 }
  }

  /// A check of a boolean directive that carries its name.
  private static func flag(_ directive: String, _ weight: Int) -> ExposureCheck {
    ExposureCheck(directive, weight) { $0.isOn(directive) }
  }

  /// A check that none of the capabilities can be gained.
  private static func capability(_ field: String, _ weight: Int, _ names: String...) -> ExposureCheck {
    ExposureCheck("CapabilityBoundingSet_CAP_" + field, weight) { settings in
      !names.contains { settings.capabilities.contains("CAP_" + $0) }
    }
  }

  /// Every check there is, grouped as in systemd.exec(5).
  static let all: [ExposureCheck] = flags + accounts + capabilities + files + limits + filters

  private static let flags: [ExposureCheck] = [
    flag("LockPersonality", 100), flag("MemoryDenyWriteExecute", 100), flag("PrivateDevices", 1000),
    flag("PrivateMounts", 1000), flag("PrivateNetwork", 2500), flag("PrivateUsers", 1000),
    flag("ProtectClock", 1000), flag("ProtectControlGroups", 1000), flag("ProtectHostname", 50),
    flag("ProtectKernelLogs", 1000), flag("ProtectKernelModules", 1000),
    flag("ProtectKernelTunables", 1000), flag("RestrictRealtime", 500),
    ExposureCheck("NoNewPrivileges", 1000) { $0.isOn("NoNewPrivileges") || $0.isDynamic },
    ExposureCheck("RestrictSUIDSGID", 1000) { $0.isOn("RestrictSUIDSGID") || $0.isDynamic },
  ]

  private static let accounts: [ExposureCheck] = [
    ExposureCheck("UserOrDynamicUser", 2000, range: 10) { settings in
      settings.isRoot ? 10 : settings.scalar("User") == "nobody" ? 9 : 0
    },
    ExposureCheck("SupplementaryGroups", 200, range: 1) { settings in
      settings.isRoot ? nil : settings.words("SupplementaryGroups").isEmpty ? 0 : 1
    },
    ExposureCheck("RemoveIPC", 100, range: 1) { settings in
      settings.isRoot ? nil : settings.isDynamic || settings.isOn("RemoveIPC") ? 0 : 1
    },
    ExposureCheck("KeyringMode", 1000) { settings in
      settings.scalar("KeyringMode").map { $0 == "private" } ?? true
    },
    ExposureCheck("NotifyAccess", 1000) { $0.scalar("NotifyAccess") != "all" },
    ExposureCheck("Delegate", 100) { settings in
      settings.scalar("Delegate").map { SecuritySettings.boolean($0) == false } ?? true
    },
    ExposureCheck("UMask", 100, range: 10) { settings in
      let mask = settings.scalar("UMask").flatMap { Int($0, radix: 8) } ?? 0o022
      return mask & 0o002 == 0
        ? 10 : mask & 0o004 == 0 ? 5 : mask & 0o020 == 0 ? 2 : mask & 0o040 == 0 ? 1 : 0
    },
  ]

  private static let capabilities: [ExposureCheck] = [
    ExposureCheck("AmbientCapabilities", 500) { $0.ambientCapabilities.isEmpty },
    capability("AUDIT", 500, "AUDIT_CONTROL", "AUDIT_READ", "AUDIT_WRITE"),
    capability("BLOCK_SUSPEND", 25, "BLOCK_SUSPEND"), capability("BPF", 25, "BPF"),
    capability("CHOWN_FSETID_SETFCAP", 1000, "CHOWN", "FSETID", "SETFCAP"),
    capability("DAC_FOWNER_IPC_OWNER", 1000, "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "IPC_OWNER"),
    capability("IPC_LOCK", 50, "IPC_LOCK"), capability("KILL", 500, "KILL"),
    capability("LEASE", 25, "LEASE"), capability("LINUX_IMMUTABLE", 75, "LINUX_IMMUTABLE"),
    capability("MAC", 100, "MAC_ADMIN", "MAC_OVERRIDE"), capability("MKNOD", 500, "MKNOD"),
    capability("NET_ADMIN", 1000, "NET_ADMIN"),
    // The parenthesis is the tool's.
    capability(
      "NET_BIND_SERVICE_BROADCAST_RAW)", 500, "NET_BIND_SERVICE", "NET_BROADCAST", "NET_RAW"),
    capability("SET_UID_GID_PCAP", 1500, "SETUID", "SETGID", "SETPCAP"),
    capability("SYSLOG", 500, "SYSLOG"), capability("SYS_ADMIN", 1500, "SYS_ADMIN"),
    capability("SYS_BOOT", 100, "SYS_BOOT"), capability("SYS_CHROOT", 50, "SYS_CHROOT"),
    capability("SYS_MODULE", 1000, "SYS_MODULE"),
    capability("SYS_NICE_RESOURCE", 500, "SYS_NICE", "SYS_RESOURCE"),
    capability("SYS_PACCT", 25, "SYS_PACCT"), capability("SYS_PTRACE", 1500, "SYS_PTRACE"),
    capability("SYS_RAWIO", 1000, "SYS_RAWIO"), capability("SYS_TIME", 1000, "SYS_TIME"),
    capability("SYS_TTY_CONFIG", 25, "SYS_TTY_CONFIG"), capability("WAKE_ALARM", 25, "WAKE_ALARM"),
  ]

  private static let files: [ExposureCheck] = [
    ExposureCheck("PrivateTmp", 1000, range: 1) { settings in
      settings.isEarly ? nil : settings.isOn("PrivateTmp") || settings.isDynamic ? 0 : 1
    },
    ExposureCheck("ProtectHome", 1000, range: 10) { settings in
      if settings.isEarly { return nil }
      switch settings.graded("ProtectHome", among: ["read-only", "tmpfs"]) {
      case "yes": return 0
      case "tmpfs": return 1
      case "read-only": return 5
      default: return settings.isDynamic ? 5 : 10
      }
    },
    ExposureCheck("ProtectSystem", 1000, range: 10) { settings in
      if settings.isEarly { return nil }
      if settings.isDynamic { return 0 }
      switch settings.graded("ProtectSystem", among: ["full", "strict"]) {
      case "strict": return 0
      case "full": return 3
      case "yes": return 5
      default: return 10
      }
    },
    ExposureCheck("RootDirectoryOrRootImage", 200, range: 1) { settings in
      if settings.isEarly { return nil }
      let root = settings.scalar("RootDirectory") ?? settings.scalar("RootImage") ?? "/"
      return root == "/" || root.isEmpty ? 1 : 0
    },
    ExposureCheck("ProtectProc", 1000, range: 3) { settings in
      switch settings.scalar("ProtectProc") {
      case "invisible", "ptraceable": 0
      case "noaccess": 1
      default: 3
      }
    },
    ExposureCheck("ProcSubset", 10) { $0.scalar("ProcSubset") == "pid" },
    ExposureCheck("DeviceAllow", 1000, range: 10) { settings in
      guard settings.hasDevicePolicy else { return 10 }
      return settings.allowsDevices ? 5 : 0
    },
  ]

  private static let limits: [ExposureCheck] =
    [
      ("cgroup", 500), ("ipc", 500), ("mnt", 500), ("net", 500), ("pid", 500), ("user", 1500),
      ("uts", 100),
    ].map { (name: String, weight: Int) in
      ExposureCheck("RestrictNamespaces_" + name, weight) { !$0.namespaces.contains(name) }
    } + [
      ExposureCheck("RestrictAddressFamilies_AF_INET_INET6", 1500) {
        !$0.allows("AF_INET") && !$0.allows("AF_INET6")
      },
      ExposureCheck("RestrictAddressFamilies_AF_NETLINK", 200) { !$0.allows("AF_NETLINK") },
      ExposureCheck("RestrictAddressFamilies_AF_PACKET", 1000) { !$0.allows("AF_PACKET") },
      ExposureCheck("RestrictAddressFamilies_AF_UNIX", 25) { !$0.allows("AF_UNIX") },
      ExposureCheck("RestrictAddressFamilies_OTHER", 1250) { !$0.allowsOtherFamilies },
      ExposureCheck("IPAddressDeny", 1000, range: 10) { $0.addressBadness },
    ]

  private static let filters: [ExposureCheck] =
    [
      ExposureCheck("SystemCallArchitectures", 1000, range: 10) { settings in
        let architectures = Set(settings.words("SystemCallArchitectures"))
        return architectures.isEmpty ? 10 : architectures == ["native"] ? 0 : 8
      }
    ]
    + [
      ("clock", 1000), ("cpu-emulation", 250), ("debug", 1000), ("module", 1000), ("mount", 1000),
      ("obsolete", 250), ("privileged", 700), ("raw-io", 1000), ("reboot", 1000),
      ("resources", 700), ("swap", 1000),
    ].map { (group: String, weight: Int) in
      let field = "SystemCallFilter_" + String(group.map { $0 == "-" ? "_" : $0 })
      return ExposureCheck(field, weight, range: 10) { $0.badness(ofCalls: "@" + group) }
    }
}

/// A named sandbox: what a kind of program may not do.
public struct Preset: Sendable {
  /// A directive of `[Service]`, with a line for each value.
  public struct Setting: Sendable {
    /// For example `SystemCallFilter`.
    public let directive: String
    /// Lines, in order; systemd adds those of a list up.
    public let values: [String]

    init(_ directive: String, _ values: String...) {
      self.directive = directive
      self.values = values
    }
  }

  /// Why a preset has walls less than the strictest one: what its programs could not do behind them.
  public struct Relaxation: Sendable {
    /// The directives that are other than in `network-daemon`, in order of name.
    public let directives: [String]
    /// What needs it, in a sentence without a full stop.
    public let reason: String
  }

  /// `network-daemon`: what a profile calls it.
  public let name: String
  /// Whom it is for, in a sentence without a full stop.
  public let summary: String
  /// What it needs of the service's account.
  public let needsRoot: Bool
  /// In order of directive.
  public let settings: [Setting]
  /// Every difference from `network-daemon`, each in one of them.
  public let relaxations: [Relaxation]

  /// The name its directives carry as their origin.
  public var origin: String { "sandbox." + name }

  private init(
    _ name: String, _ summary: String, needsRoot: Bool = false, settings: [Setting],
    because reasons: KeyValuePairs<String, [String]> = [:]
  ) {
    self.name = name
    self.summary = summary
    self.needsRoot = needsRoot
    self.settings = settings.sorted { $0.directive < $1.directive }
    relaxations = reasons.map { Relaxation(directives: $0.value.sorted(), reason: $0.key) }
  }

  /// This preset's settings without some, and with others added or put in their place.
  private func relaxed(
    _ name: String, _ summary: String, without dropped: Set<String> = [], with changed: [Setting] = [],
    because reasons: KeyValuePairs<String, [String]> = [:]
  ) -> Preset {
    let replaced = dropped.union(changed.map(\.directive))
    return Preset(
      name, summary, settings: settings.filter { !replaced.contains($0.directive) } + changed,
      because: reasons)
  }
}

extension Preset {
  /// All of systemd.exec(5)'s walls that a program without devices, privileges or run-time code
  /// generation never meets.
  ///
  /// `SystemCallErrorNumber=` turns a refused call into an error the program can handle: a runtime
  /// that merely tries `setrlimit` at start must not die of SIGSYS. AF_NETLINK stays, because Go's
  /// net package and glibc's getifaddrs list addresses over it, which needs no capability.
  static let networkDaemon = Preset(
    "network-daemon", "a daemon that serves and calls over the network and keeps its state",
    settings: [
      Setting("CapabilityBoundingSet", ""),
      Setting("LockPersonality", "yes"),
      Setting("MemoryDenyWriteExecute", "yes"),
      Setting("NoNewPrivileges", "yes"),
      Setting("PrivateDevices", "yes"),
      Setting("PrivateMounts", "yes"),
      Setting("PrivateTmp", "yes"),
      Setting("PrivateUsers", "yes"),
      Setting("ProcSubset", "pid"),
      Setting("ProtectClock", "yes"),
      Setting("ProtectControlGroups", "yes"),
      Setting("ProtectHome", "yes"),
      Setting("ProtectHostname", "yes"),
      Setting("ProtectKernelLogs", "yes"),
      Setting("ProtectKernelModules", "yes"),
      Setting("ProtectKernelTunables", "yes"),
      Setting("ProtectProc", "invisible"),
      Setting("ProtectSystem", "strict"),
      Setting("RemoveIPC", "yes"),
      Setting("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_UNIX"),
      Setting("RestrictNamespaces", "yes"),
      Setting("RestrictRealtime", "yes"),
      Setting("RestrictSUIDSGID", "yes"),
      Setting("SystemCallArchitectures", "native"),
      Setting("SystemCallErrorNumber", "EPERM"),
      Setting("SystemCallFilter", "@system-service", "~@privileged @resources"),
      Setting("UMask", "0077"),
    ])

  /// Storage engines work on files: raw disks are an exception with a reason, as they let a daemon
  /// write past every file system.
  static let storageDaemon = networkDaemon.relaxed(
    "storage-daemon", "a daemon that stores data in files and tunes its I/O",
    with: [Setting("SystemCallFilter", "@system-service", "~@privileged")],
    because: [
      "I/O priorities are set and memory is placed: @resources has ioprio_set, mbind and sched_setaffinity": [
        "SystemCallFilter"
      ]
    ])

  static let networkController = networkDaemon.relaxed(
    "network-controller", "a daemon that makes interfaces, routes and packet filters",
    without: ["PrivateDevices", "PrivateUsers", "ProcSubset", "ProtectKernelTunables"],
    with: [
      Setting("AmbientCapabilities", "CAP_NET_ADMIN CAP_NET_RAW"),
      Setting("CapabilityBoundingSet", "CAP_NET_ADMIN CAP_NET_RAW"),
      Setting("DeviceAllow", "/dev/net/tun rw"),
      Setting("DevicePolicy", "closed"),
      Setting("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX"),
    ],
    because: [
      "links, routes and rules are set with CAP_NET_ADMIN, raw packets sent with CAP_NET_RAW": [
        "AmbientCapabilities", "CapabilityBoundingSet",
      ],
      "a capability in a user namespace of its own has no power over the host's network": ["PrivateUsers"],
      "forwarding is switched on below /proc/sys/net": ["ProcSubset", "ProtectKernelTunables"],
      "tunnels are made through /dev/net/tun, the only device": [
        "DeviceAllow", "DevicePolicy", "PrivateDevices",
      ],
      "packets are read from interfaces: AF_PACKET": ["RestrictAddressFamilies"],
    ])

  static let virtualMachineManager = networkDaemon.relaxed(
    "virtual-machine-manager", "a daemon that starts virtual machines",
    without: ["MemoryDenyWriteExecute", "PrivateDevices", "PrivateUsers", "ProcSubset"],
    with: [
      Setting("AmbientCapabilities", "CAP_NET_ADMIN"),
      Setting("CapabilityBoundingSet", "CAP_NET_ADMIN"),
      Setting(
        "DeviceAllow", "/dev/kvm rw", "/dev/net/tun rw", "/dev/vhost-net rw", "/dev/vhost-vsock rw"),
      Setting("DevicePolicy", "closed"),
      Setting("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_UNIX AF_VSOCK"),
      Setting("SupplementaryGroups", "kvm"),
      Setting("SystemCallFilter", "@system-service", "~@privileged"),
    ],
    because: [
      "emulators generate code at run time": ["MemoryDenyWriteExecute"],
      "tap devices are made and joined to bridges with CAP_NET_ADMIN": [
        "AmbientCapabilities", "CapabilityBoundingSet",
      ],
      "a capability in a user namespace of its own has no power over the host's network": ["PrivateUsers"],
      "/dev/kvm, which the group kvm owns on Debian and NixOS alike, and what machines' networks go through":
        [
          "DeviceAllow", "DevicePolicy", "PrivateDevices", "SupplementaryGroups",
        ],
      "emulators read /proc/cpuinfo and /proc/meminfo": ["ProcSubset"],
      "machines talk to their host over AF_VSOCK": ["RestrictAddressFamilies"],
      "machines are pinned to processors and memory: @resources has sched_setaffinity and mbind": [
        "SystemCallFilter"
      ],
    ])

  static let containerHost = Preset(
    "container-host", "a node agent that mounts for containers and keeps their control groups",
    needsRoot: true,
    settings: [
      Setting(
        "CapabilityBoundingSet",
        "~CAP_AUDIT_CONTROL CAP_BLOCK_SUSPEND CAP_LINUX_IMMUTABLE CAP_MAC_ADMIN CAP_MAC_OVERRIDE",
        "~CAP_SYS_BOOT CAP_SYS_MODULE CAP_SYS_PACCT CAP_SYS_RAWIO CAP_SYS_TIME CAP_SYS_TTY_CONFIG",
        "~CAP_WAKE_ALARM"),
      Setting("Delegate", "yes"),
      Setting("LockPersonality", "yes"),
      Setting("RestrictRealtime", "yes"),
      Setting("SystemCallArchitectures", "native"),
      Setting("SystemCallErrorNumber", "EPERM"),
      Setting("SystemCallFilter", "~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap"),
    ],
    because: [
      "what it mounts for containers must reach the host: these give it a mount namespace of its own": [
        "PrivateDevices", "PrivateMounts", "PrivateTmp", "ProcSubset", "ProtectControlGroups", "ProtectHome",
        "ProtectKernelLogs", "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc", "ProtectSystem",
      ],
      "containers are started from it: what it may not do, none of them may": [
        "CapabilityBoundingSet", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateUsers", "ProtectClock",
        "ProtectHostname", "RestrictAddressFamilies", "RestrictNamespaces", "RestrictSUIDSGID",
        "SystemCallFilter",
      ],
      "it divides its control group among containers": ["Delegate"],
      "volumes and shared memory have the owners and modes that containers ask for": ["RemoveIPC", "UMask"],
    ])

  /// The superuser's files, which hold the node's secrets, but none of the superuser's powers: the
  /// step runs as root with an empty capability set (docs/decisions, first-boot units).
  static let firstBootStep = networkDaemon.relaxed(
    "first-boot-step", "a step of the first boot: asks over HTTPS, writes its marker, is done")

  /// For programs whose unit the profile writes in full.
  static let none = Preset("none", "no sandbox at all", settings: [])
}

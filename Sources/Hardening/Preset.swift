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

  /// `network-daemon`: what a profile calls it.
  public let name: String
  /// Whom it is for, in a sentence without a full stop.
  public let summary: String
  /// What it needs of the service's account.
  public let needsRoot: Bool
  /// In order of directive.
  public let settings: [Setting]

  /// The name its directives carry as their origin.
  public var origin: String { "sandbox." + name }

  private init(
    _ name: String, _ summary: String, needsRoot: Bool = false, settings: [Setting]
  ) {
    self.name = name
    self.summary = summary
    self.needsRoot = needsRoot
    self.settings = settings.sorted { $0.directive < $1.directive }
  }

  /// This preset's settings without some, and with others added or put in their place.
  private func relaxed(
    _ name: String, _ summary: String, without dropped: Set<String> = [], with changed: [Setting] = []
  ) -> Preset {
    let replaced = dropped.union(changed.map(\.directive))
    return Preset(
      name, summary, settings: settings.filter { !replaced.contains($0.directive) } + changed)
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

  /// Storage engines set I/O priorities and place memory (`@resources`: ioprio_set, mbind,
  /// sched_setaffinity). They work on files: raw disks are an exception with a reason, as they let a
  /// daemon write past every file system.
  static let storageDaemon = networkDaemon.relaxed(
    "storage-daemon", "a daemon that stores data in files and tunes its I/O",
    with: [Setting("SystemCallFilter", "@system-service", "~@privileged")])

  /// Interfaces, routes and rules are changed over netlink with CAP_NET_ADMIN, forwarding below
  /// /proc/sys/net with the same capability, which is why /proc stays whole. A capability in a user
  /// namespace of its own has no power over the host's network: no `PrivateUsers=`.
  static let networkController = networkDaemon.relaxed(
    "network-controller", "a daemon that makes interfaces, routes and packet filters",
    without: ["PrivateDevices", "PrivateUsers", "ProcSubset", "ProtectKernelTunables"],
    with: [
      Setting("AmbientCapabilities", "CAP_NET_ADMIN CAP_NET_RAW"),
      Setting("CapabilityBoundingSet", "CAP_NET_ADMIN CAP_NET_RAW"),
      Setting("DeviceAllow", "/dev/net/tun rw"),
      Setting("DevicePolicy", "closed"),
      Setting("RestrictAddressFamilies", "AF_INET AF_INET6 AF_NETLINK AF_PACKET AF_UNIX"),
    ])

  /// Emulators generate code at run time, pin processors, and open /dev/kvm and tap devices; the
  /// group `kvm` owns the former on Debian and NixOS alike.
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
    ])

  /// A container agent's mounts must reach the host, so nothing here gives it a mount namespace:
  /// neither Protect…, Private… nor DynamicUser= would. What is left is what it never does itself.
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
    ])

  /// The superuser's files, which hold the node's secrets, but none of the superuser's powers: the
  /// step runs as root with an empty capability set (docs/decisions, first-boot units).
  static let firstBootStep = networkDaemon.relaxed(
    "first-boot-step", "a step of the first boot: asks over HTTPS, writes its marker, is done")

  /// For programs whose unit the profile writes in full.
  static let none = Preset("none", "no sandbox at all", settings: [])
}

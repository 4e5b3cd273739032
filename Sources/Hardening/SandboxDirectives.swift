/// The directives of `[Service]` that make up a sandbox: systemd.exec(5), "CAPABILITIES",
/// "SECURITY", "MANDATORY ACCESS CONTROL", "SANDBOXING", "SYSTEM CALL FILTERING", and of
/// systemd.resource-control(5) what limits networks and devices. As of systemd 252.
enum SandboxDirectives {
  static let names =
    """
    AmbientCapabilities AppArmorProfile BindPaths BindReadOnlyPaths CapabilityBoundingSet Delegate
    DeviceAllow DevicePolicy ExecPaths IPAddressAllow IPAddressDeny IPCNamespacePath
    IPEgressFilterPath IPIngressFilterPath InaccessiblePaths KeyringMode LockPersonality
    MemoryDenyWriteExecute MountAPIVFS MountFlags NetworkNamespacePath NoExecPaths NoNewPrivileges
    NotifyAccess PrivateDevices PrivateIPC PrivateMounts PrivateNetwork PrivateTmp PrivateUsers
    ProcSubset ProtectClock ProtectControlGroups ProtectHome ProtectHostname ProtectKernelLogs
    ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem ReadOnlyPaths ReadWritePaths
    RemoveIPC RestrictAddressFamilies RestrictFileSystems RestrictNamespaces
    RestrictNetworkInterfaces RestrictRealtime RestrictSUIDSGID RootDirectory RootImage
    SELinuxContext SecureBits SmackProcessLabel SocketBindAllow SocketBindDeny SupplementaryGroups
    SystemCallArchitectures SystemCallErrorNumber SystemCallFilter SystemCallLog
    TemporaryFileSystem UMask
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init)

  static let known = Set(names)
}

/// The directives of `[Service]` that make up a sandbox: systemd.exec(5), "CAPABILITIES",
/// "SECURITY", "MANDATORY ACCESS CONTROL", "SANDBOXING", "SYSTEM CALL FILTERING", and of
/// systemd.resource-control(5) what limits networks and devices. As of systemd 252.
enum SandboxDirectives {
  static let names = Set(
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
    """.split(whereSeparator: { $0 == " " || $0 == "\n" }).map(String.init))

  /// The name that is closest to `text`, if one is close enough to have been meant: a third of its
  /// letters may differ. Of several equally close ones the first in order of name.
  static func nearest(to text: String, among names: some Sequence<String>) -> String? {
    let wanted = Array(text.prefix(64).lowercased().utf8)
    var best: (name: String, distance: Int)?
    for name in names.sorted() {
      let distance = distance(wanted, Array(name.lowercased().utf8))
      if distance <= max(1, name.utf8.count / 3), distance < best?.distance ?? Int.max {
        best = (name, distance)
      }
    }
    return best?.name
  }

  /// Levenshtein's distance: insertions, deletions and replacements.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (index, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let replaced = diagonal + (byte == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row.last ?? 0
  }
}

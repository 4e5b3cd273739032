/// Paths that are somebody else's to write.
enum ReservedPath {
  private static let files: Set = [
    "/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/sudoers", "/etc/fstab", "/etc/hosts",
    "/etc/hostname",
    "/etc/machine-id", "/etc/os-release", "/etc/resolv.conf", "/etc/nsswitch.conf", "/etc/ld.so.preload",
  ]
  private static let folders: [(path: String, reason: String)] = [
    ("/proc", "the kernel's"), ("/sys", "the kernel's"), ("/dev", "the kernel's"),
    ("/run", "empty after each boot"),
    ("/tmp", "emptied on its own"), ("/nix", "the Nix store's"), ("/boot", "the boot loader's"),
    ("/etc/systemd/system", "for units"), ("/run/systemd", "systemd's"),
  ]

  /// Why a file of a service cannot be there; `nil` when it can.
  static func owner(of path: String) -> String? {
    if files.contains(path) { return "the system's own" }
    return folders.first { path == $0.path || path.hasPrefix($0.path + "/") }?.reason
  }

  /// Directories below /var/lib or /run that others count on. systemd gives a directory to the service
  /// that asks for it, and takes one below /run away when that service stops.
  static func owner(ofDirectory path: String) -> String? {
    let taken: Set = [
      "private", "systemd", "dbus", "udev", "lock", "log", "user", "mount", "credentials", "machines",
      "nixos", "wrappers",
      "current-system", "booted-system", "initramfs", "sshd", "NetworkManager",
    ]
    let first = path.split(separator: "/").first.map(String.init) ?? path
    return taken.contains(first) ? "the system's own" : nil
  }
}

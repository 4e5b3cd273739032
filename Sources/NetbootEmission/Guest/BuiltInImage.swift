public import Archives
public import FleetModel

/// The image that a machine boots to be known and installed, made without Nix: a Debian kernel and a first root of
/// busybox, drivers, ssh and imagegen's own programs. All nodes share the base; what is a node's own is a small archive
/// that is loaded after it. Neither holds a secret.
public enum BuiltInImage {
  /// What the base is made of.
  public struct Parts: Sendable {
    /// busybox, linked statically.
    public var busybox: [UInt8]
    /// Names of its programs, as `busybox --list` gives them.
    public var applets: [String]
    /// Files to be loaded, in order, by their path below `/lib/modules`.
    public var modules: [(path: String, bytes: [UInt8])]
    /// Further programs and their libraries, by their path.
    public var programs: [(path: String, bytes: [UInt8])]

    /// Makes parts.
    public init(
      busybox: [UInt8], applets: [String], modules: [(path: String, bytes: [UInt8])],
      programs: [(path: String, bytes: [UInt8])]
    ) {
      self.busybox = busybox
      self.applets = applets
      self.modules = modules
      self.programs = programs
    }
  }

  /// Programs of ours in `/sbin`, by name.
  static let programs: [(name: String, text: String)] = [
    ("imagegen-claim", GuestReport.claim), ("imagegen-disks", GuestReport.disks),
    ("imagegen-fact", GuestInit.fact), ("imagegen-fit", GuestReport.fit),
    ("imagegen-installed", GuestReport.installed), ("imagegen-network", GuestInit.network),
    ("imagegen-report", GuestReport.report), ("imagegen-say", GuestInit.say),
    ("imagegen-tell", GuestReport.tell),
  ]

  /// The base's members.
  public static func base(_ parts: Parts) -> [ArchiveMember] {
    let hasShell = parts.programs.contains { $0.path == "usr/sbin/dropbear" }
    let given = Set(parts.programs.map { $0.path.split(separator: "/").last.map(String.init) ?? "" })
    var members = ["dev", "proc", "run", "sys", "var/log", "mnt"].map { ArchiveMember.directory($0) }
    members += [
      ArchiveMember("tmp", mode: 0o1777, .directory), ArchiveMember("root", mode: 0o700, .directory),
      ArchiveMember("root/.ssh", mode: 0o700, .directory),
      ArchiveMember("etc/dropbear", mode: 0o700, .directory),
      ArchiveMember("bin/busybox", mode: 0o755, .file(parts.busybox)),
      program("init", GuestInit.start), program("etc/imagegen/lease", GuestInit.lease),
      text("etc/inittab", GuestInit.table(hasShell: hasShell)),
      text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n"), text("etc/group", "root:x:0:\ntty:x:5:\n"),
      // The password is no hash of any: keys alone log in.
      ArchiveMember("etc/shadow", mode: 0o600, .file(Array("root:*:0:0:99999:7:::\n".utf8))),
      text("etc/shells", "/bin/sh\n"),
      text("etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"),
      // nixos-anywhere takes a machine for an installer by this, and leaves out kexec.
      text(
        "etc/os-release",
        "ID=imagegen\nNAME=imagegen\nVARIANT_ID=installer\nPRETTY_NAME=\"imagegen boot image\"\n"),
      text("etc/imagegen/modules", parts.modules.map { $0.path + "\n" }.joined()),
    ]
    members += programs.map { program("sbin/\($0.name)", $0.text) }
    // A program that is given takes the place of busybox's own; shells find it first all the same.
    for applet in parts.applets where applet != "busybox" && !given.contains(applet) {
      members.append(ArchiveMember("bin/\(applet)", mode: 0o777, .link("busybox")))
    }
    members.append(ArchiveMember("sbin/init", mode: 0o777, .link("../bin/busybox")))
    members.append(ArchiveMember("sbin/reboot", mode: 0o777, .link("../bin/busybox")))
    members += parts.modules.map { ArchiveMember("lib/modules/\($0.path)", mode: 0o644, .file($0.bytes)) }
    members += parts.programs.map { ArchiveMember($0.path, mode: 0o755, .file($0.bytes)) }
    return members
  }

  /// A node's own members: who it is, what its profile says, whose keys may log in.
  public static func overlay(for node: Node) -> [ArchiveMember] {
    let keys = node.access.authorizedKeys.map { $0.value + "\n" }.joined()
    return [
      text("etc/imagegen/node", facts(of: node)),
      // Above them, because the archive makes folders that are not named with mode 0755.
      ArchiveMember("root", mode: 0o700, .directory), ArchiveMember("root/.ssh", mode: 0o700, .directory),
      ArchiveMember("root/.ssh/authorized_keys", mode: 0o600, .file(Array(keys.utf8))),
    ]
  }

  /// Lines of a key and a value: words whose grammar has neither blanks nor control characters.
  static func facts(of node: Node) -> String {
    var lines = [
      "fleet \(node.fleet)", "node \(node.name.value)", "host \(node.hostName.value)",
      "memory \(node.machine.memory.value.bytes)",
    ]
    lines += node.macAddresses.map { "mac \($0.value)" }
    if let request = node.disk {
      for disk in [request.first] + request.others {
        lines.append(
          "disk \(disk.name.value) \(disk.device.value) \(MachineDisk.serial(of: disk) ?? "-") \(disk.size.value.bytes)"
        )
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func text(_ path: String, _ text: String) -> ArchiveMember {
    ArchiveMember(path, mode: 0o644, .file(Array(text.utf8)))
  }

  private static func program(_ path: String, _ text: String) -> ArchiveMember {
    ArchiveMember(path, mode: 0o755, .file(Array(text.utf8)))
  }
}

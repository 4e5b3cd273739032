internal import Diagnostics
internal import FleetModel

extension DiskPlanner {
  /// Whether the layout's keys belong together, and whether it has the disks it needs.
  static func checkLayout(_ request: DiskRequest, _ report: inout Report) {
    checkUnused(request, &report)
    checkDiskCount(request, &report)
    checkEncryption(request, &report)
    if request.hasVolumeGroup || request.hasPool { checkGroupName(request, &report) }
  }

  /// Every key has to mean something: what is ignored is a mistake about the layout.
  private static func checkUnused(_ request: DiskRequest, _ report: inout Report) {
    let layout = request.layout
    func unused(_ key: String, _ span: Span?, _ help: String) {
      report.add(
        Diagnostic(
          .unusedSetting, "\(layout.value.rawValue) has no use for \(key)", at: span,
          related: related("the layout", layout.span), help: help))
    }
    if let span = request.volumeGroup.span, !request.hasVolumeGroup, !request.hasPool {
      unused("group", span, "take it away, or choose a layout with a volume group or pool")
    }
    if let redundancy = request.redundancy {
      if layout.value != .mirror, layout.value != .zfs {
        unused("raid", redundancy.span, "take it away, or say `layout: mirror`")
      } else if layout.value == .zfs, !redundancy.value.isZFS {
        unused("raid: \(redundancy.value.rawValue)", redundancy.span, "say mirror, raidz1, raidz2 or raidz3")
      } else if layout.value == .mirror, redundancy.value == .stripe {
        unused("raid: stripe", redundancy.span, "a stripe keeps nothing: say mirror, or `layout: zfs`")
      }
    }
    if let encryption = request.encryption, !request.hasVolumeGroup || layout.value == .lvm {
      unused("encryption", encryption.secret.span, "take it away, or say `layout: luks-lvm`")
    }
  }

  /// As many disks as md(4) and zpoolconcepts(7) ask for.
  private static func checkDiskCount(_ request: DiskRequest, _ report: inout Report) {
    let count = request.legs.count
    let extra = request.others.first { $0.volumes.isEmpty }
    switch request.layout.value {
    case .singleExt4, .btrfs:
      guard let extra else { return }
      report.add(
        Diagnostic(
          .wrongDiskCount,
          "\(request.layout.value.rawValue) is on one disk: nothing is on \(extra.name.value)",
          at: extra.name.span, help: "give \(extra.name.value) volumes, or choose lvm, zfs or mirror"))
      return
    case .lvm, .luksLVM: return
    case .zfs, .mirror: break
    }
    guard let keeping = request.keeping else {
      guard count > 1, let extra else { return }
      return report.add(
        Diagnostic(
          .wrongDiskCount, "nothing says how the pool keeps its data on \(count) disks", at: extra.name.span,
          help: "say `raid: mirror`, raidz1, raidz2, raidz3 or stripe"))
    }
    let least =
      switch keeping.value {
      case .raid1, .mirror, .raidz1, .stripe: 2
      case .raid5, .raidz2: 3
      case .raid6, .raid10, .raidz3: 4
      }
    let isOdd = keeping.value == .raid10 && count % 2 == 1
    guard count < least || isOdd else { return }
    let message =
      count < least
      ? "\(keeping.value.rawValue) needs \(least) disks, and there \(count == 1 ? "is one" : "are \(count)")"
      : "raid10 needs an even number of disks, and there are \(count)"
    report.add(
      Diagnostic(
        .wrongDiskCount, message, at: keeping.span ?? request.layout.span,
        help: "name further ones under `disks`, without volumes of their own"))
  }

  /// A node is installed and started by nobody's hand; only its console is there when it starts.
  private static func checkEncryption(_ request: DiskRequest, _ report: inout Report) {
    guard let encryption = request.encryption else {
      guard request.layout.value == .luksLVM else { return }
      return report.add(
        Diagnostic(
          .unusablePassphrase, "luks-lvm has no passphrase", at: request.layout.span,
          help: "add `encryption: {secret: NAME}`, the secret of fleet.yaml that it is"))
    }
    let secret = encryption.secret
    if encryption.scope == nil {
      report.add(
        Diagnostic(
          .unusablePassphrase, "there is no secret \(secret.value)", at: secret.span,
          help: "declare it in fleet.yaml"))
    } else if encryption.kind == .key32 {
      report.add(
        Diagnostic(
          .unusablePassphrase, "\(secret.value) is raw bytes, which nobody can type at the console",
          at: secret.span, help: "use a secret of kind password"))
    }
  }

  /// Names that LVM, ZFS or the kernel have uses for.
  private static func checkGroupName(_ request: DiskRequest, _ report: inout Report) {
    let name = request.volumeGroup
    let text = name.value.description
    let vdevs = ["mirror", "raidz", "draid", "spare", "log"]
    let folders = [
      "block", "bsg", "bus", "char", "cpu", "disk", "dri", "fd", "hugepages", "input", "mapper", "md",
      "mqueue",
      "net", "pts", "shm", "snd", "usb", "vfio", "vg", "zvol",
    ]
    let reason: String? =
      if request.hasPool, let word = vdevs.first(where: text.hasPrefix) {
        "a pool's name cannot begin with \(word)"
      } else if request.hasPool, text.hasPrefix("c"),
        (text.dropFirst().utf8.first.map { (48...57).contains($0) }) ?? false
      {
        "a pool's name cannot be c and a digit"
      } else if request.hasVolumeGroup, folders.contains(text) {
        "/dev/\(text) is there already"
      } else { nil }
    guard let reason else { return }
    report.add(
      Diagnostic(.reservedName, reason, at: name.span, help: "give the group another name, such as pool"))
  }

  /// Swap space, and what hibernation asks of it.
  static func checkSwap(_ request: DiskRequest, _ report: inout Report) {
    guard let swap = request.swap else { return }
    let unit = request.hasVolumeGroup ? Geometry.extent : Geometry.alignment * Geometry.sector
    checkSize(swap.size.map(DiskRequest.Volume.Size.bytes), of: "swap", unit: unit, &report)
    guard swap.hibernates.value else { return }
    func impossible(_ message: String, _ span: Span?, _ help: String) {
      report.add(
        Diagnostic(
          .impossibleHibernation, message, at: span, related: related("it hibernates", swap.hibernates.span),
          help: help))
    }
    if swap.isEncrypted.value {
      impossible(
        "the key of the swap space is gone when the machine resumes", swap.isEncrypted.span,
        "encrypt the whole layout by luks-lvm, or do not hibernate")
    }
    if request.hasPool {
      impossible(
        "a pool that is imported while its machine is hibernated is damaged", request.layout.span,
        "choose another layout, or do not hibernate")
    }
    if let memory = request.memory, memory.value > swap.size.value {
      impossible(
        "swap of \(swap.size.value) does not hold memory of \(memory.value)", swap.size.span,
        "give it at least \(memory.value)")
    }
  }

  /// The disks themselves: that they stay the same ones, and are different ones.
  static func checkDevices(_ request: DiskRequest, _ report: inout Report) {
    let disks = [request.first] + request.others
    var devices: [TargetPath: Sourced<TargetPath>] = [:]
    var serials: [String: Sourced<String>] = [:]
    for disk in disks {
      let path = disk.device.value.description
      if !["/dev/disk/by-id/", "/dev/disk/by-path/"].contains(where: path.hasPrefix) {
        report.add(
          Diagnostic(
            .deviceNotByID, "device \(path) may name another disk at the next boot",
            at: disk.device.span, help: "name it by its link in /dev/disk/by-id"))
      }
      if let first = devices.updateValue(disk.device, forKey: disk.device.value) {
        report.add(
          Diagnostic(
            .diskTwice, "\(path) is another disk of this node's already", at: disk.device.span,
            related: related("first named here", first.span), help: "name the second disk"))
      }
      if let serial = disk.serial, let first = serials.updateValue(serial, forKey: serial.value) {
        report.add(
          Diagnostic(
            .diskTwice, "serial number \(serial.value) is another disk of this node's already",
            at: serial.span,
            related: related("first given here", first.span),
            help: "lsblk --output NAME,SERIAL on the machine"))
      }
      if disk.size.value.bytes % Geometry.sector != 0 {
        report.add(
          Diagnostic(
            .unusableSize, "the disk's size is no multiple of 512 bytes", at: disk.size.span,
            help: "give its capacity as lsblk --bytes has it"))
      }
    }
    for disk in request.others where disk.name.value == .main {
      report.add(
        Diagnostic(
          .reservedName, "main is the name of the first disk", at: disk.name.span,
          help: "give it another name"))
    }
  }

  static func related(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}

internal import Diagnostics
internal import FleetModel

extension DiskPlanner {
  /// Formats the planner knows: mkfs and a kernel module are in every installer.
  static let formats = ["btrfs", "ext4", "xfs"]
  private static let reserved = ["/boot", "/dev", "/proc", "/run", "/sys"]

  /// Names, sizes, formats and mount points of what the profile lists.
  static func checkVolumes(_ request: DiskRequest, _ report: inout Report) {
    let all = request.volumes + request.others.flatMap(\.volumes)
    if !request.volumes.contains(where: { $0.mountPoint.value == "/" }) {
      report.add(
        Diagnostic(
          .noRootVolume, "no volume is mounted at /", at: request.layout.span,
          help: "add a volume with `mount: /`"))
    }
    checkRests(request, &report)
    for volumes in [request.volumes] + request.others.map(\.volumes) { checkUnique(volumes, &report) }
    checkMountPoints(all, &report)
    let isGroup = request.hasVolumeGroup
    for volume in request.volumes {
      checkKind(of: volume, in: request, &report)
      checkSize(
        volume.size, of: volume.name.value.description,
        unit: isGroup ? Geometry.extent : Geometry.alignment * Geometry.sector, &report)
    }
    for volume in request.others.flatMap(\.volumes) {
      checkSizeWord(volume, isShared: false, layout: request.layout, takesBytes: true, &report)
      checkSize(
        volume.size, of: volume.name.value.description, unit: Geometry.alignment * Geometry.sector, &report)
      checkFormat(volume, of: formats, &report)
    }
    for volume in all { checkContents(of: volume, &report) }
    if isGroup { checkVolumeNames(request, &report) }
    checkPartitionNames(request, &report)
  }

  /// The boot partition: kernel and initrd of a new generation are written before the oldest are deleted.
  static func checkBoot(_ request: DiskRequest, _ report: inout Report) {
    checkSize(
      request.boot.map(DiskRequest.Volume.Size.bytes), of: "the boot partition",
      unit: Geometry.alignment * Geometry.sector, &report)
    let peak = (UInt64(request.generations.value) + 1) * request.generationSize.value.bytes
    // Two tables of four bytes for each cluster of 4 KiB, and the loader itself.
    let least = peak + peak / 256 + 4 << 20
    guard request.boot.value.bytes < least else { return }
    let rounded = ByteCount(bytes: (least + 0xF_FFFF) & ~0xF_FFFF)
    report.add(
      Diagnostic(
        .bootTooSmall,
        "a boot partition of \(request.boot.value) does not hold \(request.generations.value) generations and a new one",
        at: request.boot.span ?? request.generations.span ?? request.generationSize.span
          ?? request.layout.span,
        related: related("generations", request.generations.span)
          + related("kernel and initrd of each", request.generationSize.span),
        help: "at \(request.generationSize.value) each they take \(rounded)"))
  }

  /// One volume of a table or group can take the rest.
  private static func checkRests(_ request: DiskRequest, _ report: inout Report) {
    for volumes in (request.isShared ? [] : [request.volumes]) + request.others.map(\.volumes) {
      var rest: Sourced<DiskRequest.Volume.Size>?
      for volume in volumes where volume.size.value == .rest {
        if let first = rest {
          report.add(
            Diagnostic(
              .twoRests, "two volumes take the rest of the disk", at: volume.size.span,
              related: related("the other one", first.span), help: "give one of them a size"))
        }
        rest = volume.size
      }
    }
  }

  private static func checkUnique(_ volumes: [DiskRequest.Volume], _ report: inout Report) {
    var names: [String: Sourced<Name>] = [:]
    for volume in volumes {
      if let first = names.updateValue(volume.name, forKey: volume.name.value.description) {
        report.add(
          Diagnostic(
            .duplicateVolume, "a volume \(volume.name.value) exists already", at: volume.name.span,
            related: related("first one", first.span)))
      }
    }
  }

  private static func checkMountPoints(_ volumes: [DiskRequest.Volume], _ report: inout Report) {
    var mounts: [String: Sourced<String>] = [:]
    for volume in volumes {
      let mountPoint = volume.mountPoint
      if let first = mounts.updateValue(mountPoint, forKey: mountPoint.value) {
        report.add(
          Diagnostic(
            .duplicateMountPoint, "\(mountPoint.value) is another volume's already",
            at: mountPoint.span ?? volume.name.span, related: related("first one", first.span)))
      }
      checkMountPoint(mountPoint, &report)
    }
  }

  /// Whether a volume is written as the layout's volumes are.
  private static func checkKind(
    of volume: DiskRequest.Volume, in request: DiskRequest, _ report: inout Report
  ) {
    checkSizeWord(
      volume, isShared: request.isShared, layout: request.layout, takesBytes: request.layout.value != .btrfs,
      &report)
    if request.isShared {
      checkFormat(volume, of: [request.hasPool ? "zfs" : "btrfs"], &report)
    } else {
      checkFormat(volume, of: formats, &report)
    }
  }

  private static func checkSizeWord(
    _ volume: DiskRequest.Volume, isShared: Bool, layout: Sourced<DiskRequest.Layout>, takesBytes: Bool,
    _ report: inout Report
  ) {
    let message: String
    let help: String
    switch volume.size.value {
    case .shared where !isShared:
      message = "\(volume.name.value) shares its room with nothing"
      help = "give it a size, or rest"
    case .rest where isShared:
      message = "no volume takes the rest of what all of them share"
      help = "write shared"
    case .bytes where !takesBytes:
      message = "a subvolume of btrfs has no size of its own"
      help = "write shared, or choose a layout whose volumes have sizes"
    default: return
    }
    report.add(
      Diagnostic(
        .wrongSizeWord, message, at: volume.size.span, related: related("the layout", layout.span), help: help
      ))
  }

  private static func checkFormat(_ volume: DiskRequest.Volume, of known: [String], _ report: inout Report) {
    guard !known.contains(volume.format.value) else { return }
    report.add(
      Diagnostic(
        .unknownFormat,
        known.count == 1
          ? "\(volume.name.value) is part of \(known[0]), not \(volume.format.value)"
          : "\(volume.format.value) is no file system that can be made",
        at: volume.format.span, help: known.count == 1 ? nil : "one of \(known.joined(separator: ", "))"))
  }

  /// What the format needs and takes.
  private static func checkContents(of volume: DiskRequest.Volume, _ report: inout Report) {
    let least: [String: UInt64] = ["btrfs": 109 << 20, "xfs": 300 << 20]
    if case .bytes(let count) = volume.size.value, count.bytes > 0, let least = least[volume.format.value],
      count.bytes < least
    {
      report.add(
        Diagnostic(
          .fileSystemTooSmall,
          "\(volume.format.value) cannot be made on \(count)", at: volume.size.span,
          help: "it needs \(ByteCount(bytes: least)); ext4 does with less"))
    }
    for option in volume.options where !MountOptions.isKnown(option.value, to: volume.format.value) {
      report.add(
        Diagnostic(
          .unknownMountOption, "\(volume.format.value) has no mount option \(option.value)", at: option.span,
          help: "see mount(8): with an option it does not know the kernel refuses to mount"))
    }
  }

  static func checkSize(
    _ size: Sourced<DiskRequest.Volume.Size>, of owner: String, unit: UInt64, _ report: inout Report
  ) {
    guard case .bytes(let count) = size.value else { return }
    guard count.bytes == 0 || count.bytes % unit != 0 else { return }
    let message =
      count.bytes == 0
      ? "\(owner) has no size" : "\(owner) takes \(count), no multiple of \(ByteCount(bytes: unit))"
    report.add(
      Diagnostic(.unusableSize, message, at: size.span, help: "round it to whole \(ByteCount(bytes: unit))"))
  }

  private static func checkMountPoint(_ mountPoint: Sourced<String>, _ report: inout Report) {
    let text = mountPoint.value
    guard text != "/" else { return }
    if TargetPath(text) == nil {
      report.add(
        Diagnostic(
          .badMountPoint, "\(text) is no mount point", at: mountPoint.span,
          help: "an absolute path without `.`, `..`, spaces or a slash at its end"))
    } else if let owner = reserved.first(where: { text == $0 || text.hasPrefix($0 + "/") }) {
      report.add(
        Diagnostic(
          .badMountPoint, "\(text) cannot be a volume's: \(owner) is the system's own",
          at: mountPoint.span, help: "mount it elsewhere"))
    } else if text.hasPrefix("/boot-") {
      report.add(
        Diagnostic(
          .badMountPoint, "\(text) cannot be a volume's: boot partitions of further disks are called so",
          at: mountPoint.span, help: "mount it elsewhere"))
    }
  }

  private static func checkVolumeNames(_ request: DiskRequest, _ report: inout Report) {
    for name in [request.volumeGroup] + request.volumes.map(\.name)
    where name.value.description.utf8.contains(45) {
      report.add(
        Diagnostic(
          .hyphenInVolumeName, "\(name.value) has a hyphen, which LVM and disko treat differently",
          at: name.span, help: "use letters and digits"))
    }
    for volume in request.volumes {
      let name = volume.name.value.description
      if name == "swap", let swap = request.swap {
        report.add(
          Diagnostic(
            .duplicateVolume, "swap is the name of the swap space already", at: volume.name.span,
            related: related("it is here", swap.size.span), help: "give it another name"))
      } else if ["snapshot", "pvmove"].contains(where: name.hasPrefix) {
        report.add(
          Diagnostic(
            .reservedName, "LVM keeps names that begin with snapshot and pvmove for itself",
            at: volume.name.span,
            help: "give it another name"))
      }
    }
  }

  /// GPT has 36 UTF-16 units for a label (UEFI 2.10, 5.3.3), and disko's prefix takes some of them.
  private static func checkPartitionNames(_ request: DiskRequest, _ report: inout Report) {
    let own = request.hasVolumeGroup || request.isShared ? [] : request.volumes
    let taken =
      (request.firmware.value == .bios ? ["bios", "boot"] : []) + (request.swap == nil ? [] : ["swap"])
    check(own, on: .main, taken: taken)
    for disk in request.others {
      check(disk.volumes, on: disk.name.value, taken: [])
      // The longest name that a layout gives a partition of a further disk.
      if disk.volumes.isEmpty, disk.name.value.description.utf8.count > 36 - "disk--btrfs".utf8.count {
        report.add(
          Diagnostic(
            .longPartitionName, "\(disk.name.value) is too long for its partitions' labels",
            at: disk.name.span,
            help: "at most 25 characters"))
      }
    }
    func check(_ volumes: [DiskRequest.Volume], on disk: Name, taken: [String]) {
      let longest = 36 - "disk-\(disk)-".utf8.count
      for volume in volumes {
        let name = volume.name.value.description
        if name.utf8.count > longest {
          report.add(
            Diagnostic(
              .longPartitionName, "\(name) is too long for a partition's label", at: volume.name.span,
              help: longest < 1 ? "give the disk a shorter name" : "at most \(longest) characters"))
        } else if taken.contains(name) {
          report.add(
            Diagnostic(
              .duplicateVolume,
              "\(name) is the name of a \(name == "swap" ? "swap" : "boot") partition already",
              at: volume.name.span, help: "give it another name"))
        }
      }
    }
  }
}

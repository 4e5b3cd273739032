internal import Diagnostics
internal import FleetModel

extension DiskPlanner {
  /// Formats the planner knows: mkfs and a kernel module are in every installer.
  static let formats = ["btrfs", "ext4", "xfs"]
  /// Firmware reads smaller ESPs, but not one that holds two generations of kernel and initrd.
  static let smallestBoot: UInt64 = 100 << 20
  private static let reserved = ["/boot", "/dev", "/proc", "/run", "/sys"]

  /// Names, sizes, formats and mount points of what the profile lists.
  static func checkVolumes(_ request: DiskRequest, _ report: inout Report) {
    if !request.volumes.contains(where: { $0.mountPoint.value == "/" }) {
      report.add(
        Diagnostic(
          .noRootVolume, "no volume is mounted at /", at: request.layout.span,
          help: "add a volume with `mount: /`"))
    }
    checkUnique(request, &report)
    let unit = request.layout.value == .lvm ? Geometry.extent : Geometry.alignment * Geometry.sector
    for volume in request.volumes {
      checkSize(volume.size, of: volume.name.value.description, unit: unit, &report)
      checkMountPoint(volume.mountPoint, &report)
      if !formats.contains(volume.format.value) {
        report.add(
          Diagnostic(
            .unknownFormat, "\(volume.format.value) is no file system that can be made",
            at: volume.format.span, help: "one of \(formats.joined(separator: ", "))"))
      }
    }
    switch request.layout.value {
    case .lvm: checkVolumeNames(request, &report)
    case .singleExt4: checkPartitionNames(request, &report)
    }
  }

  /// The boot partition and the disk itself.
  static func checkBoot(_ request: DiskRequest, _ report: inout Report) {
    checkSize(
      request.boot.map(DiskRequest.Volume.Size.bytes), of: "the boot partition",
      unit: Geometry.alignment * Geometry.sector, &report)
    if request.boot.value.bytes < smallestBoot {
      report.add(
        Diagnostic(
          .bootTooSmall, "a boot partition of \(request.boot.value) cannot hold two generations",
          at: request.boot.span, help: "512MiB hold five; 100MiB is the least"))
    }
    if request.size.value.bytes % Geometry.sector != 0 {
      report.add(
        Diagnostic(
          .unusableSize, "the disk's size is no multiple of 512 bytes", at: request.size.span,
          help: "give its capacity as lsblk --bytes has it"))
    }
  }

  private static func checkUnique(_ request: DiskRequest, _ report: inout Report) {
    var names: [String: Sourced<Name>] = [:]
    var mounts: [String: Sourced<String>] = [:]
    var rest: Sourced<DiskRequest.Volume.Size>?
    for volume in request.volumes {
      if let first = names.updateValue(volume.name, forKey: volume.name.value.description) {
        report.add(
          Diagnostic(
            .duplicateVolume, "a volume \(volume.name.value) exists already", at: volume.name.span,
            related: related("first one", first.span)))
      }
      if let first = mounts.updateValue(volume.mountPoint, forKey: volume.mountPoint.value) {
        report.add(
          Diagnostic(
            .duplicateMountPoint, "\(volume.mountPoint.value) is another volume's already",
            at: volume.mountPoint.span ?? volume.name.span, related: related("first one", first.span)))
      }
      guard volume.size.value == .rest else { continue }
      if let first = rest {
        report.add(
          Diagnostic(
            .twoRests, "two volumes take the rest of the disk", at: volume.size.span,
            related: related("the other one", first.span), help: "give one of them a size"))
      }
      rest = volume.size
    }
  }

  private static func checkSize(
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
  }

  /// GPT has 36 UTF-16 units for a label (UEFI 2.10, 5.3.3), and disko's prefix takes some of them.
  private static func checkPartitionNames(_ request: DiskRequest, _ report: inout Report) {
    let longest = 36 - "disk-\(DiskPlan.diskName)-".utf8.count
    let taken = request.firmware.value == .bios ? ["bios", "boot"] : []
    for volume in request.volumes {
      let name = volume.name.value.description
      if name.utf8.count > longest {
        report.add(
          Diagnostic(
            .longPartitionName, "\(name) is too long for a partition's label", at: volume.name.span,
            help: "at most \(longest) characters"))
      } else if taken.contains(name) {
        report.add(
          Diagnostic(
            .duplicateVolume, "\(name) is the name of a boot partition already", at: volume.name.span,
            help: "give it another name"))
      }
    }
  }

  private static func related(_ message: String, _ span: Span?) -> [Label] {
    span.map { [Label(message, at: $0)] } ?? []
  }
}

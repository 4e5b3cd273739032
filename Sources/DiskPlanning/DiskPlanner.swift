public import Diagnostics
public import FleetModel

/// Turns a request into partitions and volumes, or says why it cannot be.
public enum DiskPlanner {
  /// The plan of a request. There is one whenever nothing at error level was found.
  public static func plan(_ request: DiskRequest) -> Checked<DiskPlan> {
    var report = Report()
    checkVolumes(request, &report)
    checkBoot(request, &report)
    checkDevice(request, &report)
    guard !report.hasErrors else { return Checked(nil, report) }
    var layout = Layout(request)
    let plan = layout.plan()
    report.merge(layout.report)
    return Checked(report.hasErrors ? nil : plan, report)
  }

  private static func checkDevice(_ request: DiskRequest, _ report: inout Report) {
    let path = request.device.value.description
    if !["/dev/disk/by-id/", "/dev/disk/by-path/"].contains(where: path.hasPrefix) {
      report.add(
        Diagnostic(
          .deviceNotByID, "device \(path) may name another disk at the next boot",
          at: request.device.span, help: "name it by its link in /dev/disk/by-id"))
    }
  }
}

/// One pass over the disk, from its first sector on.
private struct Layout {
  let request: DiskRequest
  var geometry: Geometry
  var partitions: [DiskPlan.Partition] = []
  var report = Report()

  init(_ request: DiskRequest) {
    self.request = request
    geometry = Geometry(bytes: request.size.value.bytes)
  }

  mutating func plan() -> DiskPlan? {
    addBoot()
    let groups: [DiskPlan.VolumeGroup]
    switch request.layout.value {
    case .singleExt4:
      addVolumesAsPartitions()
      groups = []
    case .lvm:
      groups = volumeGroup().map { [$0] } ?? []
    }
    return DiskPlan(
      device: request.device, serial: request.serial, size: request.size, firmware: request.firmware,
      partitions: partitions, volumeGroups: groups)
  }

  /// Under UEFI the boot partition is the ESP. Under BIOS GRUB's image has a partition of its own, and
  /// /boot is a plain ext4 so that GRUB needs no LVM or other file system to find the kernel.
  private mutating func addBoot() {
    let origin = request.firmware.origin
    let size = request.boot.map(DiskRequest.Volume.Size.bytes)
    let mountPoint = Sourced("/boot", origin)
    switch request.firmware.value {
    case .uefi:
      // Without umask every account could read the loader's random seed.
      let system = DiskPlan.FileSystem(
        format: Sourced("vfat", origin), mountPoint: mountPoint,
        options: [Sourced("umask=0077", .standard("disk.esp-options"))])
      add("ESP", .efiSystem, size, .fileSystem(system))
    case .bios:
      let core = Sourced(
        DiskRequest.Volume.Size.bytes(ByteCount(bytes: 1 << 20)), .standard("disk.bios-boot"))
      add("bios", .biosBoot, core, nil)
      let system = DiskPlan.FileSystem(format: Sourced("ext4", origin), mountPoint: mountPoint)
      add("boot", .linux, size, .fileSystem(system))
    }
  }

  private mutating func addVolumesAsPartitions() {
    for volume in request.volumesInOrder {
      add(volume.name.value.description, .linux, volume.size, .fileSystem(volume.fileSystem))
    }
  }

  private mutating func volumeGroup() -> DiskPlan.VolumeGroup? {
    let group = request.volumeGroup
    let rest = Sourced(DiskRequest.Volume.Size.rest, .standard("disk.pv"))
    add("pv", .lvm, rest, .physicalVolume(group: group.value.description))
    guard let partition = partitions.last, partition.type == .lvm else { return nil }
    let extents = Geometry.extents(in: partition.bytes)
    var free = extents
    var volumes: [DiskPlan.Volume] = []
    for volume in request.volumesInOrder {
      let wanted: UInt64
      switch volume.size.value {
      case .bytes(let count): wanted = count.bytes / Geometry.extent
      case .rest: wanted = free
      }
      guard wanted > 0, wanted <= free else {
        tooLarge(volume.name.value.description, volume.size, free: free * Geometry.extent)
        continue
      }
      free -= wanted
      volumes.append(
        DiskPlan.Volume(
          name: volume.name, size: volume.size, extents: wanted, content: .fileSystem(volume.fileSystem)))
    }
    return DiskPlan.VolumeGroup(name: group, extents: extents, volumes: volumes)
  }

  private mutating func add(
    _ name: String, _ type: DiskPlan.PartitionType, _ size: Sourced<DiskRequest.Volume.Size>,
    _ content: DiskPlan.Content?
  ) {
    let free = geometry.free * Geometry.sector
    let taken: ClosedRange<UInt64>?
    switch size.value {
    case .bytes(let count): taken = geometry.take(bytes: count.bytes)
    case .rest: taken = geometry.takeRest()
    }
    guard let taken else { return tooLarge(name, size, free: free) }
    partitions.append(
      DiskPlan.Partition(
        name: name, number: partitions.count + 1, type: type, size: size, sectors: taken, content: content))
  }

  private mutating func tooLarge(
    _ name: String, _ size: Sourced<DiskRequest.Volume.Size>, free: UInt64
  ) {
    let left = ByteCount(bytes: free & ~0xF_FFFF)
    let message =
      switch size.value {
      case .bytes(let count):
        "\(name) takes \(count), but \(left) of the disk's \(request.size.value) are left"
      case .rest: "nothing is left of the disk's \(request.size.value) for \(name)"
      }
    let related = request.size.span.map { [Label("the disk's size", at: $0)] } ?? []
    report.add(
      Diagnostic(
        .diskTooSmall, message, at: size.span ?? request.size.span, related: related,
        help: "make the volumes smaller, or give the size of a larger disk"))
  }
}

extension DiskRequest {
  /// Fixed sizes as written, the one that takes the rest behind them: the order disko makes them in.
  fileprivate var volumesInOrder: [Volume] {
    volumes.filter { $0.size.value != .rest } + volumes.filter { $0.size.value == .rest }
  }
}

extension DiskRequest.Volume {
  fileprivate var fileSystem: DiskPlan.FileSystem {
    DiskPlan.FileSystem(format: format, mountPoint: mountPoint)
  }
}

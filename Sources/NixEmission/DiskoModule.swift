internal import Diagnostics
internal import DiskPlanning
internal import FleetModel

/// `disko.nix`: the disk plan in disko's words. Plain data, so that it evaluates alone and can be
/// compared with the plan.
struct DiskoModule {
  private let plan: DiskPlan

  init(_ plan: DiskPlan) { self.plan = plan }

  var expression: NixExpression {
    var devices = NixSet()
    devices.add(["disk", DiskPlan.diskName], to: .set(disk), plan.device.origin)
    for group in plan.volumeGroups {
      devices.add(["lvm_vg", group.name.value.description], to: .set(self.group(group)), group.name.origin)
    }
    var module = NixSet()
    module.add(["disko", "devices"], to: .set(devices), plan.device.origin)
    return .set(module)
  }

  private var disk: NixSet {
    var partitions = NixSet()
    for partition in plan.partitions {
      partitions.add(partition.name, to: .set(self.partition(partition)), partition.size.origin)
    }
    var table = NixSet()
    table.add("type", to: .literal("gpt"), .standard("disk.table"))
    table.add("partitions", to: .set(partitions), plan.device.origin)
    var disk = NixSet()
    disk.add("type", to: .literal("disk"), plan.device.origin)
    disk.add("device", plan.device.map(\.description))
    // What `disko` makes when it writes an image instead of a disk; its default of 2 GiB is too small.
    disk.add("imageSize", plan.size.map { Self.size(.bytes($0)) })
    disk.add("content", to: .set(table), plan.device.origin)
    return disk
  }

  private func partition(_ partition: DiskPlan.Partition) -> NixSet {
    var set = NixSet()
    // disko sorts by priority and then by name: numbers keep the plan's order whatever the names are.
    set.add("priority", to: .integer(partition.number), .standard("disk.order"))
    set.add("size", partition.size.map { $0 == .rest ? "100%" : Self.size($0) })
    set.add("type", to: .literal(partition.type.rawValue), .standard("disk.partition-type"))
    if let content = partition.content {
      set.add("content", to: .set(self.content(content)), partition.size.origin)
    }
    return set
  }

  private func group(_ group: DiskPlan.VolumeGroup) -> NixSet {
    var volumes = NixSet()
    for (index, volume) in group.volumes.enumerated() {
      var set = NixSet()
      set.add("priority", to: .integer(index + 1), .standard("disk.order"))
      set.add("size", volume.size.map { $0 == .rest ? "100%FREE" : Self.size($0) })
      set.add("content", to: .set(content(volume.content)), volume.name.origin)
      volumes.add(volume.name.value.description, to: .set(set), volume.name.origin)
    }
    var set = NixSet()
    set.add("type", to: .literal("lvm_vg"), group.name.origin)
    set.add("lvs", to: .set(volumes), group.name.origin)
    return set
  }

  private func content(_ content: DiskPlan.Content) -> NixSet {
    var set = NixSet()
    switch content {
    case .fileSystem(let system):
      set.add("type", to: .literal("filesystem"), system.format.origin)
      set.add("format", system.format)
      set.add("mountpoint", system.mountPoint)
      set.add("mountOptions", list: system.options)
    case .physicalVolume(let group):
      set.add("type", to: .literal("lvm_pv"), plan.device.origin)
      set.add("vg", to: .literal(group), plan.device.origin)
    }
    return set
  }

  /// sgdisk's and LVM's suffixes are powers of 1024, as the plan's are.
  private static func size(_ size: DiskRequest.Volume.Size) -> String {
    guard case .bytes(let count) = size else { return "0" }
    for (suffix, shift) in [("G", UInt64(30)), ("M", 20), ("K", 10)] where count.bytes & (1 << shift - 1) == 0
    {
      return "\(count.bytes >> shift)\(suffix)"
    }
    return "\(count.bytes >> 10 + 1)K"
  }
}

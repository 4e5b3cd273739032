internal import Diagnostics
internal import DiskPlanning
internal import FleetModel

/// `disko.nix`: the disk plan in disko's words. Plain data, so that it evaluates alone and can be
/// compared with the plan.
struct DiskoModule {
  private let plan: DiskPlan

  init(_ plan: DiskPlan) { self.plan = plan }

  private var origin: Origin { plan.disks[0].device.origin }

  var expression: NixExpression {
    var devices = NixSet()
    add("disk", plan.disks.map { ($0.name.value.description, disk($0), $0.device.origin) }, to: &devices)
    add("mdadm", plan.arrays.map { ($0.name, array($0), $0.redundancy.origin) }, to: &devices)
    add(
      "lvm_vg", plan.volumeGroups.map { ($0.name.value.description, group($0), $0.name.origin) }, to: &devices
    )
    add("zpool", plan.pools.map { ($0.name.value.description, pool($0), $0.name.origin) }, to: &devices)
    var module = NixSet()
    module.add(["disko", "devices"], to: .set(devices), origin)
    return .set(module)
  }

  /// Things of a kind: `disk.main = { … };` for one, a set for several.
  private func add(
    _ kind: String, _ things: [(name: String, set: NixSet, origin: Origin)], to set: inout NixSet
  ) {
    guard things.count > 1 else {
      for thing in things { set.add([kind, thing.name], to: .set(thing.set), thing.origin) }
      return
    }
    var inner = NixSet()
    for thing in things { inner.add(thing.name, to: .set(thing.set), thing.origin) }
    set.add(kind, set: inner)
  }

  private func disk(_ plan: DiskPlan.Disk) -> NixSet {
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

  private func array(_ array: DiskPlan.RAIDArray) -> NixSet {
    var set = NixSet()
    set.add("type", to: .literal("mdadm"), array.redundancy.origin)
    set.add("level", to: .integer(array.level), array.redundancy.origin)
    set.add("metadata", to: .literal(array.metadata), .standard("disk.array-metadata"))
    set.add("content", to: .set(content(array.content)), array.redundancy.origin)
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

  /// Nothing is mounted from the pool itself, and datasets are mounted by fstab alone.
  private func pool(_ pool: DiskPlan.Pool) -> NixSet {
    let standard = Origin.standard("disk.pool")
    var options = NixSet()
    // Disks with sectors of 4096 bytes mostly say 512.
    options.add("ashift", to: .literal("12"), standard)
    var root = NixSet()
    for (key, value) in [
      ("acltype", "posixacl"), ("atime", "off"), ("compression", "lz4"), ("mountpoint", "none"),
      ("xattr", "sa"),
    ] { root.add(key, to: .literal(value), standard) }
    var datasets = NixSet()
    for dataset in pool.datasets {
      var properties = NixSet()
      properties.add("mountpoint", to: .literal("legacy"), standard)
      if case .bytes(let quota) = dataset.size.value {
        properties.add("quota", to: .literal(Self.size(.bytes(quota))), dataset.size.origin)
      }
      var set = NixSet()
      set.add("type", to: .literal("zfs_fs"), dataset.name.origin)
      set.add("options", to: .set(properties), standard)
      set.add("mountpoint", dataset.fileSystem.mountPoint)
      set.add("mountOptions", list: dataset.fileSystem.options)
      datasets.add(dataset.name.value.description, to: .set(set), dataset.name.origin)
    }
    var set = NixSet()
    set.add("type", to: .literal("zpool"), pool.name.origin)
    if let redundancy = pool.redundancy, redundancy.value != .stripe {
      set.add("mode", redundancy.map(\.rawValue))
    }
    set.add("options", set: options)
    set.add("rootFsOptions", set: root)
    set.add("datasets", to: .set(datasets), pool.name.origin)
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
      set.add("type", to: .literal("lvm_pv"), origin)
      set.add("vg", to: .literal(group), origin)
    case .arrayMember(let array):
      set.add("type", to: .literal("mdraid"), origin)
      set.add("name", to: .literal(array), origin)
    case .poolMember(let pool):
      set.add("type", to: .literal("zfs"), origin)
      set.add("pool", to: .literal(pool), origin)
    case .swap(let swap): add(swap.request, to: &set)
    case .encrypted(let inner): add(inner, to: &set)
    case .subvolumes(let subvolumes): add(subvolumes, to: &set)
    }
    return set
  }

  private func add(_ swap: DiskRequest.Swap, to set: inout NixSet) {
    set.add("type", to: .literal("swap"), swap.size.origin)
    if let priority = swap.priority { set.add("priority", to: .integer(priority.value), priority.origin) }
    if swap.isEncrypted.value {
      set.add("randomEncryption", to: .boolean(true), swap.isEncrypted.origin)
    }
    if swap.hibernates.value { set.add("resumeDevice", to: .boolean(true), swap.hibernates.origin) }
  }

  /// The passphrase is a file of the installer's; what asks for one at the console is NixOS, at every start.
  private func add(_ inner: DiskPlan.Encrypted, to set: inout NixSet) {
    let origin = inner.secret.origin
    set.add("type", to: .literal("luks"), origin)
    set.add("name", to: .literal(inner.name), origin)
    set.add("passwordFile", to: .literal(inner.passphrasePath), origin)
    // Free blocks are told to the disk: it shows how much is free, and keeps a solid state disk fast.
    var settings = NixSet()
    settings.add("allowDiscards", to: .boolean(true), .standard("disk.discards"))
    set.add("settings", set: settings)
    set.add("content", to: .set(content(inner.content)), origin)
  }

  private func add(_ subvolumes: [DiskPlan.Subvolume], to set: inout NixSet) {
    set.add("type", to: .literal("btrfs"), origin)
    set.add("extraArgs", to: .literals(["-f"]), .standard("disk.btrfs-force"))
    var inner = NixSet()
    for subvolume in subvolumes {
      var attributes = NixSet()
      attributes.add("mountpoint", subvolume.fileSystem.mountPoint)
      attributes.add("mountOptions", list: subvolume.fileSystem.options)
      inner.add(subvolume.name.value.description, to: .set(attributes), subvolume.name.origin)
    }
    set.add("subvolumes", to: .set(inner), origin)
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

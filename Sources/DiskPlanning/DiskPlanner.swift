public import Diagnostics
public import FleetModel

/// Turns a request into partitions and volumes, or says why it cannot be.
public enum DiskPlanner {
  /// The plan of a request. There is one whenever nothing at error level was found.
  public static func plan(_ request: DiskRequest) -> Checked<DiskPlan> {
    var report = Report()
    checkLayout(request, &report)
    checkVolumes(request, &report)
    checkBoot(request, &report)
    checkSwap(request, &report)
    checkDevices(request, &report)
    guard !report.hasErrors else { return Checked(nil, report) }
    var layout = Layout(request)
    let plan = layout.plan()
    report.merge(layout.report)
    guard !report.hasErrors else { return Checked(nil, report) }
    checkState(request, plan, &report)
    return Checked(report.hasErrors ? nil : plan, report)
  }
}

extension DiskRequest {
  /// The disks that the layout stands on: the first, and others without volumes of their own.
  var legs: [Disk] { [first] + others.filter(\.volumes.isEmpty) }

  /// How the layout's disks keep their data; `nil` for one disk, and for a volume group over several.
  var keeping: Sourced<Redundancy>? {
    switch layout.value {
    case .mirror: redundancy ?? Sourced(.raid1, .standard("disk.raid"))
    case .zfs: redundancy
    case .singleExt4, .lvm, .btrfs, .luksLVM: nil
    }
  }

  /// Whether the machine boots and runs on with a disk less.
  var isRedundant: Bool { legs.count > 1 && keeping != nil && keeping?.value != .stripe }

  /// Whether volumes are logical volumes.
  var hasVolumeGroup: Bool {
    switch layout.value {
    case .lvm, .luksLVM: true
    case .mirror: keeping?.value.isZFS == false
    case .singleExt4, .btrfs, .zfs: false
    }
  }

  /// Whether volumes are datasets.
  var hasPool: Bool { layout.value == .zfs || keeping?.value.isZFS == true }

  /// Whether volumes share one space.
  var isShared: Bool { layout.value == .btrfs || hasPool }

  /// Fixed sizes as written, the one that takes the rest behind them: the order disko makes them in.
  static func inOrder(_ volumes: [Volume]) -> [Volume] {
    volumes.filter { $0.size.value != .rest } + volumes.filter { $0.size.value == .rest }
  }
}

/// A disk while its table is filled, from its first sector on.
private struct Table {
  var disk: DiskPlan.Disk
  var geometry: Geometry

  init(_ disk: DiskRequest.Disk) {
    self.disk = DiskPlan.Disk(
      name: disk.name, device: disk.device, serial: disk.serial, size: disk.size, partitions: [])
    geometry = Geometry(bytes: disk.size.value.bytes)
  }
}

/// One pass over the disks.
private struct Layout {
  private typealias Size = DiskRequest.Volume.Size

  let request: DiskRequest
  private var tables: [Table]
  private var arrays: [DiskPlan.RAIDArray] = []
  private let legs: Range<Int>
  var report = Report()

  init(_ request: DiskRequest) {
    self.request = request
    let disks = request.legs
    legs = 0..<disks.count
    tables = (disks + request.others.filter { !$0.volumes.isEmpty }).map(Table.init)
  }

  mutating func plan() -> DiskPlan {
    addBoot()
    if !request.hasVolumeGroup { addSwap() }
    var groups: [DiskPlan.VolumeGroup] = []
    var pools: [DiskPlan.Pool] = []
    if request.hasVolumeGroup {
      groups = [volumeGroup()]
    } else if request.hasPool {
      pools = [pool()]
    } else if request.layout.value == .btrfs {
      add("btrfs", .linux, Self.rest, .subvolumes(subvolumes), to: 0)
    } else {
      addPartitions(of: request.volumes, to: 0)
    }
    for (index, disk) in request.others.filter({ !$0.volumes.isEmpty }).enumerated() {
      addPartitions(of: disk.volumes, to: legs.count + index)
    }
    let rest = tables.dropFirst().map(\.disk).sorted { $0.name.value < $1.name.value }
    return DiskPlan(
      firmware: request.firmware, disks: [tables[0].disk] + rest, arrays: arrays.sorted { $0.name < $1.name },
      volumeGroups: groups, pools: pools, generations: request.generations)
  }

  private static let rest = Sourced(Size.rest, .standard("disk.pv"))

  /// Disks that have what the machine boots from.
  private var bootLegs: Range<Int> { request.isRedundant ? legs : 0..<1 }

  /// Under UEFI the boot partition is the ESP. Under BIOS GRUB's image has a partition of its own, and
  /// /boot is a plain ext4 so that GRUB needs no LVM or other file system to find the kernel.
  ///
  /// Firmware knows no arrays: each disk of a redundant layout has an ESP of its own, and the loader is
  /// written to all. Under BIOS it is GRUB that reads /boot, an array whose superblock is behind the data.
  private mutating func addBoot() {
    let origin = request.firmware.origin
    let size = request.boot.map(Size.bytes)
    for index in bootLegs {
      switch request.firmware.value {
      case .uefi:
        let place = index == 0 ? "/boot" : "/boot-\(tables[index].disk.name.value)"
        // Without umask every account could read the loader's random seed; without nofail a machine that lost
        // the disk would wait for its ESP, and then for somebody at the console.
        let system = DiskPlan.FileSystem(
          format: Sourced("vfat", origin), mountPoint: Sourced(place, origin),
          options: (["umask=0077"] + (request.isRedundant ? ["nofail"] : [])).map {
            Sourced($0, .standard("disk.esp-options"))
          })
        add("ESP", .efiSystem, size, .fileSystem(system), to: index)
      case .bios:
        let core = Sourced(Size.bytes(ByteCount(bytes: 1 << 20)), .standard("disk.bios-boot"))
        add("bios", .biosBoot, core, nil, to: index)
      }
    }
    guard request.firmware.value == .bios else { return }
    let system = DiskPlan.FileSystem(
      format: Sourced("ext4", origin), mountPoint: Sourced("/boot", origin))
    addEverywhere("boot", .linux, size, .fileSystem(system), metadata: "1.0")
  }

  private mutating func addSwap() {
    guard let swap = request.swap else { return }
    addEverywhere(
      "swap", .swap, swap.size.map(Size.bytes), .swap(DiskPlan.Swap(request: swap)), metadata: "1.2")
  }

  /// A partition, or an array of one on each disk where the machine must not need any of them.
  private mutating func addEverywhere(
    _ name: String, _ type: DiskPlan.PartitionType, _ size: Sourced<Size>, _ content: DiskPlan.Content,
    metadata: String
  ) {
    guard request.isRedundant, let keeping = request.keeping else {
      return add(name, type, size, content, to: 0)
    }
    for index in legs { add(name, .raid, size, .arrayMember(array: name), to: index) }
    addArray(name, keeping.map { _ in .raid1 }, metadata: metadata, content)
  }

  private mutating func addArray(
    _ name: String, _ redundancy: Sourced<DiskRequest.Redundancy>, metadata: String,
    _ content: DiskPlan.Content
  ) {
    let members = legs.compactMap { tables[$0].disk.partitions.last?.bytes }
    let level = Self.level(redundancy.value)
    let each = Overhead.arrayData(in: members.min() ?? 0, metadata: metadata, level: level)
    arrays.append(
      DiskPlan.RAIDArray(
        name: name, level: level, metadata: metadata,
        members: legs.map { tables[$0].disk.name.value.description },
        bytes: each * UInt64(Overhead.dataDisks(redundancy.value, of: members.count)), redundancy: redundancy,
        content: content))
  }

  private static func level(_ redundancy: DiskRequest.Redundancy) -> Int {
    switch redundancy {
    case .raid5: 5
    case .raid6: 6
    case .raid10: 10
    case .raid1, .mirror, .raidz1, .raidz2, .raidz3, .stripe: 1
    }
  }

  private mutating func addPartitions(of volumes: [DiskRequest.Volume], to index: Int) {
    for volume in DiskRequest.inOrder(volumes) {
      add(volume.name.value.description, .linux, volume.size, .fileSystem(volume.fileSystem), to: index)
    }
  }

  private var subvolumes: [DiskPlan.Subvolume] {
    request.volumes.map {
      DiskPlan.Subvolume(name: $0.name, size: $0.size, fileSystem: $0.fileSystem)
    }
  }

  // MARK: Pools and groups

  private mutating func pool() -> DiskPlan.Pool {
    let name = request.volumeGroup
    for index in legs {
      add("zfs", .zfs, Self.rest, .poolMember(pool: name.value.description), to: index)
    }
    let members = legs.compactMap { tables[$0].disk.partitions.last?.bytes }
    let bytes = Overhead.poolData(in: members, request.keeping?.value)
    var free = bytes
    for volume in request.volumes {
      guard case .bytes(let count) = volume.size.value else { continue }
      if count.bytes > free { tooLarge(volume.name.value.description, volume.size, free: free, on: 0) }
      free -= min(free, count.bytes)
    }
    return DiskPlan.Pool(
      name: name, redundancy: legs.count > 1 ? request.keeping : nil, bytes: bytes, datasets: subvolumes)
  }

  /// The physical volume, inside LUKS where there is a passphrase.
  private func physicalVolume(_ disk: Int) -> DiskPlan.Content {
    let inner = DiskPlan.Content.physicalVolume(group: request.volumeGroup.value.description)
    guard let encryption = request.encryption else { return inner }
    let name = disk == 0 ? "crypt" : "crypt-\(tables[disk].disk.name.value)"
    return .encrypted(
      DiskPlan.Encrypted(
        name: name, passphrasePath: DiskPlan.passphrasePath(of: encryption.secret.value),
        secret: encryption.secret, content: inner))
  }

  private mutating func volumeGroup() -> DiskPlan.VolumeGroup {
    let header = request.encryption == nil ? 0 : Overhead.luks
    var extents: UInt64 = 0
    let count = { (bytes: UInt64, stripe: UInt64) in
      Geometry.extents(in: bytes > header ? bytes - header : 0, stripe: stripe)
    }
    if let keeping = request.keeping {
      for index in legs { add("raid", .raid, Self.rest, .arrayMember(array: "data"), to: index) }
      addArray("data", keeping, metadata: "1.2", physicalVolume(0))
      let disks = UInt64(Overhead.dataDisks(keeping.value, of: legs.count))
      extents = count(arrays.last?.bytes ?? 0, keeping.value == .raid1 ? 0 : disks * Overhead.chunk)
    } else {
      for index in legs {
        let isPlain = request.encryption == nil
        add(isPlain ? "pv" : "luks", isPlain ? .lvm : .luks, Self.rest, physicalVolume(index), to: index)
        extents += count(tables[index].disk.partitions.last?.bytes ?? 0, 0)
      }
    }
    return DiskPlan.VolumeGroup(name: request.volumeGroup, extents: extents, volumes: volumes(in: extents))
  }

  private mutating func volumes(in extents: UInt64) -> [DiskPlan.Volume] {
    var wanted = DiskRequest.inOrder(request.volumes).map {
      (name: $0.name, size: $0.size, content: DiskPlan.Content.fileSystem($0.fileSystem))
    }
    if let swap = request.swap, let name = Name("swap") {
      wanted.insert(
        (Sourced(name, swap.size.origin), swap.size.map(Size.bytes), .swap(DiskPlan.Swap(request: swap))),
        at: 0)
    }
    var free = extents
    return wanted.compactMap { volume in
      let taken =
        switch volume.size.value {
        case .bytes(let count): count.bytes / Geometry.extent
        case .rest, .shared: free
        }
      guard taken > 0, taken <= free else {
        tooLarge(volume.name.value.description, volume.size, free: free * Geometry.extent, on: 0)
        return nil
      }
      free -= taken
      return DiskPlan.Volume(name: volume.name, size: volume.size, extents: taken, content: volume.content)
    }
  }

  // MARK: Partitions

  private mutating func add(
    _ name: String, _ type: DiskPlan.PartitionType, _ size: Sourced<Size>, _ content: DiskPlan.Content?,
    to index: Int
  ) {
    let free = tables[index].geometry.free * Geometry.sector
    let taken: ClosedRange<UInt64>?
    switch size.value {
    case .bytes(let count): taken = tables[index].geometry.take(bytes: count.bytes)
    case .rest, .shared: taken = tables[index].geometry.takeRest()
    }
    guard let taken else { return tooLarge(name, size, free: free, on: index) }
    let disk = tables[index].disk
    tables[index].disk.partitions.append(
      DiskPlan.Partition(
        disk: disk.name.value.description, name: name, number: disk.partitions.count + 1, type: type,
        size: size,
        sectors: taken, content: content))
  }

  private mutating func tooLarge(_ name: String, _ size: Sourced<Size>, free: UInt64, on index: Int) {
    let left = ByteCount(bytes: free & ~0xF_FFFF)
    let disk = tables[index].disk
    let whole = index == 0 ? "the disk's \(disk.size.value)" : "\(disk.name.value)'s \(disk.size.value)"
    let message =
      switch size.value {
      case .bytes(let count): "\(name) takes \(count), but \(left) of \(whole) are left"
      case .rest, .shared: "nothing is left of \(whole) for \(name)"
      }
    let related = disk.size.span.map { [Label("the disk's size", at: $0)] } ?? []
    report.add(
      Diagnostic(
        .diskTooSmall, message, at: size.span ?? disk.size.span, related: related,
        help: "make the volumes smaller, or give the size of a larger disk"))
  }
}

extension DiskPlan {
  /// Where nixos-anywhere puts the passphrase in the installer, whose /run is memory.
  static func passphrasePath(of secret: Name) -> String { "/run/imagegen/disk-keys/\(secret)" }
}

extension DiskRequest.Volume {
  fileprivate var fileSystem: DiskPlan.FileSystem {
    DiskPlan.FileSystem(format: format, mountPoint: mountPoint, options: options)
  }
}

internal import FleetModel

extension DiskPlan {
  /// A line of the fstab that NixOS writes from the layout (fstab(5)), but for the
  /// `x-initrd.mount` that it adds where stage 1 mounts.
  public struct Mount: Hashable, Sendable {
    /// The device, by the link that stands for it.
    public var source: String
    /// Where; `none` for swap space.
    public var mountPoint: String
    /// The file system.
    public var format: String
    /// `defaults`, or others.
    public var options: [String]
    /// When fsck looks at it: 1 root, 2 others, 0 never.
    public var pass: Int
  }

  /// What fstab will say of file systems, parents before children.
  public var mounts: [Mount] {
    var mounts: [Mount] = []
    for (content, source) in holders { mounts += self.mounts(of: content, source: source) }
    for pool in pools {
      mounts += pool.datasets.map { dataset in
        // Datasets are mounted by fstab and not by ZFS: `mountpoint=legacy` (zfsprops(7)).
        mount(dataset.fileSystem, source: "\(pool.name.value)/\(dataset.name.value)")
      }
    }
    return mounts.sorted { $0.mountPoint < $1.mountPoint }
  }

  /// What fstab will say of swap space, in order of device.
  public var swaps: [Mount] {
    holders.compactMap { content, source in
      guard case .swap(let swap) = content else { return nil }
      let priority = swap.request.priority.map { ["pri=\($0.value)"] } ?? []
      // NixOS maps what is encrypted anew at every boot under a name made of the device's.
      let device =
        swap.request.isEncrypted.value ? "/dev/mapper/\(Self.mappedName(of: source))" : source
      return Mount(
        source: device, mountPoint: "none", format: "swap", options: ["defaults"] + priority, pass: 0)
    }.sorted { $0.source < $1.source }
  }

  /// The name that NixOS gives an encrypted swap device: systemd's escape of its path without backslashes.
  private static func mappedName(of path: String) -> String {
    path.dropFirst().map { $0 == "/" ? "-" : $0 == "-" ? "x2d" : String($0) }.joined()
  }

  /// Everything that holds something, with the device that shows it.
  private var holders: [(content: Content, source: String)] {
    var found: [(Content, String)] = []
    func add(_ content: Content, _ source: String) {
      found.append((content, source))
      if case .encrypted(let inner) = content { add(inner.content, "/dev/mapper/\(inner.name)") }
    }
    for partition in partitions {
      if let content = partition.content { add(content, partition.link) }
    }
    for array in arrays { add(array.content, "/dev/md/\(array.name)") }
    for group in volumeGroups {
      for volume in group.volumes { add(volume.content, "/dev/\(group.name.value)/\(volume.name.value)") }
    }
    return found
  }

  private func mounts(of content: Content, source: String) -> [Mount] {
    switch content {
    case .fileSystem(let system): [mount(system, source: source)]
    case .subvolumes(let subvolumes):
      subvolumes.map { subvolume in
        var line = mount(subvolume.fileSystem, source: source)
        line.options.append("subvol=\(subvolume.name.value)")
        return line
      }
    case .physicalVolume, .arrayMember, .poolMember, .swap, .encrypted: []
    }
  }

  private func mount(_ system: FileSystem, source: String) -> Mount {
    let options = system.options.isEmpty ? ["defaults"] : system.options.map(\.value)
    // btrfs and ZFS look after themselves (fsck.btrfs(8)); root goes first.
    let isChecked = !["btrfs", "zfs"].contains(system.format.value)
    return Mount(
      source: source, mountPoint: system.mountPoint.value, format: system.format.value, options: options,
      pass: !isChecked ? 0 : system.mountPoint.value == "/" ? 1 : 2)
  }
}

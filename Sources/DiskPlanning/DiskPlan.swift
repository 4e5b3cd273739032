public import FleetModel

/// What will be on a node's disk, to the sector and the extent.
///
/// The one truth that disko's file, the fstab that is expected on the node, the QEMU disk and the
/// picture in the report are views of. Contents nest, so that mirrors, LUKS and other pools have a
/// place to stand in without a change here but their own cases.
public struct DiskPlan: Sendable {
  /// Type of a partition, by sgdisk's code.
  public enum PartitionType: String, CaseIterable, Sendable {
    /// EFI system partition: C12A7328-F81F-11D2-BA4B-00A0C93EC93B.
    case efiSystem = "EF00"
    /// Where GRUB puts its core image on a GPT disk under BIOS.
    case biosBoot = "EF02"
    /// Linux file system data.
    case linux = "8300"
    /// LVM physical volume.
    case lvm = "8E00"
  }

  /// What a partition or a volume holds.
  public indirect enum Content: Sendable {
    case fileSystem(FileSystem)
    /// A physical volume of the named volume group.
    case physicalVolume(group: String)
  }

  /// A file system and where it is mounted.
  public struct FileSystem: Sendable {
    /// `vfat`, `ext4`, `xfs`, `btrfs`.
    public var format: Sourced<String>
    /// Absolute, without trailing slash.
    public var mountPoint: Sourced<String>
    /// Options instead of `defaults`.
    public var options: [Sourced<String>]

    /// Makes a file system.
    public init(format: Sourced<String>, mountPoint: Sourced<String>, options: [Sourced<String>] = []) {
      self.format = format
      self.mountPoint = mountPoint
      self.options = options
    }
  }

  /// A partition of the GPT.
  public struct Partition: Sendable {
    /// disko's name of it: `ESP`, `pv`, or the volume's.
    public var name: String
    /// Its number in the table, from 1.
    public var number: Int
    /// Its type.
    public var type: PartitionType
    /// What was asked for.
    public var size: Sourced<DiskRequest.Volume.Size>
    /// First and last sector of 512 bytes.
    public var sectors: ClosedRange<UInt64>
    /// What it holds; `nil` for a BIOS boot partition.
    public var content: Content?

    /// The label disko writes, and udev links in /dev/disk/by-partlabel.
    public var label: String { "disk-\(DiskPlan.diskName)-\(name)" }
    /// Its size in bytes.
    public var bytes: UInt64 { UInt64(sectors.count) * Geometry.sector }
  }

  /// An LVM volume group.
  public struct VolumeGroup: Sendable {
    /// Its name.
    public var name: Sourced<Name>
    /// Physical extents of 4 MiB that it has.
    public var extents: UInt64
    /// In the order they are made: those of fixed size first.
    public var volumes: [Volume]
  }

  /// A logical volume.
  public struct Volume: Sendable {
    /// Its name.
    public var name: Sourced<Name>
    /// What was asked for.
    public var size: Sourced<DiskRequest.Volume.Size>
    /// Extents of 4 MiB that it takes.
    public var extents: UInt64
    /// What it holds.
    public var content: Content

    /// Its size in bytes.
    public var bytes: UInt64 { extents * Geometry.extent }
  }

  /// A line of the fstab that NixOS writes from the layout (fstab(5)), but for the
  /// `x-initrd.mount` that it adds where stage 1 mounts.
  public struct Mount: Hashable, Sendable {
    /// The device, by the link that stands for it.
    public var source: String
    /// Where.
    public var mountPoint: String
    /// The file system.
    public var format: String
    /// `defaults`, or others.
    public var options: [String]
    /// When fsck looks at it: 1 root, 2 others, 0 never.
    public var pass: Int
  }

  /// disko's name of the one disk; part of its partitions' labels.
  public static let diskName = "main"

  /// The disk, by id.
  public var device: Sourced<TargetPath>
  /// The serial number it must have.
  public var serial: Sourced<String>?
  /// The capacity the plan was made for.
  public var size: Sourced<ByteCount>
  /// What the firmware boots from.
  public var firmware: Sourced<DiskRequest.Firmware>
  /// In order of number.
  public var partitions: [Partition]
  /// In order of name.
  public var volumeGroups: [VolumeGroup]

  /// What fstab will say, parents before children.
  public var mounts: [Mount] {
    var mounts = partitions.compactMap { partition in
      partition.content.flatMap { mount($0, source: "/dev/disk/by-partlabel/\(partition.label)") }
    }
    for group in volumeGroups {
      mounts += group.volumes.compactMap {
        mount($0.content, source: "/dev/\(group.name.value)/\($0.name.value)")
      }
    }
    return mounts.sorted { $0.mountPoint < $1.mountPoint }
  }

  private func mount(_ content: Content, source: String) -> Mount? {
    guard case .fileSystem(let system) = content else { return nil }
    let options = system.options.isEmpty ? ["defaults"] : system.options.map(\.value)
    // fsck of xfs and btrfs does nothing at boot (fsck.xfs(8), fsck.btrfs(8)); root goes first.
    let isChecked = ["ext4", "vfat"].contains(system.format.value)
    return Mount(
      source: source, mountPoint: system.mountPoint.value, format: system.format.value, options: options,
      pass: !isChecked ? 0 : system.mountPoint.value == "/" ? 1 : 2)
  }
}

public import FleetModel

/// What will be on a node's disks, to the sector and the extent.
///
/// The one truth that disko's file, the fstab that is expected on the node, the QEMU disks and the
/// picture in the report are views of. Contents nest: a partition may hold LUKS, which holds a physical
/// volume, and an array holds the same things as a partition.
public struct DiskPlan: Sendable {
  /// Type of a partition, by sgdisk's code.
  public enum PartitionType: String, CaseIterable, Sendable {
    /// EFI system partition: C12A7328-F81F-11D2-BA4B-00A0C93EC93B.
    case efiSystem = "EF00"
    /// Where GRUB puts its core image on a GPT disk under BIOS.
    case biosBoot = "EF02"
    /// Swap space.
    case swap = "8200"
    /// Linux file system data.
    case linux = "8300"
    /// LUKS.
    case luks = "8309"
    /// LVM physical volume.
    case lvm = "8E00"
    /// A pool of ZFS.
    case zfs = "BF01"
    /// A member of an mdraid array.
    case raid = "FD00"
  }

  /// What a partition, an array or a volume holds.
  public indirect enum Content: Sendable {
    case fileSystem(FileSystem)
    /// A physical volume of the named volume group.
    case physicalVolume(group: String)
    /// A member of the named mdraid array.
    case arrayMember(array: String)
    /// A device of the named ZFS pool.
    case poolMember(pool: String)
    case swap(Swap)
    case encrypted(Encrypted)
    /// One btrfs with these subvolumes.
    case subvolumes([Subvolume])
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

  /// A subvolume of btrfs, or a dataset of ZFS.
  public struct Subvolume: Sendable {
    /// Its name, without the pool's.
    public var name: Sourced<Name>
    /// What it may take; `shared` where nothing bounds it.
    public var size: Sourced<DiskRequest.Volume.Size>
    /// How it is mounted.
    public var fileSystem: FileSystem
  }

  /// Swap space.
  public struct Swap: Sendable {
    /// What was asked for.
    public var request: DiskRequest.Swap
  }

  /// LUKS2 and what is inside.
  public struct Encrypted: Sendable {
    /// The mapped device, /dev/mapper/NAME.
    public var name: String
    /// Where nixos-anywhere puts the passphrase in the installer's memory.
    public var passphrasePath: String
    /// The secret it is, and the profile's line.
    public var secret: Sourced<Name>
    /// What is inside.
    public var content: Content
  }

  /// A partition of a GPT.
  public struct Partition: Sendable {
    /// disko's name of the disk.
    public var disk: String
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
    public var label: String { "disk-\(disk)-\(name)" }
    /// The link.
    public var link: String { "/dev/disk/by-partlabel/\(label)" }
    /// Its size in bytes.
    public var bytes: UInt64 { UInt64(sectors.count) * Geometry.sector }
  }

  /// A disk with its table.
  public struct Disk: Sendable {
    /// disko's name of it: part of its partitions' labels.
    public var name: Sourced<Name>
    /// The disk, by id.
    public var device: Sourced<TargetPath>
    /// The serial number it must have.
    public var serial: Sourced<String>?
    /// The capacity the plan was made for.
    public var size: Sourced<ByteCount>
    /// In order of number.
    public var partitions: [Partition]
  }

  /// An mdraid array, /dev/md/NAME.
  public struct RAIDArray: Sendable {
    /// Its name.
    public var name: String
    /// mdadm's level.
    public var level: Int
    /// The format of its superblocks (md(4)): 1.2 before the data, 1.0 behind it.
    public var metadata: String
    /// Its members: the partition of that name on each of these disks.
    public var members: [String]
    /// What it offers.
    public var bytes: UInt64
    /// Why there is one.
    public var redundancy: Sourced<DiskRequest.Redundancy>
    /// What it holds.
    public var content: Content
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

  /// A ZFS pool.
  public struct Pool: Sendable {
    /// Its name.
    public var name: Sourced<Name>
    /// What its disks form; `nil` for one disk.
    public var redundancy: Sourced<DiskRequest.Redundancy>?
    /// Bytes that datasets can have, ZFS' own reserve taken off.
    public var bytes: UInt64
    /// In the order written.
    public var datasets: [Subvolume]
  }

  /// What the firmware boots from.
  public var firmware: Sourced<DiskRequest.Firmware>
  /// The first disk first, then in order of name.
  public var disks: [Disk]
  /// In order of name.
  public var arrays: [RAIDArray]
  /// In order of name.
  public var volumeGroups: [VolumeGroup]
  /// In order of name.
  public var pools: [Pool]
  /// Generations of the system that fit the boot partition.
  public var generations: Sourced<Int>

  /// Those of all disks.
  public var partitions: [Partition] { disks.flatMap(\.partitions) }

  /// Where the installer finds passphrases, each once.
  public var passphrasePaths: [String] {
    Set(
      (partitions.compactMap(\.content) + arrays.map(\.content)).compactMap { content in
        if case .encrypted(let inner) = content { inner.passphrasePath } else { nil }
      }
    ).sorted()
  }

  /// Where the boot loader is written; several where the machine may lose a disk.
  public var bootMounts: [String] {
    mounts.map(\.mountPoint).filter { $0 == "/boot" || $0.hasPrefix("/boot-") }
  }
}

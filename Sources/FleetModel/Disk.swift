internal import Diagnostics

/// The disks a profile asks for. `DiskPlanning` turns them into partitions and volumes.
public struct DiskRequest: Sendable {
  /// Ready-made layouts.
  public enum Layout: String, CaseIterable, Sendable {
    /// A partition for each volume, ext4 unless another format is asked for.
    case singleExt4 = "single-ext4"
    /// An LVM volume group with volumes.
    case lvm
    /// One btrfs with a subvolume for each volume.
    case btrfs
    /// A ZFS pool with a dataset for each volume.
    case zfs
    /// Several disks that hold the same: an mdraid array with LVM on it, or a ZFS pool.
    case mirror
    /// LVM inside LUKS.
    case luksLVM = "luks-lvm"
  }

  /// What the firmware boots from.
  public enum Firmware: String, CaseIterable, Sendable {
    /// An EFI system partition.
    case uefi
    /// A BIOS boot partition (EF02) for GRUB.
    case bios
  }

  /// How several disks keep their data when one of them fails: levels of md(4), and vdevs of
  /// zpoolconcepts(7).
  public enum Redundancy: String, CaseIterable, Sendable {
    case raid1, raid5, raid6, raid10
    case mirror, raidz1, raidz2, raidz3
    /// A pool over several disks that is lost with any of them.
    case stripe

    /// Whether ZFS does it.
    public var isZFS: Bool {
      switch self {
      case .raid1, .raid5, .raid6, .raid10: false
      case .mirror, .raidz1, .raidz2, .raidz3, .stripe: true
      }
    }
  }

  /// A volume, subvolume, dataset or partition with a file system.
  public struct Volume: Sendable {
    /// How much it takes.
    public enum Size: Hashable, Sendable {
      /// So many bytes; of a dataset its quota.
      case bytes(ByteCount)
      /// What the others leave.
      case rest
      /// As much as it comes to: subvolumes and datasets share their pool's space.
      case shared
    }

    /// `root`, `data`.
    public var name: Sourced<Name>
    /// How much it takes.
    public var size: Sourced<Size>
    /// `ext4`, `xfs`, `btrfs`, `zfs`.
    public var format: Sourced<String>
    /// Where it is mounted.
    public var mountPoint: Sourced<String>
    /// Mount options instead of `defaults` (mount(8)).
    public var options: [Sourced<String>]

    /// Makes a volume.
    public init(
      name: Sourced<Name>, size: Sourced<Size>, format: Sourced<String>,
      mountPoint: Sourced<String>, options: [Sourced<String>] = []
    ) {
      self.name = name
      self.size = size
      self.format = format
      self.mountPoint = mountPoint
      self.options = options
    }
  }

  /// Swap space.
  public struct Swap: Sendable {
    /// How large.
    public var size: Sourced<ByteCount>
    /// Whether the machine hibernates to it.
    public var hibernates: Sourced<Bool>
    /// Whether it is encrypted with a key that nobody keeps.
    public var isEncrypted: Sourced<Bool>
    /// 0 to 32767, higher is used first (swapon(8)).
    public var priority: Sourced<Int>?

    /// Makes swap space.
    public init(
      size: Sourced<ByteCount>, hibernates: Sourced<Bool>, isEncrypted: Sourced<Bool>,
      priority: Sourced<Int>? = nil
    ) {
      self.size = size
      self.hibernates = hibernates
      self.isEncrypted = isEncrypted
      self.priority = priority
    }
  }

  /// A disk beside the first one: part of the same pool or array, or with volumes of its own.
  public struct Disk: Sendable {
    /// disko's name of it; part of its partitions' labels.
    public var name: Sourced<Name>
    /// The device, by id.
    public var device: Sourced<TargetPath>
    /// The serial number it must have.
    public var serial: Sourced<String>?
    /// Its capacity.
    public var size: Sourced<ByteCount>
    /// Partitions of its own; none where it is part of the layout.
    public var volumes: [Volume]

    /// Makes a disk.
    public init(
      name: Sourced<Name>, device: Sourced<TargetPath>, serial: Sourced<String>?, size: Sourced<ByteCount>,
      volumes: [Volume]
    ) {
      self.name = name
      self.device = device
      self.serial = serial
      self.size = size
      self.volumes = volumes
    }
  }

  /// The passphrase of LUKS.
  public struct Encryption: Sendable {
    /// The secret of fleet.yaml that it is.
    public var secret: Sourced<Name>
    /// Who shares the secret; `nil` when there is no such secret.
    public var scope: SecretDeclaration.Scope?
    /// What it is made of: raw bytes cannot be typed at a console.
    public var kind: SecretDeclaration.Kind?

    /// Makes an encryption.
    public init(
      secret: Sourced<Name>, scope: SecretDeclaration.Scope?, kind: SecretDeclaration.Kind?
    ) {
      self.secret = secret
      self.scope = scope
      self.kind = kind
    }
  }

  /// What services keep below /var/lib.
  public struct State: Sendable {
    /// The state directory, absolute.
    public var path: TargetPath
    /// The room that the service is promised.
    public var size: Sourced<ByteCount>

    /// Makes a promise.
    public init(path: TargetPath, size: Sourced<ByteCount>) {
      self.path = path
      self.size = size
    }
  }

  /// The layout.
  public var layout: Sourced<Layout>
  /// The device, by id: `/dev/disk/by-id/virtio-node01`.
  public var device: Sourced<TargetPath>
  /// The serial number the disk must have; the launch script gives it to QEMU's disk.
  public var serial: Sourced<String>?
  /// The disk's capacity: the plan must fit, the node's must be at least this.
  public var size: Sourced<ByteCount>
  /// What the firmware boots from.
  public var firmware: Sourced<Firmware>
  /// Size of the boot partition.
  public var boot: Sourced<ByteCount>
  /// Generations of the system that can be booted, and so have kernel and initrd on the boot partition.
  public var generations: Sourced<Int>
  /// What a generation's kernel and initrd take there.
  public var generationSize: Sourced<ByteCount>
  /// Name of the LVM volume group or ZFS pool.
  public var volumeGroup: Sourced<Name>
  /// How several disks keep the same data; `nil` where nothing was said.
  public var redundancy: Sourced<Redundancy>?
  /// The passphrase of LUKS; `nil` where nothing is encrypted.
  public var encryption: Encryption?
  /// Swap space; `nil` without.
  public var swap: Swap?
  /// In the order written.
  public var volumes: [Volume]
  /// Disks beside the first, in order of name.
  public var others: [Disk]
  /// What services were promised, in order of path.
  public var state: [State]
  /// Memory of the machine where its profile says it: hibernation writes all of it.
  public var memory: Sourced<ByteCount>?

  /// Makes a request of one disk without swap.
  public init(
    layout: Sourced<Layout>, device: Sourced<TargetPath>, serial: Sourced<String>?,
    size: Sourced<ByteCount>, firmware: Sourced<Firmware>, boot: Sourced<ByteCount>,
    volumeGroup: Sourced<Name>, volumes: [Volume]
  ) {
    self.layout = layout
    self.device = device
    self.serial = serial
    self.size = size
    self.firmware = firmware
    self.boot = boot
    self.volumeGroup = volumeGroup
    self.volumes = volumes
    generations = Sourced(5, .standard("disk.generations"))
    generationSize = Sourced(ByteCount(bytes: 64 << 20), .standard("disk.generation-size"))
    others = []
    state = []
  }

  /// The first disk in the form of the others.
  public var first: Disk {
    Disk(
      name: Sourced(.main, .standard("disk.name")), device: device, serial: serial, size: size,
      volumes: [])
  }
}

extension Name {
  /// disko's name of a node's first disk.
  public static let main = Name(unchecked: "main")
}

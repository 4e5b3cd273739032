/// The disk a profile asks for. `DiskPlanning` turns it into partitions and volumes.
public struct DiskRequest: Sendable {
  /// Ready-made layouts.
  public enum Layout: String, CaseIterable, Sendable {
    /// ESP and one ext4 root.
    case singleExt4 = "single-ext4"
    /// ESP and an LVM volume group with volumes.
    case lvm
  }

  /// What the firmware boots from.
  public enum Firmware: String, CaseIterable, Sendable {
    /// An EFI system partition.
    case uefi
    /// A BIOS boot partition (EF02) for GRUB.
    case bios
  }

  /// A volume or partition with a file system.
  public struct Volume: Sendable {
    /// How much it takes.
    public enum Size: Hashable, Sendable {
      /// So many bytes.
      case bytes(ByteCount)
      /// What the others leave.
      case rest
    }

    /// `root`, `data`.
    public var name: Sourced<Name>
    /// How much it takes.
    public var size: Sourced<Size>
    /// `ext4`, `xfs`, `btrfs`.
    public var format: Sourced<String>
    /// Where it is mounted.
    public var mountPoint: Sourced<String>

    /// Makes a volume.
    public init(
      name: Sourced<Name>, size: Sourced<Size>, format: Sourced<String>,
      mountPoint: Sourced<String>
    ) {
      self.name = name
      self.size = size
      self.format = format
      self.mountPoint = mountPoint
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
  /// Name of the LVM volume group.
  public var volumeGroup: Sourced<Name>
  /// In the order written.
  public var volumes: [Volume]

  /// Makes a request.
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
  }
}

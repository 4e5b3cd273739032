internal import Diagnostics

private func other(_ settings: String) -> String {
  "disk: {device: /dev/disk/by-id/virtio-node01, size: 100GiB, \(settings)}"
}

private let second = "disks: {second: {device: /dev/disk/by-id/virtio-node01b, size: 100GiB}}"

/// Rules of layouts that are more than one table on one disk.
extension Rule {
  static let unusedSetting = Rule(
    "DK013", "unused-disk-setting",
    finds:
      "A key that the layout has no use for: a group without LVM or ZFS, RAID or LUKS where there is none.",
    why: "Whoever wrote it expects a layout that this is not: data that is not mirrored, or not encrypted.",
    example: other("layout: single-ext4, encryption: {secret: disk}, volumes: {root: rest}"),
    instead: other("layout: luks-lvm, encryption: {secret: disk}, volumes: {root: rest}"))

  static let wrongDiskCount = Rule(
    "DK014", "wrong-disk-count",
    finds: "Fewer disks than the RAID level or vdev needs, or a disk that nothing is on.",
    why: """
      disko takes any number: mdadm and zpool refuse after the wipe, or make an array that lacks a member \
      from its first day. A disk that nothing is on is wiped all the same.
      """,
    example: other("layout: mirror, volumes: {root: rest}"),
    instead: other("layout: mirror, \(second), volumes: {root: rest}"))

  static let diskTwice = Rule(
    "DK015", "disk-twice",
    finds: "Two disks of a node with one device or one serial number.",
    why: "The second table replaces the first, and what was made on the first is gone.",
    example: other(
      "layout: mirror, disks: {second: {device: /dev/disk/by-id/virtio-node01, size: 100GiB}}, "
        + "volumes: {root: rest}"),
    instead: other("layout: mirror, \(second), volumes: {root: rest}"))

  static let stateTooLarge = Rule(
    "DK016", "state-too-large",
    finds: "Services whose `state` together is more than the volume below /var/lib has.",
    why: "All of them are promised the room, and the first to use it takes it from the others.",
    example: "state: {data: 500GiB} in a service, and a data volume of 20GiB",
    instead: "state: {data: 10GiB}, or a larger volume")

  static let unusablePassphrase = Rule(
    "DK017", "unusable-passphrase",
    finds: "LUKS without a passphrase, with one that is not declared, or with one that is raw bytes.",
    why: """
      Without one disko asks for it: an installation that nobody watches stands still after the wipe. When the \
      machine starts, the passphrase is typed at its console, which raw bytes cannot be.
      """,
    example: other("layout: luks-lvm, volumes: {root: rest}"),
    instead: other("layout: luks-lvm, encryption: {secret: disk}, volumes: {root: rest}"))

  static let impossibleHibernation = Rule(
    "DK018", "impossible-hibernation",
    finds:
      "Hibernation to swap that is smaller than the memory, encrypted with a passing key, or beside ZFS.",
    why: """
      What does not fit is not written; a key that is gone opens nothing; a pool that changed while its machine \
      was hibernated is damaged when it resumes.
      """,
    example: other("layout: lvm, swap: {size: 8GiB, hibernate: true, encrypt: true}, volumes: {root: rest}"),
    instead: other("layout: lvm, swap: {size: 8GiB, hibernate: true}, volumes: {root: rest}"))

  static let reservedName = Rule(
    "DK019", "reserved-disk-name",
    finds: "A group, volume or disk with a name that LVM, ZFS or the kernel uses.",
    why: """
      vgcreate refuses a group whose folder below /dev is there already, and zpool one that reads like a vdev; \
      both after the wipe.
      """,
    example: other("layout: zfs, group: mirror, volumes: {root: shared}"),
    instead: other("layout: zfs, group: pool, volumes: {root: shared}"))

  static let wrongSizeWord = Rule(
    "DK020", "wrong-size-word",
    finds:
      "`shared` where volumes have sizes, `rest` where they share one space, or the size of a subvolume.",
    why:
      "btrfs and ZFS give every subvolume the whole pool: a size that is not kept promises what is not there.",
    example: other("layout: btrfs, volumes: {root: 20GiB, data: rest}"),
    instead: other("layout: btrfs, volumes: {root: shared, data: shared}"))

  static let fileSystemTooSmall = Rule(
    "DK021", "file-system-too-small",
    finds: "A volume smaller than its file system can be made: xfs under 300MiB, btrfs under 109MiB.",
    why: "mkfs refuses it, after the wipe.",
    example: other("layout: lvm, volumes: {root: rest, log: {size: 200MiB, format: xfs}}"),
    instead: other("layout: lvm, volumes: {root: rest, log: {size: 200MiB, format: ext4}}"))

  static let unknownMountOption = Rule(
    "DK022", "unknown-mount-option",
    finds: "A mount option that the volume's file system does not have.",
    why: "disko and NixOS write it as it is; the kernel refuses to mount, and the node does not start.",
    example: other("layout: lvm, volumes: {root: {size: rest, options: [compress=zstd]}}"),
    instead: other("layout: lvm, volumes: {root: {size: rest, format: btrfs, options: [compress=zstd]}}"))
}

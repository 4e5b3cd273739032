public import Diagnostics

/// Every rule of disk layouts, in order of code.
public enum DiskRules {
  /// The catalogue.
  public static let all: [Rule] = [
    .noRootVolume, .twoRests, .diskTooSmall, .duplicateMountPoint, .duplicateVolume, .badMountPoint,
    .unknownFormat, .bootTooSmall, .deviceNotByID, .unusableSize, .hyphenInVolumeName,
    .longPartitionName, .unusedSetting, .wrongDiskCount, .diskTwice, .stateTooLarge, .unusablePassphrase,
    .impossibleHibernation, .reservedName, .wrongSizeWord, .fileSystemTooSmall, .unknownMountOption,
  ]
}

private func disk(_ settings: String) -> String {
  "disk: {layout: lvm, device: /dev/disk/by-id/virtio-node01, size: 100GiB, \(settings)}"
}

extension Rule {
  static let noRootVolume = Rule(
    "DK001", "no-root-volume",
    finds: "A layout without a volume for `/`.",
    why: "disko would wipe and partition the disk, and the installation fails after that.",
    example: disk("volumes: {data: rest}"), instead: disk("volumes: {root: 80GiB, data: rest}"))

  static let twoRests = Rule(
    "DK002", "two-rests",
    finds: "Two volumes that take the rest of the disk.",
    why: """
      disko accepts it and sgdisk exits 0: the second one gets less than a mebibyte, which shows when \
      its file system is made, after the wipe.
      """,
    example: disk("volumes: {root: rest, data: rest}"),
    instead: disk("volumes: {root: 80GiB, data: rest}"))

  static let diskTooSmall = Rule(
    "DK003", "disk-too-small",
    finds: "Partitions and volumes that do not fit the disk, table, alignment and LVM's header counted.",
    why: "Neither disko nor NixOS knows the capacity: sgdisk or lvcreate fail after the wipe.",
    example: disk("volumes: {root: 100GiB, data: rest}"),
    instead: disk("volumes: {root: 80GiB, data: rest}"))

  static let duplicateMountPoint = Rule(
    "DK004", "duplicate-mount-point",
    finds: "Two volumes mounted at the same place.",
    why: "One of them would hide the other, and the hidden one's data with it.",
    example: disk("volumes: {root: 80GiB, data: {size: rest, mount: /}}"),
    instead: disk("volumes: {root: 80GiB, data: {size: rest, mount: /var/lib}}"))

  static let duplicateVolume = Rule(
    "DK005", "duplicate-volume",
    finds: "Two volumes of the same name.",
    why: "A name is the volume's device, /dev/GROUP/NAME: there can be one.",
    example: "volumes: [{name: data, size: 1GiB}, {name: data, size: rest}]",
    instead: "volumes: [{name: data, size: 1GiB}, {name: logs, size: rest}]")

  static let badMountPoint = Rule(
    "DK006", "bad-mount-point",
    finds: "A mount point that is no clean absolute path, or is one of the system's own.",
    why: """
      disko passes `/x/../..` on as it is; /proc, /sys, /dev and /run are mounted over at boot, and \
      /boot is the boot partition's.
      """,
    example: disk("volumes: {root: 80GiB, data: {size: rest, mount: var/lib}}"),
    instead: disk("volumes: {root: 80GiB, data: {size: rest, mount: /var/lib}}"))

  static let unknownFormat = Rule(
    "DK007", "unknown-format",
    finds: "A file system that cannot be made: neither ext4, xfs nor btrfs; or not the pool's own.",
    why: "disko takes any word and runs `mkfs.WORD`, which is not there, after the wipe.",
    example: disk("volumes: {root: {size: rest, format: ext5}}"),
    instead: disk("volumes: {root: {size: rest, format: ext4}}"))

  static let bootTooSmall = Rule(
    "DK008", "boot-too-small",
    finds: "A boot partition that does not hold the kernels and initrds of all generations that are kept.",
    why: """
      The boot loader writes the new generation's kernel and initrd before it deletes the oldest: on a \
      small partition an update stops half way, and so does going back. `generations` of `generation-size` \
      are kept, and one more while it is updated.
      """,
    example: disk("boot: 256MiB, generations: 10, volumes: {root: rest}"),
    instead: disk("boot: 1GiB, generations: 10, volumes: {root: rest}"))

  static let deviceNotByID = Rule(
    "DK009", "device-not-by-id", .warning,
    finds: "A disk named by the order the kernel found it in, such as /dev/sda.",
    why: "That order changes between boots: the installation may wipe another disk.",
    example: "disk: {layout: lvm, device: /dev/sda, size: 100GiB, volumes: {root: rest}}",
    instead: disk("volumes: {root: rest}"),
    ignoreWhen: "The machine has one disk and never gets another, such as a throw-away guest.")

  static let unusableSize = Rule(
    "DK010", "unusable-size",
    finds: "A size of nothing, or one that is no multiple of 1MiB (partitions) or 4MiB (logical volumes).",
    why: "sgdisk and LVM round such sizes: what is on the disk would differ from what was checked.",
    example: disk("volumes: {root: 81919MiB, data: rest}"),
    instead: disk("volumes: {root: 80GiB, data: rest}"))

  static let hyphenInVolumeName = Rule(
    "DK011", "hyphen-in-volume-name",
    finds: "A volume group or logical volume with a hyphen in its name.",
    why: """
      device-mapper doubles hyphens in names (/dev/mapper/pool-my--data), and disko's wipe splits at the \
      single one: a second installation finds the old volumes still there.
      """,
    example: disk("volumes: {root: 80GiB, my-data: rest}"),
    instead: disk("volumes: {root: 80GiB, data: rest}"))

  static let longPartitionName = Rule(
    "DK012", "long-partition-name",
    finds: "A partition whose label, `disk-main-` and its name, is over 36 characters.",
    why: "sgdisk cuts the label, and the link in /dev/disk/by-partlabel that is mounted never appears.",
    example: "volumes: {a-name-of-twenty-seven-chars: 1GiB}", instead: "volumes: {archive: 1GiB}")
}

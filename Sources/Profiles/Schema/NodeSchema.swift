internal import FleetModel

/// Roles, nodes, and the settings that the fleet, roles and nodes compose.
enum NodeSchema {
  static let node = ObjectSchema(
    "a node",
    [
      Field("node", .scalar(Grammar.name), required: true, "The node's name; the file is named like it."),
      Field(
        "roles", .list(.scalar(Grammar.name), minimum: 0), added: false, "Roles, in order; a later one wins."),
    ] + settings)

  /// What a node must be made of once everything is composed. Overrides are put over services instead.
  static let composed = ObjectSchema("a node", settings.filter { $0.key != "override" })

  static let role = ObjectSchema(
    "a role",
    [Field("role", .scalar(Grammar.name), required: true, "The role's name; the file is named like it.")]
      + settings)

  static let settings: [Field] = [
    Field("services", .list(.scalar(Grammar.name), minimum: 0), "Services that run on the node."),
    Field("mode", .scalar(Grammar.choice(ClusterMode.self)), "Forms the cluster, or joins one that exists."),
    Field("hostname", .scalar(Grammar.hostLabel), "The host name, when it is not the node's name."),
    Field("mac", .scalar(Grammar.mac), "The card's address, for a node with one."),
    Field(
      "addresses", .map(key: Grammar.name, value: .scalar(Grammar.address)),
      "The card's addresses, by network."),
    Field(
      "links", .map(key: Grammar.name, value: .variants(links)),
      "Cards, bonds and VLANs, for a node with several."),
    Field("host-id", .scalar(Grammar.hostID), "networking.hostId; derived from the name unless given."),
    Field(
      "cluster-role", .scalar(Grammar.choice(["control-plane", "worker", "all-in-one"])),
      "node_role in cluster-config.json."),
    Field("target", .object(target), "The operating system."),
    Field(
      "outputs", .list(.scalar(Grammar.choice(Output.self)), minimum: 0), "What is written for the node."),
    Field("access", .object(access), "How operators reach it."),
    Field("disk", .object(disk), "Its disk; left out when the host is not ours to partition."),
    Field("machine", .object(machine), "Size of the QEMU node."),
    Field("sysctl", .map(key: sysctlKey, value: .scalar(sysctlValue)), "Kernel parameters."),
    Field("kernel", .object(kernel), "Kernel modules and arguments."),
    Field("packages", .list(.scalar(package), minimum: 0), "Packages of the target."),
    Field(
      "secrets-directory", .scalar(Grammar.path),
      "Where secrets are delivered unless a service says otherwise."),
    Field("first-boot", .object(firstBoot), "First-boot automation."),
    Field(
      "initial-peers", .map(key: Grammar.name, value: .list(.scalar(Grammar.name), minimum: 1)),
      "Overrides a group's voters on this node; must agree everywhere."),
    Field(
      "parameters", .map(key: Grammar.name, value: .map(key: Grammar.name, value: .scalar(Grammar.text))),
      "Values of services' parameters, by service."),
    Field(
      "override", .map(key: Grammar.name, value: .object(ServiceSchema.partial)),
      "Changes to services, by service."),
    Field("nix", .scalar(Grammar.relativePath), "A NixOS module of your own, imported as it is."),
  ]

  private static let linkCommon = [
    Field("addresses", .map(key: Grammar.name, value: .scalar(Grammar.address)), "Addresses, by network."),
    Field(
      "mtu", .scalar(Grammar.integer(576...9216, "a packet size from 576 to 9216")),
      "Largest packet in bytes."),
  ]

  static let links = [
    ObjectSchema(
      "a card", [Field("mac", .scalar(Grammar.mac), required: true, "The card's address.")] + linkCommon),
    ObjectSchema(
      "a bond",
      [
        Field("bond", .list(.scalar(Grammar.mac), minimum: 1), required: true, "The cards' addresses."),
        Field(
          "mode",
          .scalar(
            Grammar.choice([
              "balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb",
              "balance-alb",
            ])), "systemd.netdev(5) Mode=."),
      ] + linkCommon),
    ObjectSchema(
      "a VLAN",
      [
        Field(
          "vlan", .scalar(Grammar.integer(1...4094, "a VLAN number from 1 to 4094")), required: true,
          "The tag."),
        Field("on", .scalar(Grammar.name), required: true, "The link that carries it."),
      ] + linkCommon),
  ]

  static let target = ObjectSchema(
    "a target",
    [
      Field("nixos", .scalar(release), "NixOS with this state version."),
      Field("distribution", .scalar(Grammar.fileName), "A distribution's ID in os-release."),
      Field("version", .scalar(Grammar.fileName), "Its VERSION_ID."),
      Field(
        "systemd", .scalar(Grammar.integer(240...999, "a systemd version from 240")),
        "The systemd that units are written for."),
      Field("architecture", .scalar(Grammar.choice(Architecture.self)), "The processor."),
    ])

  static let access = ObjectSchema(
    "an access",
    [
      Field("ssh", .scalar(Grammar.host), "The name or alias ssh connects to."),
      Field("user", .scalar(Grammar.account), "The account that acts."),
      Field("authorized-keys", .list(.scalar(publicKey), minimum: 0), "Public keys that may log in."),
    ])

  static let disk = ObjectSchema(
    "a disk",
    [
      Field("layout", .scalar(Grammar.choice(DiskRequest.Layout.self)), required: true, "The layout."),
      Field("device", .scalar(Grammar.path), required: true, "The device, by id."),
      Field("serial", .scalar(Grammar.fileName), "The serial number it must have."),
      Field("size", .scalar(Grammar.size), required: true, "Its capacity."),
      Field("firmware", .scalar(Grammar.choice(DiskRequest.Firmware.self)), "What the machine boots by."),
      Field("boot", .scalar(Grammar.size), "Size of the boot partition."),
      Field(
        "generations", .scalar(Grammar.integer(1...100, "a number from 1 to 100")),
        "Generations of the system that can be booted; each has its kernel on the boot partition."),
      Field("generation-size", .scalar(Grammar.size), "What a generation's kernel and initrd take there."),
      Field("group", .scalar(Grammar.name), "Name of the LVM volume group or ZFS pool."),
      Field(
        "raid", .scalar(Grammar.choice(DiskRequest.Redundancy.self)),
        "How several disks keep their data: levels of mdraid, or vdevs of ZFS."),
      Field("encryption", .object(encryption), "The passphrase of LUKS."),
      Field("swap", .either(.scalar(Grammar.size), .object(swap)), "Swap space."),
      Field(
        "disks", .map(key: Grammar.name, value: .object(otherDisk)),
        "Further disks, by name: part of the layout, or with volumes of their own."),
      Field("volumes", volumes, required: true, "Volumes, by name."),
    ])

  private static let volumes = SchemaType.map(
    key: Grammar.name, value: .either(.scalar(Grammar.volumeSize), .object(volume)))

  static let otherDisk = ObjectSchema(
    "a further disk",
    [
      Field("device", .scalar(Grammar.path), required: true, "The device, by id."),
      Field("serial", .scalar(Grammar.fileName), "The serial number it must have."),
      Field("size", .scalar(Grammar.size), required: true, "Its capacity."),
      Field("volumes", volumes, "Volumes of its own, by name; part of the layout without."),
    ])

  static let encryption = ObjectSchema(
    "an encryption",
    [Field("secret", .scalar(Grammar.name), required: true, "The secret of fleet.yaml that opens it.")])

  static let swap = ObjectSchema(
    "swap space",
    [
      Field("size", .scalar(Grammar.size), required: true, "How large it is."),
      Field("hibernate", .scalar(Grammar.boolean), "Whether the machine hibernates to it."),
      Field("encrypt", .scalar(Grammar.boolean), "Whether it is encrypted with a key that nobody keeps."),
      Field(
        "priority", .scalar(Grammar.integer(0...32767, "a priority from 0 to 32767")),
        "Which swap space is used first: the higher."),
    ])

  static let volume = ObjectSchema(
    "a volume",
    [
      Field(
        "size", .scalar(Grammar.volumeSize), required: true,
        "How much it takes, or rest; shared in btrfs and ZFS, where a size is a dataset's quota."),
      Field("format", .scalar(Grammar.choice(["ext4", "xfs", "btrfs", "zfs"])), "The file system."),
      Field("mount", .scalar(Grammar.text), "Where it is mounted."),
      Field("options", .list(.scalar(Grammar.mountOption), minimum: 1), "Mount options instead of defaults."),
    ])

  static let machine = ObjectSchema(
    "a virtual machine",
    [
      Field("memory", .scalar(memory), "Memory."),
      Field("processors", .scalar(Grammar.integer(1...256, "a number from 1 to 256")), "Processors."),
    ])

  static let kernel = ObjectSchema(
    "the kernel",
    [
      Field("modules", .list(.scalar(kernelModule), minimum: 0), "Modules loaded at boot."),
      Field("arguments", .list(.scalar(kernelWord), minimum: 0), "Words of the command line."),
    ])

  static let firstBoot = ObjectSchema(
    "first-boot automation",
    [
      Field("enable", .scalar(Grammar.boolean), "Whether the node has first-boot units."),
      Field("executable", .scalar(Grammar.path), "The on-node executable."),
      Field("state-directory", .scalar(Grammar.fileName), "Directory of the markers, below /var/lib."),
      Field("cluster-health", .scalar(Grammar.boolean), "Whether every endpoint is asked at the end."),
      Field("cluster-health-timeout", .scalar(Grammar.limit), "How long that check waits."),
    ])

  /// There is one in May and one in November.
  private static let release = ScalarType("a NixOS release such as 25.11", pattern: "^[0-9]{2}\\.(05|11)$") {
    text in
    let bytes = Array(text.utf8)
    return bytes.count == 5 && bytes[0..<2].allSatisfy { (48...57).contains($0) }
      && (text.hasSuffix(".05") || text.hasSuffix(".11"))
  }

  private static let publicKey = ScalarType(
    "an OpenSSH public key such as ssh-ed25519 AAAA… name", pattern: "^(ssh-|ecdsa-|sk-)", isUnique: true
  ) { PublicKeyText.isWellFormed($0) }

  private static let sysctlKey = ScalarType(
    "a kernel parameter such as net.core.somaxconn", pattern: "^[a-z0-9_]+(\\.[A-Za-z0-9_-]+)+$"
  ) { text in
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isPart = { (part: Substring, capitals: Bool) in
      !part.isEmpty
        && part.utf8.allSatisfy {
          (97...122).contains($0) || (48...57).contains($0) || $0 == 95
            || (capitals && ((65...90).contains($0) || $0 == 45))
        }
    }
    return parts.count > 1 && text.utf8.count <= 255 && isPart(parts[0], false)
      && parts.dropFirst().allSatisfy { isPart($0, true) }
  }

  private static let sysctlValue = ScalarType("a value of a kernel parameter") { text in
    !text.isEmpty && text.utf8.allSatisfy { (32...126).contains($0) } && text.utf8.count <= 256
  }

  private static let kernelModule = ScalarType(
    "a kernel module such as br_netfilter", pattern: "^[A-Za-z0-9_-]+$", isUnique: true
  ) { text in Grammar.fileName.accepts(text) && !text.contains(".") && !text.contains("+") }

  /// An attribute of nixpkgs, or a package of a distribution.
  private static let package = ScalarType(
    "a package such as curl or python3Packages.requests", pattern: "^[A-Za-z0-9_][A-Za-z0-9_.+-]*$",
    isUnique: true
  ) { text in
    Grammar.fileName.accepts(text) && text.utf8.first != 43 && text.utf8.first != 45
      && text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { !$0.isEmpty }
  }

  private static let memory = ScalarType(
    "memory in whole MiB from 128MiB to 16TiB", pattern: "^[0-9]+(B|KiB|MiB|GiB|TiB)$"
  ) { text in
    ByteCount(text).map { $0.bytes % (1 << 20) == 0 && (128 << 20...16 << 40).contains($0.bytes) } ?? false
  }

  private static let kernelWord = ScalarType("a word of the kernel's command line", pattern: "^[^ \"#]+$") {
    text in
    !text.isEmpty && text.utf8.count <= 256
      && text.utf8.allSatisfy { (33...126).contains($0) && $0 != 34 && $0 != 35 }
  }
}

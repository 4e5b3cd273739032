internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// The disks that a node's settings ask for.
extension NodeSettings {
  var disk: DiskRequest? {
    guard let node = tree["disk"], let layout = node.sourced("layout", DiskRequest.Layout.init(rawValue:)),
      let device = node.sourced("device", TargetPath.init), let size = node.sourced("size", ByteCount.init)
    else { return nil }
    let group = Name("pool").map { Sourced($0, .standard("disk.group")) } ?? entry.name
    var disk = DiskRequest(
      layout: layout, device: device, serial: node.text("serial"), size: size,
      firmware: node.sourced(
        "firmware", DiskRequest.Firmware.init(rawValue:), default: .uefi, named: "disk.firmware"),
      boot: node.sourced("boot", ByteCount.init, default: ByteCount(bytes: 512 << 20), named: "disk.boot"),
      volumeGroup: node.sourced("group", Name.init) ?? group, volumes: [])
    if let generations = node.integer("generations") { disk.generations = generations }
    if let size = node.sourced("generation-size", ByteCount.init) { disk.generationSize = size }
    disk.redundancy = node.sourced("raid", DiskRequest.Redundancy.init(rawValue:))
    let format =
      switch layout.value {
      case .btrfs: "btrfs"
      case .zfs: "zfs"
      case .mirror where disk.redundancy?.value.isZFS == true: "zfs"
      case .singleExt4, .lvm, .mirror, .luksLVM: "ext4"
      }
    disk.volumes = volumes(node, format: format)
    disk.others = node.named("disks").compactMap(otherDisk).sorted { $0.name.value < $1.name.value }
    disk.encryption = node["encryption"].flatMap(encryption)
    disk.swap = node["swap"].flatMap(swap)
    disk.memory = tree["machine"]?.sourced("memory", ByteCount.init)
    return disk
  }

  private func otherDisk(_ name: Sourced<Name>, _ node: YAMLNode) -> DiskRequest.Disk? {
    guard let device = node.sourced("device", TargetPath.init),
      let size = node.sourced("size", ByteCount.init)
    else { return nil }
    return DiskRequest.Disk(
      name: name, device: device, serial: node.text("serial"), size: size,
      volumes: volumes(node, format: "ext4"))
  }

  private func encryption(_ node: YAMLNode) -> DiskRequest.Encryption? {
    node.sourced("secret", Name.init).map { secret in
      let declared = fleet.secrets[secret.value]
      return DiskRequest.Encryption(secret: secret, scope: declared?.scope.value, kind: declared?.kind.value)
    }
  }

  private func swap(_ node: YAMLNode) -> DiskRequest.Swap? {
    guard let size = node.sourced(ByteCount.init) ?? node.sourced("size", ByteCount.init) else { return nil }
    return DiskRequest.Swap(
      size: size, hibernates: node.boolean("hibernate", default: false, named: "swap.hibernate"),
      isEncrypted: node.boolean("encrypt", default: false, named: "swap.encrypt"),
      priority: node.integer("priority"))
  }

  private func volumes(_ node: YAMLNode, format: String) -> [DiskRequest.Volume] {
    node.named("volumes").compactMap { volume($0, $1, format: format) }
  }

  private func volume(_ name: Sourced<Name>, _ node: YAMLNode, format: String) -> DiskRequest.Volume? {
    let parse = { (text: String) -> DiskRequest.Volume.Size? in
      switch text {
      case "rest": .rest
      case "shared": .shared
      default: ByteCount(text).map(DiskRequest.Volume.Size.bytes)
      }
    }
    guard let size = node.sourced(parse) ?? node.sourced("size", parse) else { return nil }
    let standardMounts = [
      "root": "/", "data": "/var/lib", "home": "/home", "var": "/var", "log": "/var/log", "nix": "/nix",
    ]
    let mount = standardMounts[name.value.description] ?? "/\(name.value)"
    return DiskRequest.Volume(
      name: name, size: size, format: node.text("format") ?? Sourced(format, .standard("volume.format")),
      mountPoint: node.text("mount") ?? Sourced(mount, .standard("volume.mount")),
      options: node.list("options") { $0 })
  }
}

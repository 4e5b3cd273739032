public import Artifacts
public import Diagnostics
internal import DiskPlanning
public import FleetModel
internal import JSONText

extension NixEmission {
  /// `install.json`, relative to the node's folder; no file for a node that does not run NixOS.
  ///
  /// Its `argv` is run without a shell in the folder above the fleet's, whose paths it has. Host keys
  /// are not checked by nixos-anywhere, and `--chown` cuts long paths: modes and owners are those of
  /// `extra-files`.
  public static func installPlan(for node: Node) -> Checked<[Artifact]> {
    guard node.target.isNixOS else { return Checked([]) }
    let file = bytes(InstallPlan(node: node).json.pretty, at: "install.json", .install, node.name.origin)
    return Checked([file].compactMap { $0 })
  }
}

/// How nixos-anywhere is called for a node, and what must hold before it is.
private struct InstallPlan {
  /// nixos-anywhere waits without end for ssh, for kexec and for the reboot: whoever runs it stops it
  /// after so many seconds.
  private static let timeLimits: [(phase: String, seconds: Int)] = [
    ("kexec", 900), ("disko", 900), ("install", 3600), ("reboot", 900),
  ]

  let node: Node

  var json: JSONValue {
    let phases = Self.timeLimits.map(\.phase)
    return .object([
      "version": .integer(1),
      "node": .string(node.name.value.description),
      "argv": .strings(arguments(phases)),
      "phases": .strings(phases),
      "timeLimits": .object(Self.timeLimits.map { JSONValue.Member($0.phase, .integer($0.seconds)) }),
      "disk": plan?.disks.first.map(identity),
      "storage": plan.map(storage),
    ])
  }

  /// The layout: cheap to plan again, and the same each time.
  private var plan: DiskPlan? { node.disk.flatMap { DiskPlanner.plan($0).value } }

  private func arguments(_ phases: [String]) -> [String] {
    let folder = node.fleet.description
    let name = node.name.value.description
    var words = [
      "nixos-anywhere", "--flake", "path:\(folder)/flake#\(name)", "--phases", phases.joined(separator: ","),
      "--build-on", "local",
    ]
    if node.outputs.contains(.extraFiles), !node.deliveries.isEmpty {
      words += ["--extra-files", "\(folder)/\(name)/extra-files"]
    }
    if let encryption = node.disk?.encryption, let path = plan?.passphrasePaths.first {
      words += ["--disk-encryption-keys", path, "\(folder)/\(name)/disk-keys/\(encryption.secret.value)"]
    }
    return words + ["--target-host", "root@\(node.access.sshHost.value)"]
  }

  /// What a disk must be before it is wiped: an equal serial number, and at least this size.
  private func identity(_ disk: DiskPlan.Disk) -> JSONValue {
    .object([
      "device": .string(disk.device.value.description),
      "serial": disk.serial.map { .string($0.value) },
      "bytes": .integer(Int(clamping: disk.size.value.bytes)),
    ])
  }

  /// What will be on the disks, and the lines of fstab that follow from it.
  private func storage(_ plan: DiskPlan) -> JSONValue {
    .object([
      "disks": .array(plan.disks.map(disk)),
      "arrays": plan.arrays.isEmpty ? nil : .array(plan.arrays.map(array)),
      "groups": plan.volumeGroups.isEmpty ? nil : .array(plan.volumeGroups.map(group)),
      "pools": plan.pools.isEmpty ? nil : .array(plan.pools.map(pool)),
      "mounts": .array((plan.mounts + plan.swaps).map(mount)),
    ])
  }

  private func disk(_ disk: DiskPlan.Disk) -> JSONValue {
    .object([
      "name": .string(disk.name.value.description),
      "device": .string(disk.device.value.description),
      "serial": disk.serial.map { .string($0.value) },
      "bytes": .integer(Int(clamping: disk.size.value.bytes)),
      "partitions": .array(
        disk.partitions.map { partition in
          .object([
            "number": .integer(partition.number),
            "name": .string(partition.name),
            "label": .string(partition.label),
            "type": .string(partition.type.rawValue),
            "first": .integer(Int(clamping: partition.sectors.lowerBound)),
            "last": .integer(Int(clamping: partition.sectors.upperBound)),
          ])
        }),
    ])
  }

  private func array(_ array: DiskPlan.RAIDArray) -> JSONValue {
    .object([
      "name": .string(array.name), "level": .integer(array.level), "metadata": .string(array.metadata),
      "disks": .strings(array.members), "bytes": .integer(Int(clamping: array.bytes)),
    ])
  }

  private func group(_ group: DiskPlan.VolumeGroup) -> JSONValue {
    .object([
      "name": .string(group.name.value.description), "extents": .integer(Int(clamping: group.extents)),
      "volumes": .array(
        group.volumes.map { volume in
          .object([
            "name": .string(volume.name.value.description),
            "extents": .integer(Int(clamping: volume.extents)),
          ])
        }),
    ])
  }

  private func pool(_ pool: DiskPlan.Pool) -> JSONValue {
    .object([
      "name": .string(pool.name.value.description),
      "mode": pool.redundancy.map { .string($0.value.rawValue) },
      "bytes": .integer(Int(clamping: pool.bytes)),
      "datasets": .strings(pool.datasets.map(\.name.value.description)),
    ])
  }

  /// A line of fstab(5).
  private func mount(_ mount: DiskPlan.Mount) -> JSONValue {
    .object([
      "source": .string(mount.source), "target": .string(mount.mountPoint), "format": .string(mount.format),
      "options": .strings(mount.options), "pass": .integer(mount.pass),
    ])
  }
}

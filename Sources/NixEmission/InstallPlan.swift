public import Artifacts
public import Diagnostics
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
      "disk": node.disk.map(disk),
    ])
  }

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
    return words + ["--target-host", "root@\(node.access.sshHost.value)"]
  }

  /// What the disk must be before it is wiped: an equal serial number, and at least this size.
  private func disk(_ request: DiskRequest) -> JSONValue {
    .object([
      "device": .string(request.device.value.description),
      "serial": request.serial.map { .string($0.value) },
      "bytes": .integer(Int(clamping: request.size.value.bytes)),
    ])
  }
}

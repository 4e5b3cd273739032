public import Artifacts
public import Diagnostics
public import FleetModel

/// Writes `vm/`: scripts that make the node's disk and start the node under QEMU, with the addresses,
/// the serial number and the network that its profile gives it.
public enum MachineEmission {
  /// The files of a node; `create-disk` only where the disk is ours.
  public static func artifacts(for node: Node, of fleet: Fleet) -> Checked<[Artifact]> {
    let disks = MachineDisk.all(node.disk)
    for disk in disks where !disk.isSerialPlain {
      return Checked(
        nil,
        Report(
          Diagnostic(
            NetbootRules.diskSerial,
            "serial number '\(disk.serial ?? "")' would not arrive as it is", at: disk.origin?.span,
            help: "use at most \(MachineDisk.serialLimit) letters, digits, dots, hyphens, underscores",
            node: node.name.value.description)))
    }
    let name = node.name.value.description
    let launch = LaunchScript(node: node, disks: disks, networks: fleet.networks.keys.sorted())
    var files = [("vm/launch", ArtifactKind.launch, launch.text, node.machine.memory.origin)]
    if let request = node.disk {
      let script = DiskScript(
        node: name, fleet: node.fleet.description, size: request.size.value,
        others: request.others.map { ($0.name.value, $0.size.value) })
      files.append(("vm/create-disk", .disk, script.text, request.size.origin))
    }
    return Checked(
      files.compactMap { path, kind, text, origin in
        ArtifactPath(path).map {
          Artifact($0, mode: 0o755, kind: kind, content: .bytes(Array(text.utf8)), origin: origin)
        }
      })
  }
}

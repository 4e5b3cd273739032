internal import Diagnostics
internal import FleetModel

/// Names of disks. A link in /dev/disk/by-id is made of the disk's own serial number, so that it says
/// more than a path: it can be held against the serial that is given, and two machines never share one.
enum DiskIdentity {
  private static let folder = "/dev/disk/by-id/"

  /// Whether a device is a whole disk, and the one with that serial number.
  static func report(on device: Sourced<TargetPath>, serial: Sourced<String>?) -> Report {
    let path = device.value.description
    guard path.hasPrefix(folder) else { return Report() }
    let name = path.dropFirst(folder.utf8.count)
    if let mark = name.ranges(of: "-part").last, !name[mark.upperBound...].isEmpty,
      name[mark.upperBound...].utf8.allSatisfy({ (48...57).contains($0) })
    {
      return Report(
        Diagnostic(
          MeaningRules.wrongDisk, "\(path) is a partition", at: device.span,
          help: "name the whole disk: \(folder)\(name[..<mark.lowerBound])"))
    }
    // virtio shows twenty bytes of a serial number; eui and wwn links are made of another number.
    guard let serial, ["virtio-", "ata-", "nvme-"].contains(where: name.hasPrefix),
      !["nvme-eui.", "nvme-uuid.", "nvme-nvme."].contains(where: name.hasPrefix),
      !name.contains(serial.value.prefix(20))
    else { return Report() }
    return Report(
      Diagnostic(
        MeaningRules.wrongDisk, "\(name) is not the disk with serial number \(serial.value)", at: device.span,
        related: serial.span.map { [Label("the serial number", at: $0)] } ?? [],
        help: "the name ends in the disk's own serial number: ls -l \(folder) on the machine"))
  }

  /// What is said of a device that another node has.
  static func duplicate(_ device: Sourced<TargetPath>, of node: Name, _ first: Sourced<Name>) -> Report {
    guard device.value.description.hasPrefix(folder) else { return Report() }
    return Report(
      Diagnostic(
        MeaningRules.duplicateDisk, "\(device.value) is already \(first.value)'s disk", at: device.span,
        related: first.span.map { [Label("first used here", at: $0)] } ?? [],
        help: "name the disk of \(node) itself: ls -l \(folder) there", node: node.description))
  }
}

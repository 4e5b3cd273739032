import Diagnostics
import FleetModel

/// A node's disk as a QEMU device, such that the guest finds it where the profile says.
struct MachineDisk {
  /// Devices of QEMU's that a disk can be.
  enum Model: String {
    case virtio = "virtio-blk-pci"
    case nvme
    case sata = "ide-hd"
    case scsi = "scsi-hd"
  }

  /// Longest serial number of a virtio disk (virtio 1.2, 5.2.6).
  static let serialLimit = 20

  /// What it is.
  let model: Model
  /// Its serial number; `nil` where nobody asks.
  let serial: String?

  /// Makes the disk of a request; without a request a virtio disk.
  init(_ request: DiskRequest?) {
    let device = request?.device.value.description ?? "/dev/vda"
    let link = device.hasPrefix(Self.links) ? device.dropFirst(Self.links.utf8.count) : ""
    model = Self.model(of: device, link: link)
    // udev calls a virtio disk `virtio-SERIAL`: the device's name is as good as a serial number.
    let named = link.hasPrefix("virtio-") ? String(link.dropFirst(7)) : nil
    // QEMU's NVMe disk has to have one.
    serial = request?.serial?.value ?? named ?? (model == .nvme ? "imagegen" : nil)
  }

  private static let links = "/dev/disk/by-id/"

  private static func model(of device: String, link: Substring) -> Model {
    if device.hasPrefix("/dev/nvme") || link.hasPrefix("nvme-") { return .nvme }
    if link.hasPrefix("ata-") { return .sata }
    if device.hasPrefix("/dev/sd") || link.hasPrefix("scsi-") { return .scsi }
    return .virtio
  }

  /// Whether the serial number arrives in the guest as it is.
  var isSerialPlain: Bool {
    guard let serial else { return true }
    return (1...Self.serialLimit).contains(serial.utf8.count)
      && serial.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || $0 == 45 || $0 == 46 || $0 == 95
      }
  }

  /// The argument of `-device`, for the drive `disk0`, without a place in the boot order.
  var device: String {
    "\(model.rawValue),drive=disk0" + (serial.map { ",serial=\($0)" } ?? "")
  }
}

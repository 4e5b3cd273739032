import Diagnostics
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

  /// Which one it is, from 0.
  let number: Int
  /// disko's name of it; `nil` for the first, whose file is called like the node.
  let name: Name?
  /// Where the profile says its serial number, else its device.
  let origin: Origin?

  /// The disks of a request, the first first; without a request a virtio disk.
  static func all(_ request: DiskRequest?) -> [MachineDisk] {
    guard let request else { return [MachineDisk(nil, number: 0)] }
    return ([request.first] + request.others).enumerated().map { MachineDisk($1, number: $0) }
  }

  private init(_ request: DiskRequest.Disk?, number: Int) {
    self.number = number
    name = number == 0 ? nil : request?.name.value
    origin = request?.serial?.origin ?? request?.device.origin
    let device = request?.device.value.description ?? "/dev/vda"
    let link = device.hasPrefix(Self.links) ? device.dropFirst(Self.links.utf8.count) : ""
    model = Self.model(of: device, link: link)
    // udev calls a virtio disk `virtio-SERIAL`: the device's name is as good as a serial number.
    let named = link.hasPrefix("virtio-") ? String(link.dropFirst(7)) : nil
    // QEMU's NVMe disk has to have one.
    serial =
      request?.serial?.value ?? named ?? (model == .nvme ? "imagegen\(number == 0 ? "" : "\(number)")" : nil)
  }

  /// The serial number that a machine must show for a disk: the profile's, or the one in the name of its link.
  /// Blanks are left out, as they are where it is read.
  static func serial(of disk: DiskRequest.Disk) -> String? {
    let device = disk.device.value.description
    let named = device.hasPrefix(links + "virtio-") ? String(device.dropFirst(links.utf8.count + 7)) : nil
    let serial = (disk.serial?.value ?? named)?.filter { !$0.isWhitespace }
    return serial.flatMap { $0.isEmpty ? nil : $0 }
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

  /// The argument of `-device`, for its drive, without a place in the boot order.
  var device: String {
    "\(model.rawValue),drive=disk\(number)" + (serial.map { ",serial=\($0)" } ?? "")
  }
}

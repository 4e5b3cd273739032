import Diagnostics
import FleetModel

extension DiskRequest {
  /// The layout of the three-node cluster: ESP of 512 MiB, root of 80 GiB, data the rest.
  static func example(layout: Layout = .lvm) -> DiskRequest {
    let data = Volume.example("data", .rest, "/var/lib")
    let root = Volume.example("root", layout == .lvm ? .bytes(ByteCount(bytes: 80 << 30)) : .rest, "/")
    return DiskRequest(
      layout: here(layout), device: here(unchecked(TargetPath("/dev/disk/by-id/virtio-node01"))), serial: nil,
      size: here(ByteCount(bytes: 100 << 30)), firmware: here(.uefi), boot: here(ByteCount(bytes: 512 << 20)),
      volumeGroup: Sourced(unchecked(Name("pool")), .standard("disk.group")),
      volumes: layout == .lvm ? [root, data] : [root])
  }
}

extension DiskRequest.Volume {
  static func example(_ name: String, _ size: Size, _ mountPoint: String, format: String = "ext4") -> Self {
    DiskRequest.Volume(
      name: here(unchecked(Name(name))), size: here(size), format: here(format), mountPoint: here(mountPoint))
  }
}

/// A value from some profile line.
func here<Value>(_ value: Value) -> Sourced<Value> {
  Sourced(value, .profile(Span(source: SourceID(index: 0), start: 1, end: 2)))
}

/// A literal of the tests that its grammar takes.
func unchecked<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("a test's own literal is wrong") }
  return value
}

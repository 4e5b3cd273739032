import Diagnostics
import DiskPlanning
import FleetModel
import Pictures
import Testing

@Suite struct DiskPictureTests {
  private func plan(
    _ layout: DiskRequest.Layout, _ firmware: DiskRequest.Firmware, _ sizes: [DiskRequest.Volume.Size]
  ) throws -> DiskPlan {
    try #require(DiskPlanner.plan(request(layout, firmware, sizes)).value)
  }

  private func request(
    _ layout: DiskRequest.Layout, _ firmware: DiskRequest.Firmware, _ sizes: [DiskRequest.Volume.Size]
  ) throws -> DiskRequest {
    let mounts = ["/", "/var/lib", "/srv/a/long/way/down/to/the/place"]
    let volumes = try sizes.enumerated().map { index, size in
      DiskRequest.Volume(
        name: said(try #require(Name("v\(index)"))), size: said(size), format: said("ext4"),
        mountPoint: said(mounts[index]))
    }
    return DiskRequest(
      layout: said(layout), device: said(try #require(TargetPath("/dev/disk/by-id/virtio-x"))),
      serial: said("x"), size: said(gibibytes(100)), firmware: said(firmware),
      boot: said(ByteCount(bytes: 512 << 20)), volumeGroup: said(try #require(Name("pool"))), volumes: volumes
    )
  }

  private func said<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, .standard("test")) }

  private func gibibytes(_ number: UInt64) -> ByteCount { ByteCount(bytes: number << 30) }

  @Test func `partitions and the volumes in them are there with their sizes`() throws {
    let read = try SVGReader(
      DiskPicture.svg(try plan(.lvm, .uefi, [.bytes(gibibytes(80)), .rest]), title: "here"))
    #expect(read.title == "Disk of here")
    #expect(read.texts.contains("/dev/disk/by-id/virtio-x, 100 GiB, GPT, uefi, serial number x"))
    for text in [
      "1 ESP", "512 MiB", "2 pv", "99.4 GiB", "volume group pool", "v0", "80 GiB", "/", "19.4 GiB",
    ] {
      #expect(read.texts.contains(text), "\(text)")
    }
    #expect(read.titles.contains("partition 1 disk-main-ESP, type EF00, sectors 2048 to 1050623"))
    #expect(read.titles.contains("/dev/pool/v0, 20480 extents of 4 MiB"))
    #expect(!read.texts.contains("free"))
  }

  @Test func `what nobody takes is free`() throws {
    let plan = try plan(.singleExt4, .bios, [.bytes(gibibytes(20)), .bytes(gibibytes(1))])
    let read = try SVGReader(DiskPicture.svg(plan, title: "here"))
    #expect(read.texts.contains("1 bios") && read.texts.contains("GRUB's image"))
    #expect(read.texts.contains("free") && read.texts.contains("78.4 GiB"))
  }

  @Test func `parts fill the row, and none is too narrow to be read`() throws {
    let plan = try plan(.singleExt4, .bios, [.rest, .bytes(gibibytes(1)), .bytes(gibibytes(2))])
    let svg = String(decoding: DiskPicture.svg(plan, title: "here"), as: UTF8.self)
    let boxes = svg.split(separator: "\n").compactMap { line -> (x: Double, width: Double)? in
      guard let box = line.firstRange(of: "</title><rect ") else { return nil }
      let part = line[box.upperBound...]
      return attribute("x", part).flatMap { x in attribute("width", part).map { (x, $0) } }
    }
    #expect(boxes.count == 5)
    #expect(boxes.allSatisfy { $0.width >= 117.9 })
    for (left, right) in zip(boxes, boxes.dropFirst()) {
      #expect(abs(left.x + left.width - right.x) < 0.2)
    }
    #expect(abs(boxes.reduce(0) { $0 + $1.width } - 880) < 1)
    // A path too long for its box is shortened, and its name is not lost.
    #expect(svg.contains("/srv/a/long/…"))
  }

  @Test func `several disks are drawn one below the other, and what they form once`() throws {
    var request = try request(.mirror, .uefi, [.bytes(gibibytes(20)), .rest])
    request.others = [
      DiskRequest.Disk(
        name: said(try #require(Name("second"))),
        device: said(try #require(TargetPath("/dev/disk/by-id/virtio-y"))), serial: said("y"),
        size: said(gibibytes(100)), volumes: [])
    ]
    let plan = try #require(DiskPlanner.plan(request).value)
    let read = try SVGReader(DiskPicture.svg(plan, title: "here"))
    #expect(read.title == "Disks of here")
    for disk in ["main: /dev/disk/by-id/virtio-x", "second: /dev/disk/by-id/virtio-y"] {
      #expect(read.texts.count { $0.hasPrefix(disk) } == 1, "\(disk)")
    }
    #expect(read.texts.count { $0 == "raid1 array data" } == 2)
    #expect(read.texts.count { $0 == "v0" } == 1 && read.texts.count { $0 == "v1" } == 1)
    #expect(read.texts.contains("/boot") && read.texts.contains("/boot-second"))
  }

  private func attribute(_ name: String, _ text: Substring) -> Double? {
    guard let start = text.firstRange(of: " \(name)=\"") else { return nil }
    return Double(text[start.upperBound...].prefix { $0 != "\"" })
  }
}

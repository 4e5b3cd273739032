import Diagnostics
import DiskPlanning
import FleetModel
import SeededRandom
import Testing

@Suite struct LayoutTests {
  /// A request of a layout with root and data, on so many disks.
  private func request(
    _ layout: DiskRequest.Layout, _ redundancy: DiskRequest.Redundancy? = nil, disks: Int = 1,
    gibibytes: UInt64 = 40
  ) -> DiskRequest {
    var request = DiskRequest.example(layout: layout)
    let isShared = layout == .btrfs || layout == .zfs || redundancy?.isZFS == true
    let format = layout == .btrfs ? "btrfs" : isShared ? "zfs" : "ext4"
    request.size.value = ByteCount(bytes: gibibytes << 30)
    request.redundancy = redundancy.map(here)
    request.volumes = [
      .example("root", isShared ? .shared : .bytes(ByteCount(bytes: 8 << 30)), "/", format: format),
      .example("data", isShared ? .shared : .rest, "/var/lib", format: format),
    ]
    request.others = (1..<max(disks, 1)).map { index in
      DiskRequest.Disk(
        name: here(unchecked(Name("disk\(index)"))),
        device: here(unchecked(TargetPath("/dev/disk/by-id/virtio-other\(index)"))), serial: nil,
        size: here(ByteCount(bytes: gibibytes << 30)), volumes: [])
    }
    if layout == .luksLVM { request.encryption = encryption }
    return request
  }

  private var encryption: DiskRequest.Encryption {
    DiskRequest.Encryption(secret: here(unchecked(Name("disk"))), scope: .node, kind: .password)
  }

  private func codes(_ request: DiskRequest) -> [String] {
    let checked = DiskPlanner.plan(request)
    #expect((checked.value == nil) == checked.report.hasErrors)
    #expect(checked.report.diagnostics.allSatisfy { $0.span != nil })
    return checked.report.sorted.map(\.code.description)
  }

  /// What disko's own scripts made of the examples in a machine with mdadm 4.2, LVM 2.03.16 and cryptsetup 2.6.
  @Test func `Arrays and groups are as large as real ones`() throws {
    var mirror = request(.mirror, disks: 2, gibibytes: 80)
    var plan = try #require(DiskPlanner.plan(mirror).value)
    #expect(plan.arrays.map(\.bytes) == [83_293_184 << 10])
    #expect(plan.volumeGroups.map(\.extents) == [20_335])
    mirror = request(.mirror, .raid5, disks: 3)
    mirror.encryption = encryption
    plan = try #require(DiskPlanner.plan(mirror).value)
    #expect(plan.arrays.map(\.bytes) == [84_752_203_776])
    #expect(plan.volumeGroups.map(\.extents) == [20_202])
    plan = try #require(DiskPlanner.plan(request(.luksLVM, gibibytes: 60)).value)
    #expect(plan.volumeGroups.map(\.extents) == [15_227])
  }

  /// A member has (40 GiB - 1 MiB - 512 MiB of ESP - what alignment leaves) / 512 = 82833408 sectors.
  @Test func `What LUKS, mdraid and ZFS keep for themselves is counted`() throws {
    let member: UInt64 = 82_833_408 * 512
    var plan = try #require(DiskPlanner.plan(request(.luksLVM)).value)
    #expect(plan.partitions.last?.bytes == member)
    // 16 MiB of LUKS2's header, a mebibyte of LVM's.
    #expect(plan.volumeGroups.first?.extents == (member - 17 << 20) / 4 << 20)
    plan = try #require(DiskPlanner.plan(request(.mirror, disks: 2)).value)
    // mdadm halves its 128 MiB until they are a thousandth of 39.5 GiB: 32 MiB, and one for bitmap and superblock.
    #expect(plan.arrays.map(\.bytes) == [member - 33 << 20])
    #expect(plan.arrays.map(\.level) == [1])
    plan = try #require(DiskPlanner.plan(request(.mirror, .raid5, disks: 3)).value)
    #expect(plan.arrays.map(\.bytes) == [2 * (member - 33 << 20)])
    plan = try #require(DiskPlanner.plan(request(.mirror, .raid10, disks: 4)).value)
    #expect(plan.arrays.map(\.bytes) == [2 * (member - 33 << 20)])
    plan = try #require(DiskPlanner.plan(request(.zfs, .raidz1, disks: 3)).value)
    let pool = 2 * (member - 9 << 19)
    #expect(plan.pools.map(\.bytes) == [pool - pool / 32])
  }

  @Test func `A machine that may lose a disk boots from each of them`() throws {
    let uefi = try #require(DiskPlanner.plan(request(.mirror, disks: 2)).value)
    #expect(uefi.bootMounts == ["/boot", "/boot-disk1"])
    let boots = uefi.mounts.filter { $0.mountPoint.hasPrefix("/boot") }
    #expect(boots.allSatisfy { $0.options == ["umask=0077", "nofail"] }, "a lost disk stops no start")
    var bios = request(.mirror, .mirror, disks: 2)
    bios.firmware.value = .bios
    let plan = try #require(DiskPlanner.plan(bios).value)
    #expect(plan.bootMounts == ["/boot"])
    #expect(plan.arrays.map(\.metadata) == ["1.0"])
    // As mdadm 4.2 makes it of two partitions of 512 MiB.
    #expect(plan.arrays.map(\.bytes) == [536_805_376])
    #expect(plan.disks.allSatisfy { $0.partitions.first?.type == .biosBoot })
    // A stripe is lost with any disk: there is nothing to boot without it.
    let stripe = try #require(DiskPlanner.plan(request(.zfs, .stripe, disks: 2)).value)
    #expect(stripe.bootMounts == ["/boot"])
  }

  @Test func `Each level has its least number of disks`() {
    let least: [(DiskRequest.Redundancy, Int)] = [
      (.raid1, 2), (.raid5, 3), (.raid6, 4), (.raid10, 4), (.mirror, 2), (.raidz1, 2), (.raidz2, 3),
      (.raidz3, 4),
    ]
    for (redundancy, count) in least {
      #expect(codes(request(.mirror, redundancy, disks: count)).isEmpty, "\(redundancy)")
      #expect(codes(request(.mirror, redundancy, disks: count - 1)) == ["DK014"], "\(redundancy)")
    }
    #expect(codes(request(.mirror, .raid10, disks: 5)) == ["DK014"])
    #expect(codes(request(.zfs, disks: 2)) == ["DK014"])
    #expect(codes(request(.btrfs, disks: 2)) == ["DK014"])
    #expect(codes(request(.lvm, disks: 2)).isEmpty)
  }

  @Test func `What services were promised is held against the volume it is on`() {
    var request = request(.lvm)
    let state = { (path: String, gibibytes: UInt64) in
      DiskRequest.State(
        path: unchecked(TargetPath(path)), size: here(ByteCount(bytes: gibibytes << 30)))
    }
    // data has 31.5 GiB, root 8.
    request.state = [state("/var/lib/a", 20), state("/var/lib/b", 11), state("/srv/x", 8)]
    #expect(codes(request).isEmpty)
    request.state.append(state("/var/lib/c", 1))
    #expect(codes(request) == ["DK016"])
    request.state = [state("/srv/x", 9)]
    #expect(codes(request) == ["DK016"])
    request.state = [state("/var/lib/a", 1 << 30), state("/var/lib/b", 1 << 33)]
    #expect(codes(request) == ["DK016"])
  }

  @Test func `No layout, disk or size makes the planner stop or lay one thing over another`() {
    let seed = SeededGenerator.seed
    var generator = SeededGenerator(seed: seed)
    var plans = 0
    for _ in 0..<3000 {
      let layout = DiskRequest.Layout.allCases.randomElement(using: &generator) ?? .lvm
      let redundancy =
        Bool.random(using: &generator)
        ? DiskRequest.Redundancy.allCases.randomElement(using: &generator) : nil
      var request = request(layout, redundancy, disks: Int.random(in: 1...5, using: &generator))
      request.firmware.value = Bool.random(using: &generator) ? .uefi : .bios
      if Bool.random(using: &generator) {
        request.swap = DiskRequest.Swap(
          size: here(ByteCount(bytes: (generator.next() >> 44) << 22)),
          hibernates: here(Bool.random(using: &generator)), isEncrypted: here(Bool.random(using: &generator)))
      }
      if Int.random(in: 0...3, using: &generator) == 0 { request.encryption = encryption }
      request.size.value = ByteCount(
        bytes: (generator.next() >> UInt64.random(in: 8...40, using: &generator)) / 512 * 512)
      guard let plan = DiskPlanner.plan(request).value else { continue }
      plans += 1
      for disk in plan.disks {
        for (one, next) in zip(disk.partitions, disk.partitions.dropFirst()) {
          #expect(one.sectors.upperBound < next.sectors.lowerBound, "seed \(seed)")
        }
        let last = disk.partitions.last?.sectors.upperBound ?? 0
        #expect(last < disk.size.value.bytes / 512 - 33, "seed \(seed)")
      }
      let labels = plan.partitions.map(\.label)
      #expect(Set(labels).count == labels.count && labels.allSatisfy { $0.utf8.count <= 36 }, "seed \(seed)")
      for group in plan.volumeGroups {
        #expect(group.volumes.reduce(0) { $0 + $1.extents } <= group.extents, "seed \(seed)")
        let room = plan.partitions.reduce(0) { $0 + $1.bytes }
        #expect(group.extents <= room >> 22, "seed \(seed)")
      }
      let places = plan.mounts.map(\.mountPoint)
      #expect(Set(places).count == places.count && places.contains("/"), "seed \(seed)")
    }
    #expect(plans > 100, "seed \(seed): too few requests were sound to say anything")
  }
}

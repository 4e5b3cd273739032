import Diagnostics
import DiskPlanning
import FleetModel
import HostFiles
import SeededRandom
import Testing

@Suite struct DiskPlanTests {
  @Test func `The hundred gibibyte disk has the sectors and extents that sgdisk and LVM give it`() throws {
    let plan = try #require(DiskPlanner.plan(.example()).value)
    #expect(plan.partitions.map(\.sectors) == [2048...1_050_623, 1_050_624...209_713_151])
    #expect(plan.partitions.map(\.label) == ["disk-main-ESP", "disk-main-pv"])
    let group = try #require(plan.volumeGroups.first)
    #expect(group.extents == 25_471)
    #expect(group.volumes.map(\.extents) == [20_480, 4_991])
  }

  @Test func `fstab is expected with parents before children`() throws {
    let plan = try #require(DiskPlanner.plan(.example()).value)
    #expect(
      plan.mounts.map {
        "\($0.source) \($0.mountPoint) \($0.format) \($0.options.joined(separator: ",")) 0 \($0.pass)"
      }
        == [
          "/dev/pool/root / ext4 defaults 0 1",
          "/dev/disk/by-partlabel/disk-main-ESP /boot vfat umask=0077 0 2",
          "/dev/pool/data /var/lib ext4 defaults 0 2",
        ])
  }

  @Test(arguments: [DiskRequest.Firmware.uefi, .bios], [DiskRequest.Layout.lvm, .singleExt4])
  func `sgdisk lays the plan out in the same sectors`(
    firmware: DiskRequest.Firmware, layout: DiskRequest.Layout
  ) throws {
    var request = DiskRequest.example(layout: layout)
    request.firmware.value = firmware
    // Not a whole mebibyte, so that the end of the disk is unaligned.
    request.size.value = ByteCount(bytes: 100 << 30 + 512 * 777)
    let plan = try #require(DiskPlanner.plan(request).value)
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-disk-")
    let image = folder + "/disk"
    try HostFile.write([], to: image, mode: 0o600)
    #expect(
      try HostProgram.run([tool("truncate"), "--size", "\(request.size.value.bytes)", image]).status == 0)
    var arguments = [try tool("sgdisk"), "--align-end"]
    for partition in plan.partitions {
      let end = partition.size.value == .rest ? "-0" : "+\(partition.bytes >> 20)M"
      arguments += [
        "--new=\(partition.number):0:\(end)", "--typecode=\(partition.number):\(partition.type.rawValue)",
      ]
    }
    #expect(try HostProgram.run(arguments + [image]).status == 0)
    for partition in plan.partitions {
      let result = try HostProgram.run([tool("sgdisk"), "--info=\(partition.number)", image])
      let text = String(decoding: result.output, as: UTF8.self)
      #expect(text.contains("First sector: \(partition.sectors.lowerBound) "))
      #expect(text.contains("Last sector: \(partition.sectors.upperBound) "))
    }
    try HostFile.removeTree(folder)
  }

  private func tool(_ name: String) throws -> String {
    try #require(HostProgram.find(name), "\(name) is not installed")
  }
}

@Suite struct DiskRuleTests {
  private func codes(_ request: DiskRequest) -> [String] {
    let checked = DiskPlanner.plan(request)
    #expect((checked.value == nil) == checked.report.hasErrors)
    #expect(checked.report.diagnostics.allSatisfy { $0.span != nil })
    return checked.report.sorted.map(\.code.description)
  }

  @Test func `A sound layout has no findings`() {
    #expect(codes(.example()).isEmpty)
    #expect(codes(.example(layout: .singleExt4)).isEmpty)
  }

  @Test func `Each impossible layout is refused by its rule`() {
    let data = DiskRequest.Volume.example("data", .rest, "/var/lib")
    let root = DiskRequest.Volume.example("root", .bytes(ByteCount(bytes: 80 << 30)), "/")
    let cases: [(String, [DiskRequest.Volume])] = [
      ("DK001", [data]),
      ("DK001", []),
      ("DK002", [.example("root", .rest, "/"), data]),
      ("DK003", [.example("root", .bytes(ByteCount(bytes: 100 << 30)), "/")]),
      ("DK003", [.example("root", .bytes(ByteCount(bytes: 25_471 << 22)), "/"), data]),
      ("DK004", [root, .example("data", .rest, "/")]),
      ("DK005", [root, .example("root", .rest, "/var/lib")]),
      ("DK006", [root, .example("data", .rest, "var/lib")]),
      ("DK006", [root, .example("data", .rest, "/var/lib/")]),
      ("DK006", [root, .example("data", .rest, "/x/../..")]),
      ("DK006", [root, .example("data", .rest, "/boot")]),
      ("DK006", [root, .example("data", .rest, "/proc/x")]),
      ("DK007", [root, .example("data", .rest, "/var/lib", format: "ext5")]),
      ("DK010", [root, .example("data", .bytes(ByteCount(bytes: 0)), "/var/lib")]),
      ("DK010", [root, .example("data", .bytes(ByteCount(bytes: 3 << 20)), "/var/lib")]),
      ("DK011", [root, .example("my-data", .rest, "/var/lib")]),
    ]
    for (code, volumes) in cases {
      var request = DiskRequest.example()
      request.volumes = volumes
      #expect(codes(request) == [code], "\(volumes.map(\.mountPoint.value))")
    }
  }

  @Test func `The boot partition and the device are looked at`() {
    var request = DiskRequest.example()
    request.boot.value = ByteCount(bytes: 99 << 20)
    #expect(codes(request) == ["DK008"])
    request = .example()
    request.size.value = ByteCount(bytes: 100 << 30 + 1)
    #expect(codes(request) == ["DK010"])
    request = .example()
    request.device.value = TargetPath("/dev/sda") ?? request.device.value
    #expect(codes(request) == ["DK009"])
  }

  @Test func `Partition labels stay within what GPT holds`() throws {
    var request = DiskRequest.example(layout: .singleExt4)
    request.volumes.append(.example("abcdefghijklmnopqrstuvwxyz", .bytes(ByteCount(bytes: 1 << 30)), "/srv"))
    #expect(codes(request).isEmpty)
    request.volumes[1] = .example("abcdefghijklmnopqrstuvwxyza", .bytes(ByteCount(bytes: 1 << 30)), "/srv")
    #expect(codes(request) == ["DK012"])
    request.volumes[1] = .example("boot", .bytes(ByteCount(bytes: 1 << 30)), "/srv")
    #expect(codes(request).isEmpty)
    request.firmware.value = .bios
    #expect(codes(request) == ["DK005"])
  }

  @Test func `No size makes the planner stop or lay partitions over each other`() throws {
    let seed = SeededGenerator.seed
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<2000 {
      var request = DiskRequest.example(layout: Bool.random(using: &generator) ? .lvm : .singleExt4)
      request.size.value = ByteCount(bytes: generator.next() >> UInt64.random(in: 0...60, using: &generator))
      request.boot.value = ByteCount(
        bytes: (generator.next() >> UInt64.random(in: 0...44, using: &generator)) << 20)
      request.volumes[0].size.value = .bytes(ByteCount(bytes: (generator.next() >> 24) << 22))
      guard let plan = DiskPlanner.plan(request).value else { continue }
      for (one, next) in zip(plan.partitions, plan.partitions.dropFirst()) {
        #expect(one.sectors.upperBound < next.sectors.lowerBound, "seed \(seed)")
      }
      let last = try #require(plan.partitions.last?.sectors.upperBound)
      #expect(last < request.size.value.bytes / 512 - 33, "seed \(seed)")
    }
  }

  @Test func `Codes and names are unique and in order`() {
    let rules = DiskRules.all
    #expect(rules.map(\.code) == rules.map(\.code).sorted())
    #expect(Set(rules.map(\.code)).count == rules.count)
    #expect(Set(rules.map(\.name)).count == rules.count)
    #expect(rules.allSatisfy { $0.code.family == "DK" })
  }
}

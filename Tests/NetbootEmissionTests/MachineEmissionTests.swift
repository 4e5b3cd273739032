import Artifacts
import Diagnostics
import FleetModel
import HostFiles
import NetbootEmission
import Testing

/// The scripts are run: by a shell, read by shellcheck, and their words by QEMU itself.
@Suite struct MachineEmissionTests {
  /// A folder with the scripts of a node, executable.
  private func stage(_ fixture: Fixture) throws -> String {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-vm")
    let artifacts = try #require(MachineEmission.artifacts(for: fixture.node, of: fixture.fleet).value)
    for (path, bytes) in texts(of: artifacts) {
      let name = try #require(path.split(separator: "/").last)
      try HostFile.write(bytes, to: "\(folder)/\(name)", mode: 0o755)
    }
    return folder
  }

  private func lines(_ result: HostProgram.Result) -> [String] {
    String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  @Test(arguments: DiskRequest.Firmware.allCases)
  func scriptsAreCleanShell(firmware: DiskRequest.Firmware) throws {
    let folder = try stage(Fixture(firmware: firmware))
    for name in ["launch", "create-disk"] {
      let syntax = try HostProgram.run(["/bin/sh", "-n", "\(folder)/\(name)"])
      #expect(syntax.status == 0)
      let lint = try HostProgram.run(["shellcheck", "--shell=sh", "\(folder)/\(name)"])
      #expect(lint.status == 0, "\(String(decoding: lint.output, as: UTF8.self))")
    }
    try HostFile.removeTree(folder)
  }

  @Test func theWordsAreTheProfiles() throws {
    let folder = try stage(Fixture(firmware: .bios))
    let words = lines(
      try HostProgram.run(["\(folder)/launch", "--state", "a, b", "--dry-run", "--", "-S"]))
    for (option, value) in [
      ("-m", "4096M"), ("-smp", "2"), ("-accel", "tcg,thread=multi"), ("-machine", "q35,graphics=off"),
      ("-drive", "if=none,id=disk0,format=qcow2,file=a,, b/node01.qcow2"),
      ("-device", "virtio-blk-pci,drive=disk0,serial=node01,bootindex=0"),
      ("-netdev", "socket,id=net0,mcast=230.0.0.1:1234,localaddr=127.0.0.1"),
      ("-device", "virtio-net-pci,netdev=net0,mac=52:54:00:00:01:01,bootindex=1"),
    ] {
      #expect(zip(words, words.dropFirst()).contains { $0 == option && $1 == value }, "\(option) \(value)")
    }
    #expect(words.first == "qemu-system-x86_64")
    #expect(words.last == "-S")
    let network = lines(
      try HostProgram.run(
        ["\(folder)/launch", "--boot", "network", "--localaddr", "", "--dry-run"]))
    #expect(network.contains("virtio-blk-pci,drive=disk0,serial=node01,bootindex=99"))
    #expect(network.contains("socket,id=net0,mcast=230.0.0.1:1234"))
    try HostFile.removeTree(folder)
  }

  @Test(
    arguments: DiskRequest.Firmware.allCases, ["/dev/disk/by-id/virtio-node01", "/dev/sda", "/dev/nvme0n1"])
  func QEMUTakesTheWords(firmware: DiskRequest.Firmware, device: String) throws {
    let folder = try stage(Fixture(firmware: firmware, device: device))
    let made = try HostProgram.run(["\(folder)/create-disk", "--state", folder])
    #expect(made.status == 0, "\(String(decoding: made.errors, as: UTF8.self))")
    let info = try HostProgram.run(
      ["qemu-img", "info", "--output=json", "\(folder)/node01.qcow2"])
    #expect(String(decoding: info.output, as: UTF8.self).contains("\"virtual-size\": 107374182400"))
    // Stopped before its first instruction: the machine is made, and taken down by the monitor.
    let run = try HostProgram.run(
      ["\(folder)/launch", "--state", folder, "--serial", "null", "--", "-S", "-monitor", "stdio"],
      input: Array("info block\nquit\n".utf8), seconds: 60)
    #expect(run.status == 0, "\(String(decoding: run.errors, as: UTF8.self))")
    #expect(String(decoding: run.output, as: UTF8.self).contains("disk0"))
    let again = try HostProgram.run(["\(folder)/create-disk", "--state", folder])
    #expect(again.status == 3)
    try HostFile.removeTree(folder)
  }

  @Test func mistakesAreSaid() throws {
    let folder = try stage(Fixture(firmware: .bios))
    for (arguments, status) in [
      (["--accel", "xen"], Int32(2)), (["--boot"], 2), (["--nonsense", "x"], 2), (["word"], 2),
      (["--state", "\(folder)/none"], 3), (["--help"], 0),
    ] {
      #expect(try HostProgram.run(["\(folder)/launch"] + arguments).status == status, "\(arguments)")
    }
    try HostFile.removeTree(folder)
  }

  @Test func serialNumbersThatDoNotArriveAreRefused() throws {
    var fixture = try Fixture()
    for serial in ["plasmacloud-node01-root", "a,b", "ein\u{e4}r", ""] {
      fixture.node.disk?.serial = said(serial)
      let checked = MachineEmission.artifacts(for: fixture.node, of: fixture.fleet)
      #expect(checked.report.diagnostics.map(\.code.description) == ["NB005"])
    }
  }

  @Test func networksMeetOnPortsOfTheirOwn() throws {
    var fixture = try Fixture(firmware: .bios)
    let alpha = Network(name: said(try #require(Name("alpha"))))
    let mesh = Network(name: said(try #require(Name("mesh"))))
    for network in [alpha, mesh] { fixture.fleet.networks[network.name.value] = network }
    fixture.node.links.append(
      Link(
        name: mesh.name,
        kind: .ethernet(said(try #require(MACAddress("52:54:00:00:03:01")))),
        addresses: [LinkAddress(network: mesh, address: said(.v4(0x0a00_0001)))], mtu: nil))
    let folder = try stage(fixture)
    let words = lines(try HostProgram.run(["\(folder)/launch", "--dry-run"]))
    #expect(words.contains("socket,id=net0,mcast=230.0.0.1:1235,localaddr=127.0.0.1"))
    #expect(words.contains("socket,id=net1,mcast=230.0.0.1:1236,localaddr=127.0.0.1"))
    #expect(words.contains("virtio-net-pci,netdev=net1,mac=52:54:00:00:03:01,bootindex=2"))
    try HostFile.removeTree(folder)
  }
}

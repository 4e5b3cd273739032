import Diagnostics
import FleetModel
import Testing

/// A fleet and its nodes, as small as these tests can do with.
struct Fixture {
  var fleet: Fleet
  var node: Node

  init(firmware: DiskRequest.Firmware = .uefi, device: String = "/dev/disk/by-id/virtio-node01") throws {
    let name = try #require(Name("node01"))
    fleet = Fleet(
      name: said(try #require(Name("plasmacloud"))),
      release: Release(version: said("0.1.0"), sequence: said(1), epoch: said(1_765_497_600)))
    var lan = Network(name: said(try #require(Name("lan"))))
    lan.block = AddressBlock("192.168.100.0/24").map(said)
    fleet.networks[lan.name.value] = lan
    node = Node(
      name: said(name), hostName: said(try #require(DomainName("node01"))),
      fullName: "node01.plasma.local", fleet: fleet.name.value, hostID: said("00000001"),
      mode: said(.bootstrap),
      target: Target(
        system: said(.nixos(stateVersion: "24.11")), systemdVersion: said(256),
        architecture: said(.x86_64)),
      access: Access(sshHost: said("node01.plasma.local"), user: said(.root), authorizedKeys: []),
      firstBoot: FirstBoot(
        isEnabled: said(true), stateDirectory: said("first-boot-automation"),
        executable: said(try #require(TargetPath("/opt/imagegen/imagegen-install"))),
        clusterHealth: said(true), clusterHealthTimeout: said(.seconds(300))),
      machine: Machine(memory: said(ByteCount(bytes: 4 << 30)), processors: said(2)))
    node.links = [
      Link(
        name: said(try #require(Name("lan"))),
        kind: .ethernet(said(try #require(MACAddress("52:54:00:00:01:01")))),
        addresses: [LinkAddress(network: lan, address: said(.v4(0xc0a8_640b)))], mtu: nil)
    ]
    node.disk = DiskRequest(
      layout: said(.lvm), device: said(try #require(TargetPath(device))), serial: nil,
      size: said(ByteCount(bytes: 100 << 30)), firmware: said(firmware),
      boot: said(ByteCount(bytes: 512 << 20)), volumeGroup: said(try #require(Name("pool"))),
      volumes: [])
  }
}

/// A value that these tests wrote.
func said<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, .standard("test")) }

import Artifacts
import Diagnostics
import DiskPlanning
import FleetModel
import JSONText
import NixEmission
import SystemdUnits
import Testing

@Suite struct NodeFilesTests {
  private func files(_ node: Node = Fixture.node(), units: [UnitFile] = Fixture.units) throws -> [Artifact] {
    let plan = try node.disk.map { try #require(DiskPlanner.plan($0).value) }
    let checked = NixEmission.nodeFiles(for: node, plan: plan, units: units, contents: Fixture.contents)
    #expect(checked.report.sorted.isEmpty)
    return try #require(checked.value)
  }

  private func text(_ name: String, in files: [Artifact]) throws -> String {
    let file = try #require(files.first { $0.path.description.hasSuffix("/" + name) })
    return try #require(file.text)
  }

  @Test func `Every file of a node parses`() throws {
    let tool = try NixTool()
    let files = try files()
    #expect(
      files.map(\.path.description).sorted()
        == ["configuration", "disko", "hardware", "network", "services"].map {
          "flake/nodes/node01/\($0).nix"
        })
    for file in files {
      try tool.write(Array(#require(file.text).utf8), to: file.path.description)
    }
    try tool.parse(files.map { tool.folder + "/" + $0.path.description })
    try tool.remove()
  }

  @Test func `disko gets the plan`() throws {
    let tool = try NixTool()
    let json = try tool.json(of: Array(text("disko.nix", in: files()).utf8))
    #expect(json == disko.filter { !$0.isWhitespace })
    try tool.remove()
  }

  private let disko = """
    {"disko":{"devices":{
      "disk":{"main":{
        "content":{
          "partitions":{
            "ESP":{
              "content":{"format":"vfat","mountOptions":["umask=0077"],"mountpoint":"/boot","type":"filesystem"},
              "priority":1,"size":"512M","type":"EF00"},
            "pv":{"content":{"type":"lvm_pv","vg":"pool"},"priority":2,"size":"100%","type":"8E00"}},
          "type":"gpt"},
        "device":"/dev/disk/by-id/virtio-node01","imageSize":"100G","type":"disk"}},
      "lvm_vg":{"pool":{
        "lvs":{
          "data":{"content":{"format":"ext4","mountpoint":"/var/lib","type":"filesystem"},"priority":2,"size":"100%FREE"},
          "root":{"content":{"format":"ext4","mountpoint":"/","type":"filesystem"},"priority":1,"size":"80G"}},
        "type":"lvm_vg"}}}}}
    """

  @Test func `NixOS gets the units that other systems get`() throws {
    let tool = try NixTool()
    try tool.write(Array(text("services.nix", in: files()).utf8), to: "services.nix")
    let module = try tool.json(of: Array(Self.services.utf8))
    #expect(module == expectedServices.filter { !$0.isNewline })
    try tool.remove()
  }

  /// The module with stand-ins for what it takes, and `executable` set as the module would.
  private static let services = """
    let
      config.services.first-boot-automation = { executable = "EXECUTABLE"; configFile = "CONFIG"; };
      self.packages.x86_64-linux.chainfire-server = "STORE-c";
      inputs.plasmacloud.legacyPackages.x86_64-linux.flaredb-server = "STORE-f";
    in
    import ./services.nix { inherit config self inputs; }
    """

  private let expectedServices = #"""
    {"environment":{"etc":{
    "imagegen/opt/flaredb/cluster.env":{"group":"flaredb","mode":"0640","text":"A=b\n","user":"flaredb"},
    "plasmacloud/chainfire.toml":{"text":"listen = \"${x}\"\n\n[tls]\nca = 1\n"},
    "plasmacloud/flaredb.toml":{"text":"x = 1\n"}},"systemPackages":["STORE-c","STORE-f"]},
    "services":{"first-boot-automation":{"configFile":"/etc/nixos/secrets/cluster-config.json","enable":true,
    "executable":"/opt/imagegen/bin/imagegen-install","steps":{"chainfire-cluster-join":{
    "after":["chainfire.service"],"description":"First boot of chainfire","requires":["chainfire.service"],
    "serviceConfig":{"ExecStart":"EXECUTABLE join chainfire","LoadCredential":"cluster-config:CONFIG",
    "RemainAfterExit":"yes","Restart":"on-failure","SuccessExitStatus":"2","Type":"oneshot"},
    "unitConfig":{"ConditionPathExists":"!/var/lib/first-boot-automation/.chainfire-initialized"},
    "wantedBy":["multi-user.target"]}}}},
    "systemd":{"services":{"chainfire":{"after":["network-online.target"],
    "description":"Chainfire: \"the\" store, 100%%","documentation":["man:x(1)","https://example.org/a"],
    "serviceConfig":{"CapabilityBoundingSet":"","ExecReload":"/opt/plasmacloud/bin/chainfire-server-old",
    "ExecStart":"STORE-c/bin/chainfire-server --config /etc/plasmacloud/chainfire.toml --x \"$${Y} %%\"",
    "LoadCredential":["tls.crt:/etc/nixos/secrets/node01.crt","tls.key:/etc/nixos/secrets/node01.key"],
    "SystemCallFilter":["@system-service","~@privileged @resources"],"Type":"notify"},
    "unitConfig":{"StartLimitIntervalSec":"0"},"wantedBy":["multi-user.target"],"wants":["network-online.target"]},
    "flaredb":{"after":["network-online.target","chainfire.service","chainfire-cluster-join.service"],
    "description":"FlareDB","requires":["chainfire-cluster-join.service","chainfire.service"],
    "serviceConfig":{"EnvironmentFile":"/opt/flaredb/cluster.env","ExecStart":"STORE-f/bin/flaredb-server"},
    "wantedBy":["multi-user.target"],"wants":["network-online.target"]}},
    "tmpfiles":{"settings":{"imagegen":{"/opt/flaredb/cluster.env":{"L+":{"argument":"/etc/imagegen/opt/flaredb/cluster.env"}}}}}}}
    """#

  @Test func `Units that name the profile of the running system come from the store as well`() throws {
    let text = try text("services.nix", in: files(units: Fixture.units))
    var units = Fixture.units
    for unit in units.indices {
      for section in units[unit].sections.indices {
        for place in units[unit].sections[section].directives.indices {
          let words = units[unit].sections[section].directives[place].value.split(separator: " ")
          let moved = words.map { word in
            ["/opt/plasmacloud/bin/", "/opt/imagegen/bin/"].reduce(String(word)) { text, folder in
              text.hasPrefix(folder) && !text.hasSuffix("-old")
                ? "/run/current-system/sw/bin/" + text.dropFirst(folder.utf8.count) : text
            }
          }
          units[unit].sections[section].directives[place].value = moved.joined(separator: " ")
        }
      }
    }
    #expect(try self.text("services.nix", in: files(units: units)) == text)
  }

  @Test func `Instances of a template are wanted, the template is not`() throws {
    var node = Fixture.node()
    node.services[0].instances = [written("a", "instance-a"), written("b c", "instance-b")]
    var unit = Fixture.units[0]
    unit.name = "chainfire@.service"
    let tool = try NixTool()
    try tool.write(Array(text("services.nix", in: files(node, units: [unit])).utf8), to: "services.nix")
    let probe = """
      let
        self.packages.x86_64-linux.chainfire-server = "C";
        inputs.plasmacloud.packages.x86_64-linux.flaredb-server = "F";
        systemd = (import ./services.nix { inherit self inputs; }).systemd;
      in
      [ systemd.targets (systemd.services."chainfire@" ? wantedBy) ]
      """
    #expect(
      try tool.json(of: Array(probe.utf8))
        == #"[{"multi-user":{"wants":["chainfire@a.service","chainfire@b\\x20c.service"]}},false]"#)
    try tool.remove()
  }

  @Test func `The network and the firewall follow the model`() throws {
    let tool = try NixTool()
    try tool.write(Array(text("network.nix", in: files()).utf8), to: "network.nix")
    let json = try tool.json(of: Array("import ./network.nix { lib.mkForce = x: [ \"forced\" x ]; }".utf8))
    #expect(json == network.filter { !$0.isNewline })
    try tool.remove()
  }

  private let network = #"""
    {"networking":{"domain":"plasma.local","firewall":{"allowedTCPPorts":[2379],"enable":true,
    "extraInputRules":"ip saddr 192.168.100.0/24 tcp dport { 2380, 2480 } accept\n
    ip saddr 192.168.100.0/24 udp dport { 2381 } accept\nip daddr 192.168.100.11 tcp dport { 2479 } accept\n"},
    "hostId":"a1b2c3d4","hostName":"node01","hosts":{"127.0.0.2":["forced",[]],
    "192.168.100.11":["node01.plasma.local","node01"],"192.168.100.12":["node02.plasma.local","node02"],
    "192.168.100.13":["node03.plasma.local","node03"],"::1":["forced",[]]},"nftables":{"enable":true},"useDHCP":false,"useNetworkd":true},
    "systemd":{"network":{"networks":{"10-lan":{"address":["192.168.100.11/24"],"dns":["192.168.100.1"],
    "gateway":["192.168.100.1"],"linkConfig":{"RequiredForOnline":"routable"},
    "matchConfig":{"PermanentMACAddress":"52:54:00:00:01:01"},"networkConfig":{"DHCP":"no","IPv6AcceptRA":false},
    "ntp":["192.168.100.1"]}}}}}
    """#

  @Test func `Bonds, VLANs and routers beyond the block are networkd's`() throws {
    var node = Fixture.node()
    var wide = Network(name: Fixture.name("public"))
    wide.gateway = Fixture.address("10.0.0.1")
    wide.mtu = written(9000, "mtu")
    let macs = ["52:54:00:00:02:01", "52:54:00:00:02:02"].map { written(valid(MACAddress($0)), $0) }
    node.hosts = []
    node.services = []
    node.links = [
      Link(
        name: Fixture.name("trunk"), kind: .bond(members: macs, mode: written("802.3ad", "mode")),
        addresses: [], mtu: nil),
      Link(
        name: Fixture.name("storage"), kind: .vlan(id: written(20, "id"), on: Fixture.name("trunk")),
        addresses: [LinkAddress(network: wide, address: Fixture.address("203.0.113.5"))], mtu: nil),
    ]
    let tool = try NixTool()
    let json = try tool.json(of: Array(text("network.nix", in: files(node, units: [])).utf8))
    #expect(json.contains(bonds.filter { !$0.isNewline }))
    try tool.remove()
  }

  private let bonds = #"""
    "systemd":{"network":{"netdevs":{"10-trunk":{"bondConfig":{"Mode":"802.3ad"},
    "netdevConfig":{"Kind":"bond","Name":"trunk"}},"20-storage":{"netdevConfig":{"Kind":"vlan","Name":"storage"},
    "vlanConfig":{"Id":20}}},"networks":{"10-trunk":{"linkConfig":{"RequiredForOnline":"carrier"},
    "matchConfig":{"Name":"trunk"},"networkConfig":{"DHCP":"no","IPv6AcceptRA":false},"vlan":["storage"]},
    "10-trunk-port0":{"linkConfig":{"RequiredForOnline":"no"},
    "matchConfig":{"PermanentMACAddress":"52:54:00:00:02:01"},"networkConfig":{"Bond":"trunk"}},
    "10-trunk-port1":{"linkConfig":{"RequiredForOnline":"no"},
    "matchConfig":{"PermanentMACAddress":"52:54:00:00:02:02"},"networkConfig":{"Bond":"trunk"}},
    "20-storage":{"address":["203.0.113.5/32"],"linkConfig":{"MTUBytes":"9000","RequiredForOnline":"routable"},
    "matchConfig":{"Name":"storage"},"networkConfig":{"DHCP":"no","IPv6AcceptRA":false},
    "routes":[{"Gateway":"10.0.0.1","GatewayOnLink":true}]}}}}
    """#

  @Test func `What cannot work on NixOS is said at the profile's line`() {
    func codes(_ change: (inout Node) -> Void, units: [UnitFile] = []) -> [String] {
      var node = Fixture.node()
      change(&node)
      let report = NixEmission.nodeFiles(
        for: node, plan: node.disk.flatMap { DiskPlanner.plan($0).value }, units: units
      ).report
      #expect(report.diagnostics.allSatisfy { $0.span != nil })
      return report.sorted.map(\.code.description)
    }
    #expect(codes({ _ in }) == [])
    #expect(codes({ $0.access.authorizedKeys = [written("a\0b", "x")] }) == ["NX001"])
    #expect(codes({ $0.access.authorizedKeys = [] }) == ["NX002"])
    #expect(codes({ $0.disk = nil }) == ["NX003"])
    #expect(codes({ $0.services[0].programs[0].nix = nil }) == ["NX006"])
    #expect(codes({ $0.services[0].programs[0].payload = nil }) == ["NX009"])
    #expect(
      codes({ node in
        node.links[0].name = Fixture.name("sixteen-lettersx")
        node.links[0].kind = .vlan(id: written(1, "id"), on: Fixture.name("lan"))
      }) == ["NX011"])
    #expect(codes({ $0.links[0].kind = .unmanaged }) == ["NX014"])
    #expect(codes({ _ in }, units: [Fixture.unit("data.mount", [])]) == ["NX012"])
    #expect(
      codes({ node in
        node.links[0].addresses[0].network.block = nil
        node.hosts = []
      }) == ["NX013", "NX013", "NX013"])
  }
}

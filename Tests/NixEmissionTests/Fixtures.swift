import Artifacts
import Diagnostics
import Digests
import DiskPlanning
import FleetModel
import SystemdUnits

/// A value from a profile line of its own: the line is the hash of what is written there, so that a
/// test can ask whether a generated attribute knows it.
func line(_ text: String) -> Origin {
  let number = text.utf8.reduce(5381) { ($0 &* 33 &+ Int($1)) & 0xff_ffff }
  return .profile(Span(source: SourceID(index: 0), start: number, end: number + text.utf8.count))
}

func written<Value>(_ value: Value, _ place: String) -> Sourced<Value> { Sourced(value, line(place)) }

/// A literal of the tests that its grammar takes.
func valid<Value>(_ value: Value?) -> Value {
  guard let value else { preconditionFailure("a test's own literal is wrong") }
  return value
}

extension Artifact {
  /// The bytes of a file that is made, not copied.
  var text: String? {
    guard case .bytes(let bytes) = content else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }
}

enum Fixture {
  static func name(_ text: String) -> Sourced<Name> { written(valid(Name(text)), text) }
  static func path(_ text: String) -> Sourced<TargetPath> { written(valid(TargetPath(text)), text) }
  static func address(_ text: String) -> Sourced<IPAddress> { written(valid(IPAddress(text)), text) }
  static func port(_ number: Int) -> Sourced<PortNumber> {
    written(valid(PortNumber(number)), "port \(number)")
  }

  static let lan: Network = {
    var network = Network(name: name("lan"))
    network.block = written(valid(AddressBlock("192.168.100.0/24")), "lan.cidr")
    network.gateway = address("192.168.100.1")
    network.dns = [address("192.168.100.1")]
    network.ntp = [written("192.168.100.1", "lan.ntp")]
    return network
  }()

  /// A node of the three-node cluster, with two services.
  static func node(_ number: Int = 1) -> Node {
    let text = "node0\(number)"
    let target = Target(
      system: written(.nixos(stateVersion: "25.11"), "system"), systemdVersion: written(256, "systemd"),
      architecture: written(.x86_64, "architecture"))
    let firstBoot = FirstBoot(
      isEnabled: written(true, "first-boot"), stateDirectory: written("first-boot-automation", "state"),
      executable: path("/opt/imagegen/bin/imagegen-install"), clusterHealth: written(true, "cluster-health"),
      clusterHealthTimeout: written(.seconds(300), "cluster-health-timeout"))
    var node = Node(
      name: name(text), hostName: written(valid(DomainName(text)), "host"), fullName: text + ".plasma.local",
      fleet: valid(Name("plasmacloud")), hostID: written("a1b2c3d4", "hostid"),
      mode: written(.bootstrap, "mode"), target: target,
      access: Access(
        sshHost: written(text + ".plasma.local", "ssh"), user: written(.root, "user"),
        authorizedKeys: [written("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFixture operator", "key")]),
      firstBoot: firstBoot,
      machine: Machine(memory: written(ByteCount(bytes: 4 << 30), "memory"), processors: written(2, "cpus")))
    node.roles = [name("control-plane")]
    node.outputs = Set(Output.allCases)
    node.links = [
      Link(
        name: name("lan"), kind: .ethernet(written(valid(MACAddress("52:54:00:00:01:0\(number)")), "mac")),
        addresses: [LinkAddress(network: lan, address: address("192.168.100.1\(number)"))], mtu: nil)
    ]
    node.disk = disk
    node.services = [chainfire, flaredb]
    node.hosts = (1...3).map {
      HostsEntry(address: address("192.168.100.1\($0)"), names: ["node0\($0).plasma.local", "node0\($0)"])
    }
    node.sysctl = [
      ("net.core.somaxconn", written("4096", "sysctl")),
      ("kernel.core_pattern", written("|/bin/false", "core")),
    ]
    node.kernelModules = [written("br_netfilter", "module")]
    node.kernelArguments = [written("quiet", "argument")]
    node.packages = [written("vim", "vim"), written("python3.pkgs.requests", "requests")]
    node.clusterConfig = ClusterConfig(
      path: path("/etc/nixos/secrets/cluster-config.json"), role: written("control-plane", "role"),
      clusterName: written("plasmacloud", "cluster"), primary: valid(Name("chainfire")), members: [], tls: nil
    )
    node.deliveries = [
      Delivery(
        reference: .hostKey, path: path("/etc/ssh/ssh_host_ed25519_key"), mode: FileMode(0o600), owner: .root)
    ]
    return node
  }

  static var disk: DiskRequest {
    DiskRequest(
      layout: written(.lvm, "layout"), device: path("/dev/disk/by-id/virtio-node01"),
      serial: written("node01", "serial"), size: written(ByteCount(bytes: 100 << 30), "size"),
      firmware: written(.uefi, "firmware"), boot: written(ByteCount(bytes: 512 << 20), "boot"),
      volumeGroup: name("pool"),
      volumes: [
        DiskRequest.Volume(
          name: name("root"), size: written(.bytes(ByteCount(bytes: 80 << 30)), "root.size"),
          format: written("ext4", "root.format"), mountPoint: written("/", "root.mount")),
        DiskRequest.Volume(
          name: name("data"), size: written(.rest, "data.size"), format: written("ext4", "data.format"),
          mountPoint: written("/var/lib", "data.mount")),
      ])
  }

  static func service(_ text: String, input: String, payload: Bool, ports: [Port]) -> Service {
    let origin = Origin.standard("test")
    let start = StartPolicy(
      kind: Sourced(.notify, origin), estimate: Sourced(.seconds(10), origin),
      timeout: Sourced(.seconds(90), origin),
      stopTimeout: Sourced(.seconds(90), origin), restart: Sourced(.always, origin),
      restartDelay: Sourced(.seconds(5), origin), pidFile: nil)
    var service = Service(
      name: name(text), unitName: written(text, text), description: written(text, text), start: start,
      identity: .dynamic(origin), sandbox: Sandbox(preset: Sourced("network-daemon", origin), exceptions: []))
    let digest = written(SHA256.digest(of: Array(text.utf8)), text + ".sha256")
    service.programs = [
      Program(
        name: name("server"), executable: written(text + "-server", text + ".executable"),
        path: path("/opt/plasmacloud/bin/\(text)-server"),
        nix: written(Program.FlakeAttribute(input: input, attribute: text + "-server"), text + ".nix"),
        payload: payload
          ? Program.Payload(
            path: written("payloads/\(text)-server", text + ".payload"), digest: digest, size: 9) : nil)
    ]
    service.ports = ports
    service.files = [
      ConfigurationFile(
        name: name("config"), path: path("/etc/plasmacloud/\(text).toml"),
        content: .text(written("", "text")),
        mode: written(FileMode(0o644), "file-mode"), owner: written(.root, "file-owner"))
    ]
    return service
  }

  static func port(
    _ text: String, _ number: Int, _ scopes: [Port.Scope], network: String? = nil,
    _ transport: Port.TransportProtocol = .tcp
  ) -> Port {
    Port(
      name: name(text), transport: transport, number: port(number), network: network.map(name),
      scopes: scopes.map { written($0, "scope") })
  }

  static let chainfire = service(
    "chainfire", input: "self", payload: true,
    ports: [
      port("api", 2379, [.peers, .clients]), port("raft", 2380, [.peers]),
      port("gossip", 2381, [.peers], .udp),
      port("debug", 2382, [.local]),
    ])

  static let flaredb: Service = {
    var service = Self.service(
      "flaredb", input: "plasmacloud", payload: false,
      ports: [port("raft", 2480, [.peers]), port("api", 2479, [.clients], network: "lan")])
    service.environmentFile = EnvironmentFile(
      path: path("/opt/flaredb/cluster.env"), entries: [], mode: written(FileMode(0o640), "env-mode"),
      owner: written(valid(AccountName("flaredb")), "env-owner"))
    return service
  }()

  static func unit(_ name: String, _ sections: [(String, [(String, String)])]) -> UnitFile {
    UnitFile(
      name: name,
      sections: sections.map { section in
        UnitFile.Section(section.0, section.1.map { UnitFile.Directive($0.0, $0.1, line("\(name) \($0.0)")) })
      })
  }

  static let units = [
    unit(
      "chainfire.service",
      [
        (
          "Unit",
          [
            ("Description", "Chainfire: \"the\" store, 100%%"),
            ("Documentation", "man:x(1) https://example.org/a"),
            ("After", "network-online.target"), ("Wants", "network-online.target"),
            ("StartLimitIntervalSec", "0"),
          ]
        ),
        (
          "Service",
          [
            ("Type", "notify"),
            (
              "ExecStart",
              "/opt/plasmacloud/bin/chainfire-server --config /etc/plasmacloud/chainfire.toml --x \"$${Y} %%\""
            ),
            ("ExecReload", "/opt/plasmacloud/bin/chainfire-server-old"),
            ("LoadCredential", "tls.crt:/etc/nixos/secrets/node01.crt"),
            ("LoadCredential", "tls.key:/etc/nixos/secrets/node01.key"), ("CapabilityBoundingSet", ""),
            ("SystemCallFilter", "@system-service"), ("SystemCallFilter", "~@privileged @resources"),
          ]
        ),
        ("Install", [("WantedBy", "multi-user.target")]),
      ]),
    unit(
      "flaredb.service",
      [
        (
          "Unit",
          [
            ("Description", "FlareDB"), ("Requires", "chainfire-cluster-join.service chainfire.service"),
            ("After", "network-online.target chainfire.service"), ("After", "chainfire-cluster-join.service"),
            ("Wants", "network-online.target"),
          ]
        ),
        (
          "Service",
          [
            ("ExecStart", "/opt/plasmacloud/bin/flaredb-server"),
            ("EnvironmentFile", "/opt/flaredb/cluster.env"),
          ]
        ),
        ("Install", [("WantedBy", "multi-user.target")]),
      ]),
    unit(
      "chainfire-cluster-join.service",
      [
        (
          "Unit",
          [
            ("Description", "First boot of chainfire"), ("Requires", "chainfire.service"),
            ("After", "chainfire.service"),
            ("ConditionPathExists", "!/var/lib/first-boot-automation/.chainfire-initialized"),
          ]
        ),
        (
          "Service",
          [
            ("Type", "oneshot"), ("RemainAfterExit", "yes"),
            ("ExecStart", "/opt/imagegen/bin/imagegen-install join chainfire"), ("Restart", "on-failure"),
            ("LoadCredential", "cluster-config:/etc/nixos/secrets/cluster-config.json"),
            ("SuccessExitStatus", "2"),
          ]
        ),
        ("Install", [("WantedBy", "multi-user.target")]),
      ]),
  ]

  static let contents: [TargetPath: [UInt8]] = [
    valid(TargetPath("/etc/plasmacloud/chainfire.toml")): Array("listen = \"${x}\"\n\n[tls]\nca = 1\n".utf8),
    valid(TargetPath("/etc/plasmacloud/flaredb.toml")): Array("x = 1\n".utf8),
    valid(TargetPath("/opt/flaredb/cluster.env")): Array("A=b\n".utf8),
  ]

  static var fleet: Fleet {
    var fleet = Fleet(
      name: name("plasmacloud"),
      release: Release(
        version: written("0.1.0", "version"), sequence: written(1, "sequence"), epoch: written(0, "epoch")))
    fleet.domain = written(valid(DomainName("plasma.local")), "domain")
    let pin = { (revision: Character, hash: String) in
      FlakeInput.Pin(
        revision: String(repeating: revision, count: 40), narHash: "sha256-\(hash)=",
        lastModified: 1_768_920_986)
    }
    let inputs = [
      FlakeInput(
        name: name("nixpkgs"), owner: written("NixOS", "owner"), repository: written("nixpkgs", "repo"),
        reference: written("nixos-25.11", "ref"),
        pin: written(pin("6", String(repeating: "Z", count: 43)), "pin"), follows: []),
      FlakeInput(
        name: name("disko"), owner: written("nix-community", "owner"), repository: written("disko", "repo"),
        reference: nil,
        pin: written(pin("d", String(repeating: "A", count: 43)), "pin"), follows: [name("nixpkgs")]),
      FlakeInput(
        name: name("plasmacloud"), owner: written("example", "owner"),
        repository: written("plasmacloud", "repo"),
        reference: nil, pin: written(pin("e", String(repeating: "B", count: 42) + "A"), "pin"),
        follows: [name("nixpkgs")]),
    ]
    for input in inputs { fleet.inputs[input.name.value] = input }
    return fleet
  }
}

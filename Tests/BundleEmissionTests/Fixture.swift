import Artifacts
import BundleEmission
import Bundles
import Diagnostics
import Digests
import FleetModel
import Testing

/// A node of a three-node cluster on a distribution, with a payload, a secret and a certificate.
struct Fixture {
  var fleet: Fleet
  var node: Node
  /// What stands in the payload's file.
  let payload = Array("payload of membershipd\n".utf8) + [UInt8](repeating: 7, count: 1000)

  init() throws {
    fleet = Fleet(
      name: said(try #require(Name("unibus"))),
      release: Release(version: said("0.1.0"), sequence: said(7), epoch: said(1_765_497_600)))
    fleet.domain = said(try #require(DomainName("bus.example")))
    let name = try #require(Name("magnus"))
    node = Node(
      name: said(name), hostName: said(try #require(DomainName("magnus"))),
      fullName: "magnus.bus.example", fleet: fleet.name.value, hostID: said("00000001"),
      mode: said(.bootstrap),
      target: Target(
        system: said(.distribution(id: "debian", version: "12")), systemdVersion: said(252),
        architecture: said(.x86_64)),
      access: Access(sshHost: said("magnus"), user: said(.root), authorizedKeys: []),
      firstBoot: FirstBoot(
        isEnabled: said(false), stateDirectory: said("first-boot"),
        executable: said(try #require(TargetPath("/opt/imagegen/imagegen-install"))),
        clusterHealth: said(false), clusterHealthTimeout: said(.seconds(300))),
      machine: Machine(memory: said(ByteCount(bytes: 1 << 30)), processors: said(1)))
    node.services = [try service()]
    let voters = try ["magnus", "homer", "datardos"].map { said(try #require(Name($0))) }
    node.memberships = [
      Membership(
        group: QuorumGroup(
          name: said(try #require(Name("control"))), service: said(try #require(Name("membershipd"))),
          voters: voters, leader: voters[0]),
        votes: true,
        initialPeers: voters.map {
          Membership.Peer(node: $0.value, hostName: $0.value.description)
        })
    ]
    node.deliveries = [
      Delivery(
        reference: .secret(try #require(Name("cluster-pass")), .fleet),
        path: said(try #require(TargetPath("/opt/unibus/secrets/cluster.pass"))),
        mode: FileMode(0o600), owner: .root),
      Delivery(
        reference: .authorityCertificate(try #require(Name("routes"))),
        path: said(try #require(TargetPath("/opt/unibus/tls/route-ca.crt"))),
        mode: FileMode(0o644), owner: .root),
    ]
  }

  private func service() throws -> Service {
    var service = Service(
      name: said(try #require(Name("membershipd"))), unitName: said("membershipd-cluster"),
      description: said("membership"),
      start: StartPolicy(
        kind: said(.simple), estimate: said(.seconds(2)), timeout: said(.seconds(90)),
        stopTimeout: said(.seconds(90)), restart: said(.always), restartDelay: said(.seconds(2)),
        pidFile: nil),
      identity: .account(said(try #require(AccountName("unibus")))),
      sandbox: Sandbox(preset: said("network-daemon"), exceptions: []))
    service.programs = [
      Program(
        name: said(try #require(Name("server"))), executable: said("membershipd"),
        path: said(try #require(TargetPath("/opt/unibus/membershipd"))), nix: nil,
        payload: Program.Payload(
          path: said("payloads/membershipd"), digest: said(SHA256.digest(of: payload)),
          size: payload.count))
    ]
    service.ports = [
      Port(
        name: said(try #require(Name("http"))), transport: .tcp,
        number: said(try #require(PortNumber(8470))), network: nil, scopes: [said(.clients)]),
      Port(
        name: said(try #require(Name("route"))), transport: .tcp,
        number: said(try #require(PortNumber(6250))), network: nil, scopes: [said(.peers)]),
    ]
    service.state = [
      StateDirectory(
        name: said(try #require(Name("data"))), path: said("unibus"),
        size: said(ByteCount(bytes: 10 << 30)))
    ]
    service.environmentFile = EnvironmentFile(
      path: said(try #require(TargetPath("/opt/unibus/cluster.env"))), entries: [],
      mode: said(FileMode(0o640)), owner: said(try #require(AccountName("unibus"))))
    service.health.ready = Health.Probe(
      kind: .http(
        url: said("https://127.0.0.1:8470/healthz"), secure: true, fields: [("status", "ok")], body: nil),
      origin: .standard("test"), quorum: Name("control"))
    return service
  }

  /// Artifacts of the node's other rooms.
  func artifacts() throws -> [Artifact] {
    [
      Artifact(
        try #require(ArtifactPath("files/opt/unibus/cluster.env")), mode: 0o640, kind: .environment,
        content: .bytes(Array("NODE_NAME=magnus\n".utf8)), origin: .standard("test")),
      Artifact(
        try #require(ArtifactPath("files/etc/imagegen/steps.json")), kind: .configuration,
        content: .bytes(Array("{}\n".utf8)), origin: .standard("test")),
      Artifact(
        try #require(ArtifactPath("units/membershipd-cluster.service")), kind: .unit,
        content: .bytes(
          Array(
            "[Service]\nExecStart=/opt/unibus/membershipd\n\n[Install]\nWantedBy=multi-user.target\n".utf8)),
        origin: .standard("test")),
      Artifact(
        try #require(ArtifactPath("units/membershipd-cluster.service.d/10-limits.conf")), kind: .unit,
        content: .bytes(Array("[Service]\nLimitNOFILE=65536\n".utf8)), origin: .standard("test")),
      Artifact(
        try #require(ArtifactPath("extra-files/opt/unibus/secrets/cluster.pass")), mode: 0o600,
        kind: .secret, content: .secret(path: "keys/cluster-pass"), origin: .standard("test")),
    ]
  }

  /// The bundle's bytes, as publishing would put them together.
  func bundle(signer: BundleEmission.Signer? = nil) throws -> (path: String, bytes: [UInt8], report: Report) {
    let contents = BundleContents.files(of: node, artifacts: try artifacts())
    let checked = BundleEmission.artifacts(
      for: node, of: fleet, contents: try #require(contents.value),
      build: BundleEmission.Build(toolVersion: "0.1.0", inputs: .zero), signer: signer)
    let artifact = try #require(checked.value?.first)
    guard case .concatenation(let pieces) = artifact.content else {
      Issue.record("no concatenation")
      return ("", [], checked.report)
    }
    var bytes: [UInt8] = []
    for piece in pieces {
      switch piece {
      case .bytes(let more): bytes += more
      case .padded(let path, let digest, let size):
        #expect(path == "payloads/membershipd" && size == payload.count)
        #expect(digest == SHA256.digest(of: payload))
        bytes += payload + [UInt8](repeating: 0, count: BundleLayout.padding(after: size))
      }
    }
    return (artifact.path.description, bytes, checked.report)
  }
}

/// A value that these tests wrote.
func said<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, .standard("test")) }

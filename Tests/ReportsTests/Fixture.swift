import Diagnostics
import Digests
import FleetModel
import Reports
import Testing

/// A fleet of voters and joining nodes, all alike.
struct Fixture {
  var fleet: Fleet
  var nodes: [Node] = []

  /// Three voters `node01`…, and `joining` more.
  init(system: Target.System, joining: Int = 0) throws {
    fleet = Fleet(
      name: said(try #require(Name("demo"))),
      release: Release(version: said("0.1.0"), sequence: said(3), epoch: said(1_765_497_600)))
    let service = try service()
    let lan = try #require(Name("lan"))
    for index in 1...(3 + joining) {
      guard let name = Name("node" + (index < 10 ? "0" : "") + String(index)) else { continue }
      var entry = NodeEntry(name: said(name), mode: said(index <= 3 ? .bootstrap : .join))
      entry.services = [service.name.value]
      entry.addresses = [
        NodeEntry.Address(
          network: lan, address: said(.v4(0x0a00_0000 + UInt32(index))))
      ]
      fleet.roster.append(entry)
    }
    let voters = fleet.roster.prefix(3).map(\.name)
    let group = QuorumGroup(
      name: said(try #require(Name("store"))), service: service.name, voters: voters,
      leader: voters[0])
    fleet.groups[group.name.value] = group
    for name in Runbook.exemplars(of: fleet) {
      let entry = try #require(fleet.roster.first { $0.name.value == name })
      nodes.append(try node(entry, system: system, service: service, group: group))
    }
  }

  private func node(
    _ entry: NodeEntry, system: Target.System, service: Service, group: QuorumGroup
  ) throws -> Node {
    let name = entry.name.value
    var node = Node(
      name: entry.name, hostName: said(try #require(DomainName(name.description))),
      fullName: "\(name).example", fleet: fleet.name.value, hostID: said("00000001"), mode: entry.mode,
      target: Target(system: said(system), systemdVersion: said(252), architecture: said(.x86_64)),
      access: Access(sshHost: said("ssh-\(name)"), user: said(.root), authorizedKeys: []),
      firstBoot: FirstBoot(
        isEnabled: said(true), stateDirectory: said("first-boot-automation"),
        executable: said(.root), clusterHealth: said(true), clusterHealthTimeout: said(.seconds(300))),
      machine: Machine(memory: said(ByteCount(bytes: 1 << 30)), processors: said(1)))
    node.services = [service]
    node.memberships = [Membership(group: group, votes: entry.mode.value == .bootstrap, initialPeers: [])]
    let authority = try #require(Name("clients"))
    node.deliveries = [
      Delivery(
        reference: .certificate(
          CertificateRequest(
            authority: authority, name: name.description, usages: [.server], names: [], addresses: [])),
        path: said(try #require(TargetPath("/etc/demo/tls.crt"))), mode: FileMode(0o644), owner: .root),
      Delivery(
        reference: .authorityCertificate(authority),
        path: said(try #require(TargetPath("/etc/demo/ca.crt"))), mode: FileMode(0o644), owner: .root),
    ]
    return node
  }

  private func service() throws -> Service {
    var service = Service(
      name: said(try #require(Name("stored"))), unitName: said("stored-cluster"),
      description: said("a store"),
      start: StartPolicy(
        kind: said(.notify), estimate: said(.seconds(2)), timeout: said(.seconds(90)),
        stopTimeout: said(.seconds(90)), restart: said(.always), restartDelay: said(.seconds(2)),
        pidFile: nil),
      identity: .account(said(try #require(AccountName("stored")))),
      sandbox: Sandbox(preset: said("network-daemon"), exceptions: []))
    service.programs = [
      Program(
        name: said(try #require(Name("server"))), executable: said("stored"),
        path: said(try #require(TargetPath("/opt/demo/stored"))), nix: nil,
        payload: Program.Payload(path: said("payloads/stored"), digest: said(.zero), size: 1))
    ]
    let port = try #require(PortNumber(8443))
    service.ports = [
      Port(
        name: said(try #require(Name("api"))), transport: .tcp, number: said(port), network: nil,
        scopes: [said(.peers)])
    ]
    service.posture = [
      PostureFact(key: "store", value: said("kv")), PostureFact(key: "replicas", value: said("3")),
    ]
    service.health.ready = Health.Probe(
      kind: .http(url: said("https://localhost:8443/healthz"), secure: true, fields: [], body: nil),
      origin: .standard("test"), quorum: Name("store"))
    let retry = RetryPolicy(
      attempts: said(5), firstDelay: said(.seconds(1)), longestDelay: said(.seconds(16)))
    service.join = JoinStep(
      moment: said(.afterLive), path: said("/admin/member/add"), leaderPort: said(port),
      leaderURL: said("https://node01.example:8443"), raftAddress: said("10.0.0.1:8444"),
      body: .table([], .standard("test")), accepted: [said(200)], alreadyMember: [said(409)],
      retry: retry, healthTimeout: said(.seconds(120)), group: try #require(Name("store")))
    service.setup = SetupStep(
      port: said(port), path: said("/admin/setup"), body: .table([], .standard("test")),
      accepted: [said(200)], alreadyDone: [said(409)], retry: retry, healthTimeout: said(.seconds(120)))
    return service
  }
}

/// A value that these tests wrote.
func said<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, .standard("test")) }

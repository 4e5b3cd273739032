import Diagnostics
import FleetModel
import Testing

/// Nodes in code: what the profiles of the control plane resolve to. Every value carries a place of
/// its own, so that tests can ask where a directive came from.
struct Fixture {
  private var place = 0
  private let standard = Origin.standard("fixture")

  /// A place that no other value has.
  mutating func origin() -> Origin {
    place += 1
    return .profile(Span(source: SourceID(index: 0), start: place, end: place + 1))
  }

  mutating func sourced<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, origin()) }

  mutating func name(_ text: String) throws -> Sourced<Name> { sourced(try #require(Name(text))) }

  mutating func path(_ text: String) throws -> Sourced<TargetPath> {
    sourced(try #require(TargetPath(text)))
  }

  /// A daemon with one program and a command of two words.
  mutating func service(
    _ text: String, type: StartPolicy.Kind = .notify, preset: String = "network-daemon",
    user: String? = nil
  ) throws -> Service {
    let identity: Identity =
      if let user { .account(sourced(try #require(AccountName(user)))) } else { .dynamic(standard) }
    var service = Service(
      name: try name(text), unitName: sourced(text), description: sourced("\(text) of the tests"),
      start: StartPolicy(
        kind: sourced(type), estimate: sourced(.seconds(1)), timeout: sourced(.seconds(90)),
        stopTimeout: sourced(.seconds(30)), restart: sourced(.always),
        restartDelay: sourced(.seconds(5)),
        pidFile: type == .forking ? try path("/run/\(text)/\(text).pid") : nil),
      identity: identity, sandbox: Sandbox(preset: sourced(preset), exceptions: []))
    service.programs = [
      Program(
        name: try name("server"), executable: sourced("\(text)-server"),
        path: try path("/opt/\(text)/\(text)-server"), nix: nil, payload: nil)
    ]
    service.command = [
      CommandWord(sourced(.program(try name("server").value))), CommandWord(sourced(.text("--verbose"))),
    ]
    return service
  }

  mutating func port(_ text: String, _ number: Int, _ scope: Port.Scope = .peers) throws -> Port {
    Port(
      name: try name(text), transport: .tcp, number: sourced(try #require(PortNumber(number))),
      network: nil, scopes: [sourced(scope)])
  }

  mutating func needs(
    _ text: String, _ strength: Dependency.Strength = .requires, _ point: Dependency.Point = .started
  ) throws -> Dependency {
    Dependency(
      strength: strength, service: try name(text), point: point,
      unit: point == .joined ? "\(text)-cluster-join.service" : "\(text).service")
  }

  mutating func retry() -> RetryPolicy {
    RetryPolicy(
      attempts: sourced(5), firstDelay: sourced(.seconds(1)), longestDelay: sourced(.seconds(16)))
  }

  mutating func join(_ text: String, _ moment: JoinStep.Moment = .afterLive) throws -> JoinStep {
    JoinStep(
      moment: sourced(moment), path: sourced("/admin/member/add"),
      leaderPort: sourced(try #require(PortNumber(2379))),
      leaderURL: sourced("https://node01.plasma.local:2379"), raftAddress: sourced("192.168.100.11:2380"),
      body: .table([], standard), accepted: [sourced(200)], alreadyMember: [sourced(409)], retry: retry(),
      healthTimeout: sourced(.seconds(120)), group: try name(text).value)
  }

  mutating func setup() throws -> SetupStep {
    SetupStep(
      port: sourced(try #require(PortNumber(8080))), path: sourced("/admin/setup"),
      body: .table([], standard), accepted: [sourced(201)], alreadyDone: [sourced(409)], retry: retry(),
      healthTimeout: sourced(.seconds(120)))
  }

  mutating func node(
    _ services: [Service], mode: ClusterMode = .join, isNixOS: Bool = false, firstBoot: Bool = true
  ) throws -> Node {
    let domain = try #require(DomainName("node01"))
    var node = Node(
      name: try name("node01"), hostName: sourced(domain), fullName: "node01.plasma.local",
      fleet: try name("plasmacloud").value, hostID: sourced("0a0b0c0d"), mode: sourced(mode),
      target: Target(
        system: sourced(isNixOS ? .nixos(stateVersion: "25.11") : .distribution(id: "debian", version: "12")),
        systemdVersion: sourced(252), architecture: sourced(.x86_64)),
      access: Access(sshHost: sourced("node01"), user: sourced(.root), authorizedKeys: []),
      firstBoot: FirstBoot(
        isEnabled: sourced(firstBoot), stateDirectory: sourced("first-boot-automation"),
        executable: try path("/usr/bin/imagegen-install"), clusterHealth: sourced(true),
        clusterHealthTimeout: sourced(.seconds(300))),
      machine: Machine(memory: sourced(ByteCount(bytes: 1 << 30)), processors: sourced(1)))
    node.services = services.sorted { $0.name.value < $1.name.value }
    node.clusterConfig = ClusterConfig(
      path: try path("/etc/nixos/secrets/cluster-config.json"), role: sourced("control-plane"),
      clusterName: sourced("plasmacloud"), primary: try name("chainfire").value, members: [], tls: nil)
    return node
  }

  /// Chainfire, FlareDB and IAM as the seeds chain them.
  mutating func core() throws -> [Service] {
    var chainfire = try service("chainfire")
    chainfire.ports = [try port("api", 2379), try port("raft", 2380)]
    chainfire.state = [StateDirectory(name: try name("data"), path: sourced("chainfire"), size: nil)]
    chainfire.join = try join("chainfire")
    var flaredb = try service("flaredb")
    flaredb.ports = [try port("api", 2479), try port("raft", 2480)]
    flaredb.state = [StateDirectory(name: try name("data"), path: sourced("flaredb"), size: nil)]
    flaredb.dependencies = [try needs("chainfire", .requires, .joined)]
    flaredb.join = try join("flaredb")
    var iam = try service("iam", type: .simple)
    iam.ports = [try port("api", 8080, .clients)]
    iam.dependencies = [try needs("flaredb", .requires, .joined)]
    iam.setup = try setup()
    return [chainfire, flaredb, iam]
  }

  /// A node of every kind of service there is in the seeds, one for each preset at least.
  mutating func everything() throws -> Node {
    var services = try core()
    services.append(try platformDNS())
    services.append(try unibus())
    for (text, preset) in [
      ("lightningstor", "storage-daemon"), ("plasmavmc", "virtual-machine-manager"),
      ("prismnet", "network-controller"),
    ] {
      var other = try service(text, preset: preset)
      other.ports = [try port("api", 9090 + services.count)]
      other.dependencies = [try needs("chainfire", .wants), try needs("iam", .after)]
      services.append(other)
    }
    services.append(try service("k8shost", preset: "container-host", user: "root"))
    var worker = try service("worker", type: .exec)
    worker.instances = [sourced("a"), sourced("b-c")]
    worker.state = [StateDirectory(name: try name("data"), path: sourced("worker"), size: nil)]
    services.append(worker)
    return try node(services)
  }

  /// Forks, and binds ports below 1024.
  private mutating func platformDNS() throws -> Service {
    var dns = try service("flashdns", type: .forking)
    dns.runtimeDirectory = sourced("flashdns")
    dns.ports = [try port("dns", 53, .clients), try port("dot", 853, .clients)]
    dns.dependencies = [try needs("chainfire", .wants)]
    return dns
  }

  /// The message bus of the first seed: one unit, told apart by its environment file.
  mutating func unibus() throws -> Service {
    var bus = try service("membershipd", type: .simple, user: "unibus")
    bus.unitName = sourced("membershipd-cluster")
    bus.workingDirectory = try path("/opt/unibus")
    bus.writablePaths = [try path("/opt/unibus/local_files")]
    bus.environmentFile = EnvironmentFile(
      path: try path("/opt/unibus/cluster.env"), entries: [], mode: sourced(FileMode(0o640)),
      owner: sourced(.root))
    bus.command += [
      CommandWord(sourced(.text("--http-port"))),
      CommandWord(sourced(.variable(try #require(VariableName("HTTP_PORT"))))),
    ]
    bus.limits = [("nofile", sourced("65536"))]
    bus.credentials = [
      Credential(id: sourced("tls.key"), path: try path("/etc/nixos/secrets/node01.key").value)
    ]
    return bus
  }
}

import Diagnostics
import FleetModel
import Testing

/// A node in code, with as little as files need.
struct Fixture {
  private var place = 0

  /// A value with a place that no other has.
  mutating func sourced<Value>(_ value: Value) -> Sourced<Value> {
    place += 1
    return Sourced(value, .profile(Span(source: SourceID(index: 0), start: place, end: place + 1)))
  }

  mutating func name(_ text: String) throws -> Sourced<Name> { sourced(try #require(Name(text))) }

  mutating func path(_ text: String) throws -> Sourced<TargetPath> {
    sourced(try #require(TargetPath(text)))
  }

  mutating func account(_ text: String) throws -> Sourced<AccountName> {
    sourced(try #require(AccountName(text)))
  }

  mutating func entry(_ name: String, _ value: String) throws -> EnvironmentEntry {
    EnvironmentEntry(name: sourced(try #require(VariableName(name))), value: sourced(value))
  }

  mutating func file(
    _ text: String, _ path: String, _ content: ConfigurationFile.Content
  ) throws -> ConfigurationFile {
    ConfigurationFile(
      name: try name(text), path: try self.path(path), content: content, mode: sourced(FileMode(0o640)),
      owner: try account("root"))
  }

  mutating func service(_ text: String) throws -> Service {
    var service = Service(
      name: try name(text), unitName: sourced(text), description: sourced(text),
      start: StartPolicy(
        kind: sourced(.exec), estimate: sourced(.seconds(1)), timeout: sourced(.seconds(90)),
        stopTimeout: sourced(.seconds(30)), restart: sourced(.always),
        restartDelay: sourced(.seconds(5)), pidFile: nil),
      identity: .account(try account("unibus")),
      sandbox: Sandbox(preset: sourced("network-daemon"), exceptions: []))
    service.programs = [
      Program(
        name: try name("server"), executable: sourced(text), path: try path("/opt/\(text)/\(text)"),
        nix: nil, payload: nil)
    ]
    service.command = [CommandWord(sourced(.program(try name("server").value)))]
    return service
  }

  mutating func member(_ text: String, port: Int) throws -> ClusterConfig.Member {
    ClusterConfig.Member(
      service: try name(text).value, leaderURL: sourced("https://node01.plasma.local:\(port)"),
      raftAddress: sourced("192.168.100.12:\(port + 1)"),
      initialPeers: ["node01", "node02", "node03"].map { sourced("\($0):\(port + 1)") })
  }

  mutating func clusterConfig(isSecure: Bool = true) throws -> ClusterConfig {
    let secrets = "/etc/nixos/secrets"
    return ClusterConfig(
      path: try path("\(secrets)/cluster-config.json"), role: sourced("control-plane"),
      clusterName: sourced("plasmacloud"), primary: try name("chainfire").value,
      members: [try member("chainfire", port: 2379), try member("flaredb", port: 2479)],
      tls: isSecure
        ? ClusterConfig.TLS(
          authorityPath: try path("\(secrets)/ca.crt").value,
          certificatePath: try path("\(secrets)/node02.crt").value,
          keyPath: try path("\(secrets)/node02.key").value) : nil)
  }

  mutating func node(_ services: [Service] = [], outputs: Set<Output> = [.units, .files, .extraFiles]) throws
    -> Node
  {
    var node = Node(
      name: try name("node02"), hostName: sourced(try #require(DomainName("node02"))),
      fullName: "node02.plasma.local", fleet: try name("plasmacloud").value, hostID: sourced("0a0b0c0d"),
      mode: sourced(.join),
      target: Target(
        system: sourced(.distribution(id: "debian", version: "12")), systemdVersion: sourced(252),
        architecture: sourced(.x86_64)),
      access: Access(sshHost: sourced("node02"), user: try account("root"), authorizedKeys: []),
      firstBoot: FirstBoot(
        isEnabled: sourced(false), stateDirectory: sourced("first-boot-automation"),
        executable: try path("/usr/bin/imagegen-install"), clusterHealth: sourced(true),
        clusterHealthTimeout: sourced(.seconds(300))),
      machine: Machine(memory: sourced(ByteCount(bytes: 1 << 30)), processors: sourced(1)))
    node.services = services
    node.outputs = outputs
    return node
  }
}

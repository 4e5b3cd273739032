internal import Diagnostics
internal import FleetModel
internal import JSONText

/// `/etc/imagegen/first-boot.json`: the first-boot steps as data, for the on-node executable. Which
/// peers and which leader, it reads from `cluster-config.json`; secrets it reads by path.
struct FirstBootText {
  let node: Node
  private(set) var report = Report()

  init(node: Node) { self.node = node }

  mutating func bytes() -> [UInt8] {
    let steps = node.services.compactMap { step(of: $0) }
    let probes = node.services.map { service in
      JSONValue.Member(
        service.name.value.description,
        .object(["live": service.health.live.map(Self.probe), "ready": service.health.ready.map(Self.probe)]))
    }
    return JSONValue.object([
      "version": .integer(1), "node": .string(node.name.value.description),
      "mode": .string(node.mode.value.rawValue),
      "cluster_config": node.clusterConfig.map { .string($0.path.value.description) },
      "state_directory": .string("/var/lib/" + node.firstBoot.stateDirectory.value),
      "cluster_health_timeout_ms": .integer(node.firstBoot.clusterHealthTimeout.value.milliseconds),
      "steps": .object(steps), "health": .object(probes),
    ]).pretty
  }

  private mutating func step(of service: Service) -> JSONValue.Member? {
    guard service.join != nil || service.setup != nil else { return nil }
    return JSONValue.Member(
      service.name.value.description,
      .object(["join": service.join.map { join($0) }, "setup": service.setup.map { setup($0) }]))
  }

  private mutating func join(_ join: JoinStep) -> JSONValue {
    .object([
      "when": .string(join.moment.value.rawValue), "post": .string(join.path.value),
      "leader_url": .string(join.leaderURL.value),
      "json": ConfigurationContent.json(join.body, &report),
      "ok": .array(join.accepted.map { .integer($0.value) }),
      "member": .array(join.alreadyMember.map { .integer($0.value) }), "retry": Self.retry(join.retry),
      "health_timeout_ms": .integer(join.healthTimeout.value.milliseconds),
    ])
  }

  private mutating func setup(_ setup: SetupStep) -> JSONValue {
    .object([
      "post": .string(setup.path.value), "port": .integer(Int(setup.port.value.value)),
      "json": ConfigurationContent.json(setup.body, &report),
      "ok": .array(setup.accepted.map { .integer($0.value) }),
      "done": .array(setup.alreadyDone.map { .integer($0.value) }),
      "retry": Self.retry(setup.retry), "health_timeout_ms": .integer(setup.healthTimeout.value.milliseconds),
    ])
  }

  private static func retry(_ retry: RetryPolicy) -> JSONValue {
    .object([
      "attempts": .integer(retry.attempts.value),
      "first_delay_ms": .integer(retry.firstDelay.value.milliseconds),
      "longest_delay_ms": .integer(retry.longestDelay.value.milliseconds),
    ])
  }

  private static func probe(_ probe: Health.Probe) -> JSONValue {
    let quorum = probe.quorum.map { JSONValue.string($0.description) }
    switch probe.kind {
    case .tcp(let port): return .object(["tcp": .integer(Int(port.value.value)), "quorum": quorum])
    case .http(let url, _, let fields, let body):
      let members = fields.map { JSONValue.Member($0.key, .string($0.value)) }
      return .object([
        "http": .string(url.value), "json": members.isEmpty ? nil : .object(members),
        "body": body.map(JSONValue.string),
        "quorum": quorum,
      ])
    case .dns(let port, let name, let answer):
      return .object([
        "dns": .integer(Int(port.value.value)), "name": .string(name),
        "answer": answer.map { .string($0.description) }, "quorum": quorum,
      ])
    case .command(let words): return .object(["command": .strings(words.map(\.value)), "quorum": quorum])
    }
  }
}

internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Health, joining and setting up: what first boot and the runbook are made of.
extension ServiceResolution {
  mutating func health() -> Health {
    var health = Health()
    let node = template.tree["health"]
    health.live = node?["live"].flatMap { probe($0) }
    health.ready = node?["ready"].flatMap { probe($0) }
    return health
  }

  private mutating func probe(_ node: YAMLNode) -> Health.Probe? {
    let quorum = node.sourced("quorum", Name.init)
    if let quorum, evaluation.context.fleet.groups[quorum.value] == nil {
      withEvaluation { $0.unknownGroup(quorum.value.description, at: quorum.span) }
    }
    let kind: Health.Probe.Kind? =
      if let port = port(node, "tcp") {
        .tcp(port)
      } else if let port = port(node, "https") ?? port(node, "http") {
        http(node, port: port, isSecure: node["https"] != nil)
      } else if let port = port(node, "dns") {
        .dns(
          port: port, name: node["name"]?.scalarText ?? "",
          answer: node.sourced("answer", IPAddress.init)?.value)
      } else if node["command"] != nil {
        .command(node.list("command") { $0 })
      } else {
        nil
      }
    return kind.map { Health.Probe(kind: $0, origin: node.origin, quorum: quorum?.value) }
  }

  private func http(_ node: YAMLNode, port: Sourced<PortNumber>, isSecure: Bool) -> Health.Probe.Kind {
    let host = evaluation.context.fleet.fullName(of: evaluation.entry)
    let path = node["path"]?.scalarText ?? "/"
    let url = "\(isSecure ? "https" : "http")://\(host):\(port.value)\(path)"
    let fields = (node["json"]?.entries ?? []).map { (key: $0.key, value: $0.value.scalarText ?? "") }
    return .http(
      url: Sourced(url, node.origin), secure: isSecure, fields: fields, body: node["body"]?.scalarText)
  }

  /// The number of the port a key names.
  private mutating func port(_ node: YAMLNode, _ key: String, default standard: String? = nil) -> Sourced<
    PortNumber
  >? {
    let word = node.text(key) ?? standard.map { Sourced($0, .standard("step.\(key)")) }
    guard let word else { return nil }
    if let port = evaluation.service.ports.first(where: { $0.name.value.description == word.value }) {
      return Sourced(port.number.value, word.origin)
    }
    withEvaluation { evaluation in
      let known = evaluation.service.ports.map(\.name.value.description).sorted()
      evaluation.add(
        Diagnostic(
          ProfileRules.unknownReference, "\(evaluation.service.name.value) has no port \(word.value)",
          at: word.span ?? node.span,
          help: Evaluation.suggestion(for: word.value, among: known)))
    }
    return nil
  }

  mutating func join() -> JoinStep? {
    guard let node = template.tree["join"] else { return nil }
    let service = evaluation.service.name.value
    guard let group = evaluation.context.group(of: service) else {
      withEvaluation {
        $0.add(
          Diagnostic(
            MeaningRules.noGroup, "\(service) joins a cluster, and no group names it", at: node.span,
            help: "declare one under groups in fleet.yaml"))
      }
      return nil
    }
    let leaderPort = node.sourced("to") { Name(String($0.dropFirst(7))) }?.value.description ?? "api"
    let addressPort = node["address"]?.scalarText ?? "raft"
    guard let path = node.text("post"), let bodyNode = node["json"],
      let api = namedPort(leaderPort, at: node["to"] ?? node),
      let raft = namedPort(addressPort, at: node["address"] ?? node)
    else { return nil }
    checkLeader(of: group, by: api, at: node["to"] ?? node)
    let body = withEvaluation { $0.content(bodyNode) } ?? .table([], bodyNode.origin)
    let address = evaluation.entry.addresses.first {
      raft.network == nil || $0.network == raft.network?.value
    }
    if address == nil {
      let place = (node["address"] ?? node).span
      withEvaluation {
        _ = $0.unreachable("\($0.entry.name.value) has no address for port \(addressPort)", at: place)
      }
    }
    return JoinStep(
      moment: node.sourced("when", JoinStep.Moment.init(rawValue:), default: .afterLive, named: "join.when"),
      path: path,
      leaderPort: api.number, leaderURL: leaderURL(of: group, port: api),
      raftAddress: Sourced(
        "\(address?.address.value.bracketed ?? "0.0.0.0"):\(raft.number.value)", raft.number.origin),
      body: body, accepted: statuses(node, "ok", [200, 201]), alreadyMember: statuses(node, "member", [409]),
      retry: retry(node["retry"]), healthTimeout: healthTimeout(node), group: group.name.value)
  }

  mutating func setup() -> SetupStep? {
    guard let node = template.tree["setup"] else { return nil }
    guard let path = node.text("post"), let bodyNode = node["json"],
      let port = port(node, "port", default: "api")
    else {
      return nil
    }
    let body = withEvaluation { $0.content(bodyNode) } ?? .table([], bodyNode.origin)
    return SetupStep(
      port: port, path: path, body: body, accepted: statuses(node, "ok", [200, 201]),
      alreadyDone: statuses(node, "done", [409]), retry: retry(node["retry"]),
      healthTimeout: healthTimeout(node))
  }

  func leaderURL(of group: QuorumGroup, port: Port) -> Sourced<String> {
    let context = evaluation.context
    let leader = context.entry(group.leader.value)
    let number =
      leader.flatMap { $0.portOverrides[group.service.value]?[port.name.value] } ?? port.number.value
    return Sourced(
      "https://\(leader.map(context.fleet.fullName) ?? group.leader.value.description):\(number)",
      group.leader.origin)
  }

  private mutating func namedPort(_ name: String, at node: YAMLNode) -> Port? {
    if let port = evaluation.service.ports.first(where: { $0.name.value.description == name }) { return port }
    withEvaluation { evaluation in
      evaluation.add(
        Diagnostic(
          ProfileRules.unknownReference, "\(evaluation.service.name.value) has no port \(name)",
          at: node.span,
          help: Evaluation.suggestion(
            for: name, among: evaluation.service.ports.map(\.name.value.description))))
    }
    return nil
  }

  /// A node that joins has to reach the leader: by a network they share.
  private mutating func checkLeader(of group: QuorumGroup, by port: Port, at node: YAMLNode) {
    let context = evaluation.context
    guard let leader = context.entry(group.leader.value), leader.name.value != evaluation.entry.name.value,
      !context.incomplete.contains(leader.name.value)
    else { return }
    guard evaluation.commonNetwork(with: leader, wanted: port.network?.value) == nil else { return }
    let network = port.network.map { " \($0.value)" } ?? ""
    withEvaluation { evaluation in
      _ = evaluation.unreachable(
        "\(evaluation.entry.name.value) and its leader \(leader.name.value) share no network\(network)",
        at: node.span)
    }
  }

  private func statuses(_ node: YAMLNode, _ key: String, _ standard: [Int]) -> [Sourced<Int>] {
    let given = node.list(key, Grammar.decimal)
    return given.isEmpty ? standard.map { Sourced($0, .standard("step.\(key)")) } : given
  }

  private func healthTimeout(_ node: YAMLNode) -> Sourced<TimeSpan> {
    node.sourced("health-timeout", TimeSpan.init, default: .seconds(120), named: "step.health-timeout")
  }

  private func retry(_ node: YAMLNode?) -> RetryPolicy {
    let pauses = node?.list("backoff", TimeSpan.init) ?? []
    let pause = { (index: Int, seconds: Int) in
      pauses.indices.contains(index)
        ? pauses[index] : Sourced(TimeSpan.seconds(seconds), .standard("retry.backoff"))
    }
    return RetryPolicy(
      attempts: node?.integer("attempts") ?? Sourced(5, .standard("retry.attempts")), firstDelay: pause(0, 1),
      longestDelay: pause(1, 16))
  }
}

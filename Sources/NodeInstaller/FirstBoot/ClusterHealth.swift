internal import JSONText
internal import NodeCalls

/// Asks every endpoint of this node and every voter of its clusters, until all is well or time is up, and tells the
/// journal, a file of metrics, and whoever the fleet names.
struct ClusterHealth {
  let run: FirstBootRun
  let plan: FirstBootPlan
  let facts: ClusterFacts?

  private struct State {
    var services: [(name: String, isLive: Bool, isReady: Bool, reason: String?)] = []
    var clusters: [(name: String, voters: Int, present: Int, absent: [String])] = []

    var isHealthy: Bool {
      services.allSatisfy { $0.isReady } && clusters.allSatisfy { $0.present > $0.voters / 2 }
    }
  }

  /// Whether all is well in the end.
  func isWell() -> Bool {
    var state = look()
    let patience = run.options.timeout.map { $0 * 1000 } ?? plan.patience
    let isHealthy = run.wait(
      milliseconds: patience,
      {
        state = look()
        return state.isHealthy ? nil : summary(state)
      }
    ) { run.console.say("INFO", "Waiting for the cluster", [.init("reason", .string($0))]) }
    let report = report(state)
    run.console.say(
      isHealthy ? "INFO" : "ERROR", isHealthy ? "Cluster healthy" : "Cluster not healthy: \(summary(state))",
      [.init("report", report)])
    run.console.result(
      run.options.isJSON ? report.compact : Array((isHealthy ? "healthy" : "not healthy").utf8))
    write(metrics(state))
    post(report)
    return isHealthy
  }

  private func look() -> State {
    let prober = Prober(calls: run.calls, clients: [run.client(facts)])
    var state = State()
    for service in plan.services {
      let live = service.live.flatMap { prober.refusal($0) }
      // What does not live need not be asked whether it is ready.
      let ready = live == nil ? service.ready.flatMap { prober.refusal($0) } : live
      state.services.append((service.name, live == nil, ready == nil, ready))
    }
    let voters = Voters(facts: facts, names: NameTable(tree: run.tree))
    for (name, member) in (facts?.members ?? [:]).sorted(by: { $0.key < $1.key }) where !member.peers.isEmpty
    {
      let absent = voters.absent(name)
      state.clusters.append((name, member.peers.count, member.peers.count - absent.count, absent))
    }
    return state
  }

  private func summary(_ state: State) -> String {
    let ill = state.services.filter { !$0.isReady }.map { "\($0.name) (\($0.reason ?? ""))" }
    let small = state.clusters.filter { $0.present <= $0.voters / 2 }.map {
      "\($0.name) has \($0.present) of \($0.voters) voters, without \($0.absent.joined(separator: ", "))"
    }
    return (ill + small).joined(separator: "; ")
  }

  // MARK: Reports

  private func joined(_ name: String) -> String? {
    let markers = Markers(tree: run.tree, folder: plan.state)
    do throws(NodeFailure) {
      if let time = try markers.time("\(name)-joined") { return time }
      return try markers.time("\(name)-initialized")
    } catch {
      return nil
    }
  }

  private func report(_ state: State) -> JSONValue {
    let services = state.services.map { service in
      JSONValue.object([
        "service": .string(service.name), "live": .bool(service.isLive), "ready": .bool(service.isReady),
        "reason": service.reason.map { .string($0) }, "joined": joined(service.name).map { .string($0) },
      ])
    }
    let clusters = state.clusters.map { cluster in
      JSONValue.object([
        "service": .string(cluster.name), "voters": .integer(cluster.voters),
        "present": .integer(cluster.present),
        "needed": .integer(cluster.voters / 2 + 1), "absent": .strings(cluster.absent),
      ])
    }
    return .object([
      "node": .string(plan.node), "cluster": facts.map { .string($0.cluster) },
      "timestamp": .string(Timestamp(run.calls.seconds()).text), "healthy": .bool(state.isHealthy),
      "services": .array(services), "clusters": .array(clusters),
    ])
  }

  /// The text format of Prometheus, for its collector of text files.
  private func metrics(_ state: State) -> String {
    var text = "# HELP imagegen_node_healthy Whether every endpoint of the node and every quorum is well.\n"
    text += "# TYPE imagegen_node_healthy gauge\n"
    text += "imagegen_node_healthy{node=\"\(plan.node)\"} \(state.isHealthy ? 1 : 0)\n"
    text += "# HELP imagegen_service_ready Whether the service's health check holds.\n"
    text += "# TYPE imagegen_service_ready gauge\n"
    for service in state.services {
      text +=
        "imagegen_service_ready{node=\"\(plan.node)\",service=\"\(service.name)\"} \(service.isReady ? 1 : 0)\n"
    }
    text += "# HELP imagegen_cluster_voters_present Voters that take connections.\n"
    text += "# TYPE imagegen_cluster_voters_present gauge\n"
    for cluster in state.clusters {
      text +=
        "imagegen_cluster_voters_present{node=\"\(plan.node)\",cluster=\"\(cluster.name)\"} \(cluster.present)\n"
    }
    return text + "# HELP imagegen_health_timestamp_seconds When this was found.\n"
      + "# TYPE imagegen_health_timestamp_seconds gauge\n"
      + "imagegen_health_timestamp_seconds{node=\"\(plan.node)\"} \(run.calls.seconds())\n"
  }

  /// Beside the markers: a step writes nowhere else.
  private func write(_ text: String) {
    let (path, fresh) = ("\(plan.state)/cluster-health.prom", "\(plan.state)/cluster-health.prom.new")
    do throws(NodeFailure) {
      for parent in Places.parents(path) where try run.tree.status(parent) == nil {
        try run.tree.makeFolder(parent, mode: 0o755)
      }
      try run.tree.remove(fresh)
      try run.tree.create(fresh, mode: 0o644, isDurable: false) { file throws(NodeFailure) in
        try run.tree.write(Array(text.utf8), to: file, fresh)
      }
      try run.tree.rename(fresh, to: path)
    } catch {
      run.console.say("WARN", error.message)
    }
  }

  private func post(_ report: JSONValue) {
    guard let webhook = facts?.webhook else { return }
    // A receiver may be somebody else's: this node's certificate is not shown, and the system's authorities count too.
    var reason = ""
    for client in [run.client(facts), WebClient(calls: run.calls)] {
      let plain = WebClient(calls: run.calls, authority: client.authority)
      switch plain.send(webhook, body: report.compact, seconds: 10) {
      case .status(200...299, _): return
      case .status(let status, _): reason = "HTTP \(status)"
      case .failure(let text, _): reason = text
      }
    }
    run.console.say("WARN", "the report could not be sent: \(reason)")
  }
}

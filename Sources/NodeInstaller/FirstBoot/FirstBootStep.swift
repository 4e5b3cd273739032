internal import Bundles
internal import JSONText
internal import NodeCalls

/// The steps of one service.
struct FirstBootStep {
  let run: FirstBootRun
  let plan: FirstBootPlan
  let facts: ClusterFacts?
  let service: FirstBootPlan.Service

  private var console: Console { run.console }
  private var calls: any NodeCalls { run.calls }
  private var markers: Markers { Markers(tree: run.tree, folder: plan.state) }
  private var client: WebClient { run.client(facts) }
  private var prober: Prober { Prober(calls: calls, clients: [client]) }

  // MARK: Health

  /// Waits until the service can do its work; with `--live` until it lives, which a node alone does as well.
  func health() -> Bool {
    let probe = run.options.isLive ? service.live ?? service.ready : service.ready ?? service.live
    let patience = run.options.timeout.map { $0 * 1000 } ?? service.join?.patience ?? service.setup?.patience
    guard waitFor(probe, patience ?? plan.patience) else { return false }
    console.say("INFO", "Service healthy")
    return true
  }

  private func waitFor(_ probe: BundleManifest.Probe?, _ patience: Int) -> Bool {
    guard let probe else { return true }
    let isHealthy = run.wait(milliseconds: patience, { prober.refusal(probe) }) { reason in
      var more = [JSONValue.Member("reason", .string(reason))]
      let missing = probe.quorum.map { absent($0) } ?? []
      if !missing.isEmpty { more.append(.init("waiting_for", .strings(missing))) }
      console.say("INFO", missing.isEmpty ? "Waiting for health" : "Waiting for a quorum", more)
    }
    if !isHealthy { console.say("ERROR", "Health check timeout") }
    return isHealthy
  }

  /// The voters of a cluster that take no connection.
  private func absent(_ group: String) -> [String] {
    Voters(facts: facts, names: NameTable(tree: run.tree)).absent(group)
  }

  // MARK: Forming and joining a cluster

  /// A node that forms the cluster asks nobody: it waits for the others, and leaves its marker.
  func bootstrap() throws(ConfigurationFault) -> StepOutcome {
    guard let join = service.join else { throw ConfigurationFault("\(service.name) has no cluster to form") }
    if let outcome = try alreadyMember() { return outcome }
    if !service.isJoinedBeforeStart {
      guard waitFor(service.live, join.patience), waitFor(service.ready, join.patience) else {
        return .gaveUp
      }
    }
    return mark("initialized", "Cluster initialized")
  }

  /// Asks the leader to take this node in.
  func join() throws(ConfigurationFault) -> StepOutcome {
    guard let join = service.join else { throw ConfigurationFault("\(service.name) has no cluster to join") }
    let leaders = try leaders()
    if let outcome = try alreadyMember() { return outcome }
    let problems = Preflight(run: run, plan: plan, facts: facts).problems(leaders: leaders)
    for problem in problems { console.say("ERROR", "Preflight failed: \(problem)") }
    guard problems.isEmpty else { return .gaveUp }
    if !service.isJoinedBeforeStart, !waitFor(service.live, join.patience) { return .gaveUp }
    switch send(join, to: leaders, what: "Join request") {
    case .accepted: return mark("joined", "Successfully joined cluster")
    case .already(let status):
      console.say("WARN", "Node already member of cluster (HTTP \(status))")
      let outcome = mark("joined", nil)
      return outcome == .done ? .already : outcome
    case .refused:
      console.say("ERROR", "Failed to join cluster after \(join.retry.attempts) attempts")
      return .gaveUp
    }
  }

  private func alreadyMember() throws(ConfigurationFault) -> StepOutcome? {
    do throws(NodeFailure) {
      for marker in ["joined", "initialized"] where try markers.isThere("\(service.name)-\(marker)") {
        console.say("WARN", "Node already member of cluster (marker .\(service.name)-\(marker))")
        return .already
      }
      return nil
    } catch {
      throw ConfigurationFault(error.message)
    }
  }

  /// The leader that the configuration names, or those that the DNS does when it is to be asked.
  private func leaders() throws(ConfigurationFault) -> [String] {
    if let name = run.options.leaderRecords {
      let found = NameTable(tree: run.tree).leaders(name)
      if found.isEmpty { console.say("WARN", "no SRV records of \(name): the configured leader is asked") }
      if !found.isEmpty { return found }
    }
    guard let leader = facts?.members[service.name]?.leader ?? service.leader else {
      throw ConfigurationFault("no leader of \(service.name) is configured")
    }
    return [leader]
  }

  // MARK: First accounts

  /// Asks the service on this node to make its first accounts and tokens, once.
  func setup() throws(ConfigurationFault) -> StepOutcome {
    guard let setup = service.setup else { throw ConfigurationFault("\(service.name) has no initial setup") }
    do throws(NodeFailure) {
      if try markers.isThere("\(service.name)-initialized") {
        console.say("INFO", "Initial setup was done before")
        return .done
      }
    } catch {
      throw ConfigurationFault(error.message)
    }
    guard waitFor(service.ready ?? service.live, setup.patience) else { return .gaveUp }
    switch send(setup, to: [own(setup)], what: "Setup request") {
    case .accepted: return mark("initialized", "Initial setup complete")
    case .already(let status): return mark("initialized", "Initial setup was done before (HTTP \(status))")
    case .refused:
      console.say("ERROR", "Initial setup failed after \(setup.retry.attempts) attempts")
      return .gaveUp
    }
  }

  /// The service on this node, under the name that its certificate has.
  private func own(_ setup: FirstBootPlan.Request) -> String {
    if case .http(let url, _, _)? = service.ready?.kind, let address = WebAddress(url) {
      let host = address.host.utf8.contains(58) ? "[\(address.host)]" : address.host
      return "\(address.scheme)://\(host):\(service.setupPort)"
    }
    return "\(facts?.certificates == nil ? "http" : "https")://127.0.0.1:\(service.setupPort)"
  }

  // MARK: Requests

  private enum Sent {
    case accepted
    case already(Int)
    case refused
  }

  /// Posts until somebody says yes, or it was so before, or the tries are used up. A request whose answer got lost is
  /// made again: who was taken in by it is told that they are a member.
  private func send(_ request: FirstBootPlan.Request, to servers: [String], what: String) -> Sent {
    var delay = request.retry.first
    for attempt in 1...request.retry.attempts {
      let server = servers[(attempt - 1) % servers.count]
      let url = (server.utf8.last == 47 ? String(server.dropLast()) : server) + request.path
      var reason = ""
      switch client.send(url, body: request.body, seconds: 10) {
      case .status(let status, _):
        if request.accepted.contains(status) { return .accepted }
        if request.already.contains(status) { return .already(status) }
        reason = "HTTP \(status)"
      case .failure(let text, _): reason = text
      }
      console.say(
        "ERROR", "\(what) failed: \(reason)",
        [
          .init("attempt", .integer(attempt)), .init("attempts", .integer(request.retry.attempts)),
          .init("url", .string(url)),
        ])
      if attempt < request.retry.attempts {
        calls.pause(milliseconds: run.jittered(delay))
        delay = min(request.retry.longest, delay * 2)
      }
    }
    return .refused
  }

  private func mark(_ marker: String, _ message: String?) -> StepOutcome {
    do throws(NodeFailure) {
      try markers.write("\(service.name)-\(marker)")
    } catch {
      console.say("ERROR", error.message)
      return .gaveUp
    }
    if let message { console.say("INFO", message) }
    return .done
  }
}

/// The voters of a cluster, as the configuration names them.
struct Voters {
  let facts: ClusterFacts?
  let names: NameTable

  func all(_ group: String) -> [String] { facts?.members[group]?.peers ?? [] }

  /// Those that take no connection.
  func absent(_ group: String) -> [String] {
    all(group).filter { peer in
      guard let (host, port) = WebAddress.hostAndPort(peer) else { return true }
      return !names.addresses(host).contains {
        names.tree.calls.connect($0, port: port, milliseconds: 1000) == 0
      }
    }
  }
}

/// What must hold before anybody is asked anything.
struct Preflight {
  let run: FirstBootRun
  let plan: FirstBootPlan
  let facts: ClusterFacts?

  /// Bytes that the disk and the memory must have left.
  private static let (leastDisk, leastMemory) = (1 << 20, 16 << 20)

  /// What does not.
  func problems(leaders: [String]) -> [String] {
    network(leaders) + certificates() + machine()
  }

  private func network(_ leaders: [String]) -> [String] {
    let names = NameTable(tree: run.tree)
    let hosts = leaders.compactMap { WebAddress($0)?.host }
    if hosts.contains(where: { !names.addresses($0).isEmpty }) { return [] }
    return ["\(hosts.joined(separator: ", ")) cannot be resolved"]
  }

  private func certificates() -> [String] {
    guard let tls = facts?.certificates else { return [] }
    var problems: [String] = []
    for path in [tls.authority, tls.certificate, tls.key] {
      guard let (bytes, mode) = file(path) else {
        problems.append("\(path) is missing")
        continue
      }
      if path == tls.key {
        if mode & 0o077 != 0 { problems.append("\(path) can be read by others") }
        continue
      }
      guard let window = PEM.firstCertificate(bytes).flatMap({ CertificateWindow(der: $0) }) else {
        problems.append("\(path) is no certificate")
        continue
      }
      let now = run.calls.seconds()
      if now < window.start { problems.append("\(path) is not valid before \(Timestamp(window.start).text)") }
      if now > window.end { problems.append("\(path) expired \(Timestamp(window.end).text)") }
    }
    return problems
  }

  private func machine() -> [String] {
    var problems: [String] = []
    let machine = run.calls.name(.machine)
    if machine != "x86_64" { problems.append("the processor is \(machine), not x86_64") }
    if let left = memory(), left < Self.leastMemory { problems.append("\(left) bytes of memory are left") }
    do throws(NodeFailure) {
      let folder = try run.tree.status(plan.state) == nil ? "var" : plan.state
      let space = try run.tree.inFolder(folder) { folder throws(NodeFailure) in
        switch run.calls.space(folder) {
        case .success(let space): return space
        case .failure(let reason): throw NodeFailure("measure", plan.state, reason)
        }
      }
      if space.isReadOnly { problems.append("/\(plan.state) is read-only") }
      if space.bytes < Self.leastDisk || space.inodes < 16 {
        problems.append("/\(plan.state) has \(space.bytes) bytes and \(space.inodes) inodes left")
      }
    } catch {
      problems.append(error.message)
    }
    return problems
  }

  private func file(_ path: String) -> ([UInt8], UInt32)? {
    do throws(NodeFailure) {
      guard let place = try run.tree.resolved(String(path.dropFirst())),
        let status = try run.tree.status(place),
        let bytes = try run.tree.read(place, limit: 1 << 16)
      else { return nil }
      return (bytes, status.mode)
    } catch {
      return nil
    }
  }

  /// MemAvailable of proc(5), where the sandbox shows it.
  private func memory() -> Int? {
    do throws(NodeFailure) {
      for line in try run.tree.read("proc/meminfo", limit: 1 << 16)?.split(separator: 10) ?? [] {
        let words = line.split(separator: 32)
        if words.count > 1, words[0].elementsEqual("MemAvailable:".utf8) {
          return Int(String(decoding: words[1], as: UTF8.self)).map { $0 * 1024 }
        }
      }
      return nil
    } catch {
      return nil
    }
  }
}

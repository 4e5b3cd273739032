internal import JSONText
internal import NodeCalls

/// A verb of the first boot, and the exit statuses that units and scripts know it by.
enum FirstBootVerb {
  case detect, health, join, bootstrap, setup, clusterHealth

  init?(_ name: String) {
    switch name {
    case "detect": self = .detect
    case "health": self = .health
    case "join": self = .join
    case "bootstrap": self = .bootstrap
    case "setup": self = .setup
    case "cluster-health": self = .clusterHealth
    default: return nil
    }
  }

  /// The name of the operation in logs: forming a cluster and joining it are one, as a unit of them is.
  var operation: String {
    switch self {
    case .detect: "detect"
    case .health: "health-check"
    case .join, .bootstrap: "cluster-join"
    case .setup: "initial-setup"
    case .clusterHealth: "cluster-health"
    }
  }

  /// The exit status of a command line that cannot be, and of a configuration that does not hold.
  var faulty: Int32 { self == .detect ? 2 : 3 }
}

/// How a step of the first boot ended.
enum StepOutcome: Int32 {
  case done = 0
  /// It may go better another time.
  case gaveUp = 1
  /// Was so before, and is marked so now.
  case already = 2
}

/// One run of a verb of the first boot.
struct FirstBootRun {
  let tree: NodeTree
  let options: InstallOptions
  /// Of the unit's credentials (systemd.exec(5)), where it has any.
  let credentials: String?
  var console: Console

  var calls: any NodeCalls { tree.calls }

  /// Runs it; its exit status.
  mutating func run(_ verb: FirstBootVerb) -> Int32 {
    console.operation = verb.operation
    let step = options.words.count > 1 ? options.words[1] : nil
    if let step { console.service = step }
    do throws(ConfigurationFault) {
      if case .detect = verb {
        return try facts(nil).isBootstrap ? detected("bootstrap", 0) : detected("join", 1)
      }
      let plan = try plan()
      let facts = plan.clusterConfig == nil ? nil : try facts(plan)
      if case .clusterHealth = verb {
        return ClusterHealth(run: self, plan: plan, facts: facts).isWell() ? 0 : 1
      }
      guard let service = plan.services.first(where: { $0.name == step }) else {
        throw ConfigurationFault("first-boot.json has no step \(step ?? "")")
      }
      let work = FirstBootStep(run: self, plan: plan, facts: facts, service: service)
      switch verb {
      case .health: return work.health() ? 0 : 1
      case .join: return try work.join().rawValue
      case .bootstrap: return try work.bootstrap().rawValue
      default: return try work.setup().rawValue
      }
    } catch {
      console.say("ERROR", error.message)
      return verb.faulty
    }
  }

  private func detected(_ mode: String, _ status: Int32) -> Int32 {
    console.result(options.isJSON ? JSONValue.object(["mode": .string(mode)]).compact : Array(mode.utf8))
    return status
  }

  // MARK: Configuration

  private func plan() throws(ConfigurationFault) -> FirstBootPlan {
    try FirstBootPlan(reading: try read(FirstBootPlan.path))
  }

  /// cluster-config.json: the unit's credential, or where the plan says.
  private func facts(_ known: FirstBootPlan?) throws(ConfigurationFault) -> ClusterFacts {
    if let credentials {
      let file = calls.openNamed(credentials + "/cluster-config", isFolder: false)
      if file >= 0 {
        defer { _ = calls.close(file) }
        return try ClusterFacts(reading: try content(of: file))
      }
    }
    let plan = if let known { known } else { try plan() }
    guard let path = plan.clusterConfig else {
      throw ConfigurationFault("first-boot.json names no cluster_config")
    }
    let relative = path.utf8.first == 47 ? String(path.dropFirst()) : path
    return try ClusterFacts(reading: try read(relative))
  }

  private func content(of file: Int32) throws(ConfigurationFault) -> [UInt8] {
    do throws(NodeFailure) {
      var bytes: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 14)
      while bytes.count <= FirstBootPlan.limit {
        let count = try tree.fill(&buffer, from: file, at: bytes.count, "cluster-config")
        if count == 0 { return bytes }
        bytes += buffer.prefix(count)
      }
      throw NodeFailure("read", "cluster-config", NodeErrno(27))
    } catch {
      throw ConfigurationFault("Configuration file not found: \(error.message)")
    }
  }

  private func read(_ path: String) throws(ConfigurationFault) -> [UInt8] {
    do throws(NodeFailure) {
      if let place = try tree.resolved(path), let bytes = try tree.read(place, limit: FirstBootPlan.limit) {
        return bytes
      }
    } catch {
      throw ConfigurationFault("Configuration file not found: \(error.message)")
    }
    throw ConfigurationFault("Configuration file not found: /\(path)")
  }

  /// A path of the node as another program finds it.
  func hostPath(_ path: String) -> String { options.root == "/" ? path : options.root + path }

  // MARK: What all steps do

  /// Asks a probe until it holds or time is up, more and more seldom, never all nodes at once. `waiting` is told of
  /// each refusal.
  func wait(milliseconds: Int, _ refusal: () -> String?, waiting: (String) -> Void) -> Bool {
    let deadline = calls.milliseconds() + milliseconds
    var delay = 250
    var told = ""
    while true {
      guard let reason = refusal() else { return true }
      if reason != told {
        waiting(reason)
        told = reason
      }
      let left = deadline - calls.milliseconds()
      guard left > 0 else { return false }
      calls.pause(milliseconds: min(left, jittered(delay)))
      delay = min(5000, delay * 2)
    }
  }

  /// Half of it to all of it.
  func jittered(_ milliseconds: Int) -> Int {
    let half = milliseconds / 2
    return milliseconds - Int(calls.random() % UInt64(half + 1))
  }

  /// The client for this cluster's servers.
  func client(_ facts: ClusterFacts?) -> WebClient {
    guard let tls = facts?.certificates else { return WebClient(calls: calls) }
    return WebClient(
      calls: calls, authority: hostPath(tls.authority),
      identity: (certificate: hostPath(tls.certificate), key: hostPath(tls.key)))
  }
}

/// Files that say that a step was done, and when: an ISO 8601 time, as `date -Iseconds` writes it.
struct Markers {
  let tree: NodeTree
  let folder: String

  func isThere(_ name: String) throws(NodeFailure) -> Bool {
    for parent in Places.parents(folder + "/x") where try tree.status(parent) == nil { return false }
    return try tree.status("\(folder)/.\(name)") != nil
  }

  /// Writes one so that a crash leaves it whole or leaves none.
  func write(_ name: String) throws(NodeFailure) {
    for parent in Places.parents(folder + "/x") where try tree.status(parent) == nil {
      try tree.makeFolder(parent, mode: 0o755)
      try tree.sync(Places.parent(parent))
    }
    let (path, fresh) = ("\(folder)/.\(name)", "\(folder)/.\(name).new")
    try tree.remove(fresh)
    let text = Timestamp(tree.calls.seconds()).text.dropLast() + "+00:00\n"
    try tree.create(fresh, mode: 0o644, isDurable: true) { file throws(NodeFailure) in
      try tree.write(Array(text.utf8), to: file, fresh)
    }
    try tree.rename(fresh, to: path)
    try tree.sync(folder)
  }

  /// What a marker says; `nil` where there is none.
  func time(_ name: String) throws(NodeFailure) -> String? {
    guard try isThere(name) else { return nil }
    let bytes = try tree.read("\(folder)/.\(name)", limit: 256) ?? []
    return String(decoding: bytes.filter { $0 > 32 }, as: UTF8.self)
  }
}

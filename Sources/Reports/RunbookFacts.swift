import FleetModel

/// What a runbook takes from a fleet and from the nodes it was given in full.
struct RunbookFacts {
  /// Most nodes that a list or a set of commands names.
  static let listLimit = 9

  let fleet: Fleet
  /// In order of name.
  let nodes: [Node]
  /// Each service once, in order of name, with a node that runs it: a voter of its group if possible.
  let services: [(service: Service, node: Node)]
  /// Groups in order of name.
  let groups: [QuorumGroup]
  private let places: [Name: Int]

  init(fleet: Fleet, nodes: [Node]) {
    self.fleet = fleet
    let sorted = nodes.sorted { $0.name.value < $1.name.value }
    self.nodes = sorted
    places = Dictionary(
      sorted.enumerated().map { ($1.name.value, $0) }, uniquingKeysWith: { first, _ in first })
    groups = fleet.groups.values.sorted { $0.name.value < $1.name.value }
    var seen = Set<Name>()
    var services: [(service: Service, node: Node)] = []
    let voters = Set(groups.flatMap { $0.voters.map(\.value) })
    for node in sorted.filter({ voters.contains($0.name.value) }) + sorted {
      for service in node.services where seen.insert(service.name.value).inserted {
        services.append((service, node))
      }
    }
    self.services = services.sorted { $0.service.name.value < $1.service.name.value }
  }

  func node(_ name: Name) -> Node? { places[name].map { nodes[$0] } }

  func group(of service: Name) -> QuorumGroup? { groups.first { $0.service.value == service } }

  /// The group's voters that are known in full, in the group's order.
  func voters(of group: QuorumGroup) -> [Node] {
    group.voters.compactMap { node($0.value) }.prefix(Self.listLimit).map { $0 }
  }

  /// Nodes that form the cluster together: all voters of all groups, in order of name.
  var founders: [Node] {
    let voters = Set(groups.flatMap { $0.voters.map(\.value) })
    let named = nodes.filter { $0.mode.value == .bootstrap && voters.contains($0.name.value) }
    let founders = named.isEmpty ? nodes.filter { $0.mode.value == .bootstrap } : named
    return Array(founders.prefix(Self.listLimit))
  }

  /// Nodes of the roster that join a cluster, in order of name.
  var joining: [NodeEntry] { fleet.roster.filter { $0.mode.value == .join } }

  /// Names in a sentence: all of a few, the ends of many.
  static func names(_ names: [String]) -> String {
    if names.count <= listLimit { return names.joined(separator: ", ") }
    let shown = names.prefix(3).joined(separator: ", ")
    return "\(shown), … \(names[names.count - 1]) (\(names.count) in all)"
  }
}

extension Node {
  /// `root@magnus`, as ssh and scp take it.
  var sshTarget: String { "\(access.user.value)@\(access.sshHost.value)" }

  /// A command that runs on the node.
  func remote(_ command: String) -> String {
    "ssh \(shellWord(sshTarget)) \(shellWord(command))"
  }

  /// Where the certificate of the authority is that vouches for the service's own certificate: clients
  /// check with it. A certificate for servers alone is the service's face to clients.
  func authorityPath(for service: Service) -> TargetPath? {
    let paths = Set(service.credentials.map(\.path))
    let own = servers.filter { paths.contains($0.path) }
    let requests = own.isEmpty ? servers : own
    let request = requests.first { $0.request.usages == [.server] } ?? requests.first
    let authority = request?.request.authority
    let delivery = deliveries.first {
      if case .authorityCertificate(let name) = $0.reference { name == authority } else { false }
    }
    return delivery?.path.value ?? clusterConfig?.tls?.authorityPath
  }

  private var servers: [(path: TargetPath, request: CertificateRequest)] {
    deliveries.compactMap { delivery in
      guard case .certificate(let request) = delivery.reference, request.usages.contains(.server)
      else { return nil }
      return (delivery.path.value, request)
    }
  }
}

extension Service {
  /// What is started; a pattern for the instances of a template.
  var startedUnit: String { instances.isEmpty ? unit : "\(unitName.value)@*.service" }

  /// The oneshot that makes the node a member.
  var joinUnit: String? { join == nil ? nil : "\(name.value)-cluster-join.service" }

  /// The oneshot that makes first accounts.
  var setupUnit: String? { setup == nil ? nil : "\(name.value)-initial-setup.service" }

  /// A command that asks the service how it is, to be run on the node.
  func command(for probe: Health.Probe, on node: Node) -> String {
    switch probe.kind {
    case .tcp(let port): return "ss -Hltn 'sport = :\(port.value)' | grep -q ."
    case .http(let url, let secure, _, _):
      let authority = secure ? node.authorityPath(for: self).map { " --cacert \($0)" } ?? "" : ""
      return "curl -fsS --max-time 10\(authority) \(shellWord(url.value))"
    case .dns(let port, let name, let answer):
      // dig(1) is content with an empty answer.
      let wanted = answer.map { "-Fx \($0)" } ?? "."
      return "dig +short +time=3 @127.0.0.1 -p \(port.value) \(shellWord(name)) A | grep \(wanted)"
    case .command(let words): return words.map { shellWord($0.value) }.joined(separator: " ")
    }
  }
}

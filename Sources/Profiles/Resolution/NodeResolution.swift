public import Diagnostics
public import Digests
public import FleetModel
internal import HostFiles
internal import YAMLSources

/// A node and the file it is from.
public struct ResolvedNode: Sendable {
  /// The node.
  public let node: Node
  /// The digest of its file's bytes, and of the Nix module's where it has one.
  public let inputDigest: SHA256Digest
  /// Its file's place in the registry.
  public let source: SourceID
}

/// Makes one node in full: the second pass.
public struct NodeResolution {
  private let context: FleetContext
  private let composed: ComposedNode
  private let entry: NodeEntry
  private var moduleDigest: SHA256Digest?
  private var report = Report()

  /// Reads a node's file again and resolves everything in it. Nothing for a node of which not
  /// everything is known: what it lacks was said by `FleetResolution`.
  public static func resolve(_ name: Name, in context: FleetContext) -> Checked<ResolvedNode> {
    guard let file = context.profiles.file(of: name), let entry = context.entry(name),
      !context.incomplete.contains(name)
    else { return Checked(nil) }
    let document = ProfileDocument.read(file)
    guard let tree = document.tree, let digest = document.digest,
      let composed = ComposedNode.compose(tree, in: context.profiles).value
    else { return Checked(nil, document.report) }
    var resolution = NodeResolution(context: context, composed: composed, entry: entry)
    let node = resolution.resolve()
    let inputs = resolution.moduleDigest.map { SHA256.digest(of: Array("\(digest) \($0)".utf8)) } ?? digest
    return Checked(
      node.map { ResolvedNode(node: $0, inputDigest: inputs, source: file.source) }, resolution.report)
  }

  private init(context: FleetContext, composed: ComposedNode, entry: NodeEntry) {
    self.context = context
    self.composed = composed
    self.entry = entry
  }

  private var tree: YAMLNode { composed.tree }

  private mutating func resolve() -> Node? {
    let ownName = DomainName(entry.name.value.description).map { Sourced($0, entry.name.origin) }
    guard let hostName = entry.hostName ?? ownName else { return nil }
    let settings = NodeSettings(
      tree: tree, entry: entry, fleet: context.fleet, fullName: context.fleet.fullName(of: entry))
    var node = Node(
      name: entry.name, hostName: hostName, fullName: context.fleet.fullName(of: entry),
      fleet: context.fleet.name.value,
      hostID: settings.hostID, mode: context.fleet.mode(of: entry), target: settings.target,
      access: settings.access,
      firstBoot: settings.firstBoot, machine: settings.machine)
    node.roles = composed.roles
    node.clusterRole = settings.clusterRole(of: composed.roles)
    node.outputs = settings.outputs(isNixOS: composed.isNixOS)
    node.links = links()
    node.disk = settings.disk
    node.sysctl = settings.sysctl
    node.kernelModules = tree["kernel"]?.list("modules") { $0 } ?? []
    node.kernelArguments = tree["kernel"]?.list("arguments") { $0 } ?? []
    node.packages = tree.list("packages") { $0 }
    node.extraNix = tree.text("nix")
    report.merge(settings.report)
    inspectModule(node.extraNix)
    let secretsDirectory = settings.secretsDirectory(isNixOS: composed.isNixOS)
    for service in composed.services { add(service, to: &node, secretsDirectory) }
    let promised = promises(of: node)
    node.disk?.state = promised
    node.memberships = memberships()
    node.hosts = hosts()
    node.accounts = accounts(of: node)
    node.clusterConfig = clusterConfig(for: node, secretsDirectory)
    addHostKey(to: &node)
    joinDeliveries(of: &node)
    return node
  }

  /// The Nix module must be a file of the fleet's folder, as payloads must.
  private mutating func inspectModule(_ path: Sourced<String>?) {
    guard let path else { return }
    do throws(HostError) {
      let reader = try HostFolder(context.profiles.folder).openBelow(path.value)
      moduleDigest = SHA256.digest(of: try reader.readAll(limit: ProfileLimits.fileBytes))
    } catch {
      let message =
        error.isAbsence
        ? "Nix module \(path.value) is not there"
        : error.isLackOfSpace
          ? "Nix module \(path.value) has more than 1 MiB"
          : "Nix module \(path.value) is no plain file in the fleet's folder"
      report.add(
        Diagnostic(
          ProfileRules.unreadable, message, at: path.span,
          help: "put the file itself at \(context.profiles.folders[0].shown(path.value))"))
    }
  }

  // MARK: Services

  private mutating func add(_ name: Sourced<Name>, to node: inout Node, _ secretsDirectory: TargetPath) {
    guard let checked = NodeTemplates.template(of: name.value, on: composed, context),
      let template = checked.value
    else { return }
    // Where nothing is overridden, the fleet pass has reported what the template is wrong in.
    if composed.changes(name.value) { report.merge(checked.report) }
    let parameters = ParameterResolution.resolve(template, settings: tree)
    let evaluation = Evaluation(
      context: context, entry: entry, role: node.clusterRole, service: template.fixed,
      parameters: parameters.value ?? [:])
    var resolution = ServiceResolution(
      template: template, secretsDirectory: secretsDirectory, evaluation: evaluation)
    let isOnly = context.fleet.authorities.count == 1
    let nodeName = entry.name.value
    let service = resolution.resolve(
      nodeRequestName: { isOnly ? nodeName.description : "\(nodeName)-\($0)" },
      altNames: alternativeNames(node))
    report.merge(resolution.report)
    if composed.changes(name.value), let declared = context.templates[name.value] {
      report.merge(
        PeerListCheck.report(on: service, declared: declared, evaluation: resolution.withEvaluation { $0 }))
    }
    node.deliveries += resolution.deliveries
    node.services.append(service)
  }

  /// What services keep, where they say how much.
  private func promises(of node: Node) -> [DiskRequest.State] {
    node.services.flatMap { service in
      service.state.compactMap { state in
        guard let size = state.size, let path = TargetPath("/var/lib/" + state.path.value) else { return nil }
        return DiskRequest.State(path: path, size: size)
      }
    }.sorted { $0.path < $1.path }
  }

  private func alternativeNames(_ node: Node) -> (names: [String], addresses: [IPAddress]) {
    (
      Set([node.hostName.value.description, node.fullName]).sorted(),
      Set(entry.addresses.map(\.address.value)).sorted()
    )
  }

  // MARK: Network

  private func links() -> [Link] {
    composed.linkNodes.map { name, node in
      let addresses = node.named("addresses").compactMap { network, address -> LinkAddress? in
        guard let known = context.fleet.networks[network.value], let value = address.sourced(IPAddress.init)
        else { return nil }
        return LinkAddress(network: known, address: value)
      }
      let mtu = node.integer("mtu") ?? addresses.compactMap(\.network.mtu).first
      let kind: Link.Kind =
        if let mac = node.sourced("mac", MACAddress.init) {
          .ethernet(mac)
        } else if node["bond"] != nil {
          .bond(
            members: node.list("bond", MACAddress.init),
            mode: node.text("mode") ?? Sourced("active-backup", .standard("bond.mode")))
        } else if let id = node.integer("vlan"), let parent = node.sourced("on", Name.init) {
          .vlan(id: id, on: parent)
        } else {
          .unmanaged
        }
      return Link(name: name, kind: kind, addresses: addresses, mtu: mtu)
    }
  }

  private func memberships() -> [Membership] {
    context.fleet.groups.values.sorted { $0.name.value < $1.name.value }.compactMap { group in
      let votes = group.voters.contains { $0.value == entry.name.value }
      guard votes || entry.services.contains(group.service.value) else { return nil }
      let names = entry.initialPeers[group.name.value] ?? group.voters
      let peers = names.compactMap { name in
        context.entry(name.value).map {
          Membership.Peer(node: name.value, hostName: $0.host.value)
        }
      }
      return Membership(group: group, votes: votes, initialPeers: peers)
    }
  }

  /// This node and everyone it is a member with. Not the whole fleet: a hosts file of all on all
  /// would grow with the square of the fleet.
  private func hosts() -> [HostsEntry] {
    let names = Set(
      memberships().flatMap { $0.initialPeers.map(\.node) + [$0.group.leader.value] } + [entry.name.value])
    let evaluation = Evaluation(
      context: context, entry: entry, role: "", service: Service.nobody(entry.name), parameters: [:])
    return names.sorted().compactMap { name in
      guard let peer = context.entry(name), let common = evaluation.commonNetwork(with: peer, wanted: nil),
        common.network.names.value == .hostsFile, let address = peer.address(in: common.network.name.value)
      else { return nil }
      let host = peer.host.value
      let full = context.fleet.fullName(of: peer)
      return HostsEntry(address: address, names: full == host ? [host] : [full, host])
    }
  }

  // MARK: Secrets and accounts

  private func accounts(of node: Node) -> [Account] {
    var accounts: [AccountName: Account] = [:]
    for service in node.services {
      if case .account(let name) = service.identity, name.value != .root {
        accounts[name.value] = Account(name: name, home: service.workingDirectory?.value)
      }
    }
    return accounts.values.sorted { $0.name.value.description < $1.name.value.description }
  }

  private func addHostKey(to node: inout Node) {
    guard node.target.isNixOS, node.outputs.contains(.extraFiles),
      let key = TargetPath("/etc/ssh/ssh_host_ed25519_key"),
      let publicKey = TargetPath("/etc/ssh/ssh_host_ed25519_key.pub")
    else { return }
    let origin = Origin.standard("access.host-key")
    node.deliveries.append(
      Delivery(reference: .hostKey, path: Sourced(key, origin), mode: FileMode(0o600), owner: .root))
    node.deliveries.append(
      Delivery(
        reference: .hostPublicKey, path: Sourced(publicKey, origin), mode: FileMode(0o644), owner: .root))
  }

  /// One delivery for each path; certificates that several services share get all their usages.
  private mutating func joinDeliveries(of node: inout Node) {
    var usages: [String: Set<CertificateUsage>] = [:]
    for delivery in node.deliveries {
      if let request = delivery.reference.request {
        usages["\(request.authority)/\(request.name)", default: []].formUnion(request.usages)
      }
    }
    var joined: [TargetPath: Delivery] = [:]
    for var delivery in node.deliveries {
      if let request = delivery.reference.request, let all = usages["\(request.authority)/\(request.name)"] {
        delivery.reference = delivery.reference.with(usages: all.sorted { $0.rawValue < $1.rawValue })
      }
      if let other = joined[delivery.path.value], other.reference != delivery.reference {
        report.add(
          Diagnostic(
            MeaningRules.conflictingDelivery, "two things are delivered to \(delivery.path.value)",
            at: delivery.path.span ?? entry.name.span,
            related: other.path.span.map { [Label("the other is here", at: $0)] } ?? [],
            help: "give each a path of its own", node: entry.name.value.description))
      }
      joined[delivery.path.value] = delivery
    }
    node.deliveries = joined.values.sorted { $0.path.value < $1.path.value }
    let configurations = node.services.flatMap { service in
      service.files.map(\.path) + [service.environmentFile?.path].compactMap { $0 }
    }
    for path in configurations + [node.clusterConfig?.path].compactMap({ $0 }) {
      guard let delivery = joined[path.value] else { continue }
      report.add(
        Diagnostic(
          MeaningRules.conflictingDelivery, "a secret or certificate is delivered to \(path.value) too",
          at: path.span ?? entry.name.span,
          related: delivery.path.span.map { [Label("it is here", at: $0)] } ?? [],
          help: "give each a path of its own", node: entry.name.value.description))
    }
  }

  // MARK: cluster-config.json

  private func clusterConfig(for node: Node, _ secretsDirectory: TargetPath) -> ClusterConfig? {
    guard let config = context.profiles.fleet["cluster-config"],
      let primary = config.sourced("primary", Name.init)
    else { return nil }
    let raftPort = config["raft-port"]?.sourced(Name.init)?.value ?? Name("raft")
    var members: [ClusterConfig.Member] = []
    for groupName in config.list("groups", Name.init) {
      guard let group = context.fleet.groups[groupName.value],
        let service = node.services.first(where: { $0.name.value == group.service.value }),
        let join = service.join,
        let raft = raftPort.flatMap({ port in service.ports.first { $0.name.value == port } })
      else { continue }
      let peers = (entry.initialPeers[group.name.value] ?? group.voters).map { voter in
        voter.map { name in
          let host = context.entry(name)?.host.value ?? name.description
          return "\(host):\(raft.number.value)"
        }
      }
      members.append(
        ClusterConfig.Member(
          service: service.name.value, leaderURL: join.leaderURL, raftAddress: join.raftAddress,
          initialPeers: peers))
    }
    let primaryService = context.fleet.groups[primary.value]?.service.value ?? primary.value
    guard members.contains(where: { $0.service == primaryService }) else { return nil }
    let standard = secretsDirectory.appending("cluster-config.json").map {
      Sourced($0, Origin.standard("cluster-config.path"))
    }
    guard let path = config.sourced("path", TargetPath.init) ?? standard else { return nil }
    let fleet = context.fleet.name
    return ClusterConfig(
      path: path,
      role: Sourced(node.clusterRole, tree["cluster-role"]?.origin ?? .standard("cluster-config.role")),
      clusterName: fleet.map(\.description), primary: primaryService, members: members,
      tls: config.sourced("tls", Name.init).flatMap { tls(of: node, authority: $0.value) })
  }

  private func tls(of node: Node, authority: Name) -> ClusterConfig.TLS? {
    var paths: (authority: TargetPath?, certificate: TargetPath?, key: TargetPath?)
    for delivery in node.deliveries {
      switch delivery.reference {
      case .authorityCertificate(authority): paths.authority = delivery.path.value
      case .certificate(let request) where request.authority == authority:
        paths.certificate = delivery.path.value
      case .certificateKey(let request) where request.authority == authority: paths.key = delivery.path.value
      default: break
      }
    }
    guard let ca = paths.authority, let certificate = paths.certificate, let key = paths.key else {
      return nil
    }
    return ClusterConfig.TLS(authorityPath: ca, certificatePath: certificate, keyPath: key)
  }
}

extension SecretReference {
  /// The request of a certificate or its key.
  fileprivate var request: CertificateRequest? {
    switch self {
    case .certificate(let request), .certificateKey(let request): request
    default: nil
    }
  }

  fileprivate func with(usages: [CertificateUsage]) -> SecretReference {
    guard var request else { return self }
    request.usages = usages
    if case .certificate = self { return .certificate(request) }
    return .certificateKey(request)
  }
}

extension Service {
  /// A service that only stands for its node.
  fileprivate static func nobody(_ name: Sourced<Name>) -> Service {
    let standard = Origin.standard("node")
    let time = Sourced(TimeSpan.seconds(1), standard)
    return Service(
      name: name, unitName: Sourced("", standard), description: Sourced("", standard),
      start: StartPolicy(
        kind: Sourced(.exec, standard), estimate: time, timeout: time, stopTimeout: time,
        restart: Sourced(.always, standard), restartDelay: time, pidFile: nil), identity: .dynamic(standard),
      sandbox: Sandbox(preset: Sourced("none", standard), exceptions: []))
  }
}

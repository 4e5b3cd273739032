import Bundles
import Digests
import FleetModel

/// What a node must have for its bundle, as the manifest says it.
struct BundleRequirements {
  let node: Node
  let fleet: Fleet

  /// The manifest without files, units and attestations.
  func manifest(
    toolVersion: String, fingerprint: (SecretReference) -> SHA256Digest?
  ) -> BundleManifest {
    var manifest = BundleManifest(
      version: fleet.release.version.value, sequence: fleet.release.sequence.value,
      epoch: fleet.release.epoch.value, toolVersion: toolVersion, target: target,
      formsQuorum: formsQuorum, setDigest: setDigest(fingerprint))
    manifest.commands = commands
    manifest.kernelModules = Set(node.kernelModules.map(\.value)).sorted()
    manifest.kernelSettings = Set(node.sysctl.map(\.key)).sorted()
    manifest.mounts = (node.disk?.volumes ?? []).map { volume in
      let bytes: UInt64 = if case .bytes(let count) = volume.size.value { count.bytes } else { 0 }
      return BundleManifest.Mount(path: volume.mountPoint.value, format: volume.format.value, bytes: bytes)
    }
    manifest.secrets = node.deliveries.map { delivery in
      BundleManifest.Secret(
        path: delivery.path.value.relative, mode: delivery.mode.bits,
        owner: delivery.owner.description, isPrivate: delivery.reference.isPrivate,
        fingerprint: fingerprint(delivery.reference))
    }
    manifest.users = users
    manifest.ports = node.services.flatMap(ports)
    manifest.spaces = node.services.flatMap { service in
      service.state.compactMap { state in
        state.size.map {
          BundleManifest.Space(path: "var/lib/" + state.path.value, bytes: $0.value.bytes)
        }
      }
    }
    manifest.peers = node.memberships.flatMap(peers)
    manifest.quorums = node.memberships.map { membership in
      BundleManifest.Quorum(
        group: membership.group.name.value.description, unit: unit(of: membership.group),
        size: membership.group.voters.count, need: membership.group.majority,
        votes: membership.votes)
    }
    return manifest
  }

  /// What all nodes of the set agree in: the release, the groups with their voters, and the authorities. Nodes
  /// are not enumerated: with thousands of them each bundle would cost as much as the fleet.
  private func setDigest(_ fingerprint: (SecretReference) -> SHA256Digest?) -> SHA256Digest {
    let release = fleet.release
    var words = [
      "imagegen/set/1", fleet.name.value.description, release.version.value, "\(release.sequence.value)",
      "\(release.epoch.value)", fleet.domain?.value.description ?? "", "\(fleet.formed.value)",
    ]
    for name in fleet.groups.keys.sorted() {
      guard let group = fleet.groups[name] else { continue }
      words.append("group \(name) \(group.service.value) \(group.voters.map(\.value.description).sorted())")
    }
    for name in fleet.authorities.keys.sorted() {
      words.append("authority \(name) \(fingerprint(.authorityCertificate(name))?.description ?? "")")
    }
    return SHA256.digest(of: Array(words.joined(separator: "\0").utf8))
  }

  /// Programs that probes run, and curl where one asks over HTTP or a first-boot step does.
  private var commands: [String] {
    var found = Set<String>()
    if node.firstBoot.isEnabled.value { found.insert("curl") }
    for probe in node.services.flatMap({ [$0.health.live, $0.health.ready] }) {
      switch probe?.kind {
      case .http: found.insert("curl")
      case .command(let words): if let first = words.first { found.insert(first.value) }
      case .tcp, .dns, nil: break
      }
    }
    return found.sorted()
  }

  /// A new cluster starts with a majority at once: one voter after the other would wait for ever.
  private var formsQuorum: Bool {
    !fleet.formed.value && node.mode.value == .bootstrap
      && node.memberships.contains { $0.votes && $0.group.majority > 1 }
  }

  private var target: BundleManifest.Target {
    let (system, version) =
      switch node.target.system.value {
      case .nixos(let stateVersion): ("nixos", stateVersion)
      case .distribution(let id, let version): (id, version)
      }
    return BundleManifest.Target(
      node: node.name.value.description, fleet: node.fleet.description,
      architecture: node.target.architecture.value.rawValue, system: system,
      systemVersion: version, systemdVersion: node.target.systemdVersion.value)
  }

  /// Accounts that are made, and those that services name and must find.
  private var users: [BundleManifest.User] {
    let made = Set(node.accounts.map { $0.name.value.description })
    var named = Set<String>()
    for service in node.services {
      if case .account(let account) = service.identity { named.insert(account.value.description) }
      for file in service.files { named.insert(file.owner.value.description) }
      if let file = service.environmentFile { named.insert(file.owner.value.description) }
    }
    for delivery in node.deliveries { named.insert(delivery.owner.description) }
    named.remove(AccountName.root.description)
    return made.union(named).sorted().map {
      BundleManifest.User(name: $0, isMade: made.contains($0))
    }
  }

  private func ports(of service: Service) -> [BundleManifest.Port] {
    service.ports.map { port in
      let address = port.network.flatMap { network in
        node.addresses.first { $0.network.name.value == network.value }
      }
      return BundleManifest.Port(
        transport: port.transport.rawValue, number: Int(port.number.value.value),
        address: address?.address.value.description, unit: service.unit)
    }
  }

  /// The other voters, at the ports that the group's service opens to its peers.
  private func peers(of membership: Membership) -> [BundleManifest.Peer] {
    let service = node.services.first { $0.name.value == membership.group.service.value }
    let ports = (service?.ports ?? []).filter { port in
      port.scopes.contains { $0.value == .peers }
    }
    return membership.initialPeers.filter { $0.node != node.name.value }.flatMap { peer in
      ports.map { port in
        BundleManifest.Peer(
          node: peer.node.description, host: peer.hostName + domain,
          transport: port.transport.rawValue, port: Int(port.number.value.value))
      }
    }
  }

  /// The fleet's domain with a dot in front; empty where it has none.
  private var domain: String { fleet.domain.map { ".\($0.value)" } ?? "" }

  private func unit(of group: QuorumGroup) -> String {
    let service = node.services.first { $0.name.value == group.service.value }
    return service?.unit ?? "\(group.service.value).service"
  }
}

extension BundleManifest.Probe {
  /// A service's probe as the manifest says it.
  init(_ probe: Health.Probe) {
    let kind: Kind =
      switch probe.kind {
      case .tcp(let port): .tcp(port: Int(port.value.value))
      case .http(let url, _, let fields, let body):
        .http(url: url.value, fields: fields, body: body)
      case .dns(let port, let name, let answer):
        .dns(port: Int(port.value.value), name: name, answer: answer?.description)
      case .command(let words): .command(words.map(\.value))
      }
    self.init(kind, quorum: probe.quorum?.description)
  }
}

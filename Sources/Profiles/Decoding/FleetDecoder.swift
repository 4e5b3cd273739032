internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// `fleet.yaml` as model values; nodes and services are added by `FleetResolution`.
struct FleetDecoder {
  let tree: YAMLNode
  private(set) var report = Report()

  init(_ tree: YAMLNode) {
    self.tree = tree
  }

  mutating func decode() -> Fleet? {
    guard let identity = tree["fleet"], let release = tree["release"],
      let name = identity.sourced("name", Name.init), let version = release.text("version"),
      let sequence = release.integer("sequence"),
      let epoch = release.sourced("epoch", { CalendarDate($0)?.epoch })
    else { return nil }
    var fleet = Fleet(name: name, release: Release(version: version, sequence: sequence, epoch: epoch))
    fleet.domain = identity.sourced("domain", DomainName.init)
    fleet.formed = identity.boolean("formed", default: false, named: "fleet.formed")
    for (name, node) in tree.named("networks") { fleet.networks[name.value] = network(name, node) }
    for (name, node) in tree.named("authorities") { fleet.authorities[name.value] = authority(name, node) }
    for (name, node) in tree.named("secrets") { fleet.secrets[name.value] = secret(name, node) }
    for (name, node) in tree.named("groups") { fleet.groups[name.value] = group(name, node) }
    for (name, node) in tree.named("inputs") { fleet.inputs[name.value] = input(name, node) }
    return fleet
  }

  private func network(_ name: Sourced<Name>, _ node: YAMLNode) -> Network {
    var network = Network(name: name)
    network.block = node.sourced("cidr", AddressBlock.init)
    network.gateway = node.sourced("gateway", IPAddress.init)
    network.dns = node.list("dns", IPAddress.init)
    network.ntp = node.list("ntp") { $0 }
    network.names = node.sourced("names", Network.NameResolution.init(rawValue:)) ?? network.names
    network.mtu = node.integer("mtu")
    return network
  }

  private func authority(_ name: Sourced<Name>, _ node: YAMLNode) -> Authority {
    Authority(
      name: name,
      key: node.sourced("key", Authority.Key.init(rawValue:), default: .ecdsaP256, named: "authority.key"),
      days: node.sourced("days", Grammar.decimal, default: 3650, named: "authority.days"),
      leafDays: node.sourced("leaf-days", Grammar.decimal, default: 825, named: "authority.leaf-days"))
  }

  private func secret(_ name: Sourced<Name>, _ node: YAMLNode) -> SecretDeclaration? {
    guard let kind = node.sourced("kind", SecretDeclaration.Kind.init(rawValue:)) else { return nil }
    return SecretDeclaration(
      name: name, kind: kind,
      scope: node.sourced(
        "per", SecretDeclaration.Scope.init(rawValue:), default: .fleet, named: "secret.per"))
  }

  private func group(_ name: Sourced<Name>, _ node: YAMLNode) -> QuorumGroup? {
    let voters = node.list("voters", Name.init)
    guard let service = node.sourced("service", Name.init), let first = voters.first else { return nil }
    let leader = node.sourced("leader", Name.init) ?? Sourced(first.value, .standard("group.leader"))
    return QuorumGroup(name: name, service: service, voters: voters, leader: leader)
  }

  private mutating func input(_ name: Sourced<Name>, _ node: YAMLNode) -> FlakeInput? {
    guard let repository = node.text("github") else { return nil }
    let parts = repository.value.split(separator: "/").map(String.init)
    guard parts.count == 2 else { return nil }
    let keys = ["rev", "nar-hash", "last-modified"]
    let missing = keys.filter { node[$0] == nil }
    if !missing.isEmpty, missing.count < keys.count {
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys,
          "input \(name.value) is pinned by halves: \(missing.joined(separator: ", ")) missing",
          at: node.span, help: "give all of \(keys.joined(separator: ", ")), as flake.lock has them, or none")
      )
    }
    var pin: Sourced<FlakeInput.Pin>?
    if let revision = node.text("rev"), let hash = node.text("nar-hash"),
      let modified = node.integer("last-modified")
    {
      pin = Sourced(
        FlakeInput.Pin(revision: revision.value, narHash: hash.value, lastModified: modified.value),
        revision.origin)
    }
    return FlakeInput(
      name: name, owner: Sourced(parts[0], repository.origin),
      repository: Sourced(parts[1], repository.origin),
      reference: node.text("ref"), pin: pin, follows: node.list("follows", Name.init))
  }
}

internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// References that go through other nodes.
extension Evaluation {
  /// `{each: SERVICE, …}`: the voters of the service's group, or all nodes that run it.
  mutating func iteration(_ node: YAMLNode, service word: String) -> ConfigurationValue? {
    guard let name = Name(word), context.templates[name] != nil else {
      add(
        Diagnostic(
          MeaningRules.unknownService, "there is no service \(word)", at: node["each"]?.span,
          help: Suggestion.nearest(to: word, in: context.templates.keys.map(\.description).sorted()).map {
            "did you mean \($0)?"
          }))
      return nil
    }
    guard let form = node.text("as"), let portNode = node["port"], let portName = portNode.sourced(Name.init)
    else { return nil }
    let network = node["over"].flatMap { text($0) }.flatMap { over in
      Name(over.value).map { Sourced($0, over.origin) }
    }
    let isOthersOnly = node["except"]?.scalarText == "self"
    var values: [ConfigurationValue] = []
    for peer in peers(of: name) where !(isOthersOnly && peer.name.value == entry.name.value) {
      guard
        let words = words(
          for: peer, service: name, port: portName, portNode: portNode, network: network, form: form),
        let text = Reference.fill(form.value, words)
      else { return nil }
      values.append(.text(Sourced(text, node.origin)))
    }
    guard let separator = node.text("join") else { return .list(values, node.origin) }
    let texts = values.compactMap { if case .text(let text) = $0 { text.value } else { nil } }
    return .text(Sourced(texts.joined(separator: separator.value), node.origin))
  }

  /// `{leader: GROUP, port: PORT}`.
  mutating func leader(_ node: YAMLNode, group word: String) -> ConfigurationValue? {
    guard let name = Name(word), let group = context.fleet.groups[name] else {
      unknownGroup(word, at: node["leader"]?.span)
      return nil
    }
    guard let portNode = node["port"], let port = portNode.sourced(Name.init),
      let leader = context.entry(group.leader.value)
    else { return nil }
    let form = node.text("as") ?? Sourced("{fqdn}:{port}", .standard("leader.as"))
    guard
      let words = words(
        for: leader, service: group.service.value, port: port, portNode: portNode, network: nil, form: form),
      let text = Reference.fill(form.value, words)
    else { return nil }
    return .text(Sourced(text, node.origin))
  }

  /// The nodes a service's peers are: the voters as this node sees them, or all that run it.
  func peers(of service: Name) -> [NodeEntry] {
    guard let group = context.group(of: service) else {
      return (context.runners[service] ?? []).map { context.fleet.roster[Int($0)] }
    }
    let names = entry.initialPeers[group.name.value] ?? group.voters
    return names.compactMap { context.entry($0.value) }
  }

  /// What a form may say of a peer; only what it does say has to exist.
  private mutating func words(
    for peer: NodeEntry, service: Name, port: Sourced<Name>, portNode: YAMLNode, network: Sourced<Name>?,
    form: Sourced<String>
  ) -> [String: String]? {
    // What is said of a broken file is said once, there.
    if context.isBroken(service) || context.incomplete.contains(peer.name.value) { return nil }
    guard let declared = context.ports[service]?[port.value] else {
      add(
        Diagnostic(
          ProfileRules.unknownReference, "\(service) has no port \(port.value)", at: portNode.span,
          help: Self.suggestion(
            for: port.value.description, among: (context.ports[service] ?? [:]).keys.map(\.description))))
      return nil
    }
    let number = peer.portOverrides[service]?[port.value] ?? declared.number.value
    var words = [
      "name": peer.name.value.description, "host": peer.host.value,
      "fqdn": context.fleet.fullName(of: peer),
      "port": number.description,
    ]
    let needsName = form.value.contains("{host}") || form.value.contains("{fqdn}")
    let needsAddress = form.value.contains("{address}")
    guard needsName || needsAddress else { return words }
    if let network, context.fleet.networks[network.value] == nil {
      add(
        Diagnostic(
          MeaningRules.unknownNetwork, "there is no network \(network.value)", at: network.span,
          help: "declare it under networks in fleet.yaml"))
      return nil
    }
    let wanted = network?.value ?? declared.network?.value
    guard let common = commonNetwork(with: peer, wanted: wanted) else {
      _ = unreachable(
        "\(peer.name.value) and \(entry.name.value) share no network\(wanted.map { " \($0)" } ?? "")",
        at: form.span ?? portNode.span)
      return nil
    }
    words["address"] = common.address.bracketed
    if needsName, common.network.names.value == .dns, common.network.dns.isEmpty {
      _ = unreachable(
        "the name of \(peer.name.value) resolves nowhere: network \(common.network.name.value) leaves names to DNS and has no servers",
        at: form.span ?? portNode.span,
        help: "set names: hosts-file, or give the network dns servers")
      return nil
    }
    return words
  }

  /// The network by which this node reaches a peer, and the peer's address there.
  func commonNetwork(with peer: NodeEntry, wanted: Name?) -> (network: Network, address: IPAddress)? {
    for own in entry.addresses where wanted == nil || own.network == wanted {
      if let address = peer.address(in: own.network), let network = context.fleet.networks[own.network] {
        return (network, address.value)
      }
    }
    return nil
  }

  mutating func unknownGroup(_ word: String, at span: Span?) {
    let nearest = Suggestion.nearest(to: word, in: context.fleet.groups.keys.map(\.description).sorted())
    add(
      Diagnostic(
        MeaningRules.unknownGroup, "there is no group \(word)", at: span,
        help: nearest.map { "did you mean \($0)?" } ?? "declare it under groups in fleet.yaml"))
  }
}

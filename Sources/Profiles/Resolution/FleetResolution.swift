public import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import YAMLSources

/// Makes the fleet out of its files: the first of the two passes over nodes.
public struct FleetResolution {
  private let profiles: ProfileSet
  private var report = Report()
  private var templates: [Name: ServiceTemplate] = [:]
  private var knownLists: Set<[Name]> = []
  private var incomplete: Set<Name> = []
  /// Services of which something was found already.
  private var broken: Set<Name> = []
  private var disks: [TargetPath: Sourced<Name>] = [:]

  /// Decodes the fleet, reads every node once for its roster entry and keeps nothing else of it.
  public static func resolve(_ profiles: ProfileSet) -> Checked<FleetContext> {
    var resolution = FleetResolution(profiles: profiles)
    let context = resolution.resolve()
    return Checked(context, resolution.report)
  }

  private init(profiles: ProfileSet) {
    self.profiles = profiles
  }

  private mutating func resolve() -> FleetContext? {
    var decoder = FleetDecoder(profiles.fleet)
    let decoded = decoder.decode()
    report.merge(decoder.report)
    for (name, document) in profiles.services.sorted(by: { $0.key < $1.key }) {
      templates[name] = template(of: document, name)
    }
    guard var fleet = decoded, profiles.isWhole else {
      for file in profiles.nodes { report.merge(ProfileDocument.read(file).report) }
      return nil
    }
    var context = FleetContext(fleet: fleet, profiles: profiles, templates: templates)
    var ports: [Name: [Name: Port]] = [:]
    for name in profiles.services.keys.sorted() {
      guard !broken.contains(name), let template = templates[name] else {
        fleet.services[name] = ServiceFacts(
          name: Sourced(name, .standard("service")), dependencies: [], posture: [])
        continue
      }
      let facts = findingFaults(of: name) { $0.declaredFacts(template, context) }
      ports[name] = Dictionary(
        facts.ports.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
      fleet.services[name] = ServiceFacts(
        name: template.fixed.name, dependencies: template.fixed.dependencies.map(\.service),
        posture: facts.posture)
    }
    context = FleetContext(
      fleet: fleet, profiles: profiles, templates: templates, ports: ports, broken: broken)
    fleet.roster.reserveCapacity(profiles.nodes.count)
    for file in profiles.nodes {
      if let entry = entry(file, context) { fleet.roster.append(entry) }
    }
    report.merge(ClusterConfigCheck.report(on: profiles.fleet["cluster-config"], in: context))
    // Who is a member of what cannot be said then.
    if fleet.groups.values.contains(where: { profiles.services[$0.service.value] == nil }) {
      incomplete.formUnion(profiles.nodes.map(\.name))
    }
    var places: [Name: Int32] = [:]
    var runners: [Name: [Int32]] = [:]
    places.reserveCapacity(fleet.roster.count)
    for (place, entry) in zip(Int32(0)..., fleet.roster) {
      places[entry.name.value] = places[entry.name.value] ?? place
      for service in entry.services { runners[service, default: []].append(place) }
    }
    return FleetContext(
      fleet: fleet, profiles: profiles, templates: templates, ports: ports, places: places, runners: runners,
      broken: broken, incomplete: incomplete)
  }

  // MARK: Services

  private mutating func template(of document: ProfileSet.ServiceDocument, _ name: Name) -> ServiceTemplate? {
    if !document.isWhole { broken.insert(name) }
    guard let tree = document.tree else { return nil }
    var decoder = ServiceDecoder(tree, folder: document.folder)
    let template = decoder.decode()
    guard document.isWhole, let template else { return template }
    return findingFaults(of: name) { resolution in
      let checked = PayloadInspection.inspect(template)
      resolution.report.merge(decoder.report)
      resolution.report.merge(checked.report)
      return checked.value ?? template
    }
  }

  /// Does something with a service; one in which something wrong is found is not looked at any further.
  private mutating func findingFaults<Result>(of service: Name, _ body: (inout FleetResolution) -> Result)
    -> Result
  {
    let former = report.count(of: .error)
    let result = body(&self)
    if report.count(of: .error) > former { broken.insert(service) }
    return result
  }

  /// Ports and posture as they are where no node changes anything.
  private mutating func declaredFacts(_ template: ServiceTemplate, _ context: FleetContext) -> (
    ports: [Port], posture: [PostureFact]
  ) {
    let nobody = NodeEntry(name: template.fixed.name, mode: Sourced(.bootstrap, .standard("node.mode")))
    let parameters = ParameterResolution.resolve(template, settings: ComposedNode.defaults(of: profiles))
    report.merge(parameters.report)
    return facts(template, entry: nobody, parameters: parameters.value ?? [:], context)
  }

  private mutating func facts(
    _ template: ServiceTemplate, entry: NodeEntry, parameters: [Name: Sourced<String>],
    _ context: FleetContext
  ) -> (ports: [Port], posture: [PostureFact]) {
    let evaluation = Evaluation(
      context: context, entry: entry, role: "", service: template.fixed, parameters: parameters)
    var resolution = ServiceResolution(template: template, secretsDirectory: .root, evaluation: evaluation)
    let posture = resolution.posture()
    let ports = resolution.ports()
    report.merge(resolution.report)
    return (ports, posture)
  }

  // MARK: Nodes

  /// The list, in the memory of an equal one: nodes of a role have the same services.
  private mutating func shared(_ list: [Name]) -> [Name] { knownLists.insert(list).memberAfterInsert }

  private mutating func entry(_ file: ProfileSet.NodeFile, _ context: FleetContext) -> NodeEntry? {
    let document = ProfileDocument.read(file)
    report.merge(document.report)
    if !document.isWhole { incomplete.insert(file.name) }
    guard let tree = document.tree else { return nil }
    let composition = ComposedNode.compose(tree, in: profiles)
    report.merge(composition.report)
    guard let node = composition.value else { return nil }
    if !node.isWhole || composition.report.hasErrors { incomplete.insert(file.name) }
    var entry = NodeEntry(
      name: node.name,
      mode: node.tree.sourced("mode", ClusterMode.init(rawValue:), default: .join, named: "node.mode"))
    entry.hostName = node.tree.sourced("hostname", DomainName.init)
    entry.hostID = node.tree.text("host-id")
    entry.roles = shared(node.roles.map(\.value))
    entry.services = shared(node.services.map(\.value))
    for (_, link) in node.linkNodes {
      if let mac = link.sourced("mac", MACAddress.init) { entry.macs.append(mac) }
      entry.macs += link.list("bond", MACAddress.init)
      for (network, address) in link.named("addresses") {
        guard let value = address.sourced(IPAddress.init) else { continue }
        if context.fleet.networks[network.value] == nil {
          unknownNetwork(network, context)
          incomplete.insert(file.name)
        }
        entry.addresses.append(NodeEntry.Address(network: network.value, address: value))
      }
    }
    for (group, list) in node.tree.named("initial-peers") {
      entry.initialPeers[group.value] = list.elements.compactMap { $0.sourced(Name.init) }
      if context.fleet.groups[group.value] == nil {
        report.add(Diagnostic(MeaningRules.unknownGroup, "there is no group \(group.value)", at: group.span))
      }
    }
    if node.services.contains(where: { lacksDependency($0.value, context) || context.isBroken($0.value) }) {
      incomplete.insert(file.name)
    }
    guard !incomplete.contains(file.name) else { return entry }
    addDifferences(of: node, to: &entry, context)
    checkDisk(of: node)
    checkBinding(of: entry, context)
    return entry
  }

  private func lacksDependency(_ service: Name, _ context: FleetContext) -> Bool {
    context.templates[service]?.fixed.dependencies.contains { profiles.services[$0.service.value] == nil }
      ?? false
  }

  /// A service that is bound to a network runs on nodes that have an address there.
  private mutating func checkBinding(of entry: NodeEntry, _ context: FleetContext) {
    for service in entry.services {
      let ports = (context.ports[service] ?? [:]).values.sorted { $0.name.value < $1.name.value }
      guard let port = ports.first(where: { $0.network.map { entry.address(in: $0.value) == nil } ?? false }),
        let network = port.network
      else { continue }
      report.add(
        Diagnostic(
          MeaningRules.unknownNetwork,
          "\(entry.name.value) has no address in network \(network.value), where \(service) listens",
          at: entry.addresses.first?.address.span ?? entry.name.span,
          related: network.span.map { [Label("port \(port.name.value) is bound to it here", at: $0)] } ?? [],
          help: "give \(entry.name.value) an address in it", node: entry.name.value.description))
      incomplete.insert(entry.name.value)
    }
  }

  private mutating func checkDisk(of node: ComposedNode) {
    guard let tree = node.tree["disk"] else { return }
    for disk in [tree] + (tree["disks"]?.entries ?? []).map(\.value) {
      guard let device = disk.sourced("device", TargetPath.init) else { continue }
      let found = DiskIdentity.report(on: device, serial: disk.text("serial"))
      report.merge(found)
      guard !found.hasErrors else { continue }
      let first = disks[device.value]
      disks[device.value] = first ?? Sourced(node.name.value, device.origin)
      // A node's own disks are held against each other by the plan.
      guard let first, first.value != node.name.value else { continue }
      report.merge(DiskIdentity.duplicate(device, of: node.name.value, first))
    }
  }

  private mutating func addDifferences(
    of node: ComposedNode, to entry: inout NodeEntry, _ context: FleetContext
  ) {
    for service in node.services where node.changes(service.value) && !context.isBroken(service.value) {
      guard let checked = NodeTemplates.template(of: service.value, on: node, context) else { continue }
      report.merge(checked.report)
      guard let template = checked.value else { continue }
      let parameters = ParameterResolution.resolve(template, settings: node.tree)
      report.merge(parameters.report)
      let facts = facts(template, entry: entry, parameters: parameters.value ?? [:], context)
      entry.posture[service.value] = facts.posture
      for port in facts.ports
      where port.number.value != context.ports[service.value]?[port.name.value]?.number.value {
        entry.portOverrides[service.value, default: [:]][port.name.value] = port.number.value
      }
    }
  }

  private mutating func unknownNetwork(_ network: Sourced<Name>, _ context: FleetContext) {
    let known = context.fleet.networks.keys.map(\.description).sorted()
    let help = Suggestion.nearest(to: network.value.description, in: known).map { "did you mean \($0)?" }
    report.add(
      Diagnostic(
        MeaningRules.unknownNetwork, "there is no network \(network.value)", at: network.span,
        help: help ?? "declare it under networks in fleet.yaml"))
  }
}

/// The service as one node has it: its file with the node's overrides.
enum NodeTemplates {
  static func template(of service: Name, on node: ComposedNode, _ context: FleetContext) -> Checked<
    ServiceTemplate
  >? {
    guard let declared = context.templates[service] else { return nil }
    guard let overrides = node.overrides[service] else { return Checked(declared) }
    var composition = Composition()
    let tree = overrides.reduce(declared.tree) { composition.merge($0, $1, as: ServiceSchema.document) }
    var report = composition.report
    report.merge(Completeness.report(on: tree, as: ServiceSchema.document))
    var decoder = ServiceDecoder(tree, folder: declared.folder)
    let decoded = decoder.decode()
    report.merge(decoder.report)
    guard let decoded, !report.hasErrors else { return Checked(nil, report) }
    let inspected = PayloadInspection.inspect(decoded)
    report.merge(inspected.report)
    return Checked(inspected.value, report)
  }
}

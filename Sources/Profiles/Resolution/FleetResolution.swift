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
      templates[name] = template(of: document)
    }
    guard var fleet = decoded else { return nil }
    var context = FleetContext(fleet: fleet, profiles: profiles, templates: templates, ports: [:], places: [:], runners: [:])
    var ports: [Name: [Name: Port]] = [:]
    for (name, template) in templates.sorted(by: { $0.key < $1.key }) {
      let facts = declaredFacts(template, context)
      ports[name] = Dictionary(facts.ports.map { ($0.name.value, $0) }, uniquingKeysWith: { first, _ in first })
      fleet.services[name] = ServiceFacts(
        name: template.fixed.name, dependencies: template.fixed.dependencies.map(\.service), posture: facts.posture)
    }
    context = FleetContext(fleet: fleet, profiles: profiles, templates: templates, ports: ports, places: [:], runners: [:])
    for file in profiles.nodes {
      if let entry = entry(file, context) { fleet.roster.append(entry) }
    }
    var places: [Name: Int] = [:]
    var runners: [Name: [Int]] = [:]
    for (index, entry) in fleet.roster.enumerated() {
      places[entry.name.value] = places[entry.name.value] ?? index
      for service in entry.services { runners[service, default: []].append(index) }
    }
    return FleetContext(
      fleet: fleet, profiles: profiles, templates: templates, ports: ports, places: places, runners: runners)
  }

  // MARK: Services

  private mutating func template(of document: ProfileSet.ServiceDocument) -> ServiceTemplate? {
    var decoder = ServiceDecoder(document.tree, folder: document.folder)
    var template = decoder.decode()
    report.merge(decoder.report)
    if let decoded = template {
      let checked = PayloadInspection.inspect(decoded)
      report.merge(checked.report)
      template = checked.value ?? decoded
    }
    return template
  }

  /// Ports and posture as they are where no node changes anything.
  private mutating func declaredFacts(_ template: ServiceTemplate, _ context: FleetContext) -> (ports: [Port], posture: [PostureFact]) {
    let nobody = NodeEntry(name: template.fixed.name, mode: Sourced(.bootstrap, .standard("node.mode")))
    let parameters = ParameterResolution.resolve(template, settings: profiles.fleet["defaults"])
    report.merge(parameters.report)
    return facts(template, entry: nobody, parameters: parameters.value ?? [:], context)
  }

  private mutating func facts(
    _ template: ServiceTemplate, entry: NodeEntry, parameters: [Name: Sourced<String>], _ context: FleetContext
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

  private mutating func entry(_ file: ProfileSet.NodeFile, _ context: FleetContext) -> NodeEntry? {
    let checked = ProfileDocument.read(file.path, kind: .node, source: file.source).checked
    report.merge(checked.report)
    guard let tree = checked.value else { return nil }
    report.merge(ProfileDocument.nameReport(tree, kind: .node, file: file.name))
    let composition = ComposedNode.compose(tree, in: profiles)
    report.merge(composition.report)
    guard let node = composition.value else { return nil }
    var entry = NodeEntry(
      name: node.name,
      mode: node.tree.sourced("mode", ClusterMode.init(rawValue:), default: .join, named: "node.mode"))
    entry.hostName = node.tree.sourced("hostname", DomainName.init)
    entry.hostID = node.tree.text("host-id")
    entry.roles = node.roles.map(\.value)
    entry.services = node.services.map(\.value)
    for (_, link) in node.linkNodes {
      if let mac = link.sourced("mac", MACAddress.init) { entry.macs.append(mac) }
      entry.macs += link.list("bond", MACAddress.init)
      for (network, address) in link.named("addresses") {
        guard let value = address.sourced(IPAddress.init) else { continue }
        if context.fleet.networks[network.value] == nil { unknownNetwork(network, context) }
        entry.addresses.append(NodeEntry.Address(network: network.value, address: value))
      }
    }
    for (group, list) in node.tree.named("initial-peers") {
      entry.initialPeers[group.value] = list.elements.compactMap { $0.sourced(Name.init) }
      if context.fleet.groups[group.value] == nil {
        report.add(Diagnostic(MeaningRules.unknownGroup, "there is no group \(group.value)", at: group.span))
      }
    }
    addDifferences(of: node, to: &entry, context)
    return entry
  }

  private mutating func addDifferences(of node: ComposedNode, to entry: inout NodeEntry, _ context: FleetContext) {
    for service in node.services where node.changes(service.value) {
      guard let checked = NodeTemplates.template(of: service.value, on: node, context) else { continue }
      report.merge(checked.report)
      guard let template = checked.value else { continue }
      let parameters = ParameterResolution.resolve(template, settings: node.tree)
      report.merge(parameters.report)
      let facts = facts(template, entry: entry, parameters: parameters.value ?? [:], context)
      entry.posture[service.value] = facts.posture
      for port in facts.ports where port.number.value != context.ports[service.value]?[port.name.value]?.number.value {
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
  static func template(of service: Name, on node: ComposedNode, _ context: FleetContext) -> Checked<ServiceTemplate>? {
    guard let declared = context.templates[service] else { return nil }
    guard let override = node.tree["override"]?[service.description] else { return Checked(declared) }
    let tree = Composition.merge(declared.tree, override, as: ServiceSchema.document)
    var decoder = ServiceDecoder(tree, folder: declared.folder)
    guard let template = decoder.decode() else { return Checked(nil, decoder.report) }
    var checked = PayloadInspection.inspect(template)
    checked.report.merge(decoder.report)
    return checked
  }
}

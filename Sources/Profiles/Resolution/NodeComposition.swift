internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// A node's settings, put together: the fleet's defaults, then its roles in order, then its own.
struct ComposedNode: Sendable {
  let name: Sourced<Name>
  /// All settings but overrides as one tree.
  let tree: YAMLNode
  /// What is put over a service, in order: the fleet's, the roles', the node's own. Kept apart because
  /// `key+` and null in them are about the service, not about one another.
  let overrides: [Name: [YAMLNode]]
  let roles: [Sourced<Name>]
  let services: [Sourced<Name>]
  /// Whether every file it is made of is whole.
  let isWhole: Bool

  /// Composes a node's file with what stands before it; unknown roles and services are reported.
  static func compose(_ file: YAMLNode, in profiles: ProfileSet) -> Checked<ComposedNode> {
    var report = Report()
    guard let name = file.sourced("node", Name.init) else { return Checked(nil, report) }
    var isWhole = true
    var composition = Composition()
    var layers = profiles.defaults
    var tree = YAMLNode(content: .mapping([]), span: file.span)
    for layer in layers { tree = composition.merge(tree, settings(of: layer), as: NodeSchema.node) }
    let roles = file.list("roles", Name.init)
    for role in roles {
      guard let document = profiles.roles[role.value] else {
        unknown(MeaningRules.unknownRole, "role", role, profiles.roles.keys, &report)
        continue
      }
      isWhole = isWhole && document.isWhole
      guard let settings = document.tree.map({ settings(of: $0) }) else {
        continue
      }
      tree = composition.merge(tree, settings, as: NodeSchema.node)
      layers += [document.tree].compactMap { $0 }
    }
    tree = composition.merge(
      tree, settings(of: file), as: NodeSchema.node)
    layers.append(file)
    // What is taken away may be in a list of a role that cannot be read.
    if isWhole, !report.hasErrors { report.merge(composition.report) }
    let services = services(in: tree, profiles, &report)
    isWhole = isWhole && services.allSatisfy { profiles.services[$0.value]?.isWhole ?? true }
    let settled = layers.flatMap { $0.named("override") } + tree.named("parameters")
    for (service, _) in settled where profiles.services[service.value] == nil {
      unknown(MeaningRules.unknownService, "service", service, profiles.services.keys, &report)
    }
    if isWhole, !report.hasErrors {
      report.merge(Completeness.report(on: tree, as: NodeSchema.composed))
      report.merge(unused(in: file, name: name.value, services: services))
    }
    let composed = ComposedNode(
      name: name, tree: tree, overrides: overrides(in: layers), roles: roles,
      services: services.sorted { $0.value < $1.value }, isWhole: isWhole)
    return Checked(composed, report)
  }

  private static func overrides(in layers: [YAMLNode]) -> [Name: [YAMLNode]] {
    var overrides: [Name: [YAMLNode]] = [:]
    for layer in layers {
      if layer["override"]?.isUnset ?? false { overrides.removeAll() }
      for (service, node) in layer.named("override") {
        if node.isUnset {
          overrides[service.value] = nil
        } else {
          overrides[service.value, default: []].append(node)
        }
      }
    }
    return overrides
  }

  private static func services(in tree: YAMLNode, _ profiles: ProfileSet, _ report: inout Report) -> [Sourced<
    Name
  >] {
    var services: [Sourced<Name>] = []
    for service in tree.list("services", Name.init) {
      if profiles.services[service.value] == nil {
        unknown(MeaningRules.unknownService, "service", service, profiles.services.keys, &report)
      } else if !services.contains(where: { $0.value == service.value }) {
        services.append(service)
      }
    }
    return services
  }

  /// What the node's own file says of services that the node does not run. A role may do so: it is for
  /// many nodes.
  private static func unused(in file: YAMLNode, name: Name, services: [Sourced<Name>]) -> Report {
    var report = Report()
    for key in ["override", "parameters"] {
      for (service, _) in file.named(key) where !services.contains(where: { $0.value == service.value }) {
        report.add(
          Diagnostic(
            MeaningRules.settingWithoutService, "\(name) does not run \(service.value)", at: service.span,
            help: "add it to services, or take the setting away", node: name.description))
      }
    }
    return report
  }

  /// What is composed into one tree: neither names nor overrides.
  private static func settings(of layer: YAMLNode) -> YAMLNode {
    let others = ["node", "roles", "role", "override"]
    return YAMLNode(content: .mapping(layer.entries.filter { !others.contains($0.key) }), span: layer.span)
  }

  private static func unknown(
    _ rule: Rule, _ kind: String, _ name: Sourced<Name>, _ known: some Sequence<Name>, _ report: inout Report
  ) {
    let words = known.map(\.description).sorted()
    let help = Suggestion.nearest(to: name.value.description, in: words).map { "did you mean \($0)?" }
    report.add(
      Diagnostic(
        rule, "there is no \(kind) \(name.value)", at: name.span,
        help: help ?? "add \(kind)s/\(name.value).yaml"))
  }

  /// The settings that all nodes have, put together.
  static func defaults(of profiles: ProfileSet) -> YAMLNode? {
    guard let first = profiles.defaults.first else { return nil }
    var composition = Composition()
    return profiles.defaults.dropFirst().reduce(settings(of: first)) {
      composition.merge($0, settings(of: $1), as: NodeSchema.node)
    }
  }

  /// Whether anything of a service differs here from how it is declared.
  func changes(_ service: Name) -> Bool {
    overrides[service] != nil || tree["parameters"]?[service.description] != nil
  }

  /// The system the node gets or has.
  var isNixOS: Bool { tree["target"]?["distribution"] == nil }

  /// Links in order, the short form (`mac`, `addresses`) as one link.
  var linkNodes: [(name: Sourced<Name>, node: YAMLNode)] {
    if tree["links"] != nil { return tree.named("links") }
    guard let mac = tree["mac"] ?? tree["addresses"] else { return [] }
    let network = tree.named("addresses").first?.name
    guard let name = network ?? Name("lan").map({ Sourced($0, mac.origin) }) else { return [] }
    let entries = tree.entries.filter { $0.key == "mac" || $0.key == "addresses" }
    return [(name, YAMLNode(content: .mapping(entries), span: mac.span))]
  }
}

internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// A node's settings, put together: the fleet's defaults, then its roles in order, then its own.
struct ComposedNode: Sendable {
  let name: Sourced<Name>
  /// All settings as one tree.
  let tree: YAMLNode
  let roles: [Sourced<Name>]
  let services: [Sourced<Name>]

  /// Composes a node's file with what stands before it; unknown roles and services are reported.
  static func compose(_ file: YAMLNode, in profiles: ProfileSet) -> Checked<ComposedNode> {
    var report = Report()
    guard let name = file.sourced("node", Name.init) else { return Checked(nil, report) }
    var tree = profiles.fleet["defaults"] ?? YAMLNode(content: .mapping([]), span: file.span)
    let roles = file.list("roles", Name.init)
    for role in roles {
      guard let document = profiles.roles[role.value] else {
        unknown(MeaningRules.unknownRole, "role", role, profiles.roles.keys, &report)
        continue
      }
      tree = Composition.merge(tree, settings(of: document, without: "role"), as: NodeSchema.node)
    }
    tree = Composition.merge(tree, settings(of: file, without: "node"), as: NodeSchema.node)
    var services: [Sourced<Name>] = []
    for service in tree.list("services", Name.init) {
      if profiles.services[service.value] == nil {
        unknown(MeaningRules.unknownService, "service", service, profiles.services.keys, &report)
      } else if !services.contains(where: { $0.value == service.value }) {
        services.append(service)
      }
    }
    for key in ["override", "parameters"] {
      for (service, _) in tree.named(key) where profiles.services[service.value] == nil {
        unknown(MeaningRules.unknownService, "service", service, profiles.services.keys, &report)
      }
    }
    let composed = ComposedNode(name: name, tree: tree, roles: roles, services: services.sorted { $0.value < $1.value })
    return Checked(composed, report)
  }

  private static func settings(of document: YAMLNode, without key: String) -> YAMLNode {
    YAMLNode(content: .mapping(document.entries.filter { $0.key != key }), span: document.span)
  }

  private static func unknown(
    _ rule: Rule, _ kind: String, _ name: Sourced<Name>, _ known: some Sequence<Name>, _ report: inout Report
  ) {
    let words = known.map(\.description).sorted()
    let help = Suggestion.nearest(to: name.value.description, in: words).map { "did you mean \($0)?" }
    report.add(Diagnostic(rule, "there is no \(kind) \(name.value)", at: name.span, help: help ?? "add \(kind)s/\(name.value).yaml"))
  }

  /// Whether anything of a service differs here from how it is declared.
  func changes(_ service: Name) -> Bool {
    let key = service.description
    return tree["override"]?[key] != nil || tree["parameters"]?[key] != nil
  }

  /// The system the node gets or has.
  var isNixOS: Bool { tree["target"]?["distribution"] == nil }

  /// Links in order, the short form (`mac`, `addresses`) as one link.
  var linkNodes: [(name: Sourced<Name>, node: YAMLNode)] {
    if tree["links"] != nil { return tree.named("links") }
    guard let mac = tree["mac"] ?? tree["addresses"] else { return [] }
    let network = tree["addresses"]?.entries.first.flatMap { Name($0.key) }
    guard let name = network ?? Name("lan") else { return [] }
    let entries = tree.entries.filter { $0.key == "mac" || $0.key == "addresses" }
    return [(Sourced(name, .standard("link.name")), YAMLNode(content: .mapping(entries), span: mac.span))]
  }
}

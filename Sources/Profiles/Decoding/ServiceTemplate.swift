internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// A service as declared: what is the same on every node is decoded, what refers to the node is kept
/// as a tree. Made once for all nodes that override nothing.
struct ServiceTemplate: Sendable {
  /// Everything that is the same on every node.
  var fixed: Service
  /// The whole document, for what is evaluated per node.
  let tree: YAMLNode
  /// Declared parameters.
  let parameters: [Name: Parameter]
  /// Certificates and secrets, by name, in order.
  let credentials: [(name: Sourced<Name>, node: YAMLNode)]
  /// The folder payloads are relative to.
  let folder: ProfileFolder

  /// A declared parameter.
  struct Parameter: Sendable {
    let name: Sourced<Name>
    let type: ParameterType
    let standard: Sourced<String>?
  }
}

/// Decodes what a service is on every node.
struct ServiceDecoder {
  let tree: YAMLNode
  let folder: ProfileFolder
  private(set) var report = Report()

  init(_ tree: YAMLNode, folder: ProfileFolder) {
    self.tree = tree
    self.folder = folder
  }

  mutating func decode() -> ServiceTemplate? {
    guard let name = tree.sourced("service", Name.init) else { return nil }
    let text = name.value.description
    var service = Service(
      name: name, unitName: tree.text("unit-name") ?? Sourced(text, name.origin),
      description: tree.text("description") ?? Sourced(text, .standard("service.description")),
      start: start(),
      identity: tree.sourced("user", AccountName.init).map(Identity.account)
        ?? .dynamic(.standard("service.user")),
      sandbox: sandbox())
    service.documentation = tree.list("documentation") { $0 }
    service.programs = programs(of: name.value)
    service.runtimeDirectory = tree.text("runtime-directory")
    service.workingDirectory = tree.sourced("working-directory", TargetPath.init)
    service.writablePaths = tree.list("writes", TargetPath.init)
    service.limits = (tree["limits"]?.entries ?? []).compactMap { entry in
      entry.value.sourced { $0 }.map { (entry.key, $0) }
    }.sorted { $0.name < $1.name }
    service.state = state(of: text)
    service.dependencies = dependencies()
    service.rawDirectives = rawDirectives()
    service.instances = tree.list("instances") { $0 }
    report.merge(ServiceCheck.report(on: tree))
    return ServiceTemplate(
      fixed: service, tree: tree, parameters: parameters(), credentials: tree.named("credentials"),
      folder: folder)
  }

  private func start() -> StartPolicy {
    let start = tree["start"] ?? YAMLNode(content: .mapping([]), span: tree.span)
    let time = { (key: String, seconds: Int) in
      start.sourced(key, TimeSpan.init, default: .seconds(seconds), named: "start.\(key)")
    }
    return StartPolicy(
      kind: start.sourced("type", StartPolicy.Kind.init(rawValue:), default: .exec, named: "start.type"),
      estimate: time("estimate", 1), timeout: time("timeout", 90), stopTimeout: time("stop-timeout", 90),
      restart: start.sourced(
        "restart", StartPolicy.Restart.init(rawValue:), default: .always, named: "start.restart"),
      restartDelay: time("restart-delay", 5), pidFile: start.sourced("pid-file", TargetPath.init))
  }

  private func sandbox() -> Sandbox {
    let node = tree["sandbox"]
    let exceptions = (node?["except"]?.entries ?? []).compactMap { entry -> Sandbox.Exception? in
      guard let value = entry.value["value"], let reason = entry.value.text("reason") else { return nil }
      let values = value.scalarText == nil ? value.elements : [value]
      return Sandbox.Exception(
        directive: Sourced(entry.key, entry.origin), values: values.compactMap { $0.sourced { $0 } },
        reason: reason)
    }
    return Sandbox(
      preset: node?.text("preset") ?? Sourced("network-daemon", .standard("sandbox.preset")),
      exceptions: exceptions.sorted { $0.directive.value < $1.directive.value })
  }

  private func programs(of service: Name) -> [Program] {
    tree.named("program").map { name, node in
      let payload = node.text("payload")
      let fileName = payload.map { String($0.value.split(separator: "/").last ?? "") }
      let executable =
        node.text("executable") ?? payload?.map { _ in fileName ?? "" }
        ?? Sourced(service.description, .standard("program.executable"))
      let standardPath = TargetPath("/opt/\(service)/\(executable.value)")
      let path =
        node.sourced("path", TargetPath.init) ?? standardPath.map { Sourced($0, .standard("program.path")) }
      let attribute = node.sourced("nix") { text -> Program.FlakeAttribute? in
        let parts = text.split(separator: "#").map(String.init)
        return parts.count == 2 ? Program.FlakeAttribute(input: parts[0], attribute: parts[1]) : nil
      }
      return Program(
        name: name, executable: executable, path: path ?? Sourced(.root, .standard("program.path")),
        nix: attribute,
        payload: nil)
    }.sorted { $0.name.value < $1.name.value }
  }

  private func state(of service: String) -> [StateDirectory] {
    tree.named("state").compactMap { name, node in
      if let size = node.sourced(ByteCount.init) {
        return StateDirectory(name: name, path: Sourced(service, .standard("state.path")), size: size)
      }
      return StateDirectory(
        name: name, path: node.text("path") ?? Sourced(service, .standard("state.path")),
        size: node.sourced("size", ByteCount.init))
    }
  }

  private func dependencies() -> [Dependency] {
    Dependency.Strength.allCases.flatMap { strength in
      tree.list(strength.rawValue, DependencyName.init).map { word in
        Dependency(
          strength: strength, service: Sourced(word.value.service, word.origin),
          point: word.value.point ?? .started,
          unit: "")
      }
    }
  }

  private func rawDirectives() -> [RawDirective] {
    (tree["unit"]?.entries ?? []).flatMap { section in
      section.value.entries.flatMap { entry in
        (entry.value.scalarText == nil ? entry.value.elements : [entry.value]).compactMap { value in
          value.sourced { $0 }.map { RawDirective(section: section.key, key: entry.key, value: $0) }
        }
      }
    }
  }

  private mutating func parameters() -> [Name: ServiceTemplate.Parameter] {
    var parameters: [Name: ServiceTemplate.Parameter] = [:]
    for (name, node) in tree.named("parameters") {
      guard let type = node["type"]?.scalarText.flatMap(ParameterType.init(rawValue:)) else { continue }
      let standard = node.text("default")
      if let standard, !type.grammar.accepts(standard.value) {
        report.add(
          Diagnostic(
            ProfileRules.invalidValue, "\"\(standard.value)\" is not \(type.grammar.expected)",
            at: standard.span))
      }
      parameters[name.value] = ServiceTemplate.Parameter(name: name, type: type, standard: standard)
    }
    return parameters
  }
}

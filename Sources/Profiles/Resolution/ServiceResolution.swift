internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Makes the service that one node runs out of its template.
struct ServiceResolution {
  let template: ServiceTemplate
  /// Where secrets go unless the service says otherwise.
  let secretsDirectory: TargetPath
  private(set) var evaluation: Evaluation
  private(set) var deliveries: [Delivery] = []

  init(template: ServiceTemplate, secretsDirectory: TargetPath, evaluation: Evaluation) {
    self.template = template
    self.secretsDirectory = secretsDirectory
    self.evaluation = evaluation
  }

  var report: Report { evaluation.report }

  /// What must be the same on all members. It may refer to parameters and ports.
  mutating func posture() -> [PostureFact] {
    for (name, node) in template.tree.named("posture") {
      if let value = evaluation.text(node) { evaluation.posture[name.value.description] = value }
    }
    return evaluation.posture.map { PostureFact(key: $0.key, value: $0.value) }.sorted { $0.key < $1.key }
  }

  /// The ports, which later references name.
  mutating func ports() -> [Port] {
    let ports = template.tree.named("ports").compactMap { name, node -> Port? in
      for transport in Port.TransportProtocol.allCases {
        guard let numberNode = node[transport.rawValue], let text = evaluation.text(numberNode) else {
          continue
        }
        guard let number = Grammar.decimal(text.value).flatMap(PortNumber.init) else {
          if numberNode.scalarText == nil {
            evaluation.add(
              Diagnostic(
                ProfileRules.invalidValue, "\"\(text.value)\" is no port", at: numberNode.span,
                related: text.span.map { [Label("it comes from here", at: $0)] } ?? [],
                help: "a port is a number from 1 to 65535"))
          }
          return nil
        }
        let network = node.sourced("network", Name.init)
        if let network, evaluation.context.fleet.networks[network.value] == nil {
          evaluation.add(
            Diagnostic(
              MeaningRules.unknownNetwork, "there is no network \(network.value)", at: network.span,
              help: "declare it under networks in fleet.yaml"))
        }
        let scopes = node.list("from", Port.Scope.init(rawValue:))
        return Port(
          name: name, transport: transport, number: Sourced(number, text.origin), network: network,
          scopes: scopes.isEmpty ? [Sourced(.local, .standard("port.from"))] : scopes)
      }
      return nil
    }
    evaluation.service.ports = ports
    return ports
  }

  mutating func resolve(
    nodeRequestName: (Name) -> String, altNames: (names: [String], addresses: [IPAddress])
  ) -> Service {
    _ = ports()
    _ = posture()
    credentials(nodeRequestName: nodeRequestName, altNames: altNames)
    files()
    environment()
    var service = evaluation.service
    service.command = command()
    service.posture = evaluation.posture.map { PostureFact(key: $0.key, value: $0.value) }.sorted {
      $0.key < $1.key
    }
    service.health = health()
    service.join = join()
    service.setup = setup()
    service.dependencies = service.dependencies.map { dependency in
      var dependency = dependency
      let other = dependency.service.value
      let unitName = evaluation.context.templates[other]?.fixed.unitName.value ?? other.description
      dependency.unit = dependency.point == .joined ? "\(other)-cluster-join.service" : unitName + ".service"
      return dependency
    }
    return service
  }

  private mutating func command() -> [CommandWord] {
    var words: [CommandWord] = []
    for node in template.tree["command"]?.elements ?? [] {
      if let program = node["program"]?.sourced(Name.init),
        evaluation.service.programs.contains(where: { $0.name.value == program.value })
      {
        words.append(CommandWord(Sourced(.program(program.value), node.origin)))
      } else if let variable = node["env"]?.sourced(VariableName.init) {
        checkVariable(variable)
        words.append(CommandWord(Sourced(.variable(variable.value), node.origin)))
      } else if let text = evaluation.text(node) {
        words.append(CommandWord(text.map(CommandWord.Content.text)))
      }
    }
    return words
  }

  /// Variables that systemd sets on its own (systemd.exec(5), environment variables in spawned processes).
  private static let systemVariables = [
    "CACHE_DIRECTORY", "CONFIGURATION_DIRECTORY", "CREDENTIALS_DIRECTORY", "HOME", "INSTANCE",
    "INVOCATION_ID", "LANG",
    "LOGNAME", "LOGS_DIRECTORY", "MAINPID", "NOTIFY_SOCKET", "PATH", "RUNTIME_DIRECTORY", "SHELL",
    "STATE_DIRECTORY", "USER",
  ]

  private mutating func checkVariable(_ variable: Sourced<VariableName>) {
    let service = evaluation.service
    let own = (service.environment + (service.environmentFile?.entries ?? [])).map(\.name.value.description)
    let word = variable.value.description
    guard !own.contains(word), !Self.systemVariables.contains(word) else { return }
    let nearest = Suggestion.nearest(to: word, in: own.sorted())
    evaluation.add(
      Diagnostic(
        ProfileRules.unknownReference, "\(service.name.value) has no variable \(word)", at: variable.span,
        help: nearest.map { "did you mean \($0)?" } ?? "set it in environment or environment-file"))
  }

  // MARK: Files and variables

  private mutating func files() {
    let service = evaluation.service.name.value
    // Paths first: the content of one file may name another.
    for (name, node) in template.tree.named("files") {
      let format = ["toml", "json", "env", "text"].first { node[$0] != nil } ?? "text"
      let suffix = format == "text" ? "conf" : format
      let standard = TargetPath("/etc/\(service)/\(name.value).\(suffix)") ?? .root
      evaluation.service.files.append(
        ConfigurationFile(
          name: name, path: node.sourced("path", TargetPath.init, default: standard, named: "file.path"),
          content: .text(Sourced("", node.origin)),
          mode: node.sourced("mode", FileMode.init, default: FileMode(0o644), named: "file.mode"),
          owner: node.sourced("owner", AccountName.init, default: .root, named: "file.owner")))
    }
    for (index, (name, node)) in template.tree.named("files").enumerated() {
      guard let content = fileContent(name: name, node) else { continue }
      evaluation.service.files[index].content = content
    }
    evaluation.service.files.sort { $0.name.value < $1.name.value }
  }

  private mutating func fileContent(name: Sourced<Name>, _ node: YAMLNode) -> ConfigurationFile.Content? {
    let formats = node.entries.filter { ["toml", "json", "env", "text"].contains($0.key) }
    guard formats.count == 1, let format = formats.first else {
      evaluation.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, "file \(name.value) needs exactly one of toml, json, env and text",
          at: node.span,
          related: formats.map { Label("\($0.key) is here", at: $0.keySpan) }, help: "keep one of them"))
      return nil
    }
    switch format.key {
    case "toml":
      guard case .mapping(let entries) = format.value.content, !Reference.isReference(entries) else {
        evaluation.add(
          Diagnostic(
            ProfileRules.wrongType, "toml is \(format.value.kindName); expected a mapping",
            at: format.value.span))
        return nil
      }
      return evaluation.content(format.value).map(ConfigurationFile.Content.toml)
    case "json": return evaluation.content(format.value).map(ConfigurationFile.Content.json)
    case "env": return .environment(variables(format.value))
    default: return evaluation.text(format.value).map(ConfigurationFile.Content.text)
    }
  }

  private mutating func variables(_ node: YAMLNode) -> [EnvironmentEntry] {
    var entries: [EnvironmentEntry] = []
    for entry in node.entries {
      guard let name = VariableName(entry.key), let value = evaluation.text(entry.value) else { continue }
      entries.append(EnvironmentEntry(name: Sourced(name, entry.origin), value: value))
    }
    return entries
  }

  private mutating func environment() {
    if let node = template.tree["environment"] { evaluation.service.environment = variables(node) }
    guard let node = template.tree["environment-file"] else { return }
    guard let path = node.sourced("path", TargetPath.init), let entries = node["entries"] else { return }
    evaluation.service.environmentFile = EnvironmentFile(
      path: path, entries: variables(entries),
      mode: node.sourced("mode", FileMode.init, default: FileMode(0o640), named: "environment-file.mode"),
      owner: node.sourced("owner", AccountName.init, default: .root, named: "environment-file.owner"))
  }

  // MARK: Credentials

  private mutating func credentials(
    nodeRequestName: (Name) -> String, altNames: (names: [String], addresses: [IPAddress])
  ) {
    let unit = evaluation.service.unitName.value + ".service"
    let fleet = evaluation.context.fleet
    for (name, node) in template.credentials {
      if let authority = node.sourced("certificate", Name.init) {
        guard fleet.authorities[authority.value] != nil else {
          unknownName(
            MeaningRules.unknownAuthority, "certificate authority", authority, Array(fleet.authorities.keys))
          // References to it are right: only what they lead to is not.
          evaluation.credentialPaths[name.value] = Evaluation.CredentialPaths(
            certificate: "", key: "", authority: "")
          continue
        }
        let usages = Set(node.list("usage", CertificateUsage.init(rawValue:)).map(\.value))
        let request = CertificateRequest(
          authority: authority.value, name: nodeRequestName(authority.value),
          usages: (usages.isEmpty ? Set(CertificateUsage.allCases) : usages).sorted {
            $0.rawValue < $1.rawValue
          },
          names: altNames.names, addresses: altNames.addresses)
        take(request, named: name, node, unit: unit, isOnlyAuthority: fleet.authorities.count == 1)
      } else if let secret = node.sourced("secret", Name.init) {
        guard let declaration = fleet.secrets[secret.value] else {
          unknownName(MeaningRules.unknownSecret, "secret", secret, Array(fleet.secrets.keys))
          evaluation.credentialPaths[name.value] = Evaluation.CredentialPaths(secret: "")
          continue
        }
        take(.secret(secret.value, declaration.scope.value), named: name, node, unit: unit, secret: secret)
      }
    }
  }

  private mutating func take(
    _ request: CertificateRequest, named name: Sourced<Name>, _ node: YAMLNode, unit: String,
    isOnlyAuthority: Bool
  ) {
    let authorityFile = isOnlyAuthority ? "ca.crt" : "\(request.authority)-ca.crt"
    let parts: [(part: String, suffix: String, file: String, reference: SecretReference)] = [
      ("certificate", "crt", request.name + ".crt", .certificate(request)),
      ("key", "key", request.name + ".key", .certificateKey(request)),
      ("authority", "ca", authorityFile, .authorityCertificate(request.authority)),
    ]
    var paths = Evaluation.CredentialPaths()
    for part in parts {
      let own = node["paths"]?.sourced(part.part, TargetPath.init)
      let standard = secretsDirectory.appending(part.file).map {
        Sourced($0, Origin.standard("secrets-directory"))
      }
      guard let path = own ?? standard else { continue }
      let seen = deliver(
        part.reference, to: path, id: "\(name.value).\(part.suffix)", name: name, unit: unit,
        isOwn: own != nil)
      switch part.part {
      case "certificate": paths.certificate = seen
      case "key": paths.key = seen
      default: paths.authority = seen
      }
    }
    evaluation.credentialPaths[name.value] = paths
  }

  private mutating func take(
    _ reference: SecretReference, named name: Sourced<Name>, _ node: YAMLNode, unit: String,
    secret: Sourced<Name>
  ) {
    let own = node.sourced("path", TargetPath.init)
    let standard = secretsDirectory.appending(secret.value.description).map {
      Sourced($0, Origin.standard("secrets-directory"))
    }
    guard let path = own ?? standard else { return }
    let seen = deliver(
      reference, to: path, id: name.value.description, name: name, unit: unit, isOwn: own != nil)
    evaluation.credentialPaths[name.value] = Evaluation.CredentialPaths(secret: seen)
  }

  /// Delivers a file and returns the path by which the service reads it: its own, or systemd's copy.
  private mutating func deliver(
    _ reference: SecretReference, to path: Sourced<TargetPath>, id: String, name: Sourced<Name>, unit: String,
    isOwn: Bool
  ) -> String {
    var owner = AccountName.root
    if isOwn, case .account(let account) = evaluation.service.identity { owner = account.value }
    deliveries.append(
      Delivery(
        reference: reference, path: path, mode: FileMode(reference.isPrivate ? 0o600 : 0o644), owner: owner))
    if isOwn { return path.value.description }
    evaluation.service.credentials.append(Credential(id: Sourced(id, name.origin), path: path.value))
    return "/run/credentials/\(unit)/\(id)"
  }

  private mutating func unknownName(_ rule: Rule, _ kind: String, _ name: Sourced<Name>, _ known: [Name]) {
    let nearest = Suggestion.nearest(to: name.value.description, in: known.map(\.description).sorted())
    evaluation.add(
      Diagnostic(
        rule, "there is no \(kind) \(name.value)", at: name.span,
        help: nearest.map { "did you mean \($0)?" } ?? "declare it in fleet.yaml"))
  }

  mutating func withEvaluation<Result>(_ body: (inout Evaluation) -> Result) -> Result { body(&evaluation) }
}

internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// Replaces the references of one service on one node.
struct Evaluation {
  let context: FleetContext
  /// This node's entry.
  let entry: NodeEntry
  /// The node's role in words, for `{node: role}`.
  let role: String
  /// The service, as far as it is resolved: ports, files, programs.
  var service: Service
  let parameters: [Name: Sourced<String>]
  /// Paths of delivered files, by credential and part.
  var credentialPaths: [Name: CredentialPaths] = [:]
  var posture: [String: Sourced<String>] = [:]
  private(set) var report = Report()

  /// Where a service finds what was delivered for it.
  struct CredentialPaths {
    var certificate: String?
    var key: String?
    var authority: String?
    var secret: String?
  }

  init(
    context: FleetContext, entry: NodeEntry, role: String, service: Service,
    parameters: [Name: Sourced<String>]
  ) {
    self.context = context
    self.entry = entry
    self.role = role
    self.service = service
    self.parameters = parameters
  }

  /// The text of a scalar or a reference.
  mutating func text(_ node: YAMLNode) -> Sourced<String>? {
    switch node.content {
    case .scalar(let text, _): Sourced(text, node.origin)
    case .mapping(let entries):
      switch reference(node, entries) {
      case .text(let text)?: text
      case .integer(let number)?: number.map { String($0) }
      case .list(let elements, let origin)?:
        Sourced(
          elements.compactMap { if case .text(let text) = $0 { text.value } else { nil } }.joined(
            separator: " "), origin)
      case .boolean(let flag)?: flag.map { $0 ? "true" : "false" }
      case .table, nil: nil
      }
    case .sequence: nil
    }
  }

  /// The content of a configuration file: plain numbers and truths keep their type.
  mutating func content(_ node: YAMLNode) -> ConfigurationValue? {
    switch node.content {
    case .scalar(let text, let isPlain):
      if isPlain, let number = Grammar.decimal(text) { return .integer(Sourced(number, node.origin)) }
      if isPlain, text == "true" || text == "false" { return .boolean(Sourced(text == "true", node.origin)) }
      return .text(Sourced(text, node.origin))
    case .sequence(let elements):
      var values: [ConfigurationValue] = []
      for element in elements {
        // A reference that gives a list inside a list gives its elements.
        guard let value = content(element) else { continue }
        if case .list(let inner, _) = value, case .mapping = element.content {
          values += inner
        } else {
          values.append(value)
        }
      }
      return .list(values, node.origin)
    case .mapping(let entries):
      if Reference.isReference(entries) { return reference(node, entries) }
      var members: [(key: Sourced<String>, value: ConfigurationValue)] = []
      for entry in entries {
        guard let value = content(entry.value) else { continue }
        members.append((Sourced(entry.key, entry.origin), value))
      }
      return .table(members, node.origin)
    }
  }

  private mutating func reference(_ node: YAMLNode, _ entries: [YAMLEntry]) -> ConfigurationValue? {
    guard let leading = Reference.leadingEntry(entries), let word = leading.value.scalarText else {
      return nil
    }
    let text = { (value: String?) -> ConfigurationValue? in value.map { .text(Sourced($0, node.origin)) } }
    switch leading.key {
    case "each": return iteration(node, service: word)
    case "leader": return leader(node, group: word)
    case "node" where word == "bootstrap":
      return .boolean(Sourced(context.fleet.mode(of: entry).value == .bootstrap, node.origin))
    case "node": return text(fact(word))
    case "parameter": return parameter(leading, word)
    case "posture":
      guard let fact = posture[word] else { return unknown(leading, "posture", word, Array(posture.keys)) }
      return text(fact.value)
    case "program":
      let program = service.programs.first { $0.name.value.description == word }
      guard let program else {
        return unknown(leading, "program", word, service.programs.map(\.name.value.description))
      }
      return text(program.path.value.description)
    case "file":
      if word == "environment", let file = service.environmentFile {
        return text(file.path.value.description)
      }
      let file = service.files.first { $0.name.value.description == word }
      guard let file else {
        return unknown(leading, "file", word, service.files.map(\.name.value.description))
      }
      return text(file.path.value.description)
    case "state":
      let state = service.state.first { $0.name.value.description == word }
      guard let state else {
        return unknown(leading, "state directory", word, service.state.map(\.name.value.description))
      }
      return text("/var/lib/" + state.path.value)
    case "env":
      report.add(
        Diagnostic(
          ProfileRules.unknownReference, "{env: \(word)} means something in a command alone",
          at: leading.value.span,
          help: "systemd replaces variables nowhere else: write the value, or refer to what it is made of"))
      return nil
    case "secret", "certificate", "key", "authority": return credential(leading, word)
    case "port", "listen", "address": return endpoint(leading, word, node.origin)
    default: return nil
    }
  }

  private func fact(_ word: String) -> String? {
    switch word {
    case "name": entry.name.value.description
    case "host": entry.host.value
    case "fqdn": context.fleet.fullName(of: entry)
    case "fleet": context.fleet.name.value.description
    case "role": role
    default: nil
    }
  }

  private mutating func parameter(_ leading: YAMLEntry, _ word: String) -> ConfigurationValue? {
    guard let name = Name(word), let value = parameters[name] else {
      let declared = context.templates[service.name.value]?.parameters ?? [:]
      let isDeclared = Name(word).map { declared[$0] != nil } ?? false
      report.add(
        Diagnostic(
          ProfileRules.unknownParameter,
          isDeclared ? "parameter \(word) has no value" : "\(service.name.value) has no parameter \(word)",
          at: leading.value.span,
          help: isDeclared
            ? "give it a default, or a value in parameters of the fleet, a role or the node"
            : Self.suggestion(for: word, among: declared.keys.map(\.description))))
      return nil
    }
    if let number = Grammar.decimal(value.value) { return .integer(Sourced(number, value.origin)) }
    return .text(value)
  }

  private mutating func credential(_ leading: YAMLEntry, _ word: String) -> ConfigurationValue? {
    let paths = Name(word).flatMap { credentialPaths[$0] }
    let path =
      switch leading.key {
      case "secret": paths?.secret
      case "certificate": paths?.certificate
      case "key": paths?.key
      default: paths?.authority
      }
    guard let path else {
      return unknown(leading, leading.key, word, credentialPaths.keys.map(\.description))
    }
    return .text(Sourced(path, leading.value.origin))
  }

  private mutating func endpoint(_ leading: YAMLEntry, _ word: String, _ origin: Origin)
    -> ConfigurationValue?
  {
    let port = service.ports.first { $0.name.value.description == word }
    if leading.key == "address", port == nil, let network = Name(word), context.fleet.networks[network] != nil
    {
      guard let address = entry.address(in: network) else {
        return unreachable("\(entry.name.value) has no address in network \(word)", at: leading.value.span)
      }
      return .text(Sourced(address.value.description, origin))
    }
    guard let port else { return unknown(leading, "port", word, service.ports.map(\.name.value.description)) }
    if leading.key == "port" { return .integer(Sourced(Int(port.number.value.value), origin)) }
    if leading.key == "listen", port.network == nil {
      return .text(Sourced("0.0.0.0:\(port.number.value)", origin))
    }
    guard
      let address = entry.addresses.first(where: { port.network == nil || $0.network == port.network?.value })
    else {
      return unreachable("\(entry.name.value) has no address for port \(word)", at: leading.value.span)
    }
    return .text(Sourced("\(address.address.value.bracketed):\(port.number.value)", origin))
  }

  mutating func unknown(_ leading: YAMLEntry, _ kind: String, _ word: String, _ known: [String])
    -> ConfigurationValue?
  {
    report.add(
      Diagnostic(
        ProfileRules.unknownReference, "\(service.name.value) has no \(kind) \(word)", at: leading.value.span,
        help: Self.suggestion(for: word, among: known)))
    return nil
  }

  static func suggestion(for word: String, among known: [String]) -> String {
    let known = known.sorted()
    if let nearest = Suggestion.nearest(to: word, in: known) { return "did you mean \(nearest)?" }
    return known.isEmpty ? "it has none" : "known: " + known.joined(separator: ", ")
  }

  mutating func unreachable(
    _ message: String, at span: Span, help: String = "give the nodes an address in a common network"
  ) -> ConfigurationValue? {
    report.add(
      Diagnostic(
        MeaningRules.unresolvablePeer, message, at: span,
        related: entry.name.span.map { [Label("the node is here", at: $0)] } ?? [],
        help: help, node: entry.name.value.description))
    return nil
  }

  mutating func add(_ diagnostic: Diagnostic) { report.add(diagnostic) }
}

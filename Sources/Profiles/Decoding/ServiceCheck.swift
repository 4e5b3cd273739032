internal import Diagnostics
internal import FleetModel
internal import YAMLSources

/// What the parts of a service say against each other, seen before any node is known.
struct ServiceCheck {
  private let tree: YAMLNode
  private let name: String
  private var report = Report()

  static func report(on tree: YAMLNode) -> Report {
    var check = ServiceCheck(tree)
    check.checkCommand()
    check.checkPrograms()
    check.checkStart()
    check.checkVariables()
    check.checkDirectories()
    check.checkReaders()
    check.checkPosture()
    check.checkSteps()
    for probe in ["live", "ready"] { if let node = tree["health"]?[probe] { check.checkProbe(node, probe) } }
    return check.report
  }

  private init(_ tree: YAMLNode) {
    self.tree = tree
    name = tree["service"]?.scalarText ?? "the service"
  }

  // MARK: Programs

  private mutating func checkCommand() {
    guard let first = tree["command"]?.elements.first, first["program"] == nil else { return }
    if let text = first.scalarText, text.hasPrefix("/") { return }
    add(
      ProfileRules.commandStart, "the command of \(name) does not start with a program", at: first.span,
      help: "start it with {program: NAME}, or an absolute path")
  }

  private mutating func checkPrograms() {
    for (program, node) in tree.named("program")
    where !["nix", "payload", "path"].contains(where: { node[$0] != nil }) {
      if node["sha256"] != nil { continue }
      add(
        ProfileRules.exclusiveKeys, "program \(program.value) needs one of nix, payload, path", at: node.span,
        help: "say where it comes from: a flake's attribute, a file of this folder, or a path on the host")
    }
  }

  // MARK: Starting

  private mutating func checkStart() {
    guard let start = tree["start"] else { return }
    if let file = start["pid-file"], start["type"]?.scalarText != "forking" {
      add(
        ProfileRules.contradiction, "pid-file is for type forking", at: file.span,
        related: label("the type", start["type"]),
        help: "set type: forking, or take pid-file away")
    }
    if let estimate = start.sourced("estimate", TimeSpan.init),
      let limit = start.sourced("timeout", TimeSpan.init) ?? Self.defaultTimeout,
      estimate.value > limit.value
    {
      add(
        ProfileRules.contradiction, "\(name) takes \(estimate.value) and is given \(limit.value)",
        at: estimate.span,
        related: label("the timeout", start["timeout"]), help: "make the timeout longer than the estimate")
    }
  }

  private static let defaultTimeout: Sourced<TimeSpan>? = Sourced(.seconds(90), .standard("start.timeout"))

  private mutating func checkVariables() {
    let own = tree["environment"]?.entries ?? []
    for entry in tree["environment-file"]?["entries"]?.entries ?? [] {
      guard let other = own.first(where: { $0.key == entry.key }) else { continue }
      add(
        ProfileRules.variableTwice, "\(entry.key) is set in environment already", at: entry.keySpan,
        related: [Label("set here", at: other.keySpan)], help: "keep one of the two: the file's would win")
    }
  }

  // MARK: Files

  private mutating func checkDirectories() {
    var paths: [String: Span] = [:]
    for (directory, node) in tree.named("state") {
      let path = node["path"]?.scalarText ?? name
      let place = node["path"]?.span ?? directory.span ?? node.span
      if let first = paths[path] {
        add(
          ProfileRules.directoryTwice, "\(directory.value) is /var/lib/\(path), as another state directory",
          at: place,
          related: [Label("the other one", at: first)], help: "give each a path of its own")
      }
      paths[path] = paths[path] ?? place
      if let owner = ReservedPath.owner(ofDirectory: path) { reserved("/var/lib/" + path, owner, at: place) }
    }
    if let node = tree["runtime-directory"], let name = node.scalarText,
      let owner = ReservedPath.owner(ofDirectory: name)
    {
      reserved("/run/" + name, owner, at: node.span)
    }
    let files =
      tree.named("files").compactMap { $0.node["path"] }
      + [tree["environment-file"]?["path"]].compactMap { $0 }
    let secrets = tree.named("credentials").flatMap { _, node in
      [node["path"]].compactMap { $0 } + (node["paths"]?.entries ?? []).map(\.value)
    }
    for node in files + secrets {
      guard let path = node.scalarText, let owner = ReservedPath.owner(of: path) else { continue }
      add(
        ProfileRules.reservedPath, "\(path) is \(owner)", at: node.span,
        help: "write below /etc/\(name), /opt or /srv")
    }
  }

  private mutating func reserved(_ path: String, _ owner: String, at span: Span?) {
    add(
      ProfileRules.reservedPath, "\(path) is \(owner)", at: span,
      help: "name the directory after the service: \(name)")
  }

  /// Who may read what: a file that the service itself opens must be its own or everybody's.
  private mutating func checkReaders() {
    let account = tree["user"]?.scalarText
    guard account != "root" else { return }
    for (_, node) in tree.named("credentials") where account == nil {
      guard let path = node["path"] ?? node["paths"] else { continue }
      add(
        ProfileRules.unreadableFile, "\(name) has a transient account and cannot read a file of its own",
        at: path.span,
        help: "leave the path out: systemd hands the credential over; or give the service a user")
    }
    for (file, node) in tree.named("files") {
      guard let mode = node.sourced("mode", FileMode.init), mode.value.bits & 0o004 == 0 else { continue }
      let owner = node["owner"]?.scalarText ?? "root"
      if owner == account, mode.value.bits & 0o400 != 0 { continue }
      add(
        ProfileRules.unreadableFile,
        "\(name) cannot read file \(file.value): it is \(owner)'s with mode \(mode.value)",
        at: mode.span ?? node.span,
        help: account.map { "set owner: \($0), or let others read it" }
          ?? "let others read it, or give the service a user that owns it")
    }
  }

  // MARK: Cluster

  /// A fact of the posture is compared between nodes: it must not be made of what differs anyway.
  private mutating func checkPosture() {
    for (fact, node) in tree.named("posture") {
      guard case .mapping(let entries) = node.content, let leading = Reference.leadingEntry(entries) else {
        continue
      }
      if leading.key == "parameter" || leading.key == "port"
        || (leading.key == "node" && leading.value.scalarText == "fleet")
      {
        continue
      }
      add(
        ProfileRules.postureOfOneNode, "posture \(fact.value) would differ from node to node", at: node.span,
        help: "a posture is a text, a parameter, a port or {node: fleet}")
    }
  }

  private mutating func checkSteps() {
    if let join = tree["join"] {
      let port = join["to"]?.scalarText.map { String($0.dropFirst(7)) } ?? "api"
      checkPort(port, at: join["to"]?.span ?? join.span, "asked by HTTP")
      checkStatuses(join, "ok", "member")
    }
    if let setup = tree["setup"] {
      checkPort(setup["port"]?.scalarText ?? "api", at: setup["port"]?.span ?? setup.span, "asked by HTTP")
      checkStatuses(setup, "ok", "done")
    }
    for step in ["join", "setup"] {
      let pauses = tree[step]?["retry"]?.list("backoff", TimeSpan.init) ?? []
      guard pauses.count == 2, pauses[0].value > pauses[1].value, let span = pauses[0].span else { continue }
      add(
        ProfileRules.contradiction, "the first pause is longer than the longest", at: span,
        help: "write the first one, then the longest: [1s, 16s]")
    }
  }

  private mutating func checkStatuses(_ step: YAMLNode, _ done: String, _ already: String) {
    let known = Set((step[done]?.elements ?? []).compactMap(\.scalarText))
    for status in step[already]?.elements ?? [] where status.scalarText.map(known.contains) ?? false {
      add(
        ProfileRules.contradiction, "status \(status.scalarText ?? "") means both \(done) and \(already)",
        at: status.span,
        related: label(done, step[done]), help: "keep it in one of the two lists")
    }
  }

  private mutating func checkProbe(_ node: YAMLNode, _ probe: String) {
    if probe == "live", let quorum = node["quorum"] {
      add(
        ProfileRules.contradiction, "live waits for a quorum", at: quorum.span,
        help: "a first node must live before there is one: move quorum to ready")
    }
    for key in ["tcp", "http", "https"] {
      if let port = node[key], let word = port.scalarText {
        checkPort(word, at: port.span, "asked by \(key.uppercased())")
      }
    }
    if let json = node["json"], let body = node["body"] {
      add(
        ProfileRules.exclusiveKeys, "body excludes json", at: body.span,
        related: [Label("json is here", at: json.span)],
        help: "give the whole answer, or some of its fields")
    }
    if let answer = node.sourced("answer", IPAddress.init), answer.value.width != 32 {
      add(
        ProfileRules.invalidValue, "a DNS probe asks for an IPv4 address", at: answer.span ?? node.span,
        help: "give the IPv4 address that the name has")
    }
    if let first = node["command"]?.elements.first, let word = first.scalarText, !word.hasPrefix("/") {
      add(
        ProfileRules.commandStart, "the command of the probe does not start with an absolute path",
        at: first.span,
        help: "no shell looks for \(word) on the node")
    }
  }

  private mutating func checkPort(_ word: String, at span: Span, _ how: String) {
    guard let port = tree["ports"]?[word], port["udp"] != nil, port["tcp"] == nil else { return }
    add(
      ProfileRules.wrongTransport, "port \(word) is a UDP port, and it is \(how)", at: span,
      related: [Label("the port", at: port.span)], help: "name a TCP port")
  }

  // MARK: Findings

  private mutating func add(
    _ rule: Rule, _ message: String, at span: Span?, related: [Label] = [], help: String
  ) {
    report.add(Diagnostic(rule, message, at: span, related: related, help: help))
  }

  private func label(_ message: String, _ node: YAMLNode?) -> [Label] {
    node.map { [Label(message, at: $0.span)] } ?? []
  }
}

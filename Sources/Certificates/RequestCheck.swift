internal import Diagnostics
internal import FleetModel
internal import SecretStore

/// Holds a minting request against what can be minted, before anything is looked at.
struct RequestCheck {
  private(set) var report = Report()
  private let authorities: Set<Name>

  init(_ request: MintingRequest) {
    authorities = Set(request.authorities.map(\.name.value))
  }

  /// The node with those requests only that can be minted, each once; `nil` when it can have nothing.
  mutating func checked(_ node: NodeSecrets) -> NodeSecrets? {
    if SecretFile.isReserved(node.node.value) {
      report.add(
        Diagnostic(
          CertificateRules.takenFileName, "a node cannot be named \(node.node.value)", at: node.node.span,
          help: "rename the node: the folder is the fleet's", node: node.node.description))
      return nil
    }
    var result = node
    var files: [SecretFile: CertificateRequest] = [:]
    result.certificates = []
    for request in node.certificates where isMintable(request, of: node.node.value) {
      let file = SecretFile.certificate(request.value, of: node.node.value)
      let other = files.updateValue(request.value, forKey: file)
      if other == nil {
        result.certificates.append(request)
      } else if other != request.value {
        add(
          CertificateRules.takenFileName, "\(file) is asked for twice, with different contents", request,
          node.node.value)
      }
    }
    return result
  }

  private mutating func isMintable(_ request: Sourced<CertificateRequest>, of node: Name) -> Bool {
    let count = report.diagnostics.count
    if !authorities.contains(request.authority) {
      add(
        CertificateRules.undeclaredAuthority, "the fleet has no authority \(request.authority)", request, node
      )
    }
    if request.usages.isEmpty || (request.names.isEmpty && request.addresses.isEmpty) {
      add(
        CertificateRules.purposeless,
        "certificate \(Self.quoted(request.value.name)) needs a usage, and a name or an address", request,
        node)
    }
    if SecretFile("\(node)/\(request.value.name).crt") == nil {
      add(
        CertificateRules.unusableName, "\(Self.quoted(request.value.name)) cannot be a file name", request,
        node)
    }
    for name in request.names where DomainName(name) == nil || IPAddress(name) != nil {
      add(
        CertificateRules.unusableName, "\(Self.quoted(name)) is no DNS name that a certificate may have",
        request, node)
    }
    return report.diagnostics.count == count
  }

  private mutating func add(
    _ rule: Rule, _ message: String, _ request: Sourced<CertificateRequest>, _ node: Name
  ) {
    report.add(
      Diagnostic(rule, message, at: request.span, help: "write: \(rule.instead)", node: node.description))
  }

  /// Text of unknown origin: escaped, and at most 80 characters of it.
  private static func quoted(_ text: String) -> String {
    "\"" + text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined() + "\""
  }
}

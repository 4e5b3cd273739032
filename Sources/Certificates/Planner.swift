internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import SecretStore

/// Compares a request with the store, authority by authority.
struct Planner {
  private typealias Subject = StoreInspection.Subject

  private let request: MintingRequest
  private let nodes: [NodeSecrets]
  private let now: Int
  private var store: StoreInspection
  private var items: [MintingPlan.Item] = []
  private let requestReport: Report
  /// Authorities that strict programs refuse, which is said once for each.
  private var lenientAuthorities = Set<Name>()

  init(_ request: MintingRequest, _ folder: SecretFolder, now: Int) {
    var check = RequestCheck(request)
    nodes = request.nodes.compactMap { check.checked($0) }
    requestReport = check.report
    self.request = request
    self.now = now
    store = StoreInspection(folder)
  }

  mutating func plan() throws(HostError) -> Checked<MintingPlan> {
    for authority in request.authorities { try lookAt(authority) }
    for node in nodes where node.hasHostKey { try lookAtHostKey(of: node) }
    for secret in request.secrets where secret.scope.value == .fleet {
      try lookAt(secret, .shared(secret.name.value), node: nil, span: secret.name.span)
    }
    let own = Dictionary(request.secrets.map { ($0.name.value, $0) }) { first, _ in first }
    for node in nodes {
      for name in node.secrets {
        guard let secret = own[name.value] else { continue }
        try lookAt(secret, .own(name.value, of: node.node.value), node: node.node.value, span: name.span)
      }
    }
    if request.hasReleaseKey { try lookAtReleaseKey() }
    var report = requestReport
    report.merge(store.report)
    return Checked(MintingPlan(request: request, items: items), report)
  }

  private mutating func add(
    _ subject: MintingPlan.Item.Subject, _ state: MintingPlan.Item.State, _ files: [SecretFile], _ span: Span?
  ) {
    items.append(MintingPlan.Item(subject: subject, state: state, files: files, span: span))
  }

  // MARK: Authorities and certificates

  private mutating func lookAt(_ authority: Authority) throws(HostError) {
    let name = authority.name.value
    let subject = Subject(span: authority.name.span)
    let (key, certificate) = (SecretFile.authorityKey(name), SecretFile.authorityCertificate(name))
    let pair = try store.pair(key, certificate, subject)
    let index = items.count
    var state = MintingPlan.Item.State.unusable
    switch pair {
    case .missing: state = try stateOfAbsent(authority)
    case .privateOnly: state = try stateOfKey(key, authority, subject)
    case .publicOnly:
      store.add(
        CertificateRules.authorityKeyMissing, "\(certificate) is there and \(key) is not", subject,
        help:
          "bring back \(store.folder.path)/\(key); a new authority would make all its certificates worthless")
    case .both: state = try stateOfAuthority(authority, subject)
    case .flawed: break
    }
    if state == .present {
      try lookAtCertificates(of: authority, under: certificate, subject)
    } else {
      try lookAtCertificates(withoutCheckOf: authority)
    }
    // In front of its certificates, which had to be looked at first.
    items.insert(
      MintingPlan.Item(
        subject: .authority(name), state: state, files: [key, certificate], span: authority.name.span),
      at: index)
  }

  /// An authority is made where none is, unless certificates show that there was one.
  private mutating func stateOfAbsent(_ authority: Authority) throws(HostError) -> MintingPlan.Item.State {
    for (node, request) in requests(of: authority) {
      let file = SecretFile.certificate(request.value, of: node.node.value)
      guard try store.folder.state(of: file) != .missing else { continue }
      store.add(
        CertificateRules.authorityKeyMissing,
        "authority \(authority.name.value) is gone while \(file), which is a certificate of it, is there",
        Subject(span: authority.name.span),
        help: "bring back \(store.folder.path)/authorities, or remove all certificates of the authority")
      return .unusable
    }
    return .missing
  }

  private mutating func stateOfAuthority(
    _ authority: Authority, _ subject: Subject
  ) throws(HostError) -> MintingPlan.Item.State {
    let name = authority.name.value
    let (keyFile, file) = (SecretFile.authorityKey(name), SecretFile.authorityCertificate(name))
    guard var keyText = try store.bytes(of: keyFile, subject), let text = try store.bytes(of: file, subject)
    else {
      return .unusable
    }
    defer { wipe(&keyText) }
    let now = now
    var isStrict = true
    let state = stateOfPair(keyFile, keyText, file, text, subject) { key, certificate throws(OpenSSLError) in
      let findings = try CertificateCheck.findings(
        certificate, authorityKey: key, authority: authority, now: now)
      isStrict = !findings.contains { $0.rule == CertificateRules.notStrict }
      return findings
    }
    if !isStrict { lenientAuthorities.insert(name) }
    return state
  }

  private mutating func lookAtCertificates(
    of authority: Authority, under rootFile: SecretFile, _ subject: Subject
  ) throws(HostError) {
    guard let text = try store.bytes(of: rootFile, subject), let root = try? X509Certificate(pem: text) else {
      return
    }
    for (node, request) in requests(of: authority) {
      let subject = Subject(span: request.span, node: node.node.value)
      let state = try stateOfCertificate(request.value, node.node.value, authority, root, subject)
      add(request, of: node.node.value, state)
    }
  }

  /// Without an authority only presence can be said of its certificates.
  private mutating func lookAtCertificates(withoutCheckOf authority: Authority) throws(HostError) {
    for (node, request) in requests(of: authority) {
      let subject = Subject(span: request.span, node: node.node.value)
      let state = try stateOfFiles(request.value, node.node.value, authority, subject)
      add(request, of: node.node.value, state ?? .present)
    }
  }

  private mutating func add(
    _ request: Sourced<CertificateRequest>, of node: Name, _ state: MintingPlan.Item.State
  ) {
    let (key, certificate) = files(of: request.value, node)
    add(.certificate(request.value, node: node), state, [key, certificate], request.span)
  }

  private func requests(of authority: Authority) -> [(
    node: NodeSecrets, request: Sourced<CertificateRequest>
  )] {
    nodes.flatMap { node in
      node.certificates.filter { $0.authority == authority.name.value }.map { (node, $0) }
    }
  }

  private mutating func stateOfCertificate(
    _ request: CertificateRequest, _ node: Name, _ authority: Authority, _ root: borrowing X509Certificate,
    _ subject: Subject
  ) throws(HostError) -> MintingPlan.Item.State {
    if let state = try stateOfFiles(request, node, authority, subject) { return state }
    let (keyFile, file) = files(of: request, node)
    guard var keyText = try store.bytes(of: keyFile, subject), let text = try store.bytes(of: file, subject)
    else {
      return .unusable
    }
    defer { wipe(&keyText) }
    let isStrict = !lenientAuthorities.contains(authority.name.value)
    let now = now
    return stateOfPair(keyFile, keyText, file, text, subject) { key, certificate throws(OpenSSLError) in
      try CertificateCheck.findings(
        certificate, key: key, request: request, root: root, authority: authority, rootIsStrict: isStrict,
        now: now)
    }
  }

  /// How a certificate stands when its files alone tell; `nil` when both are there.
  private mutating func stateOfFiles(
    _ request: CertificateRequest, _ node: Name, _ authority: Authority, _ subject: Subject
  ) throws(HostError) -> MintingPlan.Item.State? {
    let (key, certificate) = files(of: request, node)
    switch try store.pair(key, certificate, subject) {
    case .missing: return .missing
    case .flawed: return .unusable
    case .privateOnly: return try stateOfKey(key, authority, subject)
    case .publicOnly:
      store.add(
        CertificateRules.halfPair, "\(certificate) is there and \(key) is not", subject,
        help: store.removal(of: [certificate]))
      return .mismatched
    case .both: return nil
    }
  }

  private func files(of request: CertificateRequest, _ node: Name) -> (
    key: SecretFile, certificate: SecretFile
  ) {
    (.certificateKey(request, of: node), .certificate(request, of: node))
  }

  /// Parses a pair and lets `check` say what is wrong with it.
  private mutating func stateOfPair(
    _ keyFile: SecretFile, _ keyText: [UInt8], _ file: SecretFile, _ text: [UInt8], _ subject: Subject,
    check: (borrowing PrivateKey, borrowing X509Certificate) throws(OpenSSLError) -> [CertificateFinding]
  ) -> MintingPlan.Item.State {
    var culprit = keyFile
    do throws(OpenSSLError) {
      let key = try PrivateKey(pem: keyText)
      culprit = file
      let findings = try check(key, X509Certificate(pem: text))
      store.add(findings, of: file, key: keyFile, subject)
      return findings.contains { $0.rule.severity == .error } ? .mismatched : .present
    } catch {
      store.addUnreadable(culprit, error.message, subject)
      return .unusable
    }
  }

  /// A key without its certificate: an interrupted run's, which the next one goes on with.
  private mutating func stateOfKey(
    _ file: SecretFile, _ authority: Authority, _ subject: Subject
  ) throws(HostError) -> MintingPlan.Item.State {
    guard var text = try store.bytes(of: file, subject) else { return .unusable }
    defer { wipe(&text) }
    do throws(OpenSSLError) {
      let key = try PrivateKey(pem: text)
      guard key.isConsistent else {
        store.addUnreadable(file, "its halves do not belong together", subject)
        return .unusable
      }
      store.add(CertificateCheck.kindFindings(key, authority.key.value), of: file, key: file, subject)
      return .incomplete
    } catch {
      store.addUnreadable(file, error.message, subject)
      return .unusable
    }
  }

  // MARK: Host keys, secrets, release key

  private mutating func lookAtHostKey(of node: NodeSecrets) throws(HostError) {
    let name = node.node.value
    let subject = Subject(span: node.node.span, node: name)
    let (key, half) = (SecretFile.hostKey(of: name), SecretFile.hostPublicKey(of: name))
    let state = try stateOfHalves(key, half, subject) { key, half in
      guard let expected = HostKey.publicFile(of: key, node: name) else { return nil }
      return half.map { HostKey.isSameKey($0, expected) } ?? true
    }
    add(.hostKey(node: name), state, [key, half], node.node.span)
  }

  private mutating func lookAtReleaseKey() throws(HostError) {
    let (key, half) = (SecretFile.releaseKey, SecretFile.releasePublicKey)
    let state = try stateOfHalves(key, half, Subject()) { key, half in
      guard let expected = try? ReleasePublicKey(ofPrivateKey: key) else { return nil }
      return half.map { $0 == expected.line } ?? true
    }
    add(.releaseKey, state, [key, half], nil)
  }

  /// A private file and a public one. `fits` says whether the second is of the first, or is to be made
  /// of it; `nil` when the first is no key.
  private mutating func stateOfHalves(
    _ key: SecretFile, _ half: SecretFile, _ subject: Subject, fits: ([UInt8], [UInt8]?) -> Bool?
  ) throws(HostError) -> MintingPlan.Item.State {
    let pair = try store.pair(key, half, subject)
    switch pair {
    case .missing: return .missing
    case .flawed: return .unusable
    case .publicOnly:
      store.add(
        CertificateRules.halfPair, "\(half) is there and \(key) is not", subject,
        help: store.removal(of: [half]))
      return .mismatched
    case .privateOnly, .both: break
    }
    guard var text = try store.bytes(of: key, subject) else { return .unusable }
    defer { wipe(&text) }
    let other = pair == .both ? try store.bytes(of: half, subject) : nil
    if pair == .both && other == nil { return .unusable }
    guard let isOne = fits(text, other) else {
      store.addUnreadable(key, "it is no unencrypted Ed25519 key of this format", subject)
      return .unusable
    }
    if isOne { return pair == .both ? .present : .incomplete }
    store.add(
      CertificateRules.keyMismatch, "\(half) is not the public half of \(key)", subject,
      help: store.removal(of: [half]))
    return .mismatched
  }

  private mutating func lookAt(
    _ secret: SecretDeclaration, _ file: SecretFile, node: Name?, span: Span?
  ) throws(HostError) {
    let subject = Subject(span: span, node: node)
    let look = try store.size(of: file, subject)
    var state = look.isFlawed ? MintingPlan.Item.State.unusable : look.size == nil ? .missing : .present
    if let size = look.size, !SecretValue.sizes(of: secret.kind.value).contains(size) {
      store.add(
        CertificateRules.unreadableMaterial,
        "\(file) has \(size) bytes, which no secret of kind \(secret.kind.value.rawValue) has", subject,
        help: store.removal(of: [file]))
      state = .mismatched
    }
    add(.secret(secret.name.value, node: node), state, [file], span)
  }
}

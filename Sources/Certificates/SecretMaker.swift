internal import FleetModel
internal import HostFiles
internal import SecretStore

/// Why a piece of secret material was not made.
enum MintingFailure: Error {
  case openSSL(OpenSSLError)
  case store(SecretError)
  case host(HostError)
  /// The new certificate did not pass its own check.
  case selfCheck(String)

  /// Runs something of libcrypto's.
  static func openSSL<Value: ~Copyable>(
    _ body: () throws(OpenSSLError) -> Value
  ) throws(MintingFailure) -> Value {
    do throws(OpenSSLError) { return try body() } catch { throw .openSSL(error) }
  }

  /// Runs something of the store's.
  static func store<Value>(_ body: () throws(SecretError) -> Value) throws(MintingFailure) -> Value {
    do throws(SecretError) {
      return try body()
    } catch {
      if case .host(let error) = error { throw .host(error) }
      throw .store(error)
    }
  }

  /// Takes random bytes of the system.
  static func random(_ count: Int) throws(MintingFailure) -> [UInt8] {
    do throws(HostError) { return try HostRandom.bytes(count) } catch { throw .host(error) }
  }
}

/// Makes one piece of secret material at a time, its private half first.
struct SecretMaker {
  private static let day = 86_400
  /// Certificates are valid from an hour before, for nodes whose clocks are late.
  private static let backdating = 3600
  /// The last second of the year 9999, the latest that a certificate can say.
  private static let lastSecond = 253_402_300_799

  private let folder: SecretFolder
  /// Seconds since 1970.
  private let now: Int

  init(_ folder: SecretFolder, now: Int) {
    self.folder = folder
    self.now = max(Self.backdating, min(now, Self.lastSecond))
  }

  /// The first second of a new certificate.
  var start: Int { now - Self.backdating }

  /// The last second of a certificate that lives for some days from now.
  func end(ofDays days: Int) -> Int {
    let (seconds, overflows) = max(1, days).multipliedReportingOverflow(by: Self.day)
    return overflows || seconds > Self.lastSecond - now ? Self.lastSecond : now + seconds
  }

  /// Makes an authority's certificate, and its key unless an earlier run did.
  func makeAuthority(_ authority: Authority, fleet: Name) throws(MintingFailure) {
    let name = authority.name.value
    let key = try takeOrMakeKey(.authorityKey(name), authority.key.value)
    let contents = X509Certificate.Contents(
      organization: fleet.description, commonName: name.description, isAuthority: true, usages: [],
      names: [], addresses: [], validity: start...end(ofDays: authority.days.value), serial: try serial())
    let text = try MintingFailure.openSSL { () throws(OpenSSLError) in
      try X509Certificate.selfSigned(contents, key: key).pem()
    }
    // Read again: what is checked are the bytes that are written.
    let findings = try MintingFailure.openSSL { () throws(OpenSSLError) in
      try CertificateCheck.rootFindings(X509Certificate(pem: text), key)
    }
    if let finding = findings.first { throw .selfCheck("the new certificate \(finding.message)") }
    try add(text, .authorityCertificate(name))
  }

  /// Makes a node's certificate, and its key unless an earlier run did. An authority that was made
  /// elsewhere may be one that strict programs refuse: then the new certificate's check is lenient too.
  func makeCertificate(
    _ request: CertificateRequest, of node: Name, kind: Authority.Key, validity: ClosedRange<Int>,
    root: borrowing X509Certificate, rootKey: borrowing PrivateKey, rootIsStrict: Bool
  ) throws(MintingFailure) {
    let key = try takeOrMakeKey(.certificateKey(request, of: node), kind)
    let contents = X509Certificate.Contents(
      organization: nil, commonName: Self.commonName(of: request, node), isAuthority: false,
      usages: request.usages, names: request.names, addresses: request.addresses, validity: validity,
      serial: try serial())
    let text = try MintingFailure.openSSL { () throws(OpenSSLError) in
      try X509Certificate.signed(contents, key: key, by: root, with: rootKey).pem()
    }
    let certificate = try MintingFailure.openSSL { () throws(OpenSSLError) in try X509Certificate(pem: text) }
    if let reason = CertificateCheck.refusal(
      certificate, request, root: root, moment: validity.upperBound - 1, strict: rootIsStrict)
    {
      throw .selfCheck("the new certificate does not pass its check: \(reason)")
    }
    try add(text, .certificate(request, of: node))
  }

  /// Makes an ssh host key, or the public half of one that is there.
  func makeHostKey(of node: Name, isThere: Bool) throws(MintingFailure) {
    let (key, half) = (SecretFile.hostKey(of: node), SecretFile.hostPublicKey(of: node))
    if isThere {
      var text = try MintingFailure.store { () throws(SecretError) in try folder.read(key) }
      defer { wipe(&text) }
      guard let line = HostKey.publicFile(of: text, node: node) else { throw .store(.missing(key)) }
      return try add(line, half)
    }
    let check = try MintingFailure.random(4)
    var files = try MintingFailure.openSSL { () throws(OpenSSLError) in
      try HostKey.make(for: node, check: check)
    }
    defer { wipe(&files.privateKey) }
    try add(files.privateKey, key)
    try add(files.publicKey, half)
  }

  /// Makes the key that signs bundles, or the public half of one that is there.
  func makeReleaseKey() throws(MintingFailure) {
    let key = try takeOrMakeKey(.releaseKey, .ed25519)
    let half = try MintingFailure.openSSL { () throws(OpenSSLError) in try ReleasePublicKey(of: key) }
    try add(half.line, .releasePublicKey)
  }

  /// Makes a declared secret.
  func makeSecret(_ kind: SecretDeclaration.Kind, as file: SecretFile) throws(MintingFailure) {
    var value = SecretValue.text(try MintingFailure.random(SecretValue.randomBytes(for: kind)), kind)
    defer { wipe(&value) }
    try add(value, file)
  }

  private func takeOrMakeKey(_ file: SecretFile, _ kind: Authority.Key) throws(MintingFailure) -> PrivateKey {
    let state: SecretFolder.State
    do throws(HostError) { state = try folder.state(of: file) } catch { throw .host(error) }
    if state != .missing {
      var text = try MintingFailure.store { () throws(SecretError) in try folder.read(file) }
      defer { wipe(&text) }
      return try MintingFailure.openSSL { () throws(OpenSSLError) in try PrivateKey(pem: text) }
    }
    let key = try MintingFailure.openSSL { () throws(OpenSSLError) in try PrivateKey(making: kind) }
    var text = try MintingFailure.openSSL { () throws(OpenSSLError) in try key.pem() }
    defer { wipe(&text) }
    try add(text, file)
    return key
  }

  private func add(_ bytes: [UInt8], _ file: SecretFile) throws(MintingFailure) {
    try MintingFailure.store { () throws(SecretError) in try folder.add(bytes, as: file) }
  }

  /// 127 random bits with the highest set: positive, and never shorter than RFC 5280 4.1.2.2 and the
  /// CA/Browser Forum ask (64 bits).
  private func serial() throws(MintingFailure) -> [UInt8] {
    var bytes = try MintingFailure.random(16)
    bytes[0] = bytes[0] & 0x7f | 0x40
    return bytes
  }

  /// The first name that fits a common name's 64 characters (RFC 5280, appendix A.1), else the node's.
  private static func commonName(of request: CertificateRequest, _ node: Name) -> String {
    request.names.first { $0.utf8.count <= 64 } ?? node.description
  }
}

// Owners of libcrypto's objects. The only file that touches COpenSSL.
private import COpenSSL
internal import FleetModel

/// Why libcrypto refused: what was tried, and its reasons, which are constant texts without data.
struct OpenSSLError: Error, Hashable {
  let operation: String
  let reasons: [String]

  /// Takes the reasons of the call that just failed off this thread's stack.
  init(_ operation: String) {
    self.operation = operation
    var reasons: [String] = []
    while reasons.count < 16, let text = unsafe pki_next_reason() {
      unsafe reasons.append(String(cString: text))
    }
    pki_forget_reasons()
    self.reasons = reasons
  }

  var message: String {
    reasons.isEmpty ? "cannot \(operation)" : "cannot \(operation): \(reasons.joined(separator: "; "))"
  }
}

/// Overwrites bytes that were secret. Copies that were made of them are not reached.
func wipe(_ bytes: inout [UInt8]) {
  unsafe bytes.withUnsafeMutableBytes { buffer in
    if let base = buffer.baseAddress { unsafe pki_wipe(base, buffer.count) }
  }
}

/// Runs a C function on an array's bytes; it gets a valid pointer even when there are none.
private func withBytes<Result>(
  _ bytes: [UInt8], _ body: (UnsafePointer<UInt8>, Int) -> Result
) -> Result {
  if bytes.isEmpty { return unsafe withUnsafePointer(to: 0) { unsafe body($0, 0) } }
  return unsafe bytes.withUnsafeBufferPointer { buffer in
    // An array that is not empty has a base address.
    guard let base = buffer.baseAddress else {
      return unsafe withUnsafePointer(to: 0) { unsafe body($0, 0) }
    }
    return unsafe body(base, buffer.count)
  }
}

/// Lets a C function fill a buffer of `capacity` bytes and say how many it needs; `nil` for none or
/// too many. The buffer is wiped.
private func filled(_ capacity: Int, _ body: (UnsafeMutablePointer<UInt8>, Int) -> Int) -> [UInt8]? {
  var buffer = [UInt8](repeating: 0, count: capacity)
  let count = unsafe buffer.withUnsafeMutableBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return 0 }
    return unsafe body(base, buffer.count)
  }
  guard count > 0, count <= capacity else { return nil }
  let bytes = Array(buffer[..<count])
  wipe(&buffer)
  return bytes
}

/// A private key with its public half.
@safe struct PrivateKey: ~Copyable {
  fileprivate let handle: OpaquePointer

  /// Makes a key of libcrypto's random numbers.
  init(making kind: Authority.Key) throws(OpenSSLError) {
    let number =
      switch kind {
      case .ecdsaP256: PKI_P256
      case .ecdsaP384: PKI_P384
      case .ed25519: PKI_ED25519
      }
    guard let made = unsafe pki_key_generate(Int32(number)) else {
      throw OpenSSLError("make a key")
    }
    unsafe handle = made
  }

  /// Reads an unencrypted key from PEM.
  init(pem: [UInt8]) throws(OpenSSLError) {
    pki_forget_reasons()
    guard let read = unsafe withBytes(pem, { unsafe pki_key_read($0, $1) }) else {
      throw OpenSSLError("read the key")
    }
    unsafe handle = read
  }

  deinit { unsafe pki_key_release(handle) }

  /// PKCS#8 PEM. Whoever is done with the bytes wipes them.
  func pem() throws(OpenSSLError) -> [UInt8] {
    guard let bytes = unsafe filled(4096, { unsafe pki_key_write(handle, $0, $1) }) else {
      throw OpenSSLError("write the key")
    }
    return bytes
  }

  /// Its kind; `nil` for one that this tool does not make.
  var kind: Authority.Key? {
    switch Int(unsafe pki_key_kind(handle)) {
    case Int(PKI_P256): .ecdsaP256
    case Int(PKI_P384): .ecdsaP384
    case Int(PKI_ED25519): .ed25519
    default: nil
    }
  }

  /// Whether its halves belong together.
  var isConsistent: Bool {
    defer { pki_forget_reasons() }
    return unsafe pki_key_is_consistent(handle) == 1
  }

  /// The 32 public bytes of an Ed25519 key.
  func rawPublic() throws(OpenSSLError) -> [UInt8] {
    guard
      let bytes = unsafe filled(32, { buffer, _ in unsafe pki_key_raw_public(handle, buffer) == 1 ? 32 : 0 })
    else { throw OpenSSLError("take the public half of the key") }
    return bytes
  }

  /// The 64 bytes of a signature by an Ed25519 key (RFC 8032).
  func signature(of message: [UInt8]) throws(OpenSSLError) -> [UInt8] {
    let signed = unsafe filled(64) { buffer, _ in
      unsafe withBytes(message) { unsafe pki_key_sign(handle, $0, $1, buffer) == 1 ? 64 : 0 }
    }
    guard let signed else { throw OpenSSLError("sign with the key") }
    return signed
  }

  /// The seed of an Ed25519 key. Whoever is done with it wipes it.
  func rawSeed() throws(OpenSSLError) -> [UInt8] {
    guard
      let bytes = unsafe filled(32, { buffer, _ in unsafe pki_key_raw_private(handle, buffer) == 1 ? 32 : 0 })
    else { throw OpenSSLError("take the seed of the key") }
    return bytes
  }
}

/// An X.509 certificate.
@safe struct X509Certificate: ~Copyable {
  /// What a certificate is to say. Authorities have neither names nor usages.
  struct Contents {
    /// Organization and common name, each at most 64 characters (RFC 5280, appendix A.1).
    var organization: String?
    var commonName: String
    var isAuthority: Bool
    var usages: [CertificateUsage]
    var names: [String]
    var addresses: [IPAddress]
    /// Seconds since 1970.
    var validity: ClosedRange<Int>
    /// At most 20 bytes, the first bit zero: a positive number.
    var serial: [UInt8]
  }

  private let handle: OpaquePointer

  private init(owning handle: OpaquePointer) { unsafe self.handle = unsafe handle }

  deinit { unsafe pki_certificate_release(handle) }

  /// Reads the first certificate of a PEM text.
  init(pem: [UInt8]) throws(OpenSSLError) {
    pki_forget_reasons()
    guard let read = unsafe withBytes(pem, { unsafe pki_certificate_read($0, $1) }) else {
      throw OpenSSLError("read the certificate")
    }
    unsafe handle = read
  }

  /// Makes an authority's own certificate.
  static func selfSigned(
    _ contents: Contents, key: borrowing PrivateKey
  ) throws(OpenSSLError) -> X509Certificate {
    let certificate = try unsigned(contents, key: key)
    guard unsafe pki_certificate_set_issuer(certificate.handle, certificate.handle) == 1,
      unsafe pki_certificate_sign(certificate.handle, key.handle) == 1
    else { throw OpenSSLError("sign the certificate") }
    return certificate
  }

  /// Makes a certificate that an authority signs.
  static func signed(
    _ contents: Contents, key: borrowing PrivateKey, by issuer: borrowing X509Certificate,
    with issuerKey: borrowing PrivateKey
  ) throws(OpenSSLError) -> X509Certificate {
    let certificate = try unsigned(contents, key: key)
    guard unsafe pki_certificate_set_issuer(certificate.handle, issuer.handle) == 1,
      unsafe pki_certificate_sign(certificate.handle, issuerKey.handle) == 1
    else { throw OpenSSLError("sign the certificate") }
    return certificate
  }

  private static func unsigned(
    _ contents: Contents, key: borrowing PrivateKey
  ) throws(OpenSSLError) -> X509Certificate {
    pki_forget_reasons()
    let keyHandle = unsafe key.handle
    let made = unsafe withBytes(contents.serial) {
      unsafe pki_certificate_new(
        keyHandle, $0, $1, Int64(contents.validity.lowerBound), Int64(contents.validity.upperBound))
    }
    guard let made = unsafe made else { throw OpenSSLError("make a certificate") }
    let certificate = unsafe X509Certificate(owning: made)
    try certificate.fill(contents)
    return certificate
  }

  private func fill(_ contents: Contents) throws(OpenSSLError) {
    guard addSubject("O", contents.organization), addSubject("CN", contents.commonName),
      unsafe pki_certificate_add_key_identifier(handle) == 1,
      unsafe pki_certificate_add_constraints(handle, contents.isAuthority ? 1 : 0) == 1
    else { throw OpenSSLError("fill the certificate") }
    let usages = Int32(Self.bits(contents.usages))
    if usages != 0, unsafe pki_certificate_add_usages(handle, usages) != 1 {
      throw OpenSSLError("add the usages")
    }
    try addNames(contents)
  }

  private func addSubject(_ field: String, _ text: String?) -> Bool {
    guard let text else { return true }
    return unsafe withBytes(Array(text.utf8)) { unsafe pki_certificate_add_subject(handle, field, $0, $1) }
      == 1
  }

  private func addNames(_ contents: Contents) throws(OpenSSLError) {
    if contents.names.isEmpty && contents.addresses.isEmpty { return }
    guard let list = unsafe pki_names_new() else { throw OpenSSLError("make a list of names") }
    defer { unsafe pki_names_release(list) }
    for name in contents.names
    where unsafe withBytes(Array(name.utf8), { unsafe pki_names_add_dns(list, $0, $1) }) != 1 {
      throw OpenSSLError("add a name")
    }
    for address in contents.addresses
    where unsafe withBytes(address.bytes, { unsafe pki_names_add_address(list, $0, $1) }) != 1 {
      throw OpenSSLError("add an address")
    }
    if unsafe pki_certificate_add_names(handle, list) != 1 { throw OpenSSLError("add the names") }
  }

  private static func bits(_ usages: [CertificateUsage]) -> Int {
    (usages.contains(.server) ? Int(PKI_SERVER) : 0) + (usages.contains(.client) ? Int(PKI_CLIENT) : 0)
  }

  /// PEM.
  func pem() throws(OpenSSLError) -> [UInt8] {
    guard let bytes = unsafe filled(1 << 16, { unsafe pki_certificate_write_pem(handle, $0, $1) }) else {
      throw OpenSSLError("write the certificate")
    }
    return bytes
  }

  /// DER.
  func der() throws(OpenSSLError) -> [UInt8] {
    guard let bytes = unsafe filled(1 << 16, { unsafe pki_certificate_write_der(handle, $0, $1) }) else {
      throw OpenSSLError("write the certificate")
    }
    return bytes
  }

  /// First and last second of its validity, since 1970.
  func times() throws(OpenSSLError) -> (notBefore: Int, notAfter: Int) {
    var (first, last) = (Int64(0), Int64(0))
    guard unsafe pki_certificate_times(handle, &first, &last) == 1 else {
      throw OpenSSLError("read the times of the certificate")
    }
    return (Int(first), Int(last))
  }

  /// Whether it may sign certificates.
  var isAuthority: Bool { unsafe pki_certificate_is_authority(handle) == 1 }

  /// Its extended key usages; `nil` when it has none, which means any.
  var usages: [CertificateUsage]? {
    let bits = Int(unsafe pki_certificate_usages(handle))
    guard bits >= 0 else { return nil }
    return (bits & Int(PKI_SERVER) != 0 ? [.server] : []) + (bits & Int(PKI_CLIENT) != 0 ? [.client] : [])
  }

  /// Its subject alternative names; those that are neither DNS names nor addresses are left out.
  func identities() -> (names: [String], addresses: [IPAddress]) {
    guard let list = unsafe pki_certificate_names(handle) else {
      pki_forget_reasons()
      return ([], [])
    }
    defer { unsafe pki_names_release(list) }
    var (names, addresses) = ([String](), [IPAddress]())
    for index in 0..<max(0, unsafe pki_names_count(list)) {
      var start = unsafe UnsafePointer<UInt8>?.none
      var count = 0
      let kind = unsafe pki_names_item(list, index, &start, &count)
      guard let first = unsafe start else { continue }
      let bytes = unsafe Array(UnsafeBufferPointer(start: first, count: count))
      if Int(kind) == Int(PKI_DNS_NAME) { names.append(String(decoding: bytes, as: UTF8.self)) }
      if Int(kind) == Int(PKI_ADDRESS), let address = IPAddress(bytes: bytes) { addresses.append(address) }
    }
    return (names, addresses)
  }

  /// The subject's key identifier, or the issuer's.
  func keyIdentifier(ofIssuer: Bool) -> [UInt8]? {
    unsafe filled(64) { unsafe pki_certificate_key_identifier(handle, ofIssuer ? 1 : 0, $0, $1) }
  }

  /// Whether it certifies the public half of `key`.
  func certifies(_ key: borrowing PrivateKey) -> Bool {
    defer { pki_forget_reasons() }
    return unsafe pki_certificate_has_key(handle, key.handle) == 1
  }

  /// What the other side is checked for.
  enum Identity { case name(String), address(IPAddress) }

  /// Why the certificate is not valid at `time` under `root` alone, for a usage and an identity;
  /// `nil` when it is. A strict look also holds it against RFC 5280's rules on extensions.
  func refusal(
    under root: borrowing X509Certificate, at time: Int, strict: Bool, usage: CertificateUsage? = nil,
    identity: Identity? = nil
  ) -> String? {
    defer { pki_forget_reasons() }
    let (own, other) = unsafe (handle, root.handle)
    let bits = Int32(usage.map { Self.bits([$0]) } ?? 0)
    let (moment, severity) = (Int64(time), Int32(strict ? 1 : 0))
    let code =
      switch identity {
      case nil: unsafe pki_certificate_verify(own, other, moment, severity, bits, nil, nil, 0)
      case .name(let name): unsafe pki_certificate_verify(own, other, moment, severity, bits, name, nil, 0)
      case .address(let address):
        unsafe withBytes(address.bytes) {
          unsafe pki_certificate_verify(own, other, moment, severity, bits, nil, $0, $1)
        }
      }
    return code == 0 ? nil : unsafe String(cString: pki_verify_reason(code))
  }
}

extension IPAddress {
  /// 4 or 16 bytes in network order.
  fileprivate var bytes: [UInt8] {
    switch self {
    case .v4(let bits): (0..<4).map { UInt8(truncatingIfNeeded: bits >> (24 - 8 * UInt32($0))) }
    case .v6(let high, let low):
      [high, low].flatMap { half in
        (0..<8).map { UInt8(truncatingIfNeeded: half >> (56 - 8 * UInt64($0))) }
      }
    }
  }

  fileprivate init?(bytes: [UInt8]) {
    let number = { (range: Range<Int>) in bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    switch bytes.count {
    case 4: self = .v4(UInt32(number(0..<4)))
    case 16: self = .v6(high: number(0..<8), low: number(8..<16))
    default: return nil
    }
  }
}

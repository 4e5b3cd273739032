internal import Diagnostics
internal import FleetModel

/// Something a certificate or key is wrong in.
struct CertificateFinding {
  /// What mends it.
  enum Remedy {
    /// The certificate is minted anew, its key may stay.
    case renewCertificate
    /// Neither half is of use.
    case renewBoth
    /// Nothing a run of the tool could do.
    case none(help: String)
  }

  var rule: Rule
  /// What follows the file's name: "has no name node01".
  var message: String
  var remedy: Remedy
}

/// Holds what is in the store against what is asked for. Pure: bytes, a request and a time.
enum CertificateCheck {
  private static let day = 86_400

  /// What is wrong with a node's certificate and key.
  static func findings(
    _ certificate: borrowing X509Certificate, key: borrowing PrivateKey, request: CertificateRequest,
    root: borrowing X509Certificate, authority: Authority, rootIsStrict: Bool, now: Int
  ) throws(OpenSSLError) -> [CertificateFinding] {
    var findings = pairFindings(certificate, key: key, kind: authority.key.value)
    findings += try timeFindings(certificate, now: now)
    findings += identityFindings(certificate, request)
    findings += usageFindings(certificate, request)
    // A moment at which both are valid: dates have findings of their own.
    let moment = min(try certificate.times().notAfter, try root.times().notAfter) - 1
    let chain = chainFindings(certificate, request, root: root, authority: authority, moment: moment)
    findings += chain
    // An authority that strict programs refuse has that finding itself; its certificates repeat none.
    if chain.isEmpty && rootIsStrict {
      findings += strictFindings(certificate.refusal(under: root, at: moment, strict: true))
    }
    return findings
  }

  /// What is wrong with an authority's certificate and key.
  static func findings(
    _ certificate: borrowing X509Certificate, authorityKey key: borrowing PrivateKey, authority: Authority,
    now: Int
  ) throws(OpenSSLError) -> [CertificateFinding] {
    var findings = pairFindings(certificate, key: key, kind: authority.key.value)
    findings += try timeFindings(certificate, now: now)
    // With another authority's key there is nothing to try it with.
    if certificate.certifies(key) { findings += try rootFindings(certificate, key) }
    return findings
  }

  /// What is wrong with an authority's certificate in itself; `key` is its own.
  static func rootFindings(
    _ certificate: borrowing X509Certificate, _ key: borrowing PrivateKey
  ) throws(OpenSSLError) -> [CertificateFinding] {
    let moment = try certificate.times().notAfter - 1
    if !certificate.isAuthority {
      return [
        CertificateFinding(
          rule: CertificateRules.noAuthority, message: "may not sign certificates", remedy: .renewCertificate)
      ]
    }
    if let reason = certificate.refusal(under: certificate, at: moment, strict: false) {
      return [
        CertificateFinding(
          rule: CertificateRules.noAuthority, message: "is not valid by itself: \(reason)",
          remedy: .renewCertificate)
      ]
    }
    return strictFindings(try strictRefusal(of: certificate, key))
  }

  /// Why strict programs refuse what an authority signs; `nil` when they do not. Most of the rules
  /// hold for an authority only where it vouches for another certificate, so it signs one that nobody
  /// ever sees: for its own public key, because any will do.
  static func strictRefusal(
    of root: borrowing X509Certificate, _ key: borrowing PrivateKey
  ) throws(OpenSSLError) -> String? {
    let times = try root.times()
    let contents = X509Certificate.Contents(
      organization: nil, commonName: "probe", isAuthority: false, usages: CertificateUsage.allCases,
      names: ["probe.invalid"], addresses: [], validity: times.notBefore...times.notAfter, serial: [1])
    let probe = try X509Certificate.signed(contents, key: key, by: root, with: key)
    return try X509Certificate(pem: probe.pem()).refusal(under: root, at: times.notAfter - 1, strict: true)
  }

  private static func pairFindings(
    _ certificate: borrowing X509Certificate, key: borrowing PrivateKey, kind: Authority.Key
  ) -> [CertificateFinding] {
    guard certificate.certifies(key), key.isConsistent else {
      return [
        CertificateFinding(
          rule: CertificateRules.keyMismatch, message: "is not the certificate of the key beside it",
          remedy: .renewBoth)
      ]
    }
    return kindFindings(key, kind)
  }

  /// Whether a key is of the kind that the authority declares.
  static func kindFindings(_ key: borrowing PrivateKey, _ kind: Authority.Key) -> [CertificateFinding] {
    if key.kind == kind { return [] }
    let actual = key.kind.map { "an \($0.rawValue) key" } ?? "a key of another kind"
    return [
      CertificateFinding(
        rule: CertificateRules.otherKeyKind, message: "has \(actual), not \(kind.rawValue)",
        remedy: .renewBoth)
    ]
  }

  private static func timeFindings(
    _ certificate: borrowing X509Certificate, now: Int
  ) throws(OpenSSLError) -> [CertificateFinding] {
    let times = try certificate.times()
    if now < times.notBefore {
      return [
        CertificateFinding(
          rule: CertificateRules.notYetValid,
          message: "is not valid for another \(text(ofSeconds: times.notBefore - now))",
          remedy: .none(help: "set the clock of this machine, or wait"))
      ]
    }
    // libcrypto holds the last second for over already.
    if now >= times.notAfter {
      return [
        CertificateFinding(
          rule: CertificateRules.expired, message: "expired \(text(ofSeconds: now - times.notAfter)) ago",
          remedy: .renewCertificate)
      ]
    }
    let left = times.notAfter - now
    guard left < min(30 * day, (times.notAfter - times.notBefore) / 3) else { return [] }
    return [
      CertificateFinding(
        rule: CertificateRules.expiresSoon, message: "expires in \(text(ofSeconds: left))",
        remedy: .renewCertificate)
    ]
  }

  private static func text(ofSeconds seconds: Int) -> String {
    let (number, unit) = seconds >= day ? (seconds / day, "day") : (max(1, seconds / 3600), "hour")
    return "\(number) \(unit)\(number == 1 ? "" : "s")"
  }

  private static func identityFindings(
    _ certificate: borrowing X509Certificate, _ request: CertificateRequest
  ) -> [CertificateFinding] {
    let found = certificate.identities()
    let has = Set(found.names + found.addresses.map(\.description))
    let wants = request.names + request.addresses.map(\.description)
    let missing = wants.filter { !has.contains($0) }
    let surplus = has.subtracting(wants).sorted()
    var findings: [CertificateFinding] = []
    if !missing.isEmpty {
      findings.append(
        CertificateFinding(
          rule: CertificateRules.missingNames, message: "is not for \(missing.joined(separator: ", "))",
          remedy: .renewCertificate))
    }
    if !surplus.isEmpty {
      findings.append(
        CertificateFinding(
          rule: CertificateRules.surplusNames,
          message: "is also for \(surplus.joined(separator: ", ")), which the profile does not ask for",
          remedy: .renewCertificate))
    }
    return findings
  }

  private static func usageFindings(
    _ certificate: borrowing X509Certificate, _ request: CertificateRequest
  ) -> [CertificateFinding] {
    let usages = certificate.usages
    if usages.map(Set.init) == Set(request.usages) { return [] }
    let text = usages.map { $0.isEmpty ? "other usages" : $0.map(\.rawValue).joined(separator: " and ") }
    let wish = request.usages.map(\.rawValue).joined(separator: " and ")
    return [
      CertificateFinding(
        rule: CertificateRules.wrongUsages, message: "is for \(text ?? "any usage"), not for \(wish)",
        remedy: .renewCertificate)
    ]
  }

  private static func chainFindings(
    _ certificate: borrowing X509Certificate, _ request: CertificateRequest, root: borrowing X509Certificate,
    authority: Authority, moment: Int
  ) -> [CertificateFinding] {
    // Usages that the certificate lacks have a finding of their own; those it has, the authority must
    // allow too.
    let usages = Set(certificate.usages ?? CertificateUsage.allCases)
    let allowed = request.usages.filter(usages.contains).map(Optional.some)
    for usage in allowed.isEmpty ? [nil] : allowed {
      if let reason = certificate.refusal(under: root, at: moment, strict: false, usage: usage) {
        return [
          CertificateFinding(
            rule: CertificateRules.wrongAuthority,
            message: "is not valid under authority \(authority.name.value): \(reason)",
            remedy: .renewCertificate)
        ]
      }
    }
    return []
  }

  private static func strictFindings(_ refusal: String?) -> [CertificateFinding] {
    guard let reason = refusal else { return [] }
    return [
      CertificateFinding(
        rule: CertificateRules.notStrict, message: "is refused by strict programs: \(reason)",
        remedy: .none(help: "have it made with the extensions that RFC 5280 asks for"))
    ]
  }

  /// Why a certificate is refused for any of the usages, names and addresses it is requested for.
  static func refusal(
    _ certificate: borrowing X509Certificate, _ request: CertificateRequest, root: borrowing X509Certificate,
    moment: Int, strict: Bool
  ) -> String? {
    let identities =
      request.names.map(X509Certificate.Identity.name)
      + request.addresses.map(X509Certificate.Identity.address)
    for usage in request.usages {
      for identity in identities {
        if let reason = certificate.refusal(
          under: root, at: moment, strict: strict, usage: usage, identity: identity)
        {
          return reason
        }
      }
    }
    return nil
  }
}

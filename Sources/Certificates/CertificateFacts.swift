public import Digests
public import FleetModel

/// A text that is no certificate.
public struct CertificateError: Error, Hashable, Sendable {
  /// Short, lower case, no full stop.
  public let message: String
}

/// What a certificate says, for whoever only needs to name it or to check its names and dates.
public struct CertificateFacts: Hashable, Sendable {
  /// SHA-256 of the DER form: how manifests name a certificate.
  public let fingerprint: SHA256Digest
  /// First second of its validity, since 1970.
  public let notBefore: Int
  /// Last second of its validity, since 1970.
  public let notAfter: Int
  /// DNS names it is for, in its order.
  public let names: [String]
  /// Addresses it is for, in its order.
  public let addresses: [IPAddress]
  /// What it is for; `nil` when it does not say, which means anything.
  public let usages: [CertificateUsage]?
  /// Whether it may sign certificates.
  public let isAuthority: Bool
  /// Identifies its key (RFC 5280 4.2.1.2).
  public let keyIdentifier: [UInt8]?
  /// Identifies the key that signed it (RFC 5280 4.2.1.1).
  public let issuerKeyIdentifier: [UInt8]?

  /// Reads the first certificate of a PEM text.
  public init(pem: [UInt8]) throws(CertificateError) {
    do throws(OpenSSLError) {
      let certificate = try X509Certificate(pem: pem)
      let times = try certificate.times()
      let identities = certificate.identities()
      fingerprint = SHA256.digest(of: try certificate.der())
      notBefore = times.notBefore
      notAfter = times.notAfter
      names = identities.names
      addresses = identities.addresses
      usages = certificate.usages
      isAuthority = certificate.isAuthority
      keyIdentifier = certificate.keyIdentifier(ofIssuer: false)
      issuerKeyIdentifier = certificate.keyIdentifier(ofIssuer: true)
    } catch {
      throw CertificateError(message: error.message)
    }
  }
}

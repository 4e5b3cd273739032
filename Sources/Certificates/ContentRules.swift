internal import Diagnostics

/// Certificates that no longer match what is asked for.
extension CertificateRules {
  static let certificateRules = [
    wrongAuthority, missingNames, surplusNames, wrongUsages, expired, expiresSoon, notYetValid, notStrict,
  ]

  static let wrongAuthority = Rule(
    "CE030", "wrong-authority",
    finds: "A certificate that is not valid under the authority it is requested of.",
    why: "Peers trust that authority alone for this connection, so they refuse the certificate.",
    example: "node01-route.crt signed by the client authority",
    instead: "node01-route.crt signed by the route authority")

  static let missingNames = Rule(
    "CE031", "certificate-misses-names",
    finds: "A certificate without a name or address that the node is reached by.",
    why: "Peers that connect by that name or address refuse the certificate.",
    example: "addresses: {lan: 10.0.0.2}   # minted when the node had 10.0.0.1",
    instead: "a certificate minted after the change")

  static let surplusNames = Rule(
    "CE032", "certificate-has-surplus-names", .warning,
    finds: "A certificate for names or addresses that the profile no longer gives the node.",
    why: "The node can still pass for whoever has that name or address now.",
    example: "node01.crt for 10.0.0.1, which is node02's by now",
    instead: "a certificate minted after the change",
    ignoreWhen: "The name or address is given to nobody else.")

  static let wrongUsages = Rule(
    "CE033", "certificate-has-other-usages",
    finds: "A certificate whose extended key usages are not those requested.",
    why:
      "Without clientAuth a node is refused when it connects; with it, a server's key opens more than asked for.",
    example: "usage: [server, client]   # the certificate says serverAuth only",
    instead: "a certificate minted after the change")

  static let expired = Rule(
    "CE034", "certificate-expired",
    finds: "A certificate whose last day is over.",
    why: "Every peer refuses it.",
    example: "notAfter=Jan  1 00:00:00 2025 GMT",
    instead: "remove the certificate and run `imagegen secrets` again; the key may stay")

  static let expiresSoon = Rule(
    "CE035", "certificate-expires-soon", .warning,
    finds: """
      A certificate with fewer than 30 days left, or with less than a third of its life when it \
      lives for less than 90 days.
      """,
    why: "When it ends, every connection of the node ends with it.",
    example: "12 days left of 365",
    instead: "remove the certificate and run `imagegen secrets` again; the key may stay",
    ignoreWhen: "The node is taken down before.")

  static let notYetValid = Rule(
    "CE036", "certificate-not-yet-valid",
    finds: "A certificate whose first second is still to come.",
    why:
      "Peers refuse it until then. More often the clock of this machine, or of the one that minted, is wrong.",
    example: "notBefore=Jan  1 00:00:00 2040 GMT",
    instead: "a clock that is right")

  static let notStrict = Rule(
    "CE037", "certificate-not-strict", .warning,
    finds: "A certificate that lenient programs accept and that breaks the rules of RFC 5280 on extensions.",
    why: "Programs that look strictly, Python 3.13 among them, refuse it.",
    example: "an authority made by `openssl req -x509` without key usage",
    instead: "an authority with critical basic constraints, key usage and key identifiers",
    ignoreWhen: "The authority was made elsewhere and all programs concerned accept it.")
}

/// Authorities.
extension CertificateRules {
  static let authorityRules = [authorityKeyMissing, noAuthority, endsBeforeLeaf]

  static let authorityKeyMissing = Rule(
    "CE040", "authority-key-missing",
    finds: "An authority whose private key is gone while certificates of it are there.",
    why: """
      It can sign nothing more. A new authority in its place would make every certificate it signed \
      worthless, so none is made.
      """,
    example: "authorities/cluster.crt without authorities/cluster.key",
    instead: "bring the key back; or remove the authority's certificate and all certificates it signed")

  static let noAuthority = Rule(
    "CE041", "not-an-authority",
    finds: "A certificate of an authority that may not sign certificates, or that did not sign itself.",
    why: "Nothing is valid under it.",
    example: "a server's certificate copied to authorities/cluster.crt",
    instead: "a certificate with basicConstraints = critical, CA:TRUE")

  static let endsBeforeLeaf = Rule(
    "CE042", "authority-ends-first", .warning,
    finds: "An authority that ends before the certificates it is to sign would.",
    why: "They are made to end with it: sooner than the profile says.",
    example: "authorities: {cluster: {key: ecdsa-p256, days: 365, leaf-days: 825}}",
    instead: "authorities: {cluster: {key: ecdsa-p256, days: 3650, leaf-days: 825}}",
    ignoreWhen: "The fleet is taken down before.")
}

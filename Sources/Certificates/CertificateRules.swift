public import Diagnostics

/// The rules about certificates and keys: `CE…`.
public enum CertificateRules {
  /// All of them, in order of code.
  public static let all: [Rule] =
    requestRules + storeRules + pairRules + certificateRules + authorityRules
}

/// What a profile asks for and cannot be minted.
extension CertificateRules {
  static let requestRules = [unusableName, undeclaredAuthority, takenFileName, purposeless]

  static let unusableName = Rule(
    "CE001", "unusable-certificate-name",
    finds: "A name for a certificate that is no DNS name, or an address written where a name belongs.",
    why: """
      A certificate's names are compared as DNS names. An address among them matches nothing, and a \
      name with a comma was how one name became two in tools that take names as one text.
      """,
    example: "names: [\"node01,DNS:bank.example\", 10.0.0.1]",
    instead: "names: [node01], with 10.0.0.1 among the node's addresses")

  static let undeclaredAuthority = Rule(
    "CE002", "undeclared-authority",
    finds: "A certificate of an authority that the fleet does not declare.",
    why: "Nothing says what its key is made of and how long it lives, so it is not minted.",
    example: "credentials: {tls: {certificate: routes}}   # fleet.yaml has authorities: {cluster: …}",
    instead: "authorities: {cluster: {…}, routes: {key: ecdsa-p256, days: 3650}}")

  static let takenFileName = Rule(
    "CE003", "secret-name-taken",
    finds: "Two pieces of secret material that would lie in one file of secrets/FLEET.",
    why: "One would be taken for the other: a node named `keys` would share the folder of the fleet's keys.",
    example: "node: authorities",
    instead: "node: node01")

  static let purposeless = Rule(
    "CE004", "certificate-without-purpose",
    finds: "A certificate request without a usage, or with neither a name nor an address.",
    why: "Such a certificate proves nothing to anybody, or anything to everybody.",
    example: "credentials: {tls: {certificate: cluster, usage: []}}",
    instead: "credentials: {tls: {certificate: cluster, usage: [server]}}")
}

/// What is wrong with files of the store.
extension CertificateRules {
  static let storeRules = [flawedFile, unreadableMaterial, missingMaterial, storeBusy, mintingFailed]

  static let flawedFile = Rule(
    "CE010", "exposed-secret",
    finds: """
      A file or folder of secrets/FLEET that others may read or change, that is a link or no regular \
      file, or that is empty.
      """,
    why: "A key that others could read is no secret any more; one behind a link may be any file.",
    example: "-rw-r--r-- secrets/demo/node01/node01.key",
    instead: "-rw------- secrets/demo/node01/node01.key")

  static let unreadableMaterial = Rule(
    "CE011", "unreadable-material",
    finds:
      "A key or certificate of the store that is not what its name says: damaged, encrypted, or of another format.",
    why: "It cannot be checked, and the node could not use it either.",
    example: "-----BEGIN ENCRYPTED PRIVATE KEY----- in node01.key",
    instead: "-----BEGIN PRIVATE KEY----- in node01.key")

  static let missingMaterial = Rule(
    "CE012", "missing-material", .warning,
    finds: "Secret material that the fleet needs and that is not there yet.",
    why: "A build goes on without it, but no node can be deployed before it is minted.",
    example: "imagegen secrets demo --check   # before anything was minted",
    instead: "imagegen secrets demo")

  static let storeBusy = Rule(
    "CE013", "store-busy",
    finds: "Another run that is minting into the same folder.",
    why: "Two runs could each make an authority, and half of the nodes would not trust the other half.",
    example: "imagegen secrets demo & imagegen secrets demo",
    instead: "imagegen secrets demo; imagegen secrets demo")

  static let mintingFailed = Rule(
    "CE014", "minting-failed",
    finds: "A key or certificate that could not be made, or that did not pass its own check after it was.",
    why: "It is not written: a certificate that fails here would fail on every node.",
    example: "an authority's certificate that was made elsewhere and may not sign servers",
    instead: "an authority that imagegen minted, or one whose certificate sets no such limit")
}

/// Halves that do not fit.
extension CertificateRules {
  static let pairRules = [keyMismatch, halfPair, otherKeyKind]

  static let keyMismatch = Rule(
    "CE020", "key-mismatch",
    finds: "A private key that is not the one its certificate, or its public half, was made for.",
    why: "A server that loads the pair refuses to start.",
    example: "node01.crt of this year beside node01.key of last year",
    instead: "both of one minting")

  static let halfPair = Rule(
    "CE021", "half-a-pair",
    finds: "A certificate or public key whose private key is gone.",
    why: "The private key cannot be made again, and nothing that exists is replaced in silence.",
    example: "node01/node01.crt without node01/node01.key",
    instead: "both, or neither: then both are minted")

  static let otherKeyKind = Rule(
    "CE022", "other-key-kind", .warning,
    finds: "A key of another kind than the authority declares.",
    why: "It works, and it is not what the profile says: whoever reads the profile is misled.",
    example: "authorities: {cluster: {key: ecdsa-p384}}   # cluster.key is a P-256 key",
    instead: "authorities: {cluster: {key: ecdsa-p256}}",
    ignoreWhen: "The authority was made elsewhere and is used because clients trust it already.")
}

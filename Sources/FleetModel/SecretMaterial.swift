/// What a certificate is for (extended key usage, RFC 5280 4.2.1.12).
public enum CertificateUsage: String, CaseIterable, Sendable {
  case server, client
}

/// A certificate a node needs: which authority, for what, with which names.
public struct CertificateRequest: Hashable, Sendable {
  /// The authority.
  public var authority: Name
  /// File name in the secret store: the node's name for the first, `NODE-PURPOSE` for others.
  public var name: String
  /// What it is for, sorted.
  public var usages: [CertificateUsage]
  /// DNS names, sorted; the first of `DomainName`s is also the common name.
  public var names: [String]
  /// Addresses, sorted.
  public var addresses: [IPAddress]

  /// Makes a request.
  public init(
    authority: Name, name: String, usages: [CertificateUsage], names: [String],
    addresses: [IPAddress]
  ) {
    self.authority = authority
    self.name = name
    self.usages = usages
    self.names = names
    self.addresses = addresses
  }
}

/// A piece of secret material, by reference. Its bytes are in `secrets/FLEET` and nowhere else.
public enum SecretReference: Hashable, Sendable {
  /// A declared secret: `keys/NAME` or `NODE/NAME`.
  case secret(Name, SecretDeclaration.Scope)
  /// The certificate of a request: public, but minted.
  case certificate(CertificateRequest)
  /// Its private key.
  case certificateKey(CertificateRequest)
  /// An authority's certificate.
  case authorityCertificate(Name)
  /// The ssh host key of the node (ed25519, OpenSSH format).
  case hostKey
  /// Its public half.
  case hostPublicKey
  /// Not minted but made by the build: `cluster-config.json`.
  case clusterConfig

  /// Whether somebody who reads it gains a power.
  public var isPrivate: Bool {
    switch self {
    case .secret, .certificateKey, .hostKey, .clusterConfig: true
    case .certificate, .authorityCertificate, .hostPublicKey: false
    }
  }
}

/// A secret file on the node: the only way a secret gets there.
public struct Delivery: Sendable {
  /// What it is.
  public var reference: SecretReference
  /// Where it goes.
  public var path: Sourced<TargetPath>
  /// 0600, or 0644 where it is public.
  public var mode: FileMode
  /// Its owner.
  public var owner: AccountName

  /// Makes a delivery.
  public init(
    reference: SecretReference, path: Sourced<TargetPath>, mode: FileMode, owner: AccountName
  ) {
    self.reference = reference
    self.path = path
    self.mode = mode
    self.owner = owner
  }
}

/// A credential of a unit: LoadCredential=ID:PATH, the path being a delivery's.
public struct Credential: Sendable {
  /// `tls.key`: the file's name in $CREDENTIALS_DIRECTORY.
  public var id: Sourced<String>
  /// Where the delivered file is.
  public var path: TargetPath

  /// Makes a credential.
  public init(id: Sourced<String>, path: TargetPath) {
    self.id = id
    self.path = path
  }
}

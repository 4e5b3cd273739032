public import FleetModel

/// A file of the secret store, relative to `secrets/FLEET`: a folder and a name, `node01/node01.key`.
///
/// The name says whether the file is private: what ends in `.crt` or `.pub` is meant to be seen.
public struct SecretFile: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The folder: `authorities`, `keys` or a node's name.
  public let folder: String
  /// The name in the folder.
  public let name: String

  /// Takes a path as artifacts carry it; `nil` unless it is two parts of letters, digits, `-`, `_`
  /// and `.` that begin with a letter or digit.
  public init?(_ path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, parts.allSatisfy(Self.isPlain) else { return nil }
    self.init(folder: parts[0], name: parts[1])
  }

  init(folder: String, name: String) {
    self.folder = folder
    self.name = name
  }

  /// `FOLDER/NAME`.
  public var path: String { "\(folder)/\(name)" }

  /// The path.
  public var description: String { path }

  /// Whether somebody who reads it gains a power.
  public var isPrivate: Bool { !name.hasSuffix(".crt") && !name.hasSuffix(".pub") }

  /// Permissions it is made with: 0600, or 0644 where it is public.
  public var mode: UInt16 { isPrivate ? 0o600 : 0o644 }

  public static func < (left: SecretFile, right: SecretFile) -> Bool {
    (left.folder, left.name) < (right.folder, right.name)
  }

  private static func isPlain(_ part: String) -> Bool {
    guard let first = part.utf8.first, part.utf8.count <= 200, isAlphanumeric(first) else { return false }
    return part.utf8.allSatisfy { isAlphanumeric($0) || $0 == 45 || $0 == 46 || $0 == 95 }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
  }
}

/// Where each piece of secret material lies. The one table of the layout.
extension SecretFile {
  /// The folder of authorities.
  public static let authorities = "authorities"
  /// The folder of what the fleet shares.
  public static let keys = "keys"

  /// Names that a node cannot have, because the folder is taken.
  public static func isReserved(_ node: Name) -> Bool {
    [authorities, keys].contains(node.description)
  }

  /// An authority's private key: never leaves the store.
  public static func authorityKey(_ authority: Name) -> SecretFile {
    SecretFile(folder: authorities, name: "\(authority).key")
  }

  /// An authority's certificate.
  public static func authorityCertificate(_ authority: Name) -> SecretFile {
    SecretFile(folder: authorities, name: "\(authority).crt")
  }

  /// A node's certificate.
  public static func certificate(_ request: CertificateRequest, of node: Name) -> SecretFile {
    SecretFile(folder: node.description, name: "\(request.name).crt")
  }

  /// The private key of a node's certificate.
  public static func certificateKey(_ request: CertificateRequest, of node: Name) -> SecretFile {
    SecretFile(folder: node.description, name: "\(request.name).key")
  }

  /// A declared secret that all nodes share.
  public static func shared(_ secret: Name) -> SecretFile {
    SecretFile(folder: keys, name: secret.description)
  }

  /// A declared secret of one node.
  public static func own(_ secret: Name, of node: Name) -> SecretFile {
    SecretFile(folder: node.description, name: secret.description)
  }

  /// A node's ssh host key.
  public static func hostKey(of node: Name) -> SecretFile {
    SecretFile(folder: node.description, name: "ssh_host_ed25519_key")
  }

  /// The public half of a node's ssh host key.
  public static func hostPublicKey(of node: Name) -> SecretFile {
    SecretFile(folder: node.description, name: "ssh_host_ed25519_key.pub")
  }

  /// The key that signs bundles: Ed25519 in PKCS#8 PEM.
  public static let releaseKey = SecretFile(folder: keys, name: "release.key")
  /// Its public half: `ed25519 KEYID BASE64`.
  public static let releasePublicKey = SecretFile(folder: keys, name: "release.pub")

  /// Where a node's reference points; `nil` for what the build makes itself.
  public init?(_ reference: SecretReference, of node: Name) {
    switch reference {
    case .secret(let name, .fleet): self = .shared(name)
    case .secret(let name, .node): self = .own(name, of: node)
    case .certificate(let request): self = .certificate(request, of: node)
    case .certificateKey(let request): self = .certificateKey(request, of: node)
    case .authorityCertificate(let name): self = .authorityCertificate(name)
    case .hostKey: self = .hostKey(of: node)
    case .hostPublicKey: self = .hostPublicKey(of: node)
    case .clusterConfig: return nil
    }
  }
}

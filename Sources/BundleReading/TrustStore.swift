public import Bundles
public import NodeCalls
internal import Signatures

/// The keys that a node trusts: `*.pub` of a folder, each a line `ed25519 KEYID BASE64`; `revoked`, a key identifier
/// a line; `threshold`, how many keys must have signed, 1 where it is not there.
public struct TrustStore: Sendable {
  /// Where they are on a node.
  public static let folder = "etc/imagegen/keys.d"
  /// Most bytes of each file in it.
  private static let fileLimit = 4096
  /// Most keys.
  private static let keyLimit = 64

  /// The keys.
  public var keys: [BundleKey]
  /// Identifiers of keys that are trusted no more.
  public var revoked: Set<String>
  /// How many of the keys must have signed.
  public var threshold: Int

  /// Makes a store.
  public init(keys: [BundleKey], revoked: Set<String> = [], threshold: Int = 1) {
    self.keys = keys
    self.revoked = revoked
    self.threshold = threshold
  }

  /// Reads a folder, below the tree's root.
  public init(_ tree: NodeTree, _ folder: String) throws(Refusal) {
    self.init(keys: [])
    do throws(NodeFailure) {
      guard let status = try tree.status(folder), status.kind == .directory else {
        throw NodeFailure("open", folder, .missing)
      }
      try Self.guardWriters(status, folder)
      for name in try tree.list(folder) {
        let path = folder + "/" + name
        if name.utf8.count > 4, name.hasSuffix(".pub") {
          try add(key: Self.bytes(tree, path), path)
        } else if name == "revoked" {
          revoked = Set(try Self.words(tree, path))
        } else if name == "threshold" {
          threshold = try Self.words(tree, path).first.flatMap { Int($0) } ?? 0
        }
      }
    } catch {
      throw Refusal(
        .key, error.message,
        help: "give the node a folder of public keys, root's alone to write: keys.d/release.pub")
    }
    guard (1...BundleFormat.signatureLimit).contains(threshold) else {
      throw Refusal(.key, "/\(folder)/threshold is no number from 1 to \(BundleFormat.signatureLimit)")
    }
  }

  /// Refuses a bundle whose manifest too few of the trusted keys have signed.
  public func check(_ manifest: [UInt8], signatures: [BundleSignature]) throws(Refusal) {
    guard !keys.isEmpty else {
      throw Refusal(.key, "no key is trusted here", help: "put the fleet's release.pub into the key folder")
    }
    let message = BundleSignature.message(for: manifest)
    var valid = 0
    var strangers: [String] = []
    for signature in signatures {
      guard let key = keys.first(where: { $0.keyID == signature.keyID }), !revoked.contains(key.keyID) else {
        strangers.append(signature.keyID)
        continue
      }
      guard Ed25519.verify(signature.bytes, of: message, by: key.bytes) else {
        throw Refusal(.signature, "the signature of key \(key.keyID) does not hold")
      }
      valid += 1
    }
    guard valid < threshold else { return }
    if let stranger = strangers.first {
      let why = revoked.contains(stranger) ? "revoked" : "not trusted here"
      throw Refusal(
        .key, "signed by key \(stranger), which is \(why); \(valid) of \(threshold) signatures hold")
    }
    throw Refusal(.signature, "\(valid) of the \(threshold) signatures that are asked for hold")
  }

  private mutating func add(key bytes: [UInt8], _ path: String) throws(NodeFailure) {
    do throws(BundleError) {
      let key = try BundleKey(file: bytes)
      guard Ed25519.isStrong(key: key.bytes), keys.count < Self.keyLimit else { throw .signature }
      if !keys.contains(key) { keys.append(key) }
    } catch {
      // EKEYREJECTED: no key line, or a key under which anything is signed.
      throw NodeFailure("trust the key", path, NodeErrno(129))
    }
  }

  private static func bytes(_ tree: NodeTree, _ path: String) throws(NodeFailure) -> [UInt8] {
    guard let status = try tree.status(path), status.kind == .file else {
      throw NodeFailure("trust", path, .link)
    }
    try guardWriters(status, path)
    return try tree.read(path, limit: fileLimit) ?? []
  }

  private static func words(_ tree: NodeTree, _ path: String) throws(NodeFailure) -> [String] {
    try bytes(tree, path).split { $0 == 10 || $0 == 32 }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// EPERM where anybody but root could have written it.
  private static func guardWriters(_ status: NodeStatus, _ path: String) throws(NodeFailure) {
    guard status.mode & 0o022 == 0, status.owner == 0 else {
      throw NodeFailure("trust", path, NodeErrno(1))
    }
  }
}

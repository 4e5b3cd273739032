public import SecretStore

/// Signs bundles with the fleet's release key.
///
/// The key is read for each signature and wiped again: a build that signs nothing never holds it.
public struct ReleaseSigner: Sendable {
  /// The public half.
  public let publicKey: ReleasePublicKey
  private let store: SecretFolder

  /// The signer of a store; `nil` when it has no release key, or one that must not be used.
  public init?(_ store: SecretFolder) {
    do {
      let line = try store.read(.releasePublicKey)
      guard let key = ReleasePublicKey(line: line), case .present = try store.state(of: .releaseKey) else {
        return nil
      }
      publicKey = key
      self.store = store
    } catch {
      return nil
    }
  }

  /// The 64 bytes of the signature of a message; `nil` when the key cannot be read or is another's.
  public func sign(_ message: [UInt8]) -> [UInt8]? {
    do {
      var pem = try store.read(.releaseKey)
      defer { wipe(&pem) }
      let key = try PrivateKey(pem: pem)
      guard try ReleasePublicKey(of: key) == publicKey else { return nil }
      return try key.signature(of: message)
    } catch {
      return nil
    }
  }
}

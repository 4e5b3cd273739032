internal import Digests

/// The public half of the key that signs bundles, as `keys/release.pub` and a node's key folder hold
/// it: one line `ed25519 KEYID BASE64`, the key identifier being the first 16 hexadecimal digits of
/// the SHA-256 of the 32 bytes.
public struct ReleasePublicKey: Hashable, Sendable {
  /// The 32 bytes (RFC 8032).
  public let bytes: [UInt8]

  /// Takes 32 bytes; `nil` for any other number of them.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// Reads the line; `nil` when it is none or when its identifier is another key's.
  public init?(line: [UInt8]) {
    guard line.last == 10 else { return nil }
    let words = line.dropLast().split(separator: 32, omittingEmptySubsequences: false)
    guard words.count == 3, words[0].elementsEqual("ed25519".utf8), let bytes = Base64.decode(words[2]),
      let key = ReleasePublicKey(bytes: bytes), words[1].elementsEqual(key.identifier.utf8)
    else { return nil }
    self = key
  }

  /// Takes the public half of a private key in PEM.
  init(ofPrivateKey pem: [UInt8]) throws(OpenSSLError) {
    try self.init(of: PrivateKey(pem: pem))
  }

  /// Takes the public half of a private key.
  init(of key: borrowing PrivateKey) throws(OpenSSLError) {
    bytes = try key.rawPublic()
  }

  /// 16 hexadecimal digits.
  public var identifier: String { String(SHA256.digest(of: bytes).description.prefix(16)) }

  /// The line with its line feed.
  public var line: [UInt8] {
    Array("ed25519 \(identifier) ".utf8) + Base64.standard(bytes) + [10]
  }
}

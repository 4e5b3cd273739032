internal import Digests

/// An Ed25519 signature (RFC 8032) of a bundle's manifest.
public struct BundleSignature: Hashable, Comparable, Sendable {
  /// The first 16 hexadecimal digits of the SHA-256 of the public key's 32 bytes.
  public let keyID: String
  /// 64 bytes.
  public let bytes: [UInt8]

  /// Takes a signature and the public key it was made for.
  public init(_ bytes: [UInt8], publicKey: [UInt8]) throws(BundleError) {
    guard bytes.count == 64, publicKey.count == 32 else { throw .signature }
    self.bytes = bytes
    keyID = String(SHA256.digest(of: publicKey).description.prefix(16))
  }

  private init(keyID: String, bytes: [UInt8]) {
    self.keyID = keyID
    self.bytes = bytes
  }

  /// Reads `manifest.sig`: so many lines as the format has, in order, one for each key.
  public static func read(_ file: [UInt8]) throws(BundleError) -> [BundleSignature] {
    var signatures: [BundleSignature] = []
    for line in file.split(
      separator: 10, maxSplits: BundleFormat.signatureLimit, omittingEmptySubsequences: true)
    {
      let (keyID, bytes) = try KeyLine.read(Array(line))
      guard bytes.count == 64 else { throw .signature }
      signatures.append(BundleSignature(keyID: keyID, bytes: bytes))
    }
    let keys = Set(signatures.map { $0.keyID })
    guard (1...BundleFormat.signatureLimit).contains(signatures.count), keys.count == signatures.count,
      Self.file(signatures) == file
    else { throw .signature }
    return signatures
  }

  /// What is signed for a manifest of these bytes.
  public static func message(for manifest: [UInt8]) -> [UInt8] {
    BundleFormat.signatureDomain + manifest
  }

  /// The content of `manifest.sig`: a line for each signature, in order.
  public static func file(_ signatures: [BundleSignature]) -> [UInt8] {
    var bytes: [UInt8] = []
    for signature in signatures.sorted() {
      bytes += signature.line.utf8
      bytes.append(10)
    }
    return bytes
  }

  /// `ed25519 KEYID BASE64`.
  public var line: String { KeyLine.write(keyID, bytes) }

  public static func < (left: BundleSignature, right: BundleSignature) -> Bool {
    left.line < right.line
  }
}

/// A key that signs bundles, as a node's key folder holds it: one line `ed25519 KEYID BASE64`.
public struct BundleKey: Hashable, Sendable {
  /// The 32 bytes (RFC 8032).
  public let bytes: [UInt8]
  /// The first 16 hexadecimal digits of their SHA-256.
  public let keyID: String

  /// Reads a key file; its identifier must be its key's.
  public init(file: [UInt8]) throws(BundleError) {
    guard file.last == 10 else { throw .signature }
    let (keyID, bytes) = try KeyLine.read(Array(file.dropLast()))
    guard bytes.count == 32, SHA256.digest(of: bytes).description.prefix(16) == keyID else {
      throw .signature
    }
    self.bytes = bytes
    self.keyID = keyID
  }
}

/// `ed25519 KEYID BASE64`, as both signatures and keys are written.
enum KeyLine {
  static func read(_ line: [UInt8]) throws(BundleError) -> (keyID: String, bytes: [UInt8]) {
    let words = line.split(separator: 32, maxSplits: 3, omittingEmptySubsequences: false).map { Array($0) }
    guard words.count == 3, words[0] == Array("ed25519".utf8), words[1].count == 16,
      words[1].allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }), words[2].count <= 128,
      let bytes = Base64.decode(words[2])
    else { throw .signature }
    return (String(decoding: words[1], as: UTF8.self), bytes)
  }

  static func write(_ keyID: String, _ bytes: [UInt8]) -> String {
    "ed25519 \(keyID) \(String(decoding: Base64.encode(bytes), as: UTF8.self))"
  }
}

import Digests

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

  /// What is signed for a manifest of these bytes.
  public static func message(for manifest: [UInt8]) -> [UInt8] {
    BundleFormat.signatureDomain + manifest
  }

  /// The content of `manifest.sig`: a line for each signature, in order.
  public static func file(_ signatures: [BundleSignature]) -> [UInt8] {
    Array(signatures.sorted().map { "\($0.line)\n" }.joined().utf8)
  }

  /// `ed25519 KEYID BASE64`.
  public var line: String { "ed25519 \(keyID) \(Self.base64(bytes))" }

  public static func < (left: BundleSignature, right: BundleSignature) -> Bool {
    left.line < right.line
  }

  /// RFC 4648 section 4, with padding.
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for index in 0..<4 {
        let digit = alphabet[bits >> (18 - 6 * index) & 63]
        text.append(index <= group.count ? digit : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

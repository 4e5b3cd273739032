// Ed25519 through libsodium. See docs/architecture.md.
private import CSodium

/// Ed25519 (RFC 8032), checking only.
public enum Ed25519 {
  /// The y coordinates of all points of small order, little-endian: 0, 1, -1, and two of order 8.
  private static let smallOrder: [[UInt8]] = [
    [UInt8](repeating: 0, count: 32), [1] + [UInt8](repeating: 0, count: 31),
    [0xEC] + [UInt8](repeating: 0xFF, count: 30) + [0x7F],
    [
      0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0,
      0xD5, 0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
    ],
    [
      0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F,
      0x2A, 0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
    ],
  ]

  /// Whether 32 bytes are a key that a signature can be trusted with: canonical, and no point of small order. Under
  /// one of those, all zeros among them, signatures hold for messages that nobody signed, and OpenSSL takes them.
  /// libsodium refuses them as well when it verifies; its own question for it brings much of the library along.
  public static func isStrong(key: [UInt8]) -> Bool {
    guard key.count == 32 else { return false }
    // Without the sign, which is no part of y.
    let y = key.prefix(31) + [key[31] & 0x7F]
    // 2^255 - 19 and what is above it is written as something smaller.
    let isReduced = y[31] != 0x7F || y[0] < 0xED || y[1..<31].contains { $0 != 0xFF }
    return isReduced && !smallOrder.contains { y.elementsEqual($0) }
  }

  /// Whether these are the 64 bytes of the key's signature of the message; never with a key that is not strong.
  public static func verify(_ signature: [UInt8], of message: [UInt8], by key: [UInt8]) -> Bool {
    guard signature.count == 64, isStrong(key: key) else { return false }
    return unsafe signature.withUnsafeBufferPointer { signature in
      unsafe message.withUnsafeBufferPointer { text in
        unsafe key.withUnsafeBufferPointer { key in
          guard let signature = signature.baseAddress, let key = key.baseAddress else { return false }
          return unsafe crypto_sign_verify_detached(
            signature, text.baseAddress, UInt64(text.count), key) == 0
        }
      }
    }
  }
}

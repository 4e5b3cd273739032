import HostFiles
import Signatures
import Testing

@Suite struct Ed25519Tests {
  /// What OpenSSL signs holds; one bit less and it does not.
  @Test func signaturesOfOpenSSLHold() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-ed25519")
    defer { try? HostFile.removeTree(folder) }
    let key = folder + "/key"
    #expect(try HostProgram.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key]).status == 0)
    let der = try HostProgram.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"]).output
    let message = Array("what was said".utf8)
    try HostFile.write(message, to: folder + "/message", mode: 0o600)
    let signature = try HostProgram.run(
      ["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", folder + "/message"]
    ).output
    let publicKey = Array(der.suffix(32))
    #expect(Ed25519.isStrong(key: publicKey))
    #expect(Ed25519.verify(signature, of: message, by: publicKey))
    #expect(!Ed25519.verify(Array(signature.dropLast()), of: message, by: publicKey))
    #expect(!Ed25519.verify(signature + [0], of: message, by: publicKey))
    #expect(!Ed25519.verify(signature, of: message + [0], by: publicKey))
    for index in [0, 31, 32, 63] {
      var damaged = signature
      damaged[index] ^= 0x10
      #expect(!Ed25519.verify(damaged, of: message, by: publicKey))
    }
    // S and S + L are the same number to a careless reader (RFC 8032, 5.1.7).
    let order: [UInt8] = [
      0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14,
    ]
    var malleated = signature
    var carry = 0
    for index in 0..<32 {
      let added = index < 16 ? Int(order[index]) : index == 31 ? 0x10 : 0
      carry += Int(malleated[32 + index]) + added
      malleated[32 + index] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    #expect(!Ed25519.verify(malleated, of: message, by: publicKey))
  }

  /// All encodings of points of small order, canonical or not, with either sign: `y`, and `y + 2^255 - 19` where that
  /// can be written. Under the first two OpenSSL takes signatures that nobody made.
  static let weak: [[UInt8]] = {
    let prime = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
    let order8: [[UInt8]] = [
      [
        0x26, 0xE8, 0x95, 0x8F, 0xC2, 0xB2, 0x27, 0xB0, 0x45, 0xC3, 0xF4, 0x89, 0xF2, 0xEF, 0x98, 0xF0, 0xD5,
        0xDF, 0xAC, 0x05, 0xD3, 0xC6, 0x33, 0x39, 0xB1, 0x38, 0x02, 0x88, 0x6D, 0x53, 0xFC, 0x05,
      ],
      [
        0xC7, 0x17, 0x6A, 0x70, 0x3D, 0x4D, 0xD8, 0x4F, 0xBA, 0x3C, 0x0B, 0x76, 0x0D, 0x10, 0x67, 0x0F, 0x2A,
        0x20, 0x53, 0xFA, 0x2C, 0x39, 0xCC, 0xC6, 0x4E, 0xC7, 0xFD, 0x77, 0x92, 0xAC, 0x03, 0x7A,
      ],
    ]
    let zero = [UInt8](repeating: 0, count: 32)
    let reduced = [zero, [1] + zero.dropFirst(), [0xEC] + prime.dropFirst()] + order8
    let unreduced = (0..<19).map { [0xED + UInt8($0)] + Array(prime.dropFirst()) }
    return (reduced + unreduced).flatMap { key in [key, key.dropLast() + [key[31] | 0x80]] }
  }()

  @Test func weakKeysAreNone() {
    let message = Array("anything".utf8)
    for key in Self.weak {
      #expect(!Ed25519.isStrong(key: key), "\(key)")
      for first in [UInt8(0), 1] {
        let forged = [first] + [UInt8](repeating: 0, count: 63)
        #expect(!Ed25519.verify(forged, of: message, by: key))
      }
    }
    #expect(!Ed25519.isStrong(key: []) && !Ed25519.isStrong(key: [UInt8](repeating: 7, count: 33)))
  }
}

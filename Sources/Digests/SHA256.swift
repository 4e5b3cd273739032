// SHA-256 through libcrypto. See docs/architecture.md.
private import CSHA256

/// A SHA-256 digest (FIPS 180-4).
public struct SHA256Digest: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The 32 bytes as four big-endian words, most significant first.
  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Takes 32 bytes; `nil` for any other number of them.
  public init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    let word = { (index: Int) in
      bytes[(8 * index)..<(8 * index + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    words = (word(0), word(1), word(2), word(3))
  }

  /// Reads 64 lower-case hexadecimal digits.
  public init?(_ text: String) {
    let digits = text.utf8
    guard digits.count == 64,
      digits.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    var words: [UInt64] = []
    for start in stride(from: 0, to: 64, by: 16) {
      let slice = digits.dropFirst(start).prefix(16)
      words.append(
        slice.reduce(UInt64(0)) { $0 << 4 | UInt64($1 < 58 ? $1 - 48 : $1 - 87) })
    }
    self.words = (words[0], words[1], words[2], words[3])
  }

  /// The 32 bytes.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }

  /// 64 lower-case hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words < right.words
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.3)
  }
}

/// A SHA-256 computation that is fed piece by piece.
public struct SHA256: ~Copyable {
  private var context = sha256_context()

  /// Starts a computation.
  public init() {
    unsafe sha256_start(&context)
  }

  /// Feeds bytes.
  public mutating func update(_ bytes: borrowing [UInt8]) {
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe sha256_feed(&context, buffer.baseAddress, buffer.count)
    }
  }

  /// Feeds bytes that somebody else owns.
  @unsafe public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    unsafe sha256_feed(&context, bytes.baseAddress, bytes.count)
  }

  /// Ends the computation.
  public consuming func finish() -> SHA256Digest {
    var bytes = [UInt8](repeating: 0, count: 32)
    unsafe bytes.withUnsafeMutableBufferPointer { buffer in
      unsafe sha256_end(&context, buffer.baseAddress)
    }
    // 32 bytes were asked for and got: the initializer cannot fail.
    return SHA256Digest(bytes: bytes) ?? SHA256Digest.zero
  }

  /// The digest of a whole text.
  public static func digest(of bytes: [UInt8]) -> SHA256Digest {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }
}

extension SHA256Digest {
  /// All bits zero: no text is known that hashes to it.
  public static let zero = SHA256Digest(words: (0, 0, 0, 0))

  private init(words: (UInt64, UInt64, UInt64, UInt64)) { self.words = words }
}

internal import FleetModel

/// An ssh host key, in the format that sshd reads.
///
/// The format is written here because libcrypto does not know it, and because asking ssh-keygen would
/// make the generator need a program that the build machine may not have. It is OpenSSH's
/// PROTOCOL.key: a magic word, then strings with their lengths in front, in armour.
enum HostKey {
  /// Both halves as files.
  struct Files {
    var privateKey: [UInt8]
    var publicKey: [UInt8]
  }

  private static let algorithm = Array("ssh-ed25519".utf8)
  private static let magic = Array("openssh-key-v1\0".utf8)
  private static let header = "-----BEGIN OPENSSH PRIVATE KEY-----\n"
  private static let footer = "-----END OPENSSH PRIVATE KEY-----\n"

  /// Makes a new key. `check` are four random bytes; the comment is the node's name.
  static func make(for node: Name, check: [UInt8]) throws(OpenSSLError) -> Files {
    let key = try PrivateKey(making: .ed25519)
    let half = try key.rawPublic()
    var seed = try key.rawSeed()
    defer { wipe(&seed) }
    let text = armoured(seed: seed, publicHalf: half, check: check, comment: Array(node.description.utf8))
    return Files(privateKey: text, publicKey: line(publicHalf: half, node: node))
  }

  /// The public file of a private one; `nil` when that is no unencrypted Ed25519 key.
  static func publicFile(of privateKey: [UInt8], node: Name) -> [UInt8]? {
    publicHalf(of: privateKey).map { line(publicHalf: $0, node: node) }
  }

  /// Whether two public files are of the same key: comments do not count.
  static func isSameKey(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    let words = { (line: [UInt8]) in
      line.split(whereSeparator: { $0 == 32 || $0 == 10 }).prefix(2).map(Array.init)
    }
    return words(one).count == 2 && words(one) == words(other)
  }

  private static func line(publicHalf: [UInt8], node: Name) -> [UInt8] {
    algorithm + [32] + Base64.standard(string(algorithm) + string(publicHalf)) + [32]
      + Array("\(node)\n".utf8)
  }

  private static func armoured(
    seed: [UInt8], publicHalf: [UInt8], check: [UInt8], comment: [UInt8]
  ) -> [UInt8] {
    let none = string(Array("none".utf8))
    var secret =
      check + check + string(algorithm) + string(publicHalf) + string(seed + publicHalf) + string(comment)
    defer { wipe(&secret) }
    // Padded with 1, 2, 3 … to the block size of the cipher "none", which is 8.
    var padding: UInt8 = 1
    while secret.count % 8 != 0 {
      secret.append(padding)
      padding += 1
    }
    var body = magic + none + none + string([]) + number(1)
    body += string(string(algorithm) + string(publicHalf)) + string(secret)
    defer { wipe(&body) }
    var text = Base64.standard(body)
    defer { wipe(&text) }
    var lines = Array(header.utf8)
    for start in stride(from: 0, to: text.count, by: 70) {
      lines += text[start..<min(start + 70, text.count)] + [10]
    }
    return lines + Array(footer.utf8)
  }

  private static func publicHalf(of file: [UInt8]) -> [UInt8]? {
    let (head, foot) = (Array(header.utf8), Array(footer.utf8))
    guard file.starts(with: head), file.suffix(foot.count) == foot[...],
      file.count > head.count + foot.count,
      var body = Base64.decode(file[head.count..<(file.count - foot.count)].filter { $0 != 10 })
    else { return nil }
    defer { wipe(&body) }
    var reader = StringReader(rest: body[...])
    guard reader.take(magic.count) == magic[...], let cipher = reader.string(),
      let derivation = reader.string(),
      reader.string()?.isEmpty == true, reader.number() == 1, let blob = reader.string(),
      let secret = reader.string(), reader.rest.isEmpty,
      cipher.elementsEqual("none".utf8), derivation.elementsEqual("none".utf8)
    else { return nil }
    var publicReader = StringReader(rest: blob)
    guard publicReader.string() == algorithm[...], let half = publicReader.string(), half.count == 32,
      publicReader.rest.isEmpty, isSound(secret, half)
    else { return nil }
    return Array(half)
  }

  /// Whether the secret part repeats its check and holds the same public half.
  private static func isSound(_ secret: ArraySlice<UInt8>, _ half: ArraySlice<UInt8>) -> Bool {
    var reader = StringReader(rest: secret)
    guard let check = reader.number(), reader.number() == check, reader.string() == algorithm[...],
      reader.string() == half, let pair = reader.string()
    else { return false }
    return pair.count == 64 && pair.suffix(32) == half
  }

  private static func string(_ bytes: [UInt8]) -> [UInt8] { number(bytes.count) + bytes }

  private static func number(_ value: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

/// Takes the strings of ssh's wire format (RFC 4251 5) off the front of bytes.
private struct StringReader {
  var rest: ArraySlice<UInt8>

  mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    defer { rest = rest.dropFirst(count) }
    return rest.prefix(count)
  }

  mutating func number() -> Int? {
    take(4).map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  mutating func string() -> ArraySlice<UInt8>? {
    number().flatMap { take($0) }
  }
}

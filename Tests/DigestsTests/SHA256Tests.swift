import Digests
import HostFiles
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4 examples and the empty text.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func agreesWithTheStandard(text: String, digest: String) {
    #expect(SHA256.digest(of: Array(text.utf8)).description == digest)
  }

  /// Sizes around the block of 64 bytes, against sha256sum.
  @Test func agreesWithSha256sum() throws {
    let seed = try HostRandom.bytes(1)[0]
    for size in [1, 54, 55, 56, 63, 64, 65, 119, 120, 4096, 1_000_003] {
      let bytes = (0..<size).map { UInt8(truncatingIfNeeded: ($0 &* 131) ^ ($0 >> 7)) ^ seed }
      let output = try HostProgram.run(["sha256sum"], input: bytes).output
      let expected = String(decoding: output.prefix(64), as: UTF8.self)
      #expect(SHA256.digest(of: bytes).description == expected, "size \(size), seed \(seed)")
    }
  }

  @Test func piecesMakeTheSameDigestAsTheWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for step in [1, 3, 63, 64, 65, 999] {
      var hash = SHA256()
      for start in stride(from: 0, to: bytes.count, by: step) {
        hash.update(Array(bytes[start..<min(start + step, bytes.count)]))
        hash.update([])
      }
      #expect(hash.finish() == SHA256.digest(of: bytes))
    }
  }

  @Test func textAndBytesComeBack() throws {
    let digest = SHA256.digest(of: [1, 2, 3])
    #expect(SHA256Digest(digest.description) == digest)
    #expect(SHA256Digest(bytes: digest.bytes) == digest)
    #expect(digest.bytes.count == 32)
    let output = try HostProgram.run(["xxd", "-p", "-c", "64"], input: digest.bytes).output
    #expect(String(decoding: output, as: UTF8.self) == digest.description + "\n")
  }

  @Test(arguments: ["", "00", String(repeating: "g", count: 64), String(repeating: "A", count: 64)])
  func refusesWhatIsNoDigest(text: String) {
    #expect(SHA256Digest(text) == nil)
    #expect(SHA256Digest(bytes: Array(text.utf8)) == nil, "length \(text.utf8.count)")
  }

  @Test func ordersAsTheTextDoes() {
    let digests = (0..<50).map { SHA256.digest(of: [UInt8($0)]) }
    #expect(digests.sorted().map(\.description) == digests.map(\.description).sorted())
    #expect(Set(digests + digests).count == 50)
  }
}

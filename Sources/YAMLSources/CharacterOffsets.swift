/// Turns libyaml's character indices into byte offsets of valid UTF-8.
///
/// Pure ASCII, the usual case, needs no table; otherwise one offset for every 128 characters is
/// kept and the rest is counted.
struct CharacterOffsets {
  private static let stride = 128
  private let bytes: [UInt8]
  private var checkpoints: [Int] = []
  private let isASCII: Bool

  init(_ bytes: [UInt8], isASCII: Bool) {
    self.bytes = bytes
    self.isASCII = isASCII
    guard !isASCII else { return }
    var characters = 0
    for (offset, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 {
      if characters % Self.stride == 0 { checkpoints.append(offset) }
      characters += 1
    }
  }

  /// The byte offset of a character; the text's length for any index behind it.
  func offset(of index: Int) -> Int {
    guard !isASCII else { return min(index, bytes.count) }
    guard index / Self.stride < checkpoints.count else { return bytes.count }
    var offset = checkpoints[index / Self.stride]
    var left = index % Self.stride
    while offset < bytes.count {
      if bytes[offset] & 0xc0 != 0x80 {
        if left == 0 { return offset }
        left -= 1
      }
      offset += 1
    }
    return bytes.count
  }
}

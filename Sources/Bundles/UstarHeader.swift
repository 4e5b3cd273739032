/// The one header that a bundle's member of a given name and size has (POSIX.1-1988 ustar).
///
/// Written here and not by an archive library: a library's bytes change with its version, and the
/// node accepts a header only if encoding its name and size again gives the same 512 bytes. That
/// leaves no place for a second size, a link, an owner or a set-id bit to hide in.
public enum UstarHeader {
  /// Bytes of a header and of the blocks that content is padded to.
  public static let blockSize = 512

  /// The header: type 0, mode 0444, root's, time 0, no prefix, no link.
  public static func encode(name: String, size: Int) throws(BundleError) -> [UInt8] {
    guard isName(name) else { throw .memberName(name) }
    guard (0...BundleFormat.memberLimit).contains(size) else { throw .memberSize(name) }
    var header = [UInt8](repeating: 0, count: blockSize)
    put(Array(name.utf8), in: &header, at: 0)
    put(octal(0o444, digits: 7), in: &header, at: 100)
    put(octal(0, digits: 7), in: &header, at: 108)
    put(octal(0, digits: 7), in: &header, at: 116)
    put(octal(size, digits: 11), in: &header, at: 124)
    put(octal(0, digits: 11), in: &header, at: 136)
    header[156] = UInt8(ascii: "0")
    put(Array("ustar\u{0}00".utf8), in: &header, at: 257)
    put(Array("root".utf8), in: &header, at: 265)
    put(Array("root".utf8), in: &header, at: 297)
    put(octal(0, digits: 7), in: &header, at: 329)
    put(octal(0, digits: 7), in: &header, at: 337)
    // The sum counts its own field as eight blanks; it ends in NUL and blank, as ever since V7.
    let sum = header.reduce(8 * 32) { $0 + Int($1) }
    put(octal(sum, digits: 6) + [0, 32], in: &header, at: 148)
    return header
  }

  /// The size that a header states; `nil` when it is no octal number. Whether the header is one at all, encoding
  /// its name and this size says.
  public static func size(_ header: [UInt8]) -> Int? {
    guard header.count == blockSize else { return nil }
    var size = 0
    for digit in header[124..<135] {
      guard (48...55).contains(digit) else { return nil }
      size = size << 3 | Int(digit - 48)
    }
    return size
  }

  /// Whether a text may name a member.
  public static func isName(_ name: String) -> Bool {
    (1...BundleFormat.nameLimit).contains(name.utf8.count)
      && name.utf8.allSatisfy { (97...122).contains($0) || (45...57).contains($0) }
  }

  private static func put(_ bytes: [UInt8], in header: inout [UInt8], at offset: Int) {
    header.replaceSubrange(offset..<(offset + bytes.count), with: bytes)
  }

  /// So many octal digits, leading zeros among them; the field's last byte stays NUL.
  private static func octal(_ value: Int, digits: Int) -> [UInt8] {
    (0..<digits).reversed().map { UInt8(48 + (value >> (3 * $0)) & 7) }
  }
}

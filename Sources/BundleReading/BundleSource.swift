internal import Bundles
internal import NodeCalls

/// The bytes of an open bundle. Read, never mapped: a file that shrinks meanwhile is an error and no signal.
struct BundleSource {
  let file: Int32
  let calls: any NodeCalls

  func size() throws(Refusal) -> Int {
    switch calls.status(file) {
    case .failure(let reason): throw Refusal(.unreadable, "cannot read the bundle: \(reason.text)")
    case .success(let status):
      guard status.kind == .file else { throw Refusal(.unreadable, "the bundle is no plain file") }
      return status.size
    }
  }

  /// All bytes of a small member.
  func bytes(_ extent: OpenBundle.Extent) throws(Refusal) -> [UInt8] {
    var bytes: [UInt8] = []
    try pieces(extent) { piece throws(Refusal) in bytes += piece }
    return bytes
  }

  /// The bytes of a member, piece by piece, and the zeros behind it.
  func pieces(
    _ extent: OpenBundle.Extent, _ body: ([UInt8]) throws(Refusal) -> Void
  ) throws(Refusal) {
    // One buffer for all: filling a new one with zeros each time takes longer than hashing it.
    var buffer = [UInt8](repeating: 0, count: min(1 << 17, extent.size))
    var done = 0
    while done < extent.size {
      let count = min(buffer.count, extent.size - done)
      try fill(&buffer, at: extent.offset + done, count: count)
      if count == buffer.count { try body(buffer) } else { try body(Array(buffer.prefix(count))) }
      done += count
    }
  }

  /// Exactly so many bytes.
  func read(at offset: Int, count: Int) throws(Refusal) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: count)
    try fill(&buffer, at: offset, count: count)
    return buffer
  }

  /// Exactly so many bytes, into the buffer's beginning.
  private func fill(_ buffer: inout [UInt8], at offset: Int, count: Int) throws(Refusal) {
    var done = 0
    while done < count {
      let start = done
      let got = unsafe buffer.withUnsafeMutableBytes {
        unsafe calls.read(
          file, UnsafeMutableRawBufferPointer(rebasing: $0[start..<count]), at: offset + start)
      }
      guard got >= 0 else {
        throw Refusal(.unreadable, "cannot read the bundle: \(NodeErrno(Int32(-got)).text)")
      }
      guard got > 0 else { throw Refusal(.unreadable, "the bundle ends too early") }
      done += got
    }
  }
}

/// Goes from member to member. Only the header that a name and a size encode to is one.
struct MemberReader {
  let source: BundleSource
  let total: Int
  private var offset = 0

  init(source: BundleSource, total: Int) {
    self.source = source
    self.total = total
  }

  /// Whether the next member has this name, as far as can be seen.
  func isNext(_ name: String) throws(Refusal) -> Bool {
    let header = try source.read(at: offset, count: UstarHeader.blockSize)
    return header.prefix(name.utf8.count + 1).elementsEqual(Array(name.utf8) + [0])
  }

  /// The content of the member of this name, which must come next.
  mutating func member(_ name: String) throws(Refusal) -> OpenBundle.Extent {
    let header = try source.read(at: offset, count: UstarHeader.blockSize)
    guard let size = UstarHeader.size(header), Self.isEncoded(header, name, size) else {
      throw Refusal(.malformed, "byte \(offset) of the bundle is not the header of '\(name)'")
    }
    let extent = OpenBundle.Extent(offset: offset + UstarHeader.blockSize, size: size)
    let padding = BundleLayout.padding(after: size)
    let end = extent.offset + size + padding
    guard end <= total else { throw Refusal(.unreadable, "the bundle ends within '\(name)'") }
    guard try source.read(at: end - padding, count: padding).allSatisfy({ $0 == 0 }) else {
      throw Refusal(.malformed, "there is something behind '\(name)'")
    }
    offset = end
    return extent
  }

  /// The end marker must follow, and nothing else.
  func finish() throws(Refusal) {
    let marker = BundleLayout.endMarker
    guard offset + marker.count <= total else { throw Refusal(.unreadable, "the bundle ends too early") }
    guard offset + marker.count == total, try source.read(at: offset, count: marker.count) == marker else {
      throw Refusal(.malformed, "there is more in the bundle than its manifest names")
    }
  }

  private static func isEncoded(_ header: [UInt8], _ name: String, _ size: Int) -> Bool {
    do throws(BundleError) {
      return try UstarHeader.encode(name: name, size: size) == header
    } catch {
      return false
    }
  }
}

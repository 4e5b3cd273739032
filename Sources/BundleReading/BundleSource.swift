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
    let limit = 1 << 17
    guard extent.size > limit else {
      if extent.size > 0 { try body(try read(at: extent.offset, count: extent.size)) }
      return
    }
    // One buffer for all: filling a new one with zeros each time takes longer than hashing it.
    var buffer = [UInt8](repeating: 0, count: limit)
    var done = 0
    while extent.size - done >= limit {
      let start = extent.offset + done
      let failure = unsafe buffer.withUnsafeMutableBytes { unsafe fill($0, at: start) }
      if let failure { throw failure }
      try body(buffer)
      done += limit
    }
    if done < extent.size { try body(try read(at: extent.offset + done, count: extent.size - done)) }
  }

  /// Exactly so many bytes.
  func read(at offset: Int, count: Int) throws(Refusal) -> [UInt8] {
    var failure: Refusal?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      failure = unsafe fill(
        UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[..<count])), at: offset)
      used = failure == nil ? count : 0
    }
    if let failure { throw failure }
    return bytes
  }

  /// Fills all of a buffer; why not, otherwise.
  private func fill(_ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Refusal? {
    var done = 0
    while done < buffer.count {
      let got = unsafe calls.read(
        file, UnsafeMutableRawBufferPointer(rebasing: buffer[done...]), at: offset + done)
      guard got >= 0 else {
        return Refusal(.unreadable, "cannot read the bundle: \(NodeErrno(Int32(-got)).text)")
      }
      guard got > 0 else { return Refusal(.unreadable, "the bundle ends too early") }
      done += got
    }
    return nil
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

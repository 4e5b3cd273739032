internal import CLinux

/// Owns a descriptor and closes it.
struct HostDescriptor: ~Copyable {
  let number: Int32

  /// Takes over an open descriptor.
  init(_ number: Int32) {
    self.number = number
  }

  deinit { linux_close(number) }

  /// What it is open on.
  func status(path: String) throws(HostError) -> FileStatus {
    var found = linux_status()
    _ = unsafe try HostError.check("look at", path, linux_descriptor_status(number, &found))
    return FileStatus(found)
  }

  /// Reads until the end: at most `limit` bytes, or EFBIG.
  func read(limit: Int, expecting size: Int, path: String) throws(HostError) -> [UInt8] {
    // One more than expected: the read that says "end" then comes without growing.
    var room = min(max(size, 0), limit) + 1
    var bytes = try fill(room, path: path)
    var last = bytes.count
    while last == room {
      guard bytes.count <= limit else {
        throw HostError(operation: "read", path: path, errno: linux_EFBIG)
      }
      room = min(max(bytes.count, 65536), limit - bytes.count + 1)
      let piece = try fill(room, path: path)
      last = piece.count
      bytes += piece
    }
    guard bytes.count <= limit else {
      throw HostError(operation: "read", path: path, errno: linux_EFBIG)
    }
    return bytes
  }

  /// Reads `count` bytes; fewer when the end comes first.
  func fill(_ count: Int, path: String) throws(HostError) -> [UInt8] {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe linux_fill(number, buffer.baseAddress, count)
      filled = max(result, 0)
    }
    _ = try HostError.check("read", path, result)
    return bytes
  }

  /// Reads what is there now, at most `count` bytes; `nil` when that would mean to wait.
  static func readAvailable(_ number: Int32, _ count: Int, path: String) throws(HostError) -> [UInt8]? {
    var result = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      result = unsafe linux_read(number, buffer.baseAddress, count)
      filled = max(result, 0)
    }
    if result == -Int(linux_EAGAIN) { return nil }
    _ = try HostError.check("read", path, result)
    return bytes
  }

  /// Writes all bytes.
  func write(_ bytes: [UInt8], path: String) throws(HostError) {
    let result = unsafe bytes.withUnsafeBytes { buffer in
      unsafe linux_write_all(number, buffer.baseAddress, buffer.count)
    }
    _ = try HostError.check("write to", path, result)
  }

  /// Sends all bytes to the disk.
  func sync(path: String) throws(HostError) {
    _ = try HostError.check("sync", path, linux_sync(number))
  }
}

extension FileStatus {
  init(_ found: linux_status) {
    self.init(
      kind: FileKind(found.kind), size: Int(found.size), mode: UInt16(truncatingIfNeeded: found.mode),
      owner: found.owner, links: Int(found.links), inode: found.inode)
  }
}

extension FileKind {
  init(_ number: Int32) {
    switch UInt32(bitPattern: number) {
    case LINUX_FILE.rawValue: self = .file
    case LINUX_DIRECTORY.rawValue: self = .directory
    case LINUX_LINK.rawValue: self = .link
    default: self = .other
    }
  }
}

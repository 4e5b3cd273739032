private import CLinux

/// An open regular file that is read piece by piece.
public struct HostReader: ~Copyable, Sendable {
  let descriptor: HostDescriptor
  /// The path it was opened by, for messages.
  public let path: String
  /// What it was when it was opened.
  public let status: FileStatus

  /// Opens a regular file; links are followed.
  public init(_ path: String) throws(HostError) {
    let number = unsafe try path.check("open") { name in unsafe linux_open_file(LINUX_HERE, name, true) }
    try self.init(HostDescriptor(number), path: path)
  }

  init(_ descriptor: consuming HostDescriptor, path: String) throws(HostError) {
    self.status = try Self.regularStatus(of: descriptor, path: path)
    self.descriptor = descriptor
    self.path = path
  }

  private static func regularStatus(
    of descriptor: borrowing HostDescriptor, path: String
  ) throws(HostError) -> FileStatus {
    let status = try descriptor.status(path: path)
    guard status.kind == .file else {
      let number = status.kind == .directory ? linux_EISDIR : linux_EINVAL
      throw HostError(operation: "read", path: path, errno: number)
    }
    return status
  }

  /// The next bytes: `count` of them, fewer only at the end.
  public func read(_ count: Int) throws(HostError) -> [UInt8] {
    try descriptor.fill(count, path: path)
  }

  /// All bytes from here to the end; EFBIG when there are more than `limit`.
  public func readAll(limit: Int) throws(HostError) -> [UInt8] {
    guard status.size <= limit else {
      throw HostError(operation: "read", path: path, errno: linux_EFBIG)
    }
    return try descriptor.read(limit: limit, expecting: status.size, path: path)
  }
}

/// A new file that is written piece by piece.
public struct HostWriter: ~Copyable, Sendable {
  let descriptor: HostDescriptor
  /// The path it was made by, for messages.
  public let path: String

  init(_ descriptor: consuming HostDescriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Writes all bytes.
  public func write(_ bytes: [UInt8]) throws(HostError) { try descriptor.write(bytes, path: path) }

  /// Sends the file to the disk.
  public func sync() throws(HostError) { try descriptor.sync(path: path) }
}

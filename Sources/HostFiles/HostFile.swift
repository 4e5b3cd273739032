private import CLinux

/// What a name in a folder stands for; links are not followed.
public enum FileKind: Hashable, Sendable {
  case file, directory, link, other
}

/// A name in a folder.
public struct DirectoryEntry: Hashable, Sendable {
  /// The name alone.
  public let name: String
  /// What it stands for.
  public let kind: FileKind

  /// Makes an entry.
  public init(name: String, kind: FileKind) {
    self.name = name
    self.kind = kind
  }
}

/// What is known of a file without opening it, see stat(2).
public struct FileStatus: Hashable, Sendable {
  /// What it is.
  public let kind: FileKind
  /// In bytes.
  public let size: Int
  /// Permission bits, with set-id bits and the sticky bit.
  public let mode: UInt16
  /// User number of the owner.
  public let owner: UInt32
  /// How many names the file has.
  public let links: Int
  /// The file's number in its file system.
  public let inode: UInt64
}

/// Files by path. Every path may be relative to the working directory; a path with a NUL byte is
/// refused (EINVAL) because the system would see another one.
public enum HostFile {
  /// The bytes of a regular file; links are followed.
  ///
  /// EFBIG when there are more than `limit`, EISDIR for a folder, EINVAL for a pipe or a device.
  public static func read(_ path: String, limit: Int) throws(HostError) -> [UInt8] {
    let number = unsafe try path.check("open") { name in unsafe linux_open_file(LINUX_HERE, name, true) }
    return try HostFolder.read(HostDescriptor(number), limit: limit, path: path)
  }

  /// Replaces or makes a file: a new one beside it with this very mode from its first byte, synced,
  /// and renamed over the old one. A failure leaves the old one as it was.
  public static func write(_ bytes: [UInt8], to path: String, mode: UInt16) throws(HostError) {
    let (parent, name) = try split(path)
    let folder = try HostFolder(parent)
    try folder.replace(name, with: bytes, mode: mode)
  }

  /// Replaces what is in a regular file in one step, as `write` does; mode, owner and group stay. EINVAL for
  /// what is no regular file, or has other bytes than `former` by now.
  public static func rewrite(_ path: String, from former: [UInt8], to bytes: [UInt8]) throws(HostError) {
    let (parent, name) = try split(path)
    let folder = try HostFolder(parent)
    guard let status = try folder.status(name), status.kind == .file,
      try folder.read(name, limit: max(former.count, 1)) == former
    else { throw HostError(operation: "rewrite", path: path, errno: linux_EINVAL) }
    try folder.replace(name, with: bytes, mode: status.mode, keepsOwner: true)
  }

  /// The names in a folder, in order of their bytes.
  public static func list(_ path: String) throws(HostError) -> [DirectoryEntry] {
    try HostFolder(path).list()
  }

  /// What is known of a file; `nil` when there is none. A link is not followed.
  public static func status(_ path: String) throws(HostError) -> FileStatus? {
    try HostFolder.status(LINUX_HERE, path, path: path)
  }

  /// Makes a folder and those above it; folders that are there are left as they are.
  public static func makeDirectories(_ path: String, mode: UInt16) throws(HostError) {
    let bytes = Array(path.utf8)
    for end in bytes.indices.dropFirst() where bytes[end] == UInt8(ascii: "/") {
      try makeDirectory(String(decoding: bytes[..<end], as: UTF8.self), mode: mode)
    }
    try makeDirectory(path, mode: mode)
  }

  private static func makeDirectory(_ path: String, mode: UInt16) throws(HostError) {
    let result = unsafe try path.call("make") { name in
      unsafe linux_make_folder(LINUX_HERE, name, UInt32(mode))
    }
    if result == -linux_EEXIST {
      // A link to a folder will do: opening says so, or says why not.
      _ = try HostFolder(path)
      return
    }
    _ = try HostError.check("make", path, result)
    try HostFolder(path).setMode(mode)
  }

  /// Removes a file, a link, or a folder with all that is in it. Nothing there is no error.
  public static func removeTree(_ path: String) throws(HostError) {
    let result = unsafe try path.call("remove") { name in unsafe linux_remove_tree(LINUX_HERE, name) }
    if result != -linux_ENOENT { _ = try HostError.check("remove", path, result) }
  }

  /// Renames a file or folder, replacing a file that has the new name.
  public static func rename(_ path: String, to other: String) throws(HostError) {
    let result = unsafe try path.call("rename", and: other) { name, new in
      unsafe linux_rename(LINUX_HERE, name, LINUX_HERE, new)
    }
    _ = try HostError.check("rename", path, result)
  }

  /// Makes a symbolic link; EEXIST when the name is taken.
  public static func link(_ path: String, to target: String) throws(HostError) {
    try HostFolder.symlink(LINUX_HERE, path, to: target, path: path)
  }

  /// The target of a symbolic link; EINVAL when it is none.
  public static func target(of path: String) throws(HostError) -> String {
    try HostFolder.target(LINUX_HERE, path, path: path)
  }

  /// Sets a file's permission bits; links are followed.
  public static func setMode(_ mode: UInt16, of path: String) throws(HostError) {
    let number = unsafe try path.check("open") { name in unsafe linux_open_file(LINUX_HERE, name, true) }
    let file = HostDescriptor(number)
    _ = try HostError.check("change the mode of", path, linux_change_mode(file.number, UInt32(mode)))
  }

  /// Makes a folder for this user alone below `TMPDIR`, or `/tmp`; its name starts with `prefix`.
  public static func makeTemporaryDirectory(prefix: String) throws(HostError) -> String {
    let parent = HostEnvironment.value("TMPDIR").flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    let wish = parent + "/" + prefix + "-" + String(repeating: "X", count: 6)
    var bytes = Array(wish.utf8CString)
    _ = unsafe try HostError.check("make", wish, linux_make_temporary(&bytes))
    return String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The folder and the last part of a path.
  private static func split(_ path: String) throws(HostError) -> (folder: String, name: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return (".", path) }
    let name = String(path[path.utf8.index(after: slash)...])
    guard !name.isEmpty, name != ".", name != ".." else {
      throw HostError(operation: "write to", path: path, errno: linux_EISDIR)
    }
    return (slash == path.startIndex ? "/" : String(path[..<slash]), name)
  }
}

private import CLinux

/// An open folder. The names given to it are single parts (EINVAL otherwise), so nothing outside it
/// can be reached, and it stays the same folder whatever its path becomes.
public struct HostFolder: ~Copyable, Sendable {
  let descriptor: HostDescriptor
  /// The path it was opened by, for messages.
  public let path: String

  /// Opens a folder; a link to one is followed.
  public init(_ path: String) throws(HostError) {
    let number = unsafe try path.check("open") { name in unsafe linux_open_folder(LINUX_HERE, name, true) }
    self.init(HostDescriptor(number), path: path)
  }

  init(_ descriptor: consuming HostDescriptor, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  /// Opens a folder in it; ENOTDIR for anything else, a link to a folder included.
  public func open(_ name: String) throws(HostError) -> HostFolder {
    let number = unsafe try call("open", name) { unsafe linux_open_folder(descriptor.number, $0, false) }
    return HostFolder(HostDescriptor(number), path: path + "/" + name)
  }

  /// Opens a folder in it; `nil` when there is no such name, or it is no folder.
  public func openIfThere(_ name: String) throws(HostError) -> HostFolder? {
    let result = unsafe try part(name, "open").call("open") {
      unsafe linux_open_folder(descriptor.number, $0, false)
    }
    if result == -linux_ENOENT || result == -linux_ENOTDIR || result == -linux_ELOOP { return nil }
    let number = try HostError.check("open", path + "/" + name, result)
    return HostFolder(HostDescriptor(number), path: path + "/" + name)
  }

  /// Makes a folder of exactly this mode and opens it; EEXIST when the name is taken. `keeps` as for
  /// `put`.
  public func make(_ name: String, mode: UInt16, keeps: UInt16 = 0) throws(HostError) -> HostFolder {
    _ = unsafe try call("make", name) { unsafe linux_make_folder(descriptor.number, $0, UInt32(mode)) }
    let folder = try open(name)
    if mode & ~keeps != 0 { try folder.setMode(mode) }
    return folder
  }

  /// The permission bits of new files that pass the umask and the folder's default access list: a
  /// mode within them is right from the start. Makes and removes a file `.mode`.
  public func bitsKept() throws(HostError) -> UInt16 {
    UInt16(truncatingIfNeeded: try HostError.check("write to", path, linux_bits_kept(descriptor.number)))
  }

  /// Whether the name is a regular file with these bytes, this mode and owner, and no other name.
  public func holds(_ name: String, _ bytes: [UInt8], mode: UInt16, owner: UInt32) throws(HostError) -> Bool {
    let number = descriptor.number
    return unsafe try call("read", name) { text in
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe linux_is_same(number, text, owner, UInt32(mode), buffer.baseAddress, buffer.count)
      }
    } == 1
  }

  /// The names in it, in order of their bytes. EILSEQ when one is no UTF-8.
  public func list() throws(HostError) -> [DirectoryEntry] {
    var error: Int32 = 0
    // Its own descriptor: reading moves a position that copies of a descriptor share.
    let number = unsafe try HostError.check("list", path, linux_open_folder(descriptor.number, ".", false))
    guard let reader = unsafe linux_reader_open(number, &error) else {
      throw HostError(operation: "list", path: path, errno: -error)
    }
    defer { unsafe linux_reader_close(reader) }
    var entries: [DirectoryEntry] = []
    var text = unsafe UnsafePointer<CChar>?.none
    var kind: Int32 = 0
    while unsafe try HostError.check("list", path, linux_reader_next(reader, &text, &kind)) > 0 {
      guard let bytes = unsafe text, let name = unsafe String(validatingCString: bytes) else {
        throw HostError(operation: "read all names in", path: path, errno: linux_EILSEQ)
      }
      entries.append(DirectoryEntry(name: name, kind: FileKind(kind)))
    }
    // Swift orders strings by their normal form, not by their bytes.
    return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// What is known of a file in it; `nil` when there is none. A link is not followed.
  public func status(_ name: String) throws(HostError) -> FileStatus? {
    try Self.status(descriptor.number, part(name, "look at"), path: path + "/" + name)
  }

  /// What is known of the folder itself.
  public func status() throws(HostError) -> FileStatus { try descriptor.status(path: path) }

  /// The bytes of a regular file in it; a link is not followed (ELOOP).
  public func read(_ name: String, limit: Int) throws(HostError) -> [UInt8] {
    let number = unsafe try call("open", name) { unsafe linux_open_file(descriptor.number, $0, false) }
    return try Self.read(HostDescriptor(number), limit: limit, path: path + "/" + name)
  }

  /// Opens a regular file below it by a relative path, with no link in any part and nothing above
  /// the folder: ELOOP or EXDEV when the path tries.
  public func openBelow(_ name: String) throws(HostError) -> HostReader {
    let result = unsafe try name.call("open") { unsafe linux_open_beneath(descriptor.number, $0) }
    let number = try HostError.check("open", path + "/" + name, result)
    return try HostReader(HostDescriptor(number), path: path + "/" + name)
  }

  /// Makes a file of exactly this mode with these bytes; EEXIST when the name is taken. `keeps` are
  /// the bits that are known to pass the umask, see `bitsKept`.
  public func put(_ name: String, _ bytes: [UInt8], mode: UInt16, keeps: UInt16 = 0) throws(HostError) {
    let number = descriptor.number
    _ = unsafe try call("write", name) { text in
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe linux_put(number, text, UInt32(mode), UInt32(keeps), buffer.baseAddress, buffer.count)
      }
    }
  }

  /// Opens a new file of exactly this mode to write to; EEXIST when the name is taken.
  public func create(_ name: String, mode: UInt16) throws(HostError) -> HostWriter {
    let number = unsafe try call("make", name) { unsafe linux_create(descriptor.number, $0, UInt32(mode)) }
    return HostWriter(HostDescriptor(number), path: path + "/" + name)
  }

  /// Replaces or makes a file in one step: a new one is written and synced, then renamed. It belongs to
  /// who runs this, or with `keepsOwner` to whom the old one belongs, which must be there.
  public func replace(
    _ name: String, with bytes: [UInt8], mode: UInt16, keepsOwner: Bool = false
  ) throws(HostError) {
    let random = try HostRandom.bytes(8).map { String($0, radix: 16) }.joined()
    let temporary = ".\(name.utf8.count > 200 ? "new" : name).\(random)"
    do throws(HostError) {
      let file = try create(temporary, mode: mode)
      try file.write(bytes)
      if keepsOwner {
        let (own, number) = (descriptor.number, file.descriptor.number)
        _ = unsafe try call("look at", name) { unsafe linux_take_owner(number, own, $0) }
        // A change of owner takes the set-id bits away.
        _ = try HostError.check(
          "change the mode of", file.path, linux_change_mode(number, UInt32(mode)))
      }
      try file.sync()
      try rename(temporary, to: name)
    } catch {
      try? remove(temporary)
      throw HostError(operation: "write to", path: path + "/" + name, errno: error.errno)
    }
    try descriptor.sync(path: path)
  }

  /// Gives a file a second name in another folder of the same file system.
  public func link(_ name: String, in other: borrowing HostFolder, as newName: String) throws(HostError) {
    let (from, to) = (descriptor.number, other.descriptor.number)
    let newName = try other.part(newName, "link")
    let result = unsafe try part(name, "link").call("link", and: newName) { old, new in
      unsafe linux_link(from, old, to, new)
    }
    _ = try HostError.check("link", path + "/" + name, result)
  }

  /// Makes a symbolic link; EEXIST when the name is taken.
  public func symlink(_ name: String, to target: String) throws(HostError) {
    try Self.symlink(descriptor.number, part(name, "make"), to: target, path: path + "/" + name)
  }

  /// The target of a symbolic link; EINVAL when it is none.
  public func target(of name: String) throws(HostError) -> String {
    try Self.target(descriptor.number, part(name, "read"), path: path + "/" + name)
  }

  /// Renames within the folder, replacing a file that has the new name.
  public func rename(_ name: String, to newName: String) throws(HostError) {
    unsafe try rename(name, newName) { unsafe linux_rename($0, $1, $0, $2) }
  }

  /// Renames within the folder; EEXIST when the new name is taken.
  public func renameNew(_ name: String, to newName: String) throws(HostError) {
    unsafe try rename(name, newName) { unsafe linux_rename_new($0, $1, $0, $2) }
  }

  /// Exchanges two names in the folder in one step: at every moment both are there.
  public func exchange(_ name: String, with other: String) throws(HostError) {
    unsafe try rename(name, other) { unsafe linux_exchange($0, $1, $0, $2) }
  }

  /// Removes a file or a link.
  public func remove(_ name: String) throws(HostError) {
    _ = unsafe try call("remove", name) { unsafe linux_remove(descriptor.number, $0) }
  }

  /// Removes what the name is, with all below it. Nothing there is no error.
  public func removeTree(_ name: String) throws(HostError) {
    let result = unsafe try part(name, "remove").call("remove") {
      unsafe linux_remove_tree(descriptor.number, $0)
    }
    if result != -linux_ENOENT { _ = try HostError.check("remove", path + "/" + name, result) }
  }

  /// Sets the folder's permission bits.
  public func setMode(_ mode: UInt16) throws(HostError) {
    _ = try HostError.check("change the mode of", path, linux_change_mode(descriptor.number, UInt32(mode)))
  }

  /// Sends the folder's names to the disk.
  public func sync() throws(HostError) { try descriptor.sync(path: path) }

  /// Asks the file system to spread the folders in this one over the disk instead of packing them close
  /// together. ext2 to ext4 know how; elsewhere nothing happens.
  public func spreadFolders() { _ = linux_spread_folders(descriptor.number) }

  /// Sends everything that was written to the folder's file system to the disk, and says when some
  /// of it could not be (Linux 5.8 and later).
  public func syncFileSystem() throws(HostError) {
    _ = try HostError.check("sync", path, linux_sync_file_system(descriptor.number))
  }

  /// The name, when it is a single part.
  private func part(_ name: String, _ operation: String) throws(HostError) -> String {
    guard !name.isEmpty, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")) else {
      throw HostError(operation: operation, path: path + "/" + name, errno: linux_EINVAL)
    }
    return name
  }

  private func call(
    _ operation: String, _ name: String, _ body: (UnsafePointer<CChar>) -> Int32
  ) throws(HostError) -> Int32 {
    let result = unsafe try part(name, operation).call(operation) { unsafe body($0) }
    return result < 0 ? try HostError.check(operation, path + "/" + name, result) : result
  }

  private func rename(
    _ name: String, _ newName: String,
    _ body: (Int32, UnsafePointer<CChar>, UnsafePointer<CChar>) -> Int32
  ) throws(HostError) {
    let number = descriptor.number
    let newName = try part(newName, "rename")
    let result = unsafe try part(name, "rename").call("rename", and: newName) { old, new in
      unsafe body(number, old, new)
    }
    _ = try HostError.check("rename", path + "/" + name, result)
  }
}

// The same calls for a path from the working directory and for a name in an open folder.
extension HostFolder {
  static func read(
    _ descriptor: consuming HostDescriptor, limit: Int, path: String
  ) throws(HostError) -> [UInt8] {
    try HostReader(descriptor, path: path).readAll(limit: limit)
  }

  static func status(_ folder: Int32, _ name: String, path: String) throws(HostError) -> FileStatus? {
    var found = linux_status()
    let result = unsafe try name.call("look at") { text in unsafe linux_status(folder, text, false, &found) }
    // A part of the path that is no folder: nothing can be below it.
    if result == -linux_ENOENT || result == -linux_ENOTDIR { return nil }
    _ = try HostError.check("look at", path, result)
    return FileStatus(found)
  }

  static func symlink(_ folder: Int32, _ name: String, to target: String, path: String) throws(HostError) {
    let result = unsafe try name.call("make", and: target) { name, target in
      unsafe linux_symlink(target, folder, name)
    }
    _ = try HostError.check("make", path, result)
  }

  static func target(_ folder: Int32, _ name: String, path: String) throws(HostError) -> String {
    // PATH_MAX: no target is longer.
    let room = 4096
    var result = 0
    let status = unsafe try name.call("read") { text in
      unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
        result = unsafe buffer.withMemoryRebound(to: CChar.self) { characters in
          unsafe linux_read_link(folder, text, characters.baseAddress, room)
        }
        count = max(result, 0)
      }
    }
    _ = try HostError.check("read", path, result)
    guard let target = String(validating: status, as: UTF8.self) else {
      throw HostError(operation: "read", path: path, errno: linux_EILSEQ)
    }
    return target
  }
}

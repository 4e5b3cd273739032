public import HostFiles

/// The secret material of a fleet: the folder `secrets/FLEET`.
///
/// Everything here is by reference; `read` alone opens bytes, and only what stages a build, delivers
/// to a node or mints calls it.
public struct SecretFolder: Hashable, Sendable {
  /// What a look at a file shows.
  public enum State: Hashable, Sendable {
    /// It is not there.
    case missing
    /// It is there, with this many bytes.
    case present(size: Int)
    /// It is there and must not be used.
    case flawed(SecretFlaw)
  }

  /// No key, certificate or password is larger, in bytes.
  public static let limit = 1 << 20

  /// The folder as the user gave it, with the fleet's name.
  public let path: String

  /// Names a folder; it need not be there.
  public init(_ path: String) {
    self.path = path
  }

  /// What a look at a file shows; nothing is opened but folders.
  public func state(of file: SecretFile) throws(HostError) -> State {
    let root: HostFolder
    do throws(HostError) {
      root = try HostFolder(path)
    } catch {
      if error.isAbsence { return .missing }
      throw error
    }
    if let flaw = try flaw(ofRoot: root) { return .flawed(flaw) }
    guard let folder = try root.status(file.folder) else { return .missing }
    if let flaw = flaw(ofFolder: file.folder, folder) { return .flawed(flaw) }
    guard let status = try root.open(file.folder).status(file.name) else { return .missing }
    return Self.flaw(of: file, status).map(State.flawed) ?? .present(size: status.size)
  }

  /// Those of the files that are not there, in the order given. What is flawed counts as there:
  /// reading it says what is wrong.
  public func missing(among files: [SecretFile]) throws(HostError) -> [SecretFile] {
    var missing: [SecretFile] = []
    for file in files where try state(of: file) == .missing { missing.append(file) }
    return missing
  }

  /// The bytes of a file. Its kind and mode are those of the file that is read, not of one that was
  /// looked at before.
  public func read(_ file: SecretFile) throws(SecretError) -> [UInt8] {
    let result: Result<[UInt8], SecretError>
    do throws(HostError) {
      result = try open(file)
    } catch {
      throw error.isAbsence ? .missing(file) : .host(error)
    }
    return try result.get()
  }

  private func open(_ file: SecretFile) throws(HostError) -> Result<[UInt8], SecretError> {
    let root = try HostFolder(path)
    if let flaw = try flaw(ofRoot: root) { return .failure(.flawed(file, flaw)) }
    guard let status = try root.status(file.folder) else { return .failure(.missing(file)) }
    if let flaw = flaw(ofFolder: file.folder, status) { return .failure(.flawed(file, flaw)) }
    let folder = try root.open(file.folder)
    guard try folder.status(file.name)?.kind ?? .file == .file else {
      return .failure(.flawed(file, .notRegular))
    }
    let reader = try folder.openBelow(file.name)
    if let flaw = Self.flaw(of: file, reader.status) { return .failure(.flawed(file, flaw)) }
    return .success(try reader.readAll(limit: Self.limit))
  }

  /// Adds a file with its mode from the first byte. Nothing is ever replaced: when the name is taken,
  /// even by a file that came a moment ago, `taken` is thrown and that file stays as it is.
  public func add(_ bytes: [UInt8], as file: SecretFile) throws(SecretError) {
    let added: Bool
    do throws(HostError) {
      added = try write(bytes, as: file)
    } catch {
      throw .host(error)
    }
    if !added { throw .taken(file) }
  }

  private func write(_ bytes: [UInt8], as file: SecretFile) throws(HostError) -> Bool {
    try HostFile.makeDirectories(path + "/" + file.folder, mode: 0o700)
    let folder = try HostFolder(path).open(file.folder)
    guard try folder.status(file.name) == nil else { return false }
    let temporary = ".new"
    // What a killed run left behind; the lock keeps other runs away.
    if try folder.status(temporary) != nil { try folder.remove(temporary) }
    let writer = try folder.create(temporary, mode: file.mode)
    try writer.write(bytes)
    try writer.sync()
    try folder.renameNew(temporary, to: file.name)
    return true
  }

  /// Sends all names to the disk: what was added before is still there after a power cut. The bytes
  /// went there when they were written; one sync for all names makes a large fleet twice as fast.
  public func sync() throws(HostError) {
    try HostFolder(path).syncFileSystem()
  }

  /// Makes the folder, mode 0700, and locks it against other runs for as long as the result lives.
  public func lock() throws(SecretError) -> HostLock {
    do throws(HostError) {
      try HostFile.makeDirectories(path, mode: 0o700)
      if let lock = try HostLock.take(".lock", in: HostFolder(path)) { return lock }
    } catch {
      throw .host(error)
    }
    throw .busy(folder: path)
  }

  private func flaw(ofRoot root: borrowing HostFolder) throws(HostError) -> SecretFlaw? {
    let mode = try root.status().mode
    return mode & 0o077 == 0 ? nil : .folderExposed(path: path, mode: mode)
  }

  private func flaw(ofFolder name: String, _ status: FileStatus) -> SecretFlaw? {
    let folder = path + "/" + name
    if status.kind != .directory { return .folderNotReal(path: folder) }
    return status.mode & 0o077 == 0 ? nil : .folderExposed(path: folder, mode: status.mode)
  }

  private static func flaw(of file: SecretFile, _ status: FileStatus) -> SecretFlaw? {
    if status.kind != .file { return .notRegular }
    // Private: nothing for others, and nothing to run. Public: nobody else may change it.
    if status.mode & (file.isPrivate ? 0o7177 : 0o7022) != 0 { return .exposed(mode: status.mode) }
    return status.size == 0 ? .empty : nil
  }
}

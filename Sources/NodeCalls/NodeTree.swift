/// A call that failed: what was asked for, of which path, and why.
public struct NodeFailure: Error, Hashable, Sendable {
  /// What was to be done: `read`, `rename`.
  public let operation: String
  /// Relative to the node's root.
  public let path: String
  /// Why not.
  public let reason: NodeErrno

  /// Makes a failure.
  public init(_ operation: String, _ path: String, _ reason: NodeErrno) {
    self.operation = operation
    self.path = path
    self.reason = reason
  }

  /// `cannot rename /etc/imagegen/current: no space left on device`.
  public var message: String { "cannot \(operation) /\(path): \(reason.text)" }
}

/// A node's file system below its root, with errors that say what failed where.
public struct NodeTree {
  /// The calls.
  public let calls: any NodeCalls
  /// The open root.
  public let root: Int32

  /// Takes an open root.
  public init(calls: any NodeCalls, root: Int32) {
    self.calls = calls
    self.root = root
  }

  private func check(_ result: Int32, _ operation: String, _ path: String) throws(NodeFailure) {
    if result < 0 { throw NodeFailure(operation, path, NodeErrno(-result)) }
  }

  /// What a path is; `nil` when there is nothing.
  public func status(_ path: String) throws(NodeFailure) -> NodeStatus? {
    switch calls.status(root, path) {
    case .success(let status): return status
    case .failure(let reason):
      if reason == .missing { return nil }
      throw NodeFailure("look at", path, reason)
    }
  }

  /// Where a link leads; `nil` when there is none.
  public func link(_ path: String) throws(NodeFailure) -> String? {
    guard let status = try status(path), status.kind == .link else { return nil }
    switch calls.readLink(root, path) {
    case .success(let target): return target
    case .failure(let reason): throw NodeFailure("read the link", path, reason)
    }
  }

  /// Where a path leads when the links in it are followed, none of them out of the root: for looking at what the
  /// system brings, never for writing. `nil` when there is nothing.
  public func resolved(_ path: String) throws(NodeFailure) -> String? {
    var todo = Array(
      path.utf8.split(separator: 47).map { String(decoding: Array($0), as: UTF8.self) }.reversed())
    var done: [String] = []
    var links = 0
    while let part = todo.popLast() {
      if part == "." { continue }
      if part == ".." {
        _ = done.popLast()
        continue
      }
      let here = (done + [part]).joined(separator: "/")
      guard let status = try status(here) else { return nil }
      guard status.kind == .link else {
        done.append(part)
        continue
      }
      links += 1
      guard links <= 40, let target = try link(here) else { return nil }
      if target.utf8.first == 47 { done = [] }
      todo += target.utf8.split(separator: 47).map { String(decoding: Array($0), as: UTF8.self) }.reversed()
    }
    return done.isEmpty ? "." : done.joined(separator: "/")
  }

  /// Opens a folder, works in it, closes it.
  public func inFolder<Value>(
    _ path: String, _ body: (Int32) throws(NodeFailure) -> Value
  ) throws(NodeFailure) -> Value {
    let folder = calls.openFolder(root, path)
    try check(folder, "open", path)
    defer { _ = calls.close(folder) }
    return try body(folder)
  }

  /// Opens a file, works on it, closes it.
  public func withFile<Value>(
    _ path: String, _ body: (Int32) throws(NodeFailure) -> Value
  ) throws(NodeFailure) -> Value {
    let file = calls.openFile(root, path)
    try check(file, "open", path)
    defer { _ = calls.close(file) }
    return try body(file)
  }

  /// Makes an open file's name and content outlive a crash of the machine, or a folder's entries.
  public func sync(_ path: String) throws(NodeFailure) {
    try inFolder(path) { folder throws(NodeFailure) in try check(calls.sync(folder), "sync", path) }
  }

  /// Makes all of the folder's file system outlive a crash of the machine.
  public func syncAll(_ path: String) throws(NodeFailure) {
    try inFolder(path) { folder throws(NodeFailure) in
      try check(calls.syncFileSystem(folder), "sync", path)
    }
  }

  /// A plain file's bytes; `nil` when there is none.
  public func read(_ path: String, limit: Int) throws(NodeFailure) -> [UInt8]? {
    let file = calls.openFile(root, path)
    if file == -NodeErrno.missing.number { return nil }
    try check(file, "open", path)
    defer { _ = calls.close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while true {
      let count = try fill(&buffer, from: file, at: bytes.count, path)
      if count == 0 { return bytes }
      bytes += buffer.prefix(count)
      // EFBIG.
      guard bytes.count <= limit else { throw NodeFailure("read", path, NodeErrno(27)) }
    }
  }

  /// Reads once.
  public func fill(
    _ buffer: inout [UInt8], from file: Int32, at offset: Int, _ path: String
  ) throws(NodeFailure) -> Int {
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe calls.read(file, $0, at: offset) }
    if count < 0 { throw NodeFailure("read", path, NodeErrno(Int32(-count))) }
    return count
  }

  /// Writes all of the bytes.
  public func write(_ bytes: [UInt8], to file: Int32, _ path: String) throws(NodeFailure) {
    var done = 0
    while done < bytes.count {
      let start = done
      let written = unsafe bytes.withUnsafeBytes {
        unsafe calls.write(file, UnsafeRawBufferPointer(rebasing: $0[start...]))
      }
      if written < 0 { throw NodeFailure("write", path, NodeErrno(Int32(-written))) }
      // Nothing written and no error is what no file system says twice.
      if written == 0 { throw NodeFailure("write", path, .noSpace) }
      done += written
    }
  }

  /// Makes a file that nobody else can read until it has its mode, has the body write it, and gives it mode and
  /// owner. With `isDurable` it is on the disk when this returns.
  public func create(
    _ path: String, mode: UInt32, owner: (user: UInt32, group: UInt32)? = nil, isDurable: Bool,
    _ body: (Int32) throws(NodeFailure) -> Void
  ) throws(NodeFailure) {
    let file = calls.create(root, path)
    try check(file, "create", path)
    do throws(NodeFailure) {
      try body(file)
      if let owner { try check(calls.changeOwner(file, owner.user, owner.group), "give away", path) }
      if mode != 0o600 { try check(calls.changeMode(file, mode), "change the mode of", path) }
      if isDurable { try check(calls.sync(file), "sync", path) }
    } catch {
      _ = calls.close(file)
      throw error
    }
    // A file system may keep its refusal until now.
    try check(calls.close(file), "close", path)
  }

  /// Makes a folder.
  public func makeFolder(_ path: String, mode: UInt32) throws(NodeFailure) {
    try check(calls.makeFolder(root, path, mode: mode), "make", path)
  }

  /// Makes a symbolic link.
  public func makeLink(_ target: String, at path: String) throws(NodeFailure) {
    try check(calls.makeLink(target, root, path), "make the link", path)
  }

  /// Renames, replacing what is there.
  public func rename(_ path: String, to other: String) throws(NodeFailure) {
    try check(calls.rename(root, path, to: other), "rename", path)
  }

  /// Renames; fails when something is there.
  public func renameNew(_ path: String, to other: String) throws(NodeFailure) {
    try check(calls.renameNew(root, path, to: other), "rename", path)
  }

  /// Removes a file or link; that there is none is no failure.
  public func remove(_ path: String) throws(NodeFailure) {
    let result = calls.remove(root, path)
    if result != -NodeErrno.missing.number { try check(result, "remove", path) }
  }

  /// Removes a folder if it is empty; says whether it is gone.
  @discardableResult
  public func removeEmptyFolder(_ path: String) throws(NodeFailure) -> Bool {
    let result = calls.removeFolder(root, path)
    if result == -NodeErrno.missing.number { return true }
    if result == -NodeErrno.notEmpty.number || result == -NodeErrno.exists.number { return false }
    try check(result, "remove", path)
    return true
  }

  /// The names in a folder, in order.
  public func list(_ path: String) throws(NodeFailure) -> [String] {
    try inFolder(path) { folder throws(NodeFailure) in
      switch calls.list(folder) {
      case .success(let names): return names
      case .failure(let reason): throw NodeFailure("list", path, reason)
      }
    }
  }

  /// Removes what a path is, with all below it, following no link.
  public func removeTree(_ path: String) throws(NodeFailure) {
    guard let status = try status(path) else { return }
    guard status.kind == .directory else { return try remove(path) }
    for name in try list(path) { try removeTree(path + "/" + name) }
    try removeEmptyFolder(path)
  }
}

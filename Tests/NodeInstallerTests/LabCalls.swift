import NodeCalls

/// A change that a run asked the file system for, for replaying what a loss of power leaves of it.
enum FileChange {
  case makeFolder(String, UInt32)
  case create(String)
  case write(String, [UInt8])
  case mode(String, UInt32)
  case link(String, to: String)
  case rename(String, to: String)
  case remove(String)
  /// The file or folder itself, data and entries.
  case sync(String)
  case syncAll
}

/// The real file system with somebody in between, who counts calls, fails one, cuts the run off before one, and
/// writes changes down. Programs are not run: they are recorded, and answer what the test says.
final class LabCalls: NodeCalls {
  private let real = LinuxCalls()
  /// Calls so far, closing files and asking the time left out: neither changes anything.
  private(set) var count = 0
  /// From this call on nothing is done any more, as if the process had been killed before it.
  var killBefore: Int?
  /// The call that fails, and with which errno.
  var fail: (call: Int, errno: Int32)?
  /// Whether the failing call was asked for at all.
  private(set) var hasFailed = false
  /// Every write takes one byte at most this often.
  var shortWrites = 0
  /// Programs that were asked for.
  private(set) var programs: [[String]] = []
  /// What they answer; by default all is well.
  var answer: ([String]) -> NodeRun = { words in
    NodeRun(status: 0, output: words.contains("is-active") ? Array("active\n".utf8) : [])
  }
  private(set) var changes: [FileChange] = []
  /// Told before each call.
  var before: ((_ name: String, _ call: Int) -> Void)?
  /// Names of calls, in order.
  private(set) var names: [String] = []
  /// The paths of open files, below the root.
  private var paths: [Int32: String] = [:]
  var machine = "x86_64"
  /// Whether another installer is at work.
  var isBusy = false
  private var time = 1_800_000_000

  var isDead: Bool { killBefore.map { count > $0 } ?? false }

  /// What a call is to give instead of being made.
  private func step(_ name: String) -> Int32? {
    count += 1
    before?(name, count)
    names.append(name)
    // ESHUTDOWN is nothing that the installer knows.
    if isDead { return -108 }
    if let fail, fail.call == count {
      hasFailed = true
      return -fail.errno
    }
    return nil
  }

  private func path(_ folder: Int32, _ name: String) -> String {
    let base = paths[folder] ?? "."
    if name == "." { return base }
    return base == "." ? name : base + "/" + name
  }

  private func opened(_ descriptor: Int32, _ path: String) -> Int32 {
    if descriptor >= 0 { paths[descriptor] = path }
    return descriptor
  }

  private func change(_ result: Int32, _ change: FileChange) -> Int32 {
    if result >= 0 { changes.append(change) }
    return result
  }

  func openNamed(_ path: String, isFolder: Bool) -> Int32 {
    step("openNamed") ?? opened(real.openNamed(path, isFolder: isFolder), ".")
  }
  func openFolder(_ folder: Int32, _ path: String) -> Int32 {
    step("openFolder") ?? opened(real.openFolder(folder, path), self.path(folder, path))
  }
  func openFile(_ folder: Int32, _ path: String) -> Int32 {
    step("openFile") ?? opened(real.openFile(folder, path), self.path(folder, path))
  }
  func create(_ folder: Int32, _ path: String) -> Int32 {
    if let result = step("create") { return result }
    let name = self.path(folder, path)
    return opened(change(real.create(folder, path), .create(name)), name)
  }
  func openAppending(_ folder: Int32, _ path: String) -> Int32 {
    if let result = step("openAppending") { return result }
    let name = self.path(folder, path)
    if case .failure = real.status(folder, path) { changes.append(.create(name)) }
    return opened(real.openAppending(folder, path), name)
  }
  func close(_ descriptor: Int32) -> Int32 {
    // Done in any case: a process that ends closes its files.
    paths[descriptor] = nil
    let result = real.close(descriptor)
    return step("close") ?? result
  }
  func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    if let result = step("read") { return Int(result) }
    return unsafe real.read(descriptor, buffer, at: offset)
  }
  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    if let result = step("write") { return Int(result) }
    let isShort = shortWrites > 0 && count % shortWrites == 0 && bytes.count > 1
    let part = unsafe isShort ? UnsafeRawBufferPointer(rebasing: bytes[..<1]) : bytes
    let written = unsafe real.write(descriptor, part)
    if written > 0 { unsafe changes.append(.write(paths[descriptor] ?? "", Array(part.prefix(written)))) }
    return written
  }
  func truncate(_ descriptor: Int32, to size: Int) -> Int32 {
    step("truncate") ?? real.truncate(descriptor, to: size)
  }
  func status(_ descriptor: Int32) -> Result<NodeStatus, NodeErrno> {
    if let result = step("fstat") { return .failure(NodeErrno(-result)) }
    return real.status(descriptor).map(owned)
  }
  func status(_ folder: Int32, _ path: String) -> Result<NodeStatus, NodeErrno> {
    if let result = step("status") { return .failure(NodeErrno(-result)) }
    return real.status(folder, path).map(owned)
  }
  func readLink(_ folder: Int32, _ path: String) -> Result<String, NodeErrno> {
    if let result = step("readLink") { return .failure(NodeErrno(-result)) }
    return real.readLink(folder, path)
  }
  func makeFolder(_ folder: Int32, _ path: String, mode: UInt32) -> Int32 {
    step("makeFolder")
      ?? change(real.makeFolder(folder, path, mode: mode), .makeFolder(self.path(folder, path), mode))
  }
  func changeMode(_ descriptor: Int32, _ mode: UInt32) -> Int32 {
    step("changeMode") ?? change(real.changeMode(descriptor, mode), .mode(paths[descriptor] ?? "", mode))
  }
  /// Whoever runs the tests plays root: files stay theirs.
  func changeOwner(_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) -> Int32 {
    step("changeOwner") ?? 0
  }
  func makeLink(_ target: String, _ folder: Int32, _ path: String) -> Int32 {
    step("makeLink")
      ?? change(real.makeLink(target, folder, path), .link(self.path(folder, path), to: target))
  }
  func rename(_ folder: Int32, _ path: String, to other: String) -> Int32 {
    step("rename")
      ?? change(
        real.rename(folder, path, to: other), .rename(self.path(folder, path), to: self.path(folder, other)))
  }
  func renameNew(_ folder: Int32, _ path: String, to other: String) -> Int32 {
    step("renameNew")
      ?? change(
        real.renameNew(folder, path, to: other),
        .rename(self.path(folder, path), to: self.path(folder, other)))
  }
  func remove(_ folder: Int32, _ path: String) -> Int32 {
    step("remove") ?? change(real.remove(folder, path), .remove(self.path(folder, path)))
  }
  func removeFolder(_ folder: Int32, _ path: String) -> Int32 {
    step("removeFolder") ?? change(real.removeFolder(folder, path), .remove(self.path(folder, path)))
  }
  /// Not the machine's own disk: what is said to it is all that counts here, and it takes its time.
  func sync(_ descriptor: Int32) -> Int32 { step("sync") ?? change(0, .sync(paths[descriptor] ?? "")) }
  func syncFileSystem(_ descriptor: Int32) -> Int32 { step("syncFileSystem") ?? change(0, .syncAll) }
  func forget(_ descriptor: Int32) -> Int32 { step("forget") ?? real.forget(descriptor) }
  /// Not the real one: a program that another test is about to start holds it for a moment.
  func tryLock(_ descriptor: Int32) -> Int32 { step("tryLock") ?? (isBusy ? -11 : 0) }
  func space(_ descriptor: Int32) -> Result<NodeSpace, NodeErrno> {
    if let result = step("space") { return .failure(NodeErrno(-result)) }
    return real.space(descriptor)
  }
  func list(_ descriptor: Int32) -> Result<[String], NodeErrno> {
    if let result = step("list") { return .failure(NodeErrno(-result)) }
    return real.list(descriptor)
  }
  func run(_ words: [String], input: [UInt8], outputLimit: Int, milliseconds: Int) -> NodeRun {
    if let result = step("run") { return NodeRun(status: result, output: []) }
    programs.append(words)
    return answer(words)
  }
  func connect(_ address: String, port: Int, milliseconds: Int) -> Int32 { step("connect") ?? 0 }
  func exchange(_ address: String, port: Int, _ question: [UInt8], limit: Int, milliseconds: Int) -> [UInt8] {
    []
  }
  func random() -> UInt64 { 7 }
  func seconds() -> Int { time }
  func milliseconds() -> Int { time * 1000 }
  func pause(milliseconds: Int) { time += milliseconds / 1000 + 1 }
  func isClockSet() -> Int32 { 1 }
  func name(_ which: NodeName) -> String { which == .machine ? machine : "magnus" }
  func user() -> Int32 { 0 }

  private func owned(_ status: NodeStatus) -> NodeStatus {
    var status = status
    if status.owner == UInt32(real.user()) { status.owner = 0 }
    return status
  }
}

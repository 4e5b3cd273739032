// The node as Linux has it. See docs/architecture.md.
private import CNode

/// The real node.
public final class LinuxCalls: NodeCalls {
  /// Makes it.
  public init() {}

  public func openNamed(_ path: String, isFolder: Bool) -> Int32 { unsafe node_open_named(path, isFolder) }
  public func openFolder(_ folder: Int32, _ path: String) -> Int32 { unsafe node_open_folder(folder, path) }
  public func openFile(_ folder: Int32, _ path: String) -> Int32 { unsafe node_open_file(folder, path) }
  public func create(_ folder: Int32, _ path: String) -> Int32 { unsafe node_create(folder, path) }
  public func openAppending(_ folder: Int32, _ path: String) -> Int32 {
    unsafe node_open_append(folder, path)
  }
  public func close(_ descriptor: Int32) -> Int32 { node_close(descriptor) }
  public func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    unsafe node_read_at(descriptor, buffer.baseAddress, buffer.count, Int64(offset))
  }
  public func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe node_write(descriptor, bytes.baseAddress, bytes.count)
  }
  public func truncate(_ descriptor: Int32, to size: Int) -> Int32 {
    node_truncate(descriptor, Int64(size))
  }
  public func status(_ descriptor: Int32) -> Result<NodeStatus, NodeErrno> {
    var found = node_status()
    let result = unsafe node_descriptor_status(descriptor, &found)
    return result < 0 ? .failure(NodeErrno(-result)) : .success(NodeStatus(found))
  }
  public func status(_ folder: Int32, _ path: String) -> Result<NodeStatus, NodeErrno> {
    var found = node_status()
    let result = unsafe node_look(folder, path, &found)
    return result < 0 ? .failure(NodeErrno(-result)) : .success(NodeStatus(found))
  }
  public func readLink(_ folder: Int32, _ path: String) -> Result<String, NodeErrno> {
    unsafe text(of: 4096) { unsafe node_read_link(folder, path, $0, $1) }
  }
  public func makeFolder(_ folder: Int32, _ path: String, mode: UInt32) -> Int32 {
    unsafe node_make_folder(folder, path, mode)
  }
  public func changeMode(_ descriptor: Int32, _ mode: UInt32) -> Int32 { node_change_mode(descriptor, mode) }
  public func changeOwner(_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) -> Int32 {
    node_change_owner(descriptor, owner, group)
  }
  public func makeLink(_ target: String, _ folder: Int32, _ path: String) -> Int32 {
    unsafe node_symlink(target, folder, path)
  }
  public func rename(_ folder: Int32, _ path: String, to other: String) -> Int32 {
    unsafe node_rename(folder, path, other)
  }
  public func renameNew(_ folder: Int32, _ path: String, to other: String) -> Int32 {
    unsafe node_rename_new(folder, path, other)
  }
  public func remove(_ folder: Int32, _ path: String) -> Int32 { unsafe node_remove(folder, path) }
  public func removeFolder(_ folder: Int32, _ path: String) -> Int32 {
    unsafe node_remove_folder(folder, path)
  }
  public func sync(_ descriptor: Int32) -> Int32 { node_sync(descriptor) }
  public func syncFileSystem(_ descriptor: Int32) -> Int32 { node_sync_file_system(descriptor) }
  public func forget(_ descriptor: Int32) -> Int32 { node_forget(descriptor) }
  public func tryLock(_ descriptor: Int32) -> Int32 { node_try_lock(descriptor) }

  public func space(_ descriptor: Int32) -> Result<NodeSpace, NodeErrno> {
    var found = node_space()
    let result = unsafe node_room(descriptor, &found)
    guard result >= 0 else { return .failure(NodeErrno(-result)) }
    return .success(
      NodeSpace(
        bytes: Int(clamping: found.bytes), inodes: Int(clamping: found.inodes),
        total: Int(clamping: found.total), block: max(1, Int(clamping: found.block)),
        isReadOnly: found.read_only, isNoExec: found.no_exec))
  }

  public func list(_ descriptor: Int32) -> Result<[String], NodeErrno> {
    var size = 1 << 16
    while true {
      var buffer = [UInt8](repeating: 0, count: size)
      let used = unsafe buffer.withUnsafeMutableBytes {
        unsafe node_list(descriptor, $0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
      }
      // A folder of more than 64 MiB of names is none of ours.
      if used == -Int(NODE_ERANGE), size < 1 << 26 {
        size *= 4
        continue
      }
      guard used >= 0 else { return .failure(NodeErrno(Int32(-used))) }
      let names = buffer.prefix(used).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
      return .success(names.sorted())
    }
  }

  public func connect(_ address: String, port: Int, milliseconds: Int) -> Int32 {
    unsafe node_connect(address, Int32(clamping: port), Int64(milliseconds))
  }
  public func exchange(
    _ address: String, port: Int, _ question: [UInt8], limit: Int, milliseconds: Int
  ) -> [UInt8] {
    var answer = [UInt8](repeating: 0, count: max(1, limit))
    let count = unsafe question.withUnsafeBytes { question in
      unsafe answer.withUnsafeMutableBytes { answer in
        unsafe node_exchange(
          address, Int32(clamping: port), question.baseAddress, question.count, answer.baseAddress,
          answer.count,
          Int64(milliseconds))
      }
    }
    return Array(answer.prefix(max(0, count)))
  }
  public func random() -> UInt64 {
    var number: UInt64 = 0
    _ = unsafe withUnsafeMutableBytes(of: &number) { unsafe node_random($0.baseAddress, $0.count) }
    return number
  }
  public func seconds() -> Int { Int(node_seconds()) }
  public func milliseconds() -> Int { Int(node_milliseconds()) }
  public func pause(milliseconds: Int) { node_pause(Int64(milliseconds)) }
  public func isClockSet() -> Int32 { node_clock_is_set() }
  public func user() -> Int32 { node_user() }

  public func name(_ which: NodeName) -> String {
    let name = unsafe text(of: 256) { unsafe node_uname(which.rawValue, $0, $1) }
    guard case .success(let text) = name else { return "" }
    return text
  }

  public func run(_ words: [String], input: [UInt8], outputLimit: Int, milliseconds: Int) -> NodeRun {
    var output = [UInt8](repeating: 0, count: max(1, outputLimit))
    // The words one after the other, each with a zero behind it, and where each begins.
    var text: [UInt8] = []
    var starts: [Int] = []
    for word in words {
      starts.append(text.count)
      text += word.utf8
      text.append(0)
    }
    var written = 0
    let status = unsafe text.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      var pointers: [UnsafePointer<CChar>?] = unsafe []
      for start in starts { unsafe pointers.append(unsafe base.map { unsafe $0 + start }) }
      unsafe pointers.append(nil)
      return unsafe pointers.withUnsafeBufferPointer { words in
        unsafe input.withUnsafeBytes { input in
          unsafe output.withUnsafeMutableBytes { output in
            unsafe node_run(
              words.baseAddress, input.baseAddress, input.count,
              output.baseAddress?.assumingMemoryBound(to: CChar.self), outputLimit, &written,
              Int64(milliseconds))
          }
        }
      }
    }
    return NodeRun(status: status, output: Array(output.prefix(written)))
  }

  private func text(
    of size: Int, _ call: (UnsafeMutablePointer<CChar>?, Int) -> Int
  ) -> Result<String, NodeErrno> {
    var buffer = [UInt8](repeating: 0, count: size)
    let used = unsafe buffer.withUnsafeMutableBytes {
      unsafe call($0.baseAddress?.assumingMemoryBound(to: CChar.self), $0.count)
    }
    guard used >= 0 else { return .failure(NodeErrno(Int32(-used))) }
    return .success(String(decoding: buffer.prefix(used), as: UTF8.self))
  }
}

extension NodeStatus {
  fileprivate init(_ found: node_status) {
    let kinds: [NodeKind] = [.file, .directory, .link, .other]
    self.init(
      kind: kinds[Int(found.kind)], mode: found.mode, owner: found.owner, group: found.group,
      size: Int(found.size))
  }
}

/// The process itself, as its `main` needs it.
public enum NodeProcess {
  /// The words of the command line, the program's own name among them.
  public static var arguments: [String] {
    (0..<node_argument_count()).map { unsafe String(cString: node_argument($0)) }
  }

  /// A variable of the environment.
  public static func environment(_ name: String) -> String? {
    guard let value = unsafe node_environment(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Whether standard error is the journal's.
  public static var isJournal: Bool { node_logs_to_journal() }

  /// Writes to standard output, or to standard error.
  public static func print(_ bytes: [UInt8], toErrors: Bool = false) {
    unsafe bytes.withUnsafeBytes { unsafe node_print(toErrors ? 2 : 1, $0.baseAddress, $0.count) }
  }

  /// Ends the process.
  public static func exit(_ status: Int32) -> Never { node_exit(status) }
}

extension NodeErrno {
  /// As strerror(3) says it.
  public var text: String { unsafe String(cString: node_error_text(number)) }
}

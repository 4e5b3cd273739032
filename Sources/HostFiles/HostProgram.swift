private import CLinux

/// Programs of the machine. No shell is ever between: arguments arrive as they are given.
public enum HostProgram {
  /// What a program left behind.
  public struct Result: Hashable, Sendable {
    /// Its exit status, or 128 and the signal that ended it, as a shell counts.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: [UInt8]
    /// What it wrote to standard error.
    public let errors: [UInt8]

    /// Makes a result.
    public init(status: Int32, output: [UInt8], errors: [UInt8]) {
      self.status = status
      self.output = output
      self.errors = errors
    }
  }

  /// The path of a program as execvp(3) finds it; `nil` when `PATH` has none. A name with a slash is
  /// a path already.
  public static func find(_ name: String) -> String? {
    guard !name.isEmpty else { return nil }
    if name.utf8.contains(UInt8(ascii: "/")) { return isProgram(name) ? name : nil }
    let folders = HostEnvironment.value("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in folders.split(separator: ":", omittingEmptySubsequences: false) {
      let path = (folder.isEmpty ? "." : String(folder)) + "/" + name
      if isProgram(path) { return path }
    }
    return nil
  }

  private static func isProgram(_ path: String) -> Bool {
    unsafe (try? path.call("find") { unsafe linux_is_program($0) }) == 1
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - argv: The program, looked up as by `find`, and its arguments.
  ///   - input: What it reads from standard input; it may end before it has read all.
  ///   - environment: All its variables; those of this process when `nil`.
  ///   - directory: Where it works.
  ///   - limit: How much it may write, output and errors together, in bytes.
  ///   - seconds: How long it may take.
  /// - Throws: ENOENT when there is no such program, ETIMEDOUT and EFBIG when it was killed because
  ///   it took too long or wrote too much.
  public static func run(
    _ argv: [String], input: [UInt8] = [], environment: [String: String]? = nil, directory: String? = nil,
    limit: Int = 64 << 20, seconds: Int = 600
  ) throws(HostError) -> Result {
    guard let name = argv.first, let program = find(name) else {
      throw HostError(operation: "run", path: argv.first ?? "", errno: linux_ENOENT)
    }
    let variables = environment?.sorted { $0.key < $1.key }.map { $0.key + "=" + $0.value }
    guard (argv + (variables ?? [])).allSatisfy({ !$0.utf8.contains(0) }) else {
      throw HostError(operation: "run", path: name, errno: linux_EINVAL)
    }
    var run = ProgramRun(
      child: try start(program, argv, variables: variables, directory: directory), name: name, input: input,
      limit: limit, deadline: linux_milliseconds() + 1000 * Int64(max(seconds, 0)))
    return try run.finish()
  }

  private static func start(
    _ program: String, _ argv: [String], variables: [String]?, directory: String?
  ) throws(HostError) -> linux_child {
    let arguments = unsafe CStrings(argv)
    let environment = unsafe variables.map { unsafe CStrings($0) }
    defer {
      unsafe arguments.free()
      unsafe environment?.free()
    }
    var child = linux_child()
    let result = unsafe try program.call("run", and: directory ?? "") { path, folder in
      unsafe linux_spawn(&child, path, arguments.start, environment?.start, directory == nil ? nil : folder)
    }
    _ = try HostError.check("run", argv.first ?? program, result)
    return child
  }
}

/// A list of C strings with a null pointer at its end, as exec wants it.
@unsafe private struct CStrings {
  private let pointers: UnsafeMutableBufferPointer<UnsafeMutablePointer<CChar>?>

  init(_ texts: [String]) {
    unsafe pointers = .allocate(capacity: texts.count + 1)
    unsafe pointers.initialize(repeating: nil)
    for (index, text) in texts.enumerated() {
      let characters = text.utf8CString
      let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: characters.count)
      _ = unsafe copy.initialize(from: characters)
      unsafe pointers[index] = copy.baseAddress
    }
  }

  var start: UnsafePointer<UnsafeMutablePointer<CChar>?>? { unsafe UnsafePointer(pointers.baseAddress) }

  func free() {
    for index in unsafe pointers.indices { unsafe pointers[index]?.deallocate() }
    unsafe pointers.deallocate()
  }
}

/// A program that is running, with what it has said so far.
private struct ProgramRun {
  var child: linux_child
  let name: String
  let input: [UInt8]
  let limit: Int
  let deadline: Int64
  var written = 0
  var output: [UInt8] = []
  var errors: [UInt8] = []

  /// Feeds and reads the program until it ends; kills it when it breaks a limit.
  mutating func finish() throws(HostError) -> HostProgram.Result {
    var failure: HostError?
    do throws(HostError) {
      try converse()
    } catch {
      failure = error
      unsafe linux_child_kill(&child)
    }
    let status = unsafe linux_child_reap(&child)
    if let failure { throw failure }
    return HostProgram.Result(
      status: try HostError.check("run", name, status), output: output, errors: errors)
  }

  private mutating func converse() throws(HostError) {
    while true {
      if input.count == written { Self.close(&child.input) }
      let left = deadline - linux_milliseconds()
      let ready = unsafe try HostError.check("run", name, linux_child_wait(&child, max(left, 0)))
      if ready & Int32(LINUX_INPUT.rawValue) != 0 { feed() }
      if ready & Int32(LINUX_OUTPUT.rawValue) != 0 { _ = try readOutput() }
      if ready & Int32(LINUX_ERRORS.rawValue) != 0 { _ = try readErrors() }
      if ready & Int32(LINUX_EXIT.rawValue) != 0 {
        // Reads what is in the pipes, not until their end: something that the program left running
        // may hold them open for ever.
        while try readOutput() {}
        while try readErrors() {}
        return
      }
      if ready == 0 && left <= 0 { throw HostError(operation: "run", path: name, errno: linux_ETIMEDOUT) }
    }
  }

  private mutating func feed() {
    let count = unsafe input.withUnsafeBytes { buffer in
      let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
      return unsafe linux_write_quiet(child.input, rest.baseAddress, rest.count)
    }
    if count >= 0 {
      written += count
    } else if count != -Int(linux_EAGAIN) {
      // It does not read any more: nothing is wrong with that.
      written = input.count
    }
  }

  private mutating func readOutput() throws(HostError) -> Bool {
    guard let piece = try read(child.output) else { return false }
    if piece.isEmpty { Self.close(&child.output) }
    output += piece
    return !piece.isEmpty
  }

  private mutating func readErrors() throws(HostError) -> Bool {
    guard let piece = try read(child.errors) else { return false }
    if piece.isEmpty { Self.close(&child.errors) }
    errors += piece
    return !piece.isEmpty
  }

  /// Reads a pipe once: nothing at its end, `nil` when there is nothing now or it is closed.
  private func read(_ pipe: Int32) throws(HostError) -> [UInt8]? {
    guard pipe >= 0 else { return nil }
    let room = limit - output.count - errors.count
    let piece = try HostDescriptor.readAvailable(pipe, min(65536, room + 1), path: name)
    guard let piece, piece.count > room else { return piece }
    throw HostError(operation: "keep the output of", path: name, errno: linux_EFBIG)
  }

  private static func close(_ pipe: inout Int32) {
    if pipe >= 0 { linux_close(pipe) }
    pipe = -1
  }
}

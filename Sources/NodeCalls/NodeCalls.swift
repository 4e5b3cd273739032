/// What a name of the file system is.
public enum NodeKind: Hashable, Sendable {
  case file, directory, link, other
}

/// What stat(2) says, as far as the installer asks.
public struct NodeStatus: Hashable, Sendable {
  /// What it is.
  public var kind: NodeKind
  /// Permission bits, set-id and sticky ones among them.
  public var mode: UInt32
  /// Numbers of owner and group.
  public var owner: UInt32
  /// Numbers of owner and group.
  public var group: UInt32
  /// Bytes.
  public var size: Int

  /// Makes a status.
  public init(kind: NodeKind, mode: UInt32, owner: UInt32, group: UInt32, size: Int) {
    self.kind = kind
    self.mode = mode
    self.owner = owner
    self.group = group
    self.size = size
  }
}

/// What statvfs(3) says, as far as the installer asks.
public struct NodeSpace: Hashable, Sendable {
  /// Bytes that an ordinary user could still take.
  public var bytes: Int
  /// Inodes that are free.
  public var inodes: Int
  /// Bytes in all.
  public var total: Int
  /// The size of a block.
  public var block: Int
  /// Mounted read-only.
  public var isReadOnly: Bool
  /// Mounted so that nothing in it can be run.
  public var isNoExec: Bool
}

/// What a program did.
public struct NodeRun: Hashable, Sendable {
  /// Its exit status, 128 and its signal, or a negated errno where it could not be run or took too long.
  public var status: Int32
  /// What it printed, up to the size that was asked for.
  public var output: [UInt8]

  /// Makes a result.
  public init(status: Int32, output: [UInt8]) {
    self.status = status
    self.output = output
  }
}

/// Every effect that the installer has on a node and everything it learns from it: one function for each system call,
/// so that tests can stand between and count, refuse, cut off or write down each of them.
///
/// Numbers are as in C: a negated errno when the call fails. Paths are relative to an open folder; no part of them
/// may be a link or `..`.
public protocol NodeCalls: AnyObject {
  func openNamed(_ path: String, isFolder: Bool) -> Int32
  func openFolder(_ folder: Int32, _ path: String) -> Int32
  func openFile(_ folder: Int32, _ path: String) -> Int32
  func create(_ folder: Int32, _ path: String) -> Int32
  func openAppending(_ folder: Int32, _ path: String) -> Int32
  func close(_ descriptor: Int32) -> Int32
  func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int
  func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int
  func truncate(_ descriptor: Int32, to size: Int) -> Int32
  func status(_ descriptor: Int32) -> Result<NodeStatus, NodeErrno>
  func status(_ folder: Int32, _ path: String) -> Result<NodeStatus, NodeErrno>
  func readLink(_ folder: Int32, _ path: String) -> Result<String, NodeErrno>
  func makeFolder(_ folder: Int32, _ path: String, mode: UInt32) -> Int32
  func changeMode(_ descriptor: Int32, _ mode: UInt32) -> Int32
  func changeOwner(_ descriptor: Int32, _ owner: UInt32, _ group: UInt32) -> Int32
  func makeLink(_ target: String, _ folder: Int32, _ path: String) -> Int32
  func rename(_ folder: Int32, _ path: String, to other: String) -> Int32
  func renameNew(_ folder: Int32, _ path: String, to other: String) -> Int32
  func remove(_ folder: Int32, _ path: String) -> Int32
  func removeFolder(_ folder: Int32, _ path: String) -> Int32
  func sync(_ descriptor: Int32) -> Int32
  func syncFileSystem(_ descriptor: Int32) -> Int32
  func forget(_ descriptor: Int32) -> Int32
  func tryLock(_ descriptor: Int32) -> Int32
  func space(_ descriptor: Int32) -> Result<NodeSpace, NodeErrno>
  func list(_ descriptor: Int32) -> Result<[String], NodeErrno>
  func run(_ words: [String], input: [UInt8], outputLimit: Int, milliseconds: Int) -> NodeRun
  func connect(_ address: String, port: Int, milliseconds: Int) -> Int32
  /// Sends a datagram and gives the answer to it; nothing when there is none in time.
  func exchange(_ address: String, port: Int, _ question: [UInt8], limit: Int, milliseconds: Int) -> [UInt8]
  func random() -> UInt64
  /// Seconds since 1970.
  func seconds() -> Int
  /// Of a clock that only goes forwards.
  func milliseconds() -> Int
  func pause(milliseconds: Int)
  /// 1 where the clock is synchronised, 0 where not.
  func isClockSet() -> Int32
  func name(_ which: NodeName) -> String
  /// The effective user's number.
  func user() -> Int32
}

/// A number of errno(3).
public struct NodeErrno: Error, Hashable, Sendable {
  /// The number, positive.
  public let number: Int32

  /// Takes a number.
  public init(_ number: Int32) { self.number = number }

  public static let missing = NodeErrno(2)
  public static let io = NodeErrno(5)
  public static let exists = NodeErrno(17)
  public static let notDirectory = NodeErrno(20)
  public static let noSpace = NodeErrno(28)
  public static let readOnly = NodeErrno(30)
  public static let notEmpty = NodeErrno(39)
  public static let link = NodeErrno(40)
  public static let quota = NodeErrno(122)
  public static let wouldBlock = NodeErrno(11)
}

/// What uname(2) names.
public enum NodeName: Int32, Sendable {
  /// `x86_64`.
  case machine = 0
  /// `6.1.0-18-amd64`.
  case release = 1
  /// The host's name.
  case host = 2
}

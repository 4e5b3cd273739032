// Everything this tool does to the machine it runs on. See docs/architecture.md.
private import CLinux

/// A failure of the environment: what was tried, on what, and the system's number for why.
public struct HostError: Error, Hashable, Sendable {
  /// What was tried, as it follows "cannot": `open`, `write to`.
  public let operation: String
  /// The file or program concerned, as the caller named it.
  public let path: String
  /// The system's number, see errno(3).
  public let errno: Int32

  /// Makes an error.
  public init(operation: String, path: String, errno: Int32) {
    self.operation = operation
    self.path = path
    self.errno = errno
  }

  /// For example `cannot open a.yaml: No such file or directory`. Never translated.
  public var message: String {
    let text = unsafe String(cString: linux_error_text(errno))
    return "cannot \(operation) \(path): \(text)"
  }

  /// Whether the file is not there (ENOENT).
  public var isAbsence: Bool { errno == linux_ENOENT }

  /// Whether the disk is full, or a limit of size is reached (ENOSPC, EFBIG).
  public var isLackOfSpace: Bool { errno == linux_ENOSPC || errno == linux_EFBIG }

  /// Whether the name is taken (EEXIST).
  public var isTaken: Bool { errno == linux_EEXIST }

  /// Whether the kernel or the file system has no such operation (EINVAL, ENOSYS, EOPNOTSUPP).
  public var isUnsupported: Bool { [linux_EINVAL, linux_ENOSYS, linux_EOPNOTSUPP].contains(errno) }

  /// Whether time ran out (ETIMEDOUT).
  public var isTimeout: Bool { errno == linux_ETIMEDOUT }

  /// The result of a call of CLinux, or the error that its negative number stands for.
  static func check<Number: SignedInteger & FixedWidthInteger>(
    _ operation: String, _ path: String, _ result: Number
  ) throws(HostError) -> Number {
    guard result < 0 else { return result }
    throw HostError(operation: operation, path: path, errno: Int32(truncatingIfNeeded: -result))
  }
}

private import CLinux

// Texts on their way to C.
extension String {
  /// Calls C with this text; EINVAL when it holds a NUL byte, which would end it there.
  func call<Number>(
    _ operation: String, _ body: (UnsafePointer<CChar>) -> Number
  ) throws(HostError) -> Number {
    guard !utf8.contains(0) else {
      throw HostError(operation: operation, path: self, errno: linux_EINVAL)
    }
    return unsafe withCString { unsafe body($0) }
  }

  /// Calls C with this text and another.
  func call<Number>(
    _ operation: String, and other: String, _ body: (UnsafePointer<CChar>, UnsafePointer<CChar>) -> Number
  ) throws(HostError) -> Number {
    guard !utf8.contains(0), !other.utf8.contains(0) else {
      throw HostError(operation: operation, path: self, errno: linux_EINVAL)
    }
    return unsafe withCString { first in unsafe other.withCString { unsafe body(first, $0) } }
  }

  /// Calls C with this path; a negative result is an error.
  func check(
    _ operation: String, _ body: (UnsafePointer<CChar>) -> Int32
  ) throws(HostError) -> Int32 {
    unsafe try HostError.check(operation, self, try call(operation, body))
  }
}

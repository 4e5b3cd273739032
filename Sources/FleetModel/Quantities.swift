/// A TCP or UDP port, 1 to 65535.
public struct PortNumber: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number.
  public let value: UInt16

  /// Takes a number from 1 to 65535.
  public init?(_ value: Int) {
    guard (1...65535).contains(value) else { return nil }
    self.value = UInt16(value)
  }

  /// Decimal.
  public var description: String { String(value) }

  /// Whether binding it needs CAP_NET_BIND_SERVICE (ip(7)).
  public var isPrivileged: Bool { value < 1024 }

  public static func < (left: PortNumber, right: PortNumber) -> Bool { left.value < right.value }
}

/// A number of bytes, written with a binary suffix: `512MiB`, `80GiB`.
public struct ByteCount: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of bytes.
  public let bytes: UInt64

  /// Takes a number of bytes.
  public init(bytes: UInt64) { self.bytes = bytes }

  private static let units: [(suffix: String, shift: UInt64)] = [
    ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("B", 0),
  ]

  /// Reads a whole number and one of B, KiB, MiB, GiB, TiB. Decimal suffixes are refused: `GB` is
  /// read as 1000^3 by some tools and as 1024^3 by others, and a disk plan must not depend on which.
  public init?(_ text: String) {
    for (suffix, shift) in Self.units where text.hasSuffix(suffix) {
      let digits = text.dropLast(suffix.utf8.count)
      guard (1...15).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
        let number = UInt64(digits), number <= UInt64.max >> (shift + 1)
      else { return nil }
      bytes = number << shift
      return
    }
    return nil
  }

  /// The largest suffix that leaves a whole number.
  public var description: String {
    for (suffix, shift) in Self.units where bytes != 0 && bytes & (1 << shift - 1) == 0 {
      return "\(bytes >> shift)\(suffix)"
    }
    return "\(bytes)B"
  }

  public static func < (left: ByteCount, right: ByteCount) -> Bool { left.bytes < right.bytes }
}

/// A span of time in whole milliseconds, written as systemd.time(7) does with one unit: `90s`.
public struct TimeSpan: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The number of milliseconds.
  public let milliseconds: Int

  /// Takes a number of seconds.
  public static func seconds(_ seconds: Int) -> TimeSpan { TimeSpan(milliseconds: seconds * 1000) }

  /// Takes a number of milliseconds.
  public init(milliseconds: Int) { self.milliseconds = milliseconds }

  private static let units: [(suffix: String, factor: Int)] = [
    ("ms", 1), ("min", 60_000), ("s", 1000), ("h", 3_600_000), ("d", 86_400_000),
  ]

  /// Reads a whole number and one of ms, s, min, h, d.
  public init?(_ text: String) {
    for (suffix, factor) in Self.units where text.hasSuffix(suffix) {
      let digits = text.dropLast(suffix.utf8.count)
      guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
        let number = Int(digits)
      else { continue }
      milliseconds = number * factor
      return
    }
    return nil
  }

  /// Seconds where they are whole, else milliseconds.
  public var description: String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }

  public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
    left.milliseconds < right.milliseconds
  }
}

/// Permission bits, written in octal with four digits: `0600`. No set-id or sticky bits.
public struct FileMode: Hashable, Sendable, CustomStringConvertible {
  /// The nine bits.
  public let bits: UInt16

  /// Takes nine bits.
  public init(_ bits: UInt16) { self.bits = bits & 0o777 }

  /// Reads four octal digits, the first of them zero.
  public init?(_ text: String) {
    guard text.utf8.count == 4, text.utf8.first == 48, let bits = UInt16(text, radix: 8) else {
      return nil
    }
    self.bits = bits
  }

  /// Four octal digits.
  public var description: String {
    let digits = String(bits, radix: 8)
    return String(repeating: "0", count: 4 - digits.utf8.count) + digits
  }
}

/// An absolute path on the node: no `.`, `..`, empty part, control character or trailing slash;
/// ASCII only; at most 1024 bytes.
public struct TargetPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The path as written.
  public let description: String

  /// Checks and takes a path; `nil` when it does not follow the grammar.
  public init?(_ text: String) {
    guard text.utf8.first == 47, text.utf8.count <= 1024, Self.isClean(text.dropFirst()) else {
      return nil
    }
    description = text
  }

  /// The root directory: the one path that ends in a slash.
  public static let root = TargetPath(unchecked: "/")

  private init(unchecked text: String) { description = text }

  static func isClean(_ relative: Substring) -> Bool {
    !relative.isEmpty && relative.utf8.allSatisfy { (33...126).contains($0) }
      && relative.split(separator: "/", omittingEmptySubsequences: false)
        .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
  }

  /// The path below the root, without the leading slash: its place in a tree of target files.
  public var relative: String { String(description.dropFirst()) }

  /// The path of `name` below this one; `nil` when the result is none.
  public func appending(_ name: String) -> TargetPath? { TargetPath(description + "/" + name) }

  /// The directory that holds it; `nil` for a path directly below the root.
  public var parent: TargetPath? {
    guard let slash = description.lastIndex(of: "/"), slash > description.startIndex else { return nil }
    return TargetPath(String(description[..<slash]))
  }

  /// The last part.
  public var lastComponent: String {
    String(description[description.index(after: description.lastIndex(of: "/") ?? description.startIndex)...])
  }

  public static func < (left: TargetPath, right: TargetPath) -> Bool {
    left.description < right.description
  }
}

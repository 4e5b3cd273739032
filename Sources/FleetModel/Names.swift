/// A lower-case name of the fleet language: a letter, then letters, digits and single hyphens.
///
/// Nodes, services, networks, authorities and secrets are all named so, because every one of them
/// becomes part of a host name, a unit name or a file name somewhere. At most 63 bytes (RFC 1035).
public struct Name: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as written.
  public let description: String

  /// Checks and takes a name; `nil` when it does not follow the grammar.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard let first = bytes.first, bytes.count <= 63, (97...122).contains(first),
      bytes.last != 45, !text.contains("--"),
      bytes.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 })
    else { return nil }
    description = text
  }

  /// Takes a literal of this room's that follows the grammar.
  init(unchecked text: String) { description = text }

  public static func < (left: Name, right: Name) -> Bool { left.description < right.description }
}

/// A DNS name of labels as in RFC 1123, without a trailing dot, lower case, at most 253 bytes.
public struct DomainName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as written.
  public let description: String

  /// Checks and takes a name; `nil` when it is none.
  public init?(_ text: String) {
    let labels = text.split(separator: ".", omittingEmptySubsequences: false)
    guard !text.isEmpty, text.utf8.count <= 253, labels.allSatisfy(Self.isLabel) else { return nil }
    description = text
  }

  private static func isLabel(_ label: Substring) -> Bool {
    let bytes = label.utf8
    return (1...63).contains(bytes.count) && bytes.first != 45 && bytes.last != 45
      && bytes.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
  }

  public static func < (left: DomainName, right: DomainName) -> Bool {
    left.description < right.description
  }
}

/// A user or group name as `useradd` takes it: at most 31 bytes.
public struct AccountName: Hashable, Sendable, CustomStringConvertible {
  /// The name as written.
  public let description: String

  /// The superuser.
  public static let root = AccountName(unchecked: "root")

  /// Checks and takes a name; `nil` when it is none.
  public init?(_ text: String) {
    let bytes = text.utf8
    guard let first = bytes.first, bytes.count <= 31, (97...122).contains(first) || first == 95,
      bytes.allSatisfy({
        (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95
      })
    else { return nil }
    description = text
  }

  private init(unchecked text: String) { description = text }
}

/// A name of an environment variable: a capital or underscore, then those and digits.
public struct VariableName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as written.
  public let description: String

  /// Checks and takes a name; `nil` when it is none.
  public init?(_ text: String) {
    guard let first = text.utf8.first, text.utf8.count <= 128, (65...90).contains(first) || first == 95,
      text.utf8.allSatisfy({ (65...90).contains($0) || (48...57).contains($0) || $0 == 95 })
    else { return nil }
    description = text
  }

  public static func < (left: VariableName, right: VariableName) -> Bool {
    left.description < right.description
  }
}

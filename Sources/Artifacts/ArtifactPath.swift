/// A relative path in an output tree: parts of printable ASCII without `/`, none of them empty, `.`
/// or `..`; at most 1024 bytes.
public struct ArtifactPath: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The path with slashes.
  public let description: String

  /// Checks and takes a path; `nil` when it does not follow the grammar.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard text.utf8.count <= 1024, text.utf8.allSatisfy({ (33...126).contains($0) }),
      parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." })
    else { return nil }
    description = text
  }

  /// The path of `name` below this one; `nil` when the result is none.
  public func appending(_ name: String) -> ArtifactPath? { ArtifactPath(description + "/" + name) }

  public static func < (left: ArtifactPath, right: ArtifactPath) -> Bool {
    left.description < right.description
  }
}

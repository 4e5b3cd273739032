public import Artifacts
public import Diagnostics
public import Digests

/// A file that was staged.
public struct StagedFile: Sendable {
  /// What it is.
  public enum Content: Hashable, Sendable {
    /// A regular file.
    case file(size: Int, digest: SHA256Digest)
    /// A symbolic link.
    case link(target: String)
  }

  /// Relative to the folder it was staged in.
  public let path: ArtifactPath
  /// Permission bits.
  public let mode: UInt16
  /// What kind of artifact it is.
  public let kind: ArtifactKind
  /// Size and digest, or target.
  public let content: Content
  /// Why it is there.
  public let origin: Origin
}

/// An artifact that was left out because its secret is not in the store yet.
public struct MissingSecret: Hashable, Sendable {
  /// Where it would be, relative to the folder.
  public let path: ArtifactPath
  /// What it needs, relative to `secrets/FLEET`.
  public let secret: String
}

/// What was staged in one folder.
public struct StagedFolder: Sendable {
  /// The folder's name in the fleet's; empty for the fleet's folder itself.
  public let name: String
  /// In order of path.
  public internal(set) var files: [StagedFile] = []
  /// In order of path.
  public internal(set) var missing: [MissingSecret] = []

  init(name: String) {
    self.name = name
  }
}

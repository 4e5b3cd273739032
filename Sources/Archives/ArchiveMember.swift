/// What is put into an archive.
public struct ArchiveMember: Hashable, Sendable {
  /// Kinds of member with what they hold.
  public enum Content: Hashable, Sendable {
    /// A folder.
    case directory
    /// A regular file with these bytes.
    case file([UInt8])
    /// A symbolic link to this target.
    case link(String)
  }

  /// Relative, printable ASCII: `usr/bin/setsid`.
  public var path: String
  /// Permission bits.
  public var mode: UInt16
  /// What it holds.
  public var content: Content

  /// Makes a member.
  public init(_ path: String, mode: UInt16, _ content: Content) {
    self.path = path
    self.mode = mode
    self.content = content
  }

  /// Makes a folder that everybody may enter.
  public static func directory(_ path: String, mode: UInt16 = 0o755) -> ArchiveMember {
    ArchiveMember(path, mode: mode, .directory)
  }
}

/// How an archive is made smaller.
public enum ArchiveCompression: Hashable, Sendable {
  /// Not at all.
  case none
  /// gzip(1) without name and time, level 1 to 9.
  case gzip(level: Int)
  /// zstd(1), level 1 to 19.
  case zstd(level: Int)
}

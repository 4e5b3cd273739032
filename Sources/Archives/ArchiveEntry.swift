public import Digests

/// A member of an archive.
public struct ArchiveEntry: Hashable, Sendable {
  /// Kinds of member.
  public enum Kind: Hashable, Sendable {
    case file, directory, link, other
  }

  /// As the archive names it.
  public var path: String
  /// What it is.
  public var kind: Kind
  /// Permission bits, set-id and sticky bits among them.
  public var mode: UInt16
  /// Number of its owner.
  public var user: Int
  /// Number of its group.
  public var group: Int
  /// Seconds since 1970; 0 where the archive has none.
  public var modified: Int
  /// Bytes of its content.
  public var size: Int
  /// SHA-256 of its content.
  public var digest: SHA256Digest
}

/// Formats that the reader takes. There is no guessing: what looks like a tar may be a trap for
/// another parser.
public enum ArchiveFormat: Sendable {
  /// Every dialect of tar.
  case tar
  /// Every dialect of cpio.
  case cpio
}

/// Why an archive cannot be read.
public enum ArchiveError: Error, Hashable, Sendable {
  /// libarchive's words; it may have been a warning: what it only warns of it has guessed.
  case malformed(String)
  /// A member's name is missing or is no UTF-8.
  case name
  /// More members or bytes than asked for.
  case limit
  /// No memory.
  case memory
}

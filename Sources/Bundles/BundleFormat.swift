/// Names, limits and the magic of the bundle format, version 1: what generator and installer agree on.
///
/// A bundle is an uncompressed ustar archive, so that any tar lists it, but only one sequence of
/// bytes is the bundle of given contents: see `UstarHeader` and `BundleLayout`.
public enum BundleFormat {
  /// Name of the first member.
  public static let magicName = "imagegen-bundle"
  /// Its content; the number is the format's.
  public static let magic = Array("imagegen.bundle/1\n".utf8)
  /// The value of the manifest's `format`.
  public static let identifier = "imagegen.bundle/1"
  /// Name of the second member: what is installed and what it needs.
  public static let manifestName = "manifest.json"
  /// Name of the third member, if the bundle is signed.
  public static let signatureName = "manifest.sig"
  /// Folder of attestations; the node checks their digests and reads nothing in them.
  public static let attestationFolder = "attest/"
  /// Folder of blobs, each named by the SHA-256 of what it holds.
  public static let blobFolder = "blobs/"
  /// What stands before the manifest's bytes in the signed message, so that a signature made for
  /// anything else is none for a bundle.
  public static let signatureDomain = Array("imagegen/bundle/v1\0".utf8)

  /// Most bytes of a manifest.
  public static let manifestLimit = 1 << 20
  /// Deepest nesting in a manifest.
  public static let depthLimit = 8
  /// Most bytes of a member's name: ustar's name field without its prefix.
  public static let nameLimit = 100
  /// Most bytes of a member: eleven octal digits.
  public static let memberLimit = 0o77_777_777_777
  /// Most files and directories.
  public static let fileLimit = 16_384
  /// Most bytes of a path on the node.
  public static let pathLimit = 1024
  /// Most parts of a path: each names a directory, which all files of a hostile manifest may do anew.
  public static let partLimit = 32
  /// Most bytes of a zstd frame's window, which is what reading it takes.
  public static let windowLimit = 1 << 23
  /// Most lines of a signature file.
  public static let signatureLimit = 16
}

/// Why something is no bundle.
public enum BundleError: Error, Hashable, Sendable {
  /// A member's name has other characters than `a-z0-9./-`, or too many of them.
  case memberName(String)
  /// A member is larger than ustar can say.
  case memberSize(String)
  /// A path on the node is not relative, has `.`, `..`, an empty part or a character that is not
  /// printable ASCII.
  case path(String)
  /// Two paths are one on a file system that ignores case, or one lies inside the other's file.
  case pathConflict(String, with: String)
  /// There are more files than a node takes.
  case fileCount(Int)
  /// A text of the manifest is not ASCII.
  case text
  /// The manifest has more bytes than a node takes.
  case manifestSize(Int)
  /// A signature is not 64 bytes or a key not 32, or a line of a signature file or of a key is none.
  case signature
  /// The manifest is no JSON that this format has: what is wrong, and at which byte.
  case json(String, at: Int)
  /// A member of the manifest is missing or of another kind.
  case field(String)
  /// A mode has other bits than permissions.
  case mode(String)
  /// Encoding the manifest again gives other bytes: a member is unknown, out of order or contradicts others.
  case notCanonical
  /// Somebody who was asked whether it is trusted said no: with which exit status, and why.
  case refused(code: Int32, String)

  /// Short, lower case, no full stop.
  public var message: String {
    switch self {
    case .memberName(let name): "member name '\(name)' is outside a-z, 0-9, dot, slash and hyphen"
    case .memberSize(let name): "member \(name) is larger than 8 GiB"
    case .path(let path): "path '\(path)' is not a clean relative path of printable ASCII"
    case .pathConflict(let path, let other): "path '\(path)' conflicts with '\(other)'"
    case .fileCount(let count): "\(count) files are more than \(BundleFormat.fileLimit)"
    case .text: "the manifest holds text that is not ASCII"
    case .manifestSize(let size):
      "the manifest has \(size) bytes, more than \(BundleFormat.manifestLimit)"
    case .signature: "a signature needs 64 bytes and a key of 32"
    case .json(let message, let offset): "the manifest is no JSON: \(message) at byte \(offset)"
    case .field(let name): "the manifest's '\(name)' is missing or of another kind"
    case .mode(let path): "the mode of '\(path)' has more than permission bits"
    case .refused(_, let message): message
    case .notCanonical: "the manifest is not in its canonical form, or has members this format does not know"
    }
  }
}

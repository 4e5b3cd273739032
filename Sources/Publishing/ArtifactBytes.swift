internal import Artifacts
internal import Digests
internal import HostFiles
internal import SecretStore

/// Where the bytes of artifacts come from.
public struct ArtifactSources: Sendable {
  /// The fleet's profiles, which files of artifacts are relative to: `profiles/FLEET`.
  public let profiles: String
  /// The fleet's secrets.
  let secrets: SecretFolder

  /// Makes the sources of a fleet: `profiles/FLEET` and `secrets/FLEET`.
  public init(profiles: String, secrets: String) {
    self.profiles = profiles
    self.secrets = SecretFolder(secrets)
  }

  /// The bytes of a secret; `nil` when it is not there yet.
  func secret(_ path: String) throws(PublishingError) -> [UInt8]? {
    guard let file = SecretFile(path) else { throw .unknownSecret(path) }
    do throws(SecretError) {
      return try secrets.read(file)
    } catch {
      if case .missing = error { return nil }
      throw .secret(error)
    }
  }

  /// The path of a file of the fleet folder.
  func path(of file: String) -> String {
    file.utf8.first == UInt8(ascii: "/") ? file : profiles + "/" + file
  }
}

/// The bytes of an artifact that is too large to be held: pieces that are read as they are needed.
struct PieceStream {
  /// How much is held at once, in bytes.
  private static let chunk = 1 << 20
  /// A block of ustar, in bytes.
  private static let block = 512

  let pieces: [Artifact.Piece]
  /// Whether files are filled up with zeros to whole blocks.
  let isPadded: Bool
  let sources: ArtifactSources

  /// Hands over all bytes in order, as long as `body` wants more; says whether it wanted all of them.
  /// A file that is not what its digest says is an error, thrown before the last of its bytes counts.
  func read(_ body: ([UInt8]) throws(PublishingError) -> Bool) throws(PublishingError) -> Bool {
    for piece in pieces {
      switch piece {
      case .bytes(let bytes):
        guard try body(bytes) else { return false }
      case .padded(let path, let digest, let size):
        guard try read(path: sources.path(of: path), digest: digest, size: size, body) else { return false }
      }
    }
    return true
  }

  private func read(
    path: String, digest: SHA256Digest, size: Int, _ body: ([UInt8]) throws(PublishingError) -> Bool
  ) throws(PublishingError) -> Bool {
    let reader = try PublishingError.host { () throws(HostError) in try HostReader(path) }
    guard reader.status.size == size else { throw .changed(path: path) }
    var hash = SHA256()
    var left = size
    while left > 0 {
      let wanted = min(left, Self.chunk)
      let bytes = try PublishingError.host { () throws(HostError) in try reader.read(wanted) }
      // Shorter than it was a moment ago.
      guard bytes.count == wanted else { throw .changed(path: path) }
      hash.update(bytes)
      left -= wanted
      guard try body(bytes) else { return false }
    }
    guard hash.finish() == digest else { throw .changed(path: path) }
    let rest = size % Self.block
    return isPadded && rest != 0 ? try body([UInt8](repeating: 0, count: Self.block - rest)) : true
  }

  /// Size and digest of all bytes.
  func measure() throws(PublishingError) -> (size: Int, digest: SHA256Digest) {
    var size = 0
    var hash = SHA256()
    _ = try read { bytes throws(PublishingError) in
      size += bytes.count
      hash.update(bytes)
      return true
    }
    return (size, hash.finish())
  }
}

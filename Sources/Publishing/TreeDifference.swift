public import Artifacts
internal import Digests
internal import HostFiles

/// What a build would change in a folder of results: the files on the disk are what counts, not what
/// their manifest says of them.
public struct TreeDifference: Hashable, Sendable {
  /// How a path changes.
  public enum Change: Hashable, Sendable {
    /// It is new.
    case added
    /// It goes.
    case removed
    /// Its bytes, its kind or its target differ; its mode may, too.
    case content
    /// Its mode alone differs.
    case mode(from: UInt16, to: UInt16)
  }

  /// A path and how it changes.
  public struct Entry: Hashable, Sendable {
    /// Relative to the folder. What a person put there may have any name.
    public let path: String
    /// How it changes.
    public let change: Change
  }

  /// Entries in order of path; nothing that stays as it is. The manifest and the list of digests are
  /// left out: they follow the others.
  public let entries: [Entry]

  /// Whether a build would change nothing.
  public var isEmpty: Bool { entries.isEmpty }

  /// Compares what would be written with what is in a folder, which need not be there.
  public init(
    of tree: ArtifactTree, against folder: String, sources: ArtifactSources
  ) throws(PublishingError) {
    var former: [String: FileKind] = [:]
    do throws(HostError) {
      if try HostFile.status(folder)?.kind == .directory {
        try Self.list(try HostFolder(folder), prefix: "", depth: 0, into: &former)
      }
    } catch {
      throw .host(error)
    }
    former[NodeManifest.name] = nil
    former[NodeManifest.sumsName] = nil
    var entries: [Entry] = []
    for artifact in tree.artifacts {
      let path = artifact.path.description
      guard let facts = try Facts(of: artifact, sources: sources) else { continue }
      guard let kind = former.removeValue(forKey: path) else {
        entries.append(Entry(path: path, change: .added))
        continue
      }
      if let change = try Self.change(from: folder + "/" + path, kind: kind, to: facts, mode: artifact.mode) {
        entries.append(Entry(path: path, change: change))
      }
    }
    entries += former.keys.map { Entry(path: $0, change: .removed) }
    self.entries = entries.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private static func list(
    _ folder: borrowing HostFolder, prefix: String, depth: Int, into found: inout [String: FileKind]
  ) throws(HostError) {
    for entry in try folder.list() {
      let path = prefix + entry.name
      if entry.kind == .directory, depth < StageWriter.maximumDepth {
        try list(try folder.open(entry.name), prefix: path + "/", depth: depth + 1, into: &found)
      } else {
        found[path] = entry.kind
      }
    }
  }

  private static func change(
    from path: String, kind: FileKind, to facts: Facts, mode: UInt16
  ) throws(PublishingError) -> Change? {
    do throws(HostError) {
      switch (facts, kind) {
      case (.link(let target), .link): return try HostFile.target(of: path) == target ? nil : .content
      case (.file(let size, let digest), .file):
        let reader = try HostReader(path)
        guard reader.status.size == size else { return .content }
        var hash = SHA256()
        while true {
          let bytes = try reader.read(1 << 20)
          if bytes.isEmpty { break }
          hash.update(bytes)
        }
        guard hash.finish() == digest else { return .content }
        return reader.status.mode == mode ? nil : .mode(from: reader.status.mode, to: mode)
      default: return .content
      }
    } catch {
      throw .host(error)
    }
  }
}

/// What an artifact would be on the disk.
private enum Facts {
  case file(size: Int, digest: SHA256Digest)
  case link(target: String)

  /// Computes it; `nil` when the artifact would be left out.
  init?(of artifact: Artifact, sources: ArtifactSources) throws(PublishingError) {
    switch artifact.content {
    case .bytes(let bytes): self = .file(size: bytes.count, digest: SHA256.digest(of: bytes))
    case .file(_, let digest, let size): self = .file(size: size, digest: digest)
    case .link(let target): self = .link(target: target)
    case .secret(let path):
      guard let bytes = try sources.secret(path) else { return nil }
      self = .file(size: bytes.count, digest: SHA256.digest(of: bytes))
    case .concatenation(let pieces):
      let facts = try PieceStream(pieces: pieces, isPadded: true, sources: sources).measure()
      self = .file(size: facts.size, digest: facts.digest)
    }
  }
}

public import Diagnostics
public import Digests

/// What kind of file an artifact is: the word that stands in `manifest.json`.
public enum ArtifactKind: String, CaseIterable, Sendable {
  case archive, bundle, cmdline, configuration, disk, environment, graph, ignition, install
  case ipxe, launch, manifest, nix, payload, report, runbook, schema, secret, signature, unit
  case certificate
}

/// One file that a build writes.
public struct Artifact: Sendable {
  /// Where its bytes are.
  public enum Content: Sendable {
    /// Here.
    case bytes([UInt8])
    /// In a file of the fleet folder, whose digest was checked when profiles were loaded.
    case file(path: String, digest: SHA256Digest, size: Int)
    /// In the secret store, relative to `secrets/FLEET`: `node01/node01.key`. Only publishing
    /// opens it. When it is not there the artifact is left out and listed as missing.
    case secret(path: String)
    /// A symbolic link to this target.
    case link(target: String)
    /// An archive that is put together while it is staged: pieces, one after the other.
    case concatenation([Piece])
  }

  /// A piece of a concatenation.
  public enum Piece: Sendable {
    /// These bytes.
    case bytes([UInt8])
    /// A file's bytes, then zeros up to a multiple of 512 (ustar).
    case padded(path: String, digest: SHA256Digest, size: Int)
  }

  /// Relative to the node's folder, or to the fleet's for what belongs to no node.
  public var path: ArtifactPath
  /// Permission bits.
  public var mode: UInt16
  /// What kind of file it is.
  public var kind: ArtifactKind
  /// Its bytes.
  public var content: Content
  /// Why it is there.
  public var origin: Origin

  /// Makes an artifact; mode 0644 unless said otherwise.
  public init(
    _ path: ArtifactPath, mode: UInt16 = 0o644, kind: ArtifactKind, content: Content,
    origin: Origin
  ) {
    self.path = path
    self.mode = mode
    self.kind = kind
    self.content = content
    self.origin = origin
  }
}

/// The files of one node or of the fleet, each path once, in order of path.
public struct ArtifactTree: Sendable {
  /// In order of path.
  public private(set) var artifacts: [Artifact] = []

  /// Makes an empty tree.
  public init() {}

  /// Makes a tree; of two artifacts with one path the first stays, and the path is returned among
  /// `collisions`, as is a path that is another's folder.
  public init(_ unsorted: [Artifact], collisions: inout [ArtifactPath]) {
    var taken = Set<String>()
    for artifact in unsorted.sorted(by: { $0.path < $1.path }) {
      let path = artifact.path.description
      let folders = path.utf8.indices.filter { path.utf8[$0] == 47 }.map { String(path[..<$0]) }
      if folders.contains(where: taken.contains) || !taken.insert(path).inserted {
        collisions.append(artifact.path)
      } else {
        artifacts.append(artifact)
      }
    }
  }
}

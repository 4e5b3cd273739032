public import Artifacts
public import Diagnostics
internal import Digests
internal import HostFiles
public import JSONText

/// Writes artifacts into a stage. Any number of threads may write different folders at once: nothing
/// here changes.
///
/// A file that is in the former results with the same bytes, mode and owner gets a second name there
/// in place of a copy: a build that changes little writes little, and a removal frees little. The
/// former tree goes away at the commit, so that in the end every file has one name again. Files of
/// different nodes are never linked, equal or not: several editors write in place to a file that has
/// more than one name, and a person who mends node01 by hand would change all nodes.
public final class StageWriter: Sendable {
  /// Folders below each other that an artifact may have.
  static let maximumDepth = 64

  let stage: HostFolder
  let former: HostFolder?
  private let sources: ArtifactSources
  /// The bits that new files get as they are asked for.
  private let keeps: UInt16
  /// The same for folders: none when they would inherit a set-group-id bit.
  private let keepsOfFolders: UInt16
  private let owner: UInt32

  init(
    stage: consuming HostFolder, former: consuming HostFolder?, sources: ArtifactSources
  ) throws(HostError) {
    let status = try stage.status()
    owner = status.owner
    keeps = try stage.bitsKept()
    keepsOfFolders = status.mode & 0o7000 == 0 ? keeps : 0
    self.sources = sources
    self.former = former
    self.stage = stage
  }

  /// Writes a node's folder, with `manifest.json` and `SHA256SUMS`.
  ///
  /// - Parameters:
  ///   - tree: The node's artifacts.
  ///   - name: The node's name, which is the folder's.
  ///   - header: Members of the manifest before its files: the node, the inputs' digest, the tool's version.
  ///   - origin: How an origin is written.
  public func write(
    _ tree: ArtifactTree, node name: String, header: [JSONValue.Member], origin: (Origin) -> String
  ) throws(PublishingError) -> StagedFolder {
    let folder = try PublishingError.host { () throws(HostError) in
      try stage.make(name, mode: 0o755, keeps: keepsOfFolders)
    }
    let old = try openFormer(name, in: former)
    var result = StagedFolder(name: name)
    try write(tree.artifacts[...], below: 0, in: folder, former: old, into: &result)
    let manifest = NodeManifest(result, header: header, origin: origin)
    _ = try put(manifest.bytes, as: NodeManifest.name, mode: 0o644, in: folder, former: old)
    _ = try put(manifest.sums(of: result), as: NodeManifest.sumsName, mode: 0o644, in: folder, former: old)
    return result
  }

  /// Writes files of the fleet, that belong to no node: several calls may write into one folder, but
  /// each path once.
  public func write(_ tree: ArtifactTree) throws(PublishingError) -> StagedFolder {
    var result = StagedFolder(name: "")
    try write(tree.artifacts[...], below: 0, in: stage, former: former, into: &result)
    return result
  }

  /// Writes artifacts whose paths share their first `prefix` bytes, which lead to `folder`. They are
  /// in order of path, so what goes into one folder stands together and each folder is opened once.
  private func write(
    _ artifacts: ArraySlice<Artifact>, below prefix: Int, in folder: borrowing HostFolder,
    former: borrowing HostFolder?, depth: Int = 0, into result: inout StagedFolder
  ) throws(PublishingError) {
    var rest = artifacts
    while let first = rest.first {
      let path = first.path.description
      let start = path.utf8.index(path.startIndex, offsetBy: prefix)
      guard let slash = path.utf8[start...].firstIndex(of: UInt8(ascii: "/")) else {
        try write(first, as: String(path[start...]), in: folder, former: former, into: &result)
        rest = rest.dropFirst()
        continue
      }
      guard depth < Self.maximumDepth else { throw .tooDeep(path: path) }
      let name = String(path[start..<slash])
      let shared = path.utf8[...slash]
      let below = rest.prefix { $0.path.description.utf8.starts(with: shared) }
      try write(
        below, below: shared.count, in: try makeFolder(name, in: folder, isShared: result.name.isEmpty),
        former: try openFormer(name, in: former), depth: depth + 1, into: &result)
      rest = rest.dropFirst(below.count)
    }
  }

  /// Makes a folder. One that belongs to no node may be there already, made by another call.
  func makeFolder(
    _ name: String, in folder: borrowing HostFolder, isShared: Bool
  ) throws(PublishingError) -> HostFolder {
    do throws(HostError) {
      return try folder.make(name, mode: 0o755, keeps: keepsOfFolders)
    } catch {
      guard isShared, error.isTaken else { throw .host(error) }
      return try PublishingError.host { () throws(HostError) in try folder.open(name) }
    }
  }

  func openFormer(_ name: String, in former: borrowing HostFolder?) throws(PublishingError) -> HostFolder? {
    switch former {
    case .some(let folder): try PublishingError.host { () throws(HostError) in try folder.openIfThere(name) }
    case .none: nil
    }
  }

  private func write(
    _ artifact: Artifact, as name: String, in folder: borrowing HostFolder, former: borrowing HostFolder?,
    into result: inout StagedFolder
  ) throws(PublishingError) {
    let content: StagedFile.Content
    switch artifact.content {
    case .bytes(let bytes):
      content = try put(bytes, as: name, mode: artifact.mode, in: folder, former: former)
    case .secret(let path):
      guard let bytes = try sources.secret(path) else {
        result.missing.append(MissingSecret(path: artifact.path, secret: path))
        return
      }
      content = try put(bytes, as: name, mode: artifact.mode, in: folder, former: former)
    case .link(let target):
      do throws(HostError) { try folder.symlink(name, to: target) } catch { throw .host(error) }
      content = .link(target: target)
    case .file(let path, let digest, let size):
      let stream = PieceStream(
        pieces: [.padded(path: path, digest: digest, size: size)], isPadded: false, sources: sources)
      content = try put(stream, as: name, mode: artifact.mode, in: folder, former: former)
    case .concatenation(let pieces):
      let stream = PieceStream(pieces: pieces, isPadded: true, sources: sources)
      content = try put(stream, as: name, mode: artifact.mode, in: folder, former: former)
    }
    result.files.append(
      StagedFile(
        path: artifact.path, mode: artifact.mode, kind: artifact.kind, content: content,
        origin: artifact.origin))
  }

  private func put(
    _ bytes: [UInt8], as name: String, mode: UInt16, in folder: borrowing HostFolder,
    former: borrowing HostFolder?
  ) throws(PublishingError) -> StagedFile.Content {
    do throws(HostError) {
      if try !reuse(name, from: former, holding: bytes, mode: mode, in: folder) {
        try folder.put(name, bytes, mode: mode, keeps: keeps)
      }
    } catch {
      throw .host(error)
    }
    return .file(size: bytes.count, digest: SHA256.digest(of: bytes))
  }

  private func reuse(
    _ name: String, from former: borrowing HostFolder?, holding bytes: [UInt8], mode: UInt16,
    in folder: borrowing HostFolder
  ) throws(HostError) -> Bool {
    switch former {
    case .some(let old):
      guard try old.holds(name, bytes, mode: mode, owner: owner) else { return false }
      return link(name, from: old, in: folder)
    case .none: return false
    }
  }

  /// Where linking is not allowed or not possible, writing is.
  private func link(
    _ name: String, from old: borrowing HostFolder, in folder: borrowing HostFolder
  ) -> Bool {
    do throws(HostError) {
      try old.link(name, in: folder, as: name)
      return true
    } catch {
      return false
    }
  }

  private func put(
    _ stream: PieceStream, as name: String, mode: UInt16, in folder: borrowing HostFolder,
    former: borrowing HostFolder?
  ) throws(PublishingError) -> StagedFile.Content {
    switch former {
    case .some(let old):
      if let content = try equal(name, in: old, stream, mode: mode), link(name, from: old, in: folder) {
        return content
      }
    case .none: break
    }
    let file = try PublishingError.host { () throws(HostError) in try folder.create(name, mode: mode) }
    var size = 0
    var hash = SHA256()
    _ = try stream.read { bytes throws(PublishingError) in
      do throws(HostError) { try file.write(bytes) } catch { throw .host(error) }
      size += bytes.count
      hash.update(bytes)
      return true
    }
    return .file(size: size, digest: hash.finish())
  }

  /// Size and digest of the stream when the former file has the same bytes, mode and owner.
  private func equal(
    _ name: String, in old: borrowing HostFolder, _ stream: PieceStream, mode: UInt16
  ) throws(PublishingError) -> StagedFile.Content? {
    let status = try PublishingError.host { () throws(HostError) in try old.status(name) }
    guard let status, status.kind == .file, status.mode == mode, status.links == 1, status.owner == owner
    else { return nil }
    let reader = try PublishingError.host { () throws(HostError) in try old.openBelow(name) }
    var hash = SHA256()
    var size = 0
    let isEqual = try stream.read { bytes throws(PublishingError) in
      size += bytes.count
      hash.update(bytes)
      return try PublishingError.host { () throws(HostError) in try reader.read(bytes.count) } == bytes
    }
    return isEqual && size == reader.status.size ? .file(size: size, digest: hash.finish()) : nil
  }
}

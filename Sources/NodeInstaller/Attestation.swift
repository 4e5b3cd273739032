internal import Bundles
internal import NodeCalls

/// Holds what is on the node against the manifest of the active release.
struct Attestation {
  let tree: NodeTree
  let release: InstalledRelease

  /// Something that is not as it was installed.
  struct Difference: Hashable {
    var path: String
    var what: String
  }

  /// All differences, in order of path.
  func differences() throws(NodeFailure) -> [Difference] {
    var found: [Difference] = []
    let accounts = Accounts(
      passwd: try tree.read("etc/passwd", limit: Accounts.fileLimit) ?? [],
      group: try tree.read("etc/group", limit: Accounts.fileLimit) ?? [])
    var buffer = Staging.buffer()
    for file in release.manifest.files {
      let stored = Places.stored(file.path, in: release.id)
      guard let status = try tree.status(stored), status.kind == .file else {
        found.append(Difference(path: stored, what: "the release has lost a file"))
        continue
      }
      if try Staging.digest(tree, stored, through: &buffer) != file.digest {
        found.append(Difference(path: stored, what: "other content than was signed"))
      }
      let owner = accounts.owner(file.owner)
      if status.mode != UInt32(file.mode) || owner.map({ $0.user != status.owner }) ?? true {
        found.append(Difference(path: stored, what: "other mode or owner than was signed"))
      }
    }
    for secret in release.manifest.secrets where release.secrets.contains(secret.path) {
      let stored = Places.stored(secret.path, in: release.id)
      let status = try tree.status(stored)
      if status?.kind != .file || status.map({ $0.mode != UInt32(secret.mode) }) ?? true {
        found.append(Difference(path: stored, what: "a secret with another mode, or none"))
      }
    }
    for (path, target) in release.links.sorted(by: { $0.key < $1.key }) {
      let isLink = try isFolder(Places.parent(path)) ? try tree.link(path) == target : false
      if !isLink {
        found.append(Difference(path: path, what: "not the link that was made"))
      }
    }
    for unit in release.manifest.units {
      found += try dropIns(of: unit.name)
    }
    return found.sorted { ($0.path, $0.what) < ($1.path, $1.what) }
  }

  /// Drop-ins that change a unit and are not the release's.
  private func dropIns(of unit: String) throws(NodeFailure) -> [Difference] {
    let folder = Places.units + unit + ".d"
    guard try tree.status(folder)?.kind == .directory else { return [] }
    let known = release.links
    return try tree.list(folder).map { folder + "/" + $0 }.filter {
      known[$0] == nil && $0.hasSuffix(".conf")
    }
    .map { Difference(path: $0, what: "a drop-in that no bundle brought") }
  }

  private func isFolder(_ path: String) throws(NodeFailure) -> Bool {
    for folder in Places.parents(path) + [path] where try tree.status(folder)?.kind != .directory {
      return false
    }
    return true
  }
}

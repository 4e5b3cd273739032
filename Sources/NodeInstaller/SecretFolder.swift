internal import BundleReading
internal import Bundles
internal import NodeCalls

/// The folder of `--secrets`: the node's paths below it, as `extra-files/` of a build has them. Only what the manifest
/// names is taken from it.
enum SecretFolder {
  /// Most bytes of a secret.
  static let fileLimit = 1 << 20

  /// Reads them, by path; files that others may read are refused.
  static func read(_ calls: any NodeCalls, _ folder: String, _ manifest: BundleManifest) throws(Refusal)
    -> [String: [UInt8]]
  {
    let root = calls.openNamed(folder, isFolder: true)
    guard root >= 0 else {
      throw Refusal(.layout, "cannot open the secrets: \(NodeErrno(-root).text)", rule: "ND043")
    }
    defer { _ = calls.close(root) }
    let tree = NodeTree(calls: calls, root: root)
    var found: [String: [UInt8]] = [:]
    for secret in manifest.secrets {
      var isOpen = false
      try asRefusal { () throws(NodeFailure) in
        for parent in Places.parents(secret.path) where try tree.status(parent)?.kind != .directory { return }
        guard let status = try tree.status(secret.path) else { return }
        guard status.kind == .file, !secret.isPrivate || status.mode & 0o077 == 0 else {
          isOpen = true
          return
        }
        found[secret.path] = try tree.read(secret.path, limit: fileLimit)
      }
      guard !isOpen else {
        throw Refusal(
          .layout, "what was brought is open to others, or no plain file", rule: "ND043",
          subject: secret.path,
          help: "chmod 0600")
      }
    }
    return found
  }
}

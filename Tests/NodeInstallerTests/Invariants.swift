import Bundles
import Digests
import HostFiles
import Testing

/// What must hold of a node whatever happened to a run, once `recover` has been there.
struct Invariants {
  let demo: Demo
  /// The tree before the run.
  let before: [String: String]
  /// The release before, `nil` for none, and the one that was to come: their files' digests by path.
  let old: [String: SHA256Digest]?
  let new: [String: SHA256Digest]

  /// The digests of a draft's files by path.
  static func files(_ draft: BundleDraft) -> [String: SHA256Digest] {
    var found: [String: SHA256Digest] = [:]
    for file in draft.manifest.files { found[file.path] = file.digest }
    return found
  }

  /// Recovers and checks. `mustBe`: which release has to be active, where that is known.
  func hold(_ root: String, mustBe: Active? = nil, _ label: @autoclosure () -> String) throws {
    // I7 in every state on the way, recovered or not.
    try secretIsClosed(root, label())
    let floorBefore = Self.number(root + "/etc/imagegen/floor")
    let recovered = demo.run("recover", root: root)
    #expect(
      [0, 33, 34].contains(recovered.status), "\(label()): recover \(recovered.status) \(recovered.errors)")
    let after = try Demo.snapshot(root)
    // I5: nothing is left to recover, and asking again changes nothing.
    #expect(demo.run("recover", root: root).status == 0, "\(label())")
    #expect(try Demo.snapshot(root) == after, "\(label())")
    let active = try active(after, root, label())
    if let mustBe { #expect(active == mustBe, "\(label())") }
    // I1: everything is as it was signed, links and modes included.
    if active != .none {
      let attested = demo.run("attest", root: root)
      #expect(attested.status == 0, "\(label()): \(attested.errors)")
    }
    // I6: no stage, no log, no half-made pointer, no release that nobody names.
    for path in after.keys
    where path.contains(".stage") || path.hasSuffix(".new") || path == "etc/imagegen/log" {
      Issue.record("\(label()): \(path) is left")
    }
    let named = Set(
      ["current", "previous"].compactMap { after["etc/imagegen/\($0)"]?.split(separator: "/").last })
    for folder in ["etc/imagegen/sets/", "var/lib/imagegen/releases/"] {
      for path in after.keys where path.hasPrefix(folder) && !path.dropFirst(folder.utf8.count).contains("/")
      {
        #expect(named.contains(path.split(separator: "/").last ?? ""), "\(label()): \(path) is left")
      }
    }
    // I9: the floor is a number and no lower than before.
    #expect(Self.number(root + "/etc/imagegen/floor") >= floorBefore, "\(label())")
    try secretIsClosed(root, label())
  }

  enum Active { case none, old, new }

  /// I2, I3 and I8: all of one release and nothing of another is to be seen, and everything else is as it was.
  private func active(_ after: [String: String], _ root: String, _ label: String) throws -> Active {
    let isNew = after["etc/imagegen/current"].map { $0.contains(Self.name(new, demo)) } ?? false
    let isOld = !isNew && after["etc/imagegen/current"] != nil
    let shown = isNew ? new : isOld ? old ?? [:] : [:]
    for (path, digest) in shown {
      let content = try? HostFile.read(try Self.resolved(path, root), limit: 1 << 24)
      #expect(content.map { SHA256.digest(of: $0) } == digest, "\(label): \(path)")
    }
    let managed = Set(new.keys).union(old.map { Set($0.keys) } ?? [])
    for path in managed where shown[path] == nil {
      #expect(after[path] == nil, "\(label): \(path) is still there")
    }
    // What is neither release's nor the installer's is what it was, empty folders of releases left out.
    let own = { (path: String) in
      managed.contains(path) || path.hasPrefix("etc/imagegen") || path.hasPrefix("var/lib/imagegen")
        || path.hasPrefix("opt/demo") || path.contains("demo.service")
        || path == "etc/systemd/system/multi-user.target.wants"
    }
    let (left, right) = (before.filter { !own($0.key) }, after.filter { !own($0.key) })
    #expect(left == right, "\(label)")
    return isNew ? .new : isOld ? .old : .none
  }

  private static func name(_ files: [String: SHA256Digest], _ demo: Demo) -> String {
    // Only the second release has this file.
    files["opt/demo/more/deep/new"] != nil ? demo.digests[1] : demo.digests[0]
  }

  /// The file that a path of the node leads to: through `current`, whose links begin at the node's root.
  private static func resolved(_ path: String, _ root: String) throws -> String {
    let target = try HostFile.target(of: root + "/" + path)
    let set = root + "/etc/imagegen/" + (try HostFile.target(of: root + "/etc/imagegen/current"))
    let rest = target.dropFirst("/etc/imagegen/current/".utf8.count)
    guard rest.hasPrefix("files/") else { return set + "/" + rest }
    return root + (try HostFile.target(of: set + "/files")) + rest.dropFirst("files".utf8.count)
  }

  private static func number(_ path: String) -> Int {
    let text = (try? HostFile.read(path, limit: 100)).map { String(decoding: $0, as: UTF8.self) } ?? "0\n"
    return Int(text.dropLast()) ?? -1
  }

  /// I7: no file with the secret in it can be read by others, whatever it is called.
  private func secretIsClosed(_ root: String, _ label: String) throws {
    func walk(_ path: String) throws {
      for entry in try HostFile.list(path) {
        let inner = path + "/" + entry.name
        if entry.kind == .directory { try walk(inner) }
        guard entry.kind == .file, let status = try HostFile.status(inner), status.size <= Demo.secret.count,
          status.size > 8, status.mode & 0o077 != 0
        else { continue }
        let bytes = try HostFile.read(inner, limit: 1 << 16)
        #expect(!Demo.secret.starts(with: bytes), "\(label): \(inner) is open")
      }
    }
    for folder in ["/var/lib/imagegen", "/opt", "/etc/imagegen"]
    where try HostFile.status(root + folder) != nil {
      try walk(root + folder)
    }
  }
}

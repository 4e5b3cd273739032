internal import Bundles

/// Where the installer keeps what on a node; all relative to its root.
///
/// Units and the pointer to the active release are on the root file system, for systemd needs them before others are
/// mounted (systemd.unit(5)); what a release brings otherwise is in /var/lib.
enum Places {
  /// Everything on the root file system.
  static let state = "etc/imagegen"
  /// Held by whoever changes something.
  static let lock = "etc/imagegen/lock"
  /// Of a transaction that is not finished.
  static let log = "etc/imagegen/log"
  /// The highest sequence that was ever active.
  static let floor = "etc/imagegen/floor"
  /// The one pointer: which set is active.
  static let current = "etc/imagegen/current"
  /// The set before.
  static let previous = "etc/imagegen/previous"
  /// Units, manifest and signatures of each release.
  static let sets = "etc/imagegen/sets"
  /// Foreign files that stood where a release's are.
  static let kept = "etc/imagegen/kept"
  /// Everything else of each release.
  static let releases = "var/lib/imagegen/releases"
  /// Where units are.
  static let units = "etc/systemd/system/"

  static func set(_ id: String) -> String { sets + "/" + id }
  static func release(_ id: String) -> String { releases + "/" + id }

  /// Where a release holds the file of a path, whether it is a unit and so in the set or not.
  static func stored(_ path: String, in id: String) -> String {
    path.hasPrefix(units)
      ? set(id) + "/units/" + path.dropFirst(units.utf8.count) : release(id) + "/files/" + path
  }

  /// What the link at a path says: through `current`, so that one rename switches them all.
  static func target(of path: String) -> String {
    path.hasPrefix(units)
      ? "/\(current)/units/" + path.dropFirst(units.utf8.count) : "/\(current)/files/" + path
  }

  /// The folder that a path lies in.
  static func parent(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return String(path[..<slash])
  }

  /// All folders above a path, the outermost first.
  static func parents(_ path: String) -> [String] {
    path.utf8.indices.filter { path.utf8[$0] == UInt8(ascii: "/") }.map { String(path[..<$0]) }
  }

  /// The last part of a path.
  static func name(_ path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }
}

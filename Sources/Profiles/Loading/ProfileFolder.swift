internal import HostFiles

/// A folder of profiles: the fleet's own, or the one it uses. A class: every node's file refers to one of
/// the two, and of nodes there may be thousands.
final class ProfileFolder: Sendable {
  /// As it is opened.
  let path: String
  /// As findings call it; empty where files are named from the folder on.
  let shown: String
  /// What stands before paths in it to make them relative to the fleet's own: empty, or `../base/`.
  let prefix: String

  init(path: String, shown: String, prefix: String) {
    self.path = path
    self.shown = shown
    self.prefix = prefix
  }

  /// How findings call something in it.
  func shown(_ name: String) -> String {
    shown.isEmpty ? name : name.isEmpty ? shown : shown + "/" + name
  }

  /// What went wrong with a file in it, the file named as findings do.
  func message(of error: HostError) -> String {
    let inner = error.path.hasPrefix(path + "/") ? String(error.path.dropFirst(path.utf8.count + 1)) : ""
    return HostError(operation: error.operation, path: shown(inner), errno: error.errno).message
  }

  /// The folder that a relative path leads to from here.
  func neighbour(_ relative: String) -> ProfileFolder {
    ProfileFolder(path: Self.join(path, relative), shown: Self.join(shown, relative), prefix: relative + "/")
  }

  /// A path below a folder, with `..` taken off where that is possible: findings name places as people do.
  private static func join(_ folder: String, _ path: String) -> String {
    var parts =
      folder.isEmpty ? [] : folder.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for part in path.split(separator: "/").map(String.init) {
      if part == "..", let last = parts.last, !["..", ".", ""].contains(last) {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }
}

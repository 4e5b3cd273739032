internal import HostFiles

/// Where the program was started, to name files from elsewhere: settings found further up, a baseline's own
/// folder.
struct WorkingFolder {
  /// Absolute; `nil` where it cannot be told, then paths are as people gave them.
  let path: String?

  init() {
    do throws(HostError) { path = try HostFile.target(of: "/proc/self/cwd") } catch { path = nil }
  }

  init(_ path: String?) {
    self.path = path
  }

  /// An absolute path without `.` and `..`. Links are not looked at: names are compared as they are written.
  func absolute(_ text: String) -> String {
    var parts = text.hasPrefix("/") ? [] : (path ?? "").split(separator: "/").map(String.init)
    for part in text.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(String(part)) }
    }
    return "/" + parts.joined(separator: "/")
  }

  /// A path for findings: relative where it lies below.
  func shown(_ text: String) -> String {
    let absolute = absolute(text)
    guard let path, let relative = Self.relative(absolute, to: path) else { return absolute }
    return relative.isEmpty ? "." : relative
  }

  /// What of an absolute path is left behind a folder; `nil` when it does not lie there.
  static func relative(_ path: String, to folder: String) -> String? {
    if path == folder { return "" }
    let start = folder == "/" ? "/" : folder + "/"
    return path.hasPrefix(start) ? String(path.dropFirst(start.count)) : nil
  }

  /// The folder a path lies in.
  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}

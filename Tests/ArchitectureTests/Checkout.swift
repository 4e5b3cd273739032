import HostFiles
import Testing

/// The repository these tests were compiled from.
enum Checkout {
  /// Three levels up from this file.
  static let root: String = {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast(3).joined(separator: "/")
  }()

  /// A file's content.
  static func text(_ path: String) throws -> String {
    String(decoding: try HostFile.read(root + "/" + path, limit: 4 << 20), as: UTF8.self)
  }

  /// A file's permissions.
  static func mode(_ path: String) throws -> UInt16 {
    try #require(try HostFile.status(root + "/" + path)).mode
  }

  /// Names of the folders in a folder.
  static func folders(_ path: String) throws -> [String] {
    try HostFile.list(root + "/" + path).filter { $0.kind == .directory }.map(\.name)
  }

  /// Paths, relative to the repository, of all files below a folder whose name ends with one of these.
  static func files(below path: String, ending suffixes: [String]) throws -> [String] {
    try HostFile.list(root + "/" + path).flatMap { entry -> [String] in
      let inner = path + "/" + entry.name
      switch entry.kind {
      case .directory: return try files(below: inner, ending: suffixes)
      case .file: return suffixes.contains { entry.name.hasSuffix($0) } ? [inner] : []
      case .link, .other: return []
      }
    }
  }

  /// What git tracks below these paths; everything where none is given.
  static func tracked(_ paths: String...) throws -> [String] {
    let words = ["git", "-c", "safe.directory=\(root)", "ls-files", "-z", "--"] + paths
    let result = try HostProgram.run(words, directory: root)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return result.output.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Collection where Element: Hashable {
  /// The elements that are there more than once, in order of appearance.
  var repeated: [Element] {
    var seen: Set<Element> = []
    return filter { !seen.insert($0).inserted }
  }
}

import Diagnostics
import HostFiles
import SystemdUnits
import Testing
import UnitGraphs

/// The root that `scripts/proofs/debian-packages` unpacks packages into, and what systemd says of it.
struct DebianRoot {
  /// The root's absolute path.
  let path: String
  /// The files and links of its unit folders.
  let entries: [UnitFolderEntry]

  /// Reads the folders of the root that `IMAGEGEN_DEBIAN_ROOT` names.
  init() throws {
    path = try #require(HostEnvironment.value("IMAGEGEN_DEBIAN_ROOT"))
    var entries: [UnitFolderEntry] = []
    for (layer, folder) in ["etc/systemd/system", "usr/lib/systemd/system"].enumerated() {
      try Self.add(path + "/" + folder, prefix: "", layer: layer, to: &entries)
    }
    self.entries = entries
  }

  private static func add(
    _ folder: String, prefix: String, layer: Int, to entries: inout [UnitFolderEntry]
  ) throws {
    for entry in try HostFile.list(folder) {
      let (place, name) = (folder + "/" + entry.name, prefix + entry.name)
      let source = SourceID(index: UInt32(entries.count))
      switch entry.kind {
      case .directory:
        if prefix.isEmpty { try add(place, prefix: name + "/", layer: layer, to: &entries) }
      case .link:
        let target = try HostFile.target(of: place)
        // A link to a file of its own name elsewhere is a linked unit, read where it lies.
        if prefix.isEmpty, target.hasSuffix("/" + entry.name), let bytes = try? linked(target, from: folder) {
          entries.append(.init(path: name, content: .file(bytes), source: source, layer: layer))
          continue
        }
        entries.append(.init(path: name, content: .link(target: target), source: source, layer: layer))
      default:
        let bytes = try HostFile.read(place, limit: 1 << 20)
        entries.append(.init(path: name, content: .file(bytes), source: source, layer: layer))
      }
    }
  }

  private static func linked(_ target: String, from folder: String) throws -> [UInt8] {
    let path = target.hasPrefix("/") ? target : folder + "/" + target
    return try HostFile.read(path, limit: 1 << 20)
  }

  /// The files that hold settings.
  var unitFiles: [(path: String, bytes: [UInt8])] {
    entries.compactMap { entry in
      guard case .file(let bytes) = entry.content else { return nil }
      let isUnit = UnitName(entry.path) != nil || entry.path.hasSuffix(".conf")
      return isUnit ? (entry.path, bytes) : nil
    }
  }

  /// What `systemd --test` loads for a target: by unit, by the word that the dump has for a dependency, by the
  /// other unit: why, `file` before `default` before `implicit`.
  func dependencies(ofStarting target: String) throws -> [String: [String: [String: String]]] {
    try Self.load(target, from: "\(path)/etc/systemd/system:\(path)/usr/lib/systemd/system")
  }

  /// The units that the manager finds on this host without any file.
  static func unitsOfHost() throws -> [String] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-host")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.setMode(0o755, of: folder)
    try HostFile.write(Array("[Unit]\nDefaultDependencies=no\n".utf8), to: folder + "/x.target", mode: 0o644)
    return try load("x.target", from: folder).keys.filter { $0 != "x.target" }
  }

  private static func load(_ target: String, from folders: String) throws -> [String: [String: [String:
    String]]]
  {
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SYSTEMD_UNIT_PATH": folders,
      "SYSTEMD_GENERATOR_PATH": "/nonexistent", "SYSTEMD_ENVIRONMENT_GENERATOR_PATH": "/nonexistent",
      "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_COLOR": "0",
    ]
    let isRoot = try HostProgram.run(["id", "-u"]).output == Array("0\n".utf8)
    let drop = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let result = try HostProgram.run(
      drop + ["/lib/systemd/systemd", "--test", "--system", "--no-pager", "--unit=" + target],
      environment: environment)
    try #require(!result.output.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
    return read(result.output)
  }

  private static func read(_ dump: [UInt8]) -> [String: [String: [String: String]]] {
    var found: [String: [String: [String: String]]] = [:]
    var unit = ""
    for line in dump.split(separator: UInt8(ascii: "\n")) {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("\t-> Unit "), text.hasSuffix(":") {
        unit = String(text.dropFirst(9).dropLast())
        found[unit] = [:]
      } else if text.hasPrefix("\t\t"), text.hasSuffix(")") {
        let words = text.dropFirst(2).split(separator: " ")
        guard words.count > 2, words[0].hasSuffix(":"),
          words[2].hasPrefix("(origin-") || words[2].hasPrefix("(destination-")
        else { continue }
        let reasons = words[2...].map { $0.drop { $0 != "-" }.dropFirst().prefix { $0 != ")" } }
        let reason = reasons.contains("file") ? "file" : reasons.contains("default") ? "default" : "implicit"
        found[unit, default: [:]][String(words[0].dropLast()), default: [:]][String(words[1])] = reason
      }
    }
    return found
  }
}

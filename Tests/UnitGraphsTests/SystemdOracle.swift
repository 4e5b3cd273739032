import Diagnostics
import HostFiles
import SystemdUnits
import UnitGraphs

/// What the installed systemd makes of a unit folder: `systemd --test` loads it with the real loader
/// and builds the real transaction.
struct SystemdOracle {
  /// By unit, by dependency: the units it names.
  var dependencies: [String: [String: Set<String>]] = [:]
  /// Units of the start jobs.
  var jobs = Set<String>()
  /// What it said on the way.
  var log = ""

  /// Units that were left out to break a ring.
  var deleted: [String] {
    log.split(separator: "\n").compactMap { line in
      guard line.contains("deleted to break ordering cycle"), let job = line.firstRange(of: "Job ") else {
        return nil
      }
      return String(line[job.upperBound...].prefix { $0 != "/" })
    }
  }

  /// Starts `target` of a folder that is all there is.
  init(_ entries: [UnitFolderEntry], start target: String) throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-oracle")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.setMode(0o755, of: folder)
    for entry in entries {
      if let slash = entry.path.lastIndex(of: "/") {
        try HostFile.makeDirectories(folder + "/" + entry.path[..<slash], mode: 0o755)
      }
      switch entry.content {
      case .file(let bytes): try HostFile.write(bytes, to: folder + "/" + entry.path, mode: 0o644)
      case .link(let destination): try HostFile.link(folder + "/" + entry.path, to: destination)
      }
    }
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SYSTEMD_UNIT_PATH": folder,
      "SYSTEMD_GENERATOR_PATH": "/nonexistent", "SYSTEMD_ENVIRONMENT_GENERATOR_PATH": "/nonexistent",
      "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_COLOR": "0",
    ]
    let isRoot = try HostProgram.run(["id", "-u"]).output == Array("0\n".utf8)
    let drop = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []
    let test = ["/lib/systemd/systemd", "--test", "--system", "--no-pager", "--unit=" + target]
    let result = try HostProgram.run(drop + test, environment: environment)
    log = String(decoding: result.errors, as: UTF8.self)
    read(String(decoding: result.output, as: UTF8.self))
  }

  private mutating func read(_ dump: String) {
    var unit = ""
    for line in dump.split(separator: "\n") {
      if line.hasPrefix("\t-> Unit "), line.hasSuffix(":") {
        unit = String(line.dropFirst(9).dropLast())
      } else if line.hasPrefix("\t\tAction: ") {
        let words = line.split(separator: " ")
        if words.count == 4, words[3] == "start" { jobs.insert(String(words[1])) }
      } else if line.hasPrefix("\t\t"), line.contains(" (origin") || line.contains(" (destination") {
        let words = line.dropFirst(2).split(separator: " ")
        guard words.count >= 2, words[0].hasSuffix(":") else { continue }
        dependencies[unit, default: [:]][String(words[0].dropLast()), default: []].insert(String(words[1]))
      }
    }
  }
}

enum Folder {
  static func file(_ path: String, _ text: String, _ index: Int = 0) -> UnitFolderEntry {
    .init(path: path, content: .file(Array(text.utf8)), source: SourceID(index: UInt32(index)))
  }

  static func link(_ path: String, _ target: String) -> UnitFolderEntry {
    .init(path: path, content: .link(target: target), source: SourceID(index: 999))
  }
}

import Diagnostics
import HostFiles
import UnitGraphs

/// The installed systemd as it plans a boot: `systemd --test` loads a folder of units with the real loader
/// and builds the real transaction.
struct SystemdManager {
  /// What one run came to.
  struct Observation: Hashable {
    var failed = false
    /// Units that were left out to break a ring, in order of name.
    var deleted: [String] = []
    /// `unit/type`, in order.
    var jobs: [String] = []
  }

  /// A unit as the manager lists it.
  struct Unit {
    var loadState = ""
    /// By dependency, by unit: the words that say where it comes from.
    var dependencies: [String: [String: Set<String>]] = [:]
  }

  /// What one run printed.
  struct Run {
    var observation = Observation()
    var units: [String: Unit] = [:]
    var log = ""
  }

  private let folder: String
  private let command: [String]

  /// Writes the folder. `remove` has to be called in the end.
  init(_ entries: [UnitFolderEntry], start target: String) throws {
    folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-oracle")
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
    let isRoot = try HostProgram.run(["id", "-u"]).output == Array("0\n".utf8)
    command =
      (isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []) + [
        "/lib/systemd/systemd", "--test", "--system", "--no-pager", "--unit=" + target,
      ]
  }

  func remove() throws { try HostFile.removeTree(folder) }

  /// Plans the boot once. `units` are read only where asked: they are the larger part.
  func run(readsUnits: Bool) throws -> Run {
    let environment = [
      "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "SYSTEMD_UNIT_PATH": folder,
      "SYSTEMD_GENERATOR_PATH": "/nonexistent", "SYSTEMD_ENVIRONMENT_GENERATOR_PATH": "/nonexistent",
      "SYSTEMD_LOG_TARGET": "console", "SYSTEMD_LOG_COLOR": "0",
    ]
    let result = try HostProgram.run(command, environment: environment)
    var run = Run()
    run.log = String(decoding: result.errors, as: UTF8.self)
    run.observation.failed = result.status != 0
    var deleted = Set<String>()
    for line in run.log.split(separator: "\n") where line.contains("deleted to break ordering cycle") {
      guard let job = line.firstRange(of: "Job ") else { continue }
      deleted.insert(String(line[job.upperBound...].prefix { $0 != "/" }))
    }
    run.observation.deleted = deleted.sorted()
    run.read(String(decoding: result.output, as: UTF8.self), readsUnits: readsUnits)
    return run
  }
}

extension SystemdManager.Run {
  fileprivate mutating func read(_ dump: String, readsUnits: Bool) {
    var unit = ""
    var jobs = Set<String>()
    for line in dump.utf8.split(separator: UInt8(ascii: "\n")) {
      guard line.first == UInt8(ascii: "\t") else { continue }
      let text = line.drop { $0 == UInt8(ascii: "\t") }
      if text.starts(with: "Action: ".utf8) {
        let words = String(Substring(text)).split(separator: " ")
        if words.count == 4 { jobs.insert("\(words[1])/\(words[3])") }
      }
      guard readsUnits else { continue }
      if text.starts(with: "-> Unit ".utf8) {
        unit = String(String(Substring(text)).dropFirst(8).dropLast())
        units[unit] = SystemdManager.Unit()
      } else if text.starts(with: "Unit Load State: ".utf8) {
        units[unit]?.loadState = String(String(Substring(text)).dropFirst(17))
      } else if text.last == UInt8(ascii: ")") {
        let words = String(Substring(text)).split(separator: " ")
        guard words.count > 2, words[0].last == ":",
          words[2].hasPrefix("(origin") || words[2].hasPrefix("(dest")
        else { continue }
        let origins = words[2...].map { $0.trimmingParentheses }
        units[unit]?.dependencies[String(words[0].dropLast()), default: [:]][String(words[1]), default: []]
          .formUnion(origins)
      }
    }
    observation.jobs = jobs.sorted()
  }
}

extension Substring {
  /// `(origin-file` and `destination-default)` say `file` and `default`.
  fileprivate var trimmingParentheses: String {
    let word = drop { $0 == "(" }.prefix { $0 != ")" }
    return word.firstIndex(of: "-").map { String(word[word.index(after: $0)...]) } ?? String(word)
  }
}

public import Diagnostics
internal import SystemdUnits
public import UnitGraphs

/// What is known of the host that units are for: what is at the paths they name, and who has an account.
/// Rules say nothing of what nobody looked at.
public struct KnownFiles: Sendable {
  /// Environment files by absolute path.
  public var environmentFiles: [String: [UInt8]] = [:]
  /// Whether an environment file that is not among them does not exist.
  public var isComplete = false
  /// What is at a path that somebody looked at.
  public var paths: [String: KnownPath] = [:]
  /// Paths that tmpfiles.d(5) makes at boot.
  public var created: Set<String> = []
  /// The unit files themselves, where somebody looked at their modes.
  public var unitFiles: [SourceID: KnownFile] = [:]
  /// The accounts; `nil` when nobody looked.
  public var accounts: KnownAccounts?

  /// Knows nothing.
  public init() {}

  /// The file at a path; `nil` when there is none, or nobody looked.
  func file(_ path: String) -> KnownFile? {
    guard case .found(let file)? = paths[path] else { return nil }
    return file
  }

  /// Whether a path is certainly not there when the host has started: it was looked for, and neither
  /// tmpfiles.d nor a unit's directories make it. What lives in memory is never certain.
  func isMissing(_ path: String) -> Bool {
    guard case .missing? = paths[path] else { return false }
    if Self.volatile.contains(where: path.isBelow) { return false }
    return !created.contains(path)
  }

  /// Folders whose contents no tree at rest shows.
  static let volatile = ["/run", "/var/run", "/proc", "/sys", "/dev", "/tmp", "/var/tmp"]
}

/// What is at a path.
public enum KnownPath: Sendable {
  /// Nothing.
  case missing
  /// Something that cannot be told: no permission to look, links in a circle.
  case unknown
  /// A file or a folder.
  case found(KnownFile)
}

/// A file of the host, all links followed.
public struct KnownFile: Sendable {
  /// What it is.
  public enum Kind: Sendable { case file, directory, other }

  /// What it is.
  public var kind: Kind
  /// Permission bits.
  public var mode: UInt16
  /// User number of its owner.
  public var owner: UInt32
  /// The first bytes of a regular file, enough for the line that names its interpreter.
  public var head: [UInt8]
  /// A folder on the way that everybody may write and whose sticky bit does not protect the rest.
  public var exposedFolder: String?

  /// Makes one.
  public init(
    _ kind: Kind, mode: UInt16, owner: UInt32 = 0, head: [UInt8] = [], exposedFolder: String? = nil
  ) {
    self.kind = kind
    self.mode = mode
    self.owner = owner
    self.head = head
    self.exposedFolder = exposedFolder
  }

  /// The program that runs a script (execve(2), "Interpreter scripts"); `nil` for anything else.
  public var interpreter: String? {
    guard kind == .file, head.starts(with: "#!".utf8) else { return nil }
    let line = head.dropFirst(2).prefix { $0 != 0x0a }
    let path = line.drop { $0 == 0x20 || $0 == 0x09 }.prefix { $0 != 0x20 && $0 != 0x09 }
    return path.isEmpty ? nil : String(decoding: path, as: UTF8.self)
  }
}

/// Users and groups of the host.
public struct KnownAccounts: Sendable {
  /// Names and numbers of users.
  public var users: Set<String> = ["root", "0"]
  /// Names and numbers of groups.
  public var groups: Set<String> = ["root", "0"]

  /// Knows root.
  public init() {}

  /// Adds the lines of `/etc/passwd` (passwd(5)) or `/etc/group` (group(5)), which alike have the name
  /// first and the number third.
  public mutating func add(database bytes: [UInt8], isGroup: Bool) {
    for line in bytes.split(separator: 0x0a) {
      let fields = line.split(separator: UInt8(ascii: ":"), maxSplits: 3, omittingEmptySubsequences: false)
      guard fields.count > 2, let name = fields.first, !name.isEmpty else { continue }
      let texts = [String(decoding: name, as: UTF8.self), String(decoding: fields[2], as: UTF8.self)]
      if isGroup { groups.formUnion(texts) } else { users.formUnion(texts) }
    }
  }

  /// Adds what a file of sysusers.d(5) makes: `u` makes a user and a group of its name, `g` a group,
  /// `m` both.
  public mutating func add(sysusers bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0a) {
      let words = line.split { $0 == 0x20 || $0 == 0x09 }.map { String(decoding: $0, as: UTF8.self) }
      guard words.count > 1, let type = words.first else { continue }
      switch type.prefix(1) {
      case "u":
        users.insert(words[1])
        groups.insert(words[1])
      case "g": groups.insert(words[1])
      case "m":
        users.insert(words[1])
        if words.count > 2 { groups.insert(words[2]) }
      default: break
      }
    }
  }
}

extension KnownFiles {
  /// Adds the paths that a file of tmpfiles.d(5) makes. Lines with specifiers are left out.
  public mutating func add(tmpfiles bytes: [UInt8]) {
    for line in bytes.split(separator: 0x0a) {
      let words = line.split(maxSplits: 2) { $0 == 0x20 || $0 == 0x09 }
      guard words.count > 1, let type = words[0].first, Array("dDvqQfFLcbpwC".utf8).contains(type) else {
        continue
      }
      let path = String(decoding: words[1], as: UTF8.self)
      guard path.utf8.first == UInt8(ascii: "/"), !path.contains("%") else { continue }
      created.insert(path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path)
    }
  }

  /// The absolute paths that units name where a rule asks what is there, in order, each once; a bare name
  /// of a program stands for its places in the search path.
  public static func paths(namedBy set: UnitSet) -> [String] {
    var found = Set<String>()
    for unit in set.units where !unit.isMasked {
      for (index, setting) in unit.settings.enumerated() {
        guard let kind = setting.kind, !setting.value.isEmpty else { continue }
        switch kind {
        case .exec:
          for command in unit.commands(at: index) {
            found.formUnion(ProgramPlaces.candidates(command.program, of: unit))
          }
        case .file, .path, .paths, .bindPaths: found.formUnion(words(setting.value))
        case .other where setting.key == .workingDirectory || setting.key == .loadCredential:
          found.formUnion(words(setting.value))
        default: break
        }
      }
    }
    return found.sorted()
  }

  /// The absolute paths among the words of a value, marks and what follows a colon taken away.
  private static func words(_ value: String) -> [String] {
    UnitWords.split(value, .paths).words.flatMap { word -> [String] in
      let parts = word.text.drop { $0 == "-" || $0 == "+" }.split(separator: ":")
      return parts.prefix(2).map(String.init).filter {
        $0.utf8.first == UInt8(ascii: "/") && !$0.utf8.contains(UInt8(ascii: "%")) && $0.utf8.count < 4096
      }
    }
  }
}

/// Where systemd looks for a program.
enum ProgramPlaces {
  /// The folders that bare names are looked up in (systemd.exec(5), ExecSearchPath=).
  static let folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

  /// The places of a command's program, in order of search; none when that cannot be told.
  static func candidates(_ program: String, of unit: LoadedUnit) -> [String] {
    guard !program.isEmpty, !program.utf8.contains(UInt8(ascii: "%")), program.utf8.count < 4096,
      !unit.has(.rootImage)
    else { return [] }
    let root = unit.value(.rootDirectory) ?? ""
    guard !root.utf8.contains(UInt8(ascii: "%")) else { return [] }
    let prefix = root == "/" ? "" : root
    if program.utf8.first == UInt8(ascii: "/") { return [prefix + program] }
    guard !program.utf8.contains(UInt8(ascii: "/")), !unit.has(.execSearchPath) else { return [] }
    return folders.map { prefix + $0 + "/" + program }
  }
}

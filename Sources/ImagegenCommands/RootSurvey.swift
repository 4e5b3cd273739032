internal import HostFiles
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// Looks at the files of a root tree that its units name. Links are followed as they lead inside the tree,
/// so that none leads out of it.
struct RootSurvey {
  private let root: String
  /// What is at the folders that were passed through.
  private var passed: [String: Step] = [:]

  private enum Step {
    case missing
    case unknown
    case link(String)
    case there(FileStatus)
  }

  /// More paths than the units of a host name.
  private static let maximum = 200_000
  private static let maximumLinks = 40
  private static let maximumParts = 256
  /// Accounts and configuration of the boot are small, environment files smaller still.
  private static let maximumBytes = 1 << 20
  private static let maximumEnvironment = 1 << 16
  private static let maximumFiles = 4_096
  /// The kernel reads so much of a script to find its interpreter (execve(2)).
  private static let headLength = 256

  init(root: String) {
    self.root = root.utf8.last == UInt8(ascii: "/") ? String(root.dropLast()) : root
  }

  /// What is at the paths that units name, and who has an account.
  mutating func files(for set: UnitSet) -> KnownFiles {
    var files = KnownFiles()
    files.isComplete = true
    for path in KnownFiles.paths(namedBy: set).prefix(Self.maximum) { add(path, to: &files) }
    for unit in set.units {
      for value in unit.values(.environmentFile) {
        let path = value.hasPrefix("-") ? String(value.dropFirst()) : value
        guard files.environmentFiles[path] == nil else { continue }
        switch place(path) {
        case .success((let place, .file)):
          files.environmentFiles[path] = read(place, limit: Self.maximumEnvironment) ?? []
        case .success, .failure(.unknown): files.environmentFiles[path] = []
        case .failure(.missing): break
        }
      }
    }
    for folder in ["usr/lib", "lib", "usr/local/lib", "run", "etc"] {
      for bytes in contents(of: "/" + folder + "/tmpfiles.d") { files.add(tmpfiles: bytes) }
    }
    files.accounts = accounts()
    return files
  }

  private mutating func add(_ path: String, to files: inout KnownFiles) {
    guard files.paths[path] == nil else { return }
    let found = look(path)
    files.paths[path] = found
    guard case .found(let file) = found, let interpreter = file.interpreter, files.paths[interpreter] == nil,
      interpreter.utf8.first == UInt8(ascii: "/")
    else { return }
    files.paths[interpreter] = look(interpreter)
  }

  private mutating func accounts() -> KnownAccounts? {
    guard let users = bytes("/etc/passwd") else { return nil }
    var accounts = KnownAccounts()
    accounts.add(database: users, isGroup: false)
    accounts.add(database: bytes("/etc/group") ?? [], isGroup: true)
    for folder in ["usr/lib", "lib", "usr/local/lib", "run", "etc"] {
      for bytes in contents(of: "/" + folder + "/sysusers.d") { accounts.add(sysusers: bytes) }
    }
    return accounts
  }

  /// The files of a folder of configuration.
  private mutating func contents(of folder: String) -> [[UInt8]] {
    guard case .success((let place, .directory)) = place(folder) else { return [] }
    do throws(HostError) {
      var found: [[UInt8]] = []
      for entry in try HostFile.list(root + place).prefix(Self.maximumFiles)
      where entry.name.hasSuffix(".conf") {
        if let bytes = bytes(place + "/" + entry.name) { found.append(bytes) }
      }
      return found
    } catch {
      return []
    }
  }

  private mutating func bytes(_ path: String) -> [UInt8]? {
    guard case .success((let place, .file)) = place(path) else { return nil }
    return read(place)
  }

  private func read(_ place: String, limit: Int = Self.maximumBytes) -> [UInt8]? {
    do throws(HostError) {
      return try HostFile.read(root + place, limit: limit)
    } catch {
      return nil
    }
  }

  private mutating func look(_ path: String) -> KnownPath {
    let place: String
    switch self.place(path) {
    case .success(let found): place = found.path
    case .failure(.missing): return .missing
    case .failure(.unknown): return .unknown
    }
    guard case .there(let status) = step(place) else { return .unknown }
    var head: [UInt8] = []
    if status.kind == .file, status.mode & 0o111 != 0 {
      do throws(HostError) {
        let reader = try HostReader(root + place)
        head = try reader.read(Self.headLength)
      } catch {
        return .unknown
      }
    }
    let kind: KnownFile.Kind =
      switch status.kind {
      case .file: .file
      case .directory: .directory
      case .link, .other: .other
      }
    return .found(
      KnownFile(
        kind, mode: status.mode, owner: status.owner, head: head, exposedFolder: exposedFolder(above: place)))
  }

  /// The first folder above a path without links that everybody may write; the sticky bit protects what
  /// lies in it.
  private mutating func exposedFolder(above place: String) -> String? {
    var path = ""
    for part in place.utf8.split(separator: UInt8(ascii: "/")).dropLast() {
      path += "/" + String(Substring(part))
      if case .there(let status) = step(path), status.mode & 0o1002 == 0o002 { return path }
    }
    return nil
  }

  private enum Absence: Error { case missing, unknown }

  /// The path inside the tree that a path leads to, links followed, and what is there.
  private mutating func place(_ path: String) -> Result<(path: String, kind: FileKind), Absence> {
    var rest = parts(path)
    var place: [String] = []
    var kind = FileKind.directory
    var links = 0
    while let part = rest.popLast() {
      if part == "." { continue }
      if part == ".." {
        _ = place.popLast()
        kind = .directory
        continue
      }
      guard kind == .directory, place.count < Self.maximumParts else { return .failure(.missing) }
      let next = "/" + (place + [part]).joined(separator: "/")
      switch step(next) {
      case .missing: return .failure(.missing)
      case .unknown: return .failure(.unknown)
      case .there(let status):
        place.append(part)
        kind = status.kind
      case .link(let target):
        links += 1
        guard links <= Self.maximumLinks, rest.count < Self.maximumParts else { return .failure(.unknown) }
        if target.utf8.first == UInt8(ascii: "/") { place = [] }
        rest += parts(target)
      }
    }
    return .success(("/" + place.joined(separator: "/"), kind))
  }

  /// The parts of a path, the last one first.
  private func parts(_ path: String) -> [String] {
    path.utf8.split(separator: UInt8(ascii: "/")).reversed().map { String(Substring($0)) }
  }

  /// What is at a path whose folders are no links.
  private mutating func step(_ place: String) -> Step {
    if let known = passed[place] { return known }
    let found: Step
    do throws(HostError) {
      if let status = try HostFile.status(root + place) {
        found = status.kind == .link ? .link(try HostFile.target(of: root + place)) : .there(status)
      } else {
        found = .missing
      }
    } catch {
      found = .unknown
    }
    passed[place] = found
    return found
  }
}

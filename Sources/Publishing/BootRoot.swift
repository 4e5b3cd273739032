internal import Digests
internal import HostFiles
internal import JSONText

/// A boot server's root: a store of files by digest, generations that name them, and `current`, the link that says
/// which generation serves.
///
/// Nothing that a machine may be reading is ever changed: files of the store and generations are made under other
/// names, sent to the disk and renamed; one rename of `current` shows them. Whoever is killed on the way leaves names
/// that start with a dot, which the next run removes. The root is locked as long as this value lives.
public struct BootRoot: ~Copyable {
  /// Where it is, without a slash at its end.
  public let path: String
  private let folder: HostFolder
  private let lock: HostLock

  static let generations = "generations"
  static let current = "current"

  /// Locks a root, made where there is none, and removes what killed runs left.
  ///
  /// - Parameter patience: How long to wait for another run to end, in seconds.
  public init(_ path: String, patience: Int = 10) throws(PublishingError) {
    let folder = try PublishingError.host { () throws(HostError) in
      for part in ["", "/store", "/store/sha256", "/generations", "/state"] {
        try HostFile.makeDirectories(path + part, mode: 0o755)
      }
      return try HostFolder(path)
    }
    let lock = try Self.lock(path, patience: patience)
    // The lock is held, so nobody is at work in what is left there.
    try PublishingError.host { () throws(HostError) in
      let all = try folder.open(Self.generations)
      for entry in try all.list() where entry.name.hasPrefix(".") { try all.removeTree(entry.name) }
    }
    self.path = path
    self.folder = folder
    self.lock = lock
  }

  private static func lock(_ path: String, patience: Int) throws(PublishingError) -> HostLock {
    let state = try PublishingError.host { () throws(HostError) in try HostFolder(path + "/state") }
    var tries = max(patience, 0) * 50
    while true {
      do throws(HostError) {
        if let lock = try HostLock.take("lock", in: state) { return lock }
      } catch {
        throw .host(error)
      }
      guard tries > 0 else { throw .busy(folder: path, process: HostLock.holder("lock", in: state)) }
      HostMachine.pause(milliseconds: 20)
      tries -= 1
    }
  }

  // MARK: Reading

  /// Numbers of the generations that are there, in order.
  public func numbers() throws(PublishingError) -> [Int] {
    try PublishingError.host { () throws(HostError) in
      try HostFile.list(path + "/" + Self.generations).compactMap {
        $0.kind == .directory ? Int($0.name) : nil
      }
    }.sorted()
  }

  /// The generation that serves; `nil` before the first.
  public func serving() throws(PublishingError) -> Int? {
    try PublishingError.host { () throws(HostError) in
      guard try folder.status(Self.current)?.kind == .link else { return nil }
      return Int(try folder.target(of: Self.current).split(separator: "/").last ?? "")
    }
  }

  /// A file of a generation; `nil` when it has none of that name.
  public func read(_ name: String, of number: Int) throws(PublishingError) -> [UInt8]? {
    do throws(HostError) {
      return try HostFile.read("\(path)/\(Self.generations)/\(Self.folder(number))/\(name)", limit: 256 << 20)
    } catch {
      if error.isAbsence { return nil }
      throw .host(error)
    }
  }

  /// Whether the store has a file of this size by that path.
  public func has(_ stored: String, size: Int) throws(PublishingError) -> Bool {
    try PublishingError.host { () throws(HostError) in
      let status = try HostFile.status(path + "/" + stored)
      return status?.kind == .file && status?.size == size
    }
  }

  // MARK: Writing

  /// Puts bytes into the store by the path that their digest gives: `store/sha256/AB/DIGEST/NAME`. What is there already
  /// is looked at, and replaced where it is not what its path says.
  ///
  /// All of it is written under other names, sent to the disk at once and renamed: a reader finds all of a file or
  /// nothing, after a loss of power as well.
  public func store(_ files: [(stored: String, bytes: [UInt8])]) throws(PublishingError) {
    var fresh: [String] = []
    for (stored, bytes) in files {
      let parts = stored.split(separator: "/").map(String.init)
      guard parts.count == 5, parts[0] == "store", parts[3] == SHA256.digest(of: bytes).description else {
        throw .notAFolder(stored)
      }
      try PublishingError.host { () throws(HostError) in
        let target = path + "/" + stored
        if try HostFile.status(target)?.size == bytes.count,
          try HostFile.read(target, limit: max(bytes.count, 1)) == bytes
        {
          return
        }
        try HostFile.makeDirectories(target.parent, mode: 0o755)
        let place = try HostFolder(target.parent)
        try place.removeTree("." + parts[4])
        try place.put("." + parts[4], bytes, mode: 0o644)
        fresh.append(target)
      }
    }
    guard !fresh.isEmpty else { return }
    try PublishingError.host { () throws(HostError) in
      try folder.syncFileSystem()
      for target in fresh { try HostFile.rename("\(target.parent)/.\(target.last)", to: target) }
    }
  }

  /// Writes a generation and lets it serve.
  ///
  /// - Parameters:
  ///   - number: The generation's number, that none has.
  ///   - texts: Paths below the generation and bytes, in order of path; the manifest among them.
  ///   - links: Paths below the generation that get what is in the store by another name.
  public func publish(
    _ number: Int, texts: [(path: String, bytes: [UInt8])], links: [(path: String, stored: String)]
  ) throws(PublishingError) {
    let former = try serving()
    let name = Self.folder(number)
    do throws(HostError) {
      let all = try folder.open(Self.generations)
      let stage = ".\(name)"
      try HostFile.makeDirectories("\(path)/\(Self.generations)/\(stage)", mode: 0o755)
      let staged = "\(path)/\(Self.generations)/\(stage)"
      let old = former.map { "\(path)/\(Self.generations)/\(Self.folder($0))" }
      try write(texts, links, to: staged, former: old)
      try folder.syncFileSystem()
      try all.renameNew(stage, to: name)
      try all.sync()
    } catch {
      throw .host(error)
    }
    try serve(number)
  }

  /// Lets a generation that is there serve: one rename.
  public func serve(_ number: Int) throws(PublishingError) {
    do throws(HostError) {
      let link = ".\(Self.current)"
      try folder.removeTree(link)
      try folder.symlink(link, to: "\(Self.generations)/\(Self.folder(number))")
      try folder.rename(link, to: Self.current)
      try folder.sync()
    } catch {
      throw .host(error)
    }
  }

  /// Adds a line to `state/publish.jsonl`, of which the last 10,000 are kept.
  public func log(_ line: JSONLine) throws(PublishingError) {
    do throws(HostError) {
      let path = self.path + "/state/publish.jsonl"
      let former = try HostFile.status(path) == nil ? [] : try HostFile.read(path, limit: 64 << 20)
      let lines = former.split(separator: UInt8(ascii: "\n")).suffix(9_999)
      try HostFile.write(
        Array((lines.map(Array.init) + [line.bytes]).joined(separator: [UInt8(ascii: "\n")])) + [
          UInt8(ascii: "\n")
        ],
        to: path, mode: 0o644)
    } catch {
      throw .host(error)
    }
  }

  /// Writes texts and links below a stage. What a former generation has alike gets a second name.
  private func write(
    _ texts: [(path: String, bytes: [UInt8])], _ links: [(path: String, stored: String)], to stage: String,
    former: String?
  ) throws(HostError) {
    var open: (name: String, old: Bool)?
    for (path, bytes) in texts {
      let parent = path.parent
      if open?.name != parent {
        let target = parent.isEmpty ? stage : stage + "/" + parent
        try HostFile.makeDirectories(target, mode: 0o755)
        let status = try former.map { (former) throws(HostError) in try HostFile.status(former + "/" + parent)
        }
        open = (parent, (status ?? nil)?.kind == .directory)
      }
      let old = former.map { $0 + "/" + path }
      if let old, open?.old == true, try HostFile.status(old)?.size == bytes.count,
        try HostFile.read(old, limit: max(bytes.count, 1)) == bytes
      {
        try Self.link(old, as: stage + "/" + path)
      } else {
        let target = try HostFolder(parent.isEmpty ? stage : stage + "/" + parent)
        try target.put(path.last, bytes, mode: 0o644)
      }
    }
    for (path, stored) in links {
      try HostFile.makeDirectories(stage + "/" + path.parent, mode: 0o755)
      try Self.link(self.path + "/" + stored, as: stage + "/" + path)
    }
  }

  private static func link(_ path: String, as other: String) throws(HostError) {
    let target = try HostFolder(other.parent)
    try HostFolder(path.parent).link(path.last, in: target, as: other.last)
  }

  static func folder(_ number: Int) -> String {
    String(repeating: "0", count: max(0, 8 - String(number).count)) + String(number)
  }
}

/// A line of the log of publications.
public struct JSONLine: Sendable {
  let bytes: [UInt8]

  /// Makes the line of texts by their keys, in the order given.
  public init(_ members: KeyValuePairs<String, String>) {
    bytes = JSONValue.object(members.map { JSONValue.Member($0, .string($1)) }).compact.filter { $0 != 10 }
  }
}

extension String {
  /// What stands before the last slash; nothing where there is none.
  var parent: String { utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[..<$0]) } ?? "" }

  /// What stands behind the last slash.
  var last: String {
    utf8.lastIndex(of: UInt8(ascii: "/")).map { String(self[utf8.index(after: $0)...]) } ?? self
  }
}

import Glibc
import HostFiles

/// A disk as POSIX promises it, and no better: what was not synced may be there after a loss of power or not, in any
/// combination. Data and mode of a file are there once the file was synced, an entry once its folder was, all of it
/// once the file system was. A rename is one change: both of its names or neither, as every journal keeps it.
struct DiskModel {
  private enum Node {
    case folder(mode: UInt32)
    case file
    case link(String)
  }

  /// A change to a folder's entries: names that come to stand for something, or for nothing.
  private struct Entry {
    var changes: [(folder: Int, name: String, node: Int?)]
    var isDurable = false
  }

  /// What a file holds: one more state with each write or change of mode.
  private struct Content {
    var states: [(bytes: [UInt8], mode: UInt32)]
    var durable: Int
  }

  /// Which of the changes that were not synced the disk has kept.
  enum Choice: CustomStringConvertible {
    case none, all
    case only(Int), allBut(Int)
    case some(Set<Int>)

    /// States after a crash with so many changes pending.
    static func all(pending: Int, isFull: Bool, _ random: inout Draws) -> [Choice] {
      guard pending > 0 else { return [.none] }
      var choices: [Choice] = [.none, .all]
      let count = isFull ? min(pending, 12) : 1
      for index in 0..<count {
        let one = pending <= 12 && isFull ? index : random.next(below: pending)
        choices += [.only(one), .allBut(one)]
      }
      for _ in 0..<(isFull ? 4 : 1) {
        choices.append(.some(Set((0..<pending).filter { _ in random.next(below: 2) == 0 })))
      }
      return choices
    }

    func keeps(_ index: Int) -> Bool {
      switch self {
      case .none: false
      case .all: true
      case .only(let one): one == index
      case .allBut(let one): one != index
      case .some(let set): set.contains(index)
      }
    }

    var description: String {
      switch self {
      case .none: "nothing unsynced kept"
      case .all: "everything kept"
      case .only(let one): "only change \(one) kept"
      case .allBut(let one): "all but change \(one) kept"
      case .some(let set): "kept \(set.sorted())"
      }
    }
  }

  private var nodes: [Node] = [.folder(mode: 0o755)]
  private var contents: [Int: Content] = [:]
  private var entries: [Entry] = []
  /// The tree as the running system sees it.
  private var seen: [Int: [String: Int]] = [0: [:]]
  /// Which entry or content each pending change is: entries first.
  private var pendingEntries: [Int] { entries.indices.filter { !entries[$0].isDurable } }
  private var pendingContents: [Int] {
    contents.keys.filter { node in contents[node].map { $0.durable < $0.states.count - 1 } ?? false }.sorted()
  }

  /// How many changes are not synced.
  var pending: Int { pendingEntries.count + pendingContents.count }

  /// The disk before the run: everything on it is synced.
  init(folder: String) throws {
    try load(folder, into: 0)
    apply(.syncAll)
  }

  private mutating func load(_ path: String, into folder: Int) throws {
    for entry in try HostFile.list(path) {
      let inner = path + "/" + entry.name
      switch entry.kind {
      case .directory:
        let node = add(.folder(mode: UInt32(try HostFile.status(inner)?.mode ?? 0o755)))
        bind([(folder, entry.name, node)])
        try load(inner, into: node)
      case .link: bind([(folder, entry.name, add(.link(try HostFile.target(of: inner))))])
      case .file, .other:
        let node = add(.file)
        let mode = UInt32(try HostFile.status(inner)?.mode ?? 0o644)
        contents[node] = Content(states: [(try HostFile.read(inner, limit: 1 << 24), mode)], durable: 0)
        bind([(folder, entry.name, node)])
      }
    }
  }

  private mutating func add(_ node: Node) -> Int {
    nodes.append(node)
    if case .folder = node { seen[nodes.count - 1] = [:] }
    return nodes.count - 1
  }

  private mutating func bind(_ changes: [(folder: Int, name: String, node: Int?)]) {
    for change in changes { seen[change.folder, default: [:]][change.name] = change.node }
    entries.append(Entry(changes: changes))
  }

  private func find(_ path: String) -> Int? {
    path == "."
      ? 0
      : path.split(separator: "/").reduce(0 as Int?) { node, name in node.flatMap { seen[$0]?[String(name)] }
      }
  }

  private func place(_ path: String) -> (folder: Int, name: String)? {
    let parts = path.split(separator: "/")
    guard let last = parts.last,
      let folder = find(parts.count == 1 ? "." : parts.dropLast().joined(separator: "/"))
    else { return nil }
    return (folder, String(last))
  }

  /// Takes a change that the run made.
  mutating func apply(_ change: FileChange) {
    switch change {
    case .makeFolder(let path, let mode): put(path, .folder(mode: mode))
    case .link(let path, let target): put(path, .link(target))
    case .create(let path):
      put(path, .file)
      if let node = find(path) { contents[node] = Content(states: [([], 0o600)], durable: 0) }
    case .write(let path, let bytes):
      edit(path) { state in state.bytes += bytes }
    case .mode(let path, let mode): edit(path) { $0.mode = mode }
    case .rename(let path, let other):
      guard let from = place(path), let to = place(other), let node = find(path) else { return }
      bind([(from.folder, from.name, nil), (to.folder, to.name, node)])
    case .remove(let path):
      guard let place = place(path) else { return }
      bind([(place.folder, place.name, nil)])
    case .sync(let path):
      guard let node = find(path) else { return }
      if var content = contents[node] {
        content.durable = content.states.count - 1
        contents[node] = content
      }
      for index in entries.indices where entries[index].changes.contains(where: { $0.folder == node }) {
        entries[index].isDurable = true
      }
    case .syncAll:
      for index in entries.indices { entries[index].isDurable = true }
      for (node, content) in contents { contents[node]?.durable = content.states.count - 1 }
    }
  }

  private mutating func put(_ path: String, _ node: Node) {
    guard let place = place(path) else { return }
    bind([(place.folder, place.name, add(node))])
  }

  private mutating func edit(_ path: String, _ body: (inout (bytes: [UInt8], mode: UInt32)) -> Void) {
    guard let node = find(path), var content = contents[node], var state = content.states.last else { return }
    body(&state)
    content.states.append(state)
    contents[node] = content
  }

  /// Writes what the disk has after the crash.
  func write(to root: String, _ choice: Choice) throws {
    var kept: [Int: [String: Int]] = [:]
    let pending = pendingEntries
    for (index, entry) in entries.enumerated() {
      guard entry.isDurable || pending.firstIndex(of: index).map(choice.keeps) ?? true else { continue }
      for change in entry.changes { kept[change.folder, default: [:]][change.name] = change.node }
    }
    let files = pendingContents
    try HostFile.makeDirectories(root, mode: 0o755)
    try write(0, to: root, kept) { node in
      guard let content = contents[node] else { return ([], 0o600) }
      let index = files.firstIndex(of: node).map { choice.keeps(pending.count + $0) } ?? true
      return content.states[index ? content.states.count - 1 : content.durable]
    }
  }

  private func write(
    _ folder: Int, to path: String, _ kept: [Int: [String: Int]],
    _ content: (Int) -> (bytes: [UInt8], mode: UInt32)
  ) throws {
    for (name, node) in kept[folder] ?? [:] {
      let inner = path + "/" + name
      switch nodes[node] {
      case .folder(let mode):
        try HostFile.makeDirectories(inner, mode: UInt16(mode))
        try write(node, to: inner, kept, content)
      case .link(let target): try HostFile.link(inner, to: target)
      case .file:
        // Not HostFile, which has every file on the disk before it goes on.
        let state = content(node)
        let file = unsafe creat(inner, state.mode)
        _ = unsafe state.bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
        fchmod(file, state.mode)
        close(file)
      }
    }
  }
}

internal import NodeCalls

/// Goes from one release to another, or to none, and finishes or undoes what was cut off.
///
/// What is visible are links that lead through `current`. New ones are made first and dangle; the rename of `current`
/// switches all at once; old ones are removed at the end. So there is no moment at which two releases mix.
struct Switching {
  let tree: NodeTree
  let log: TransactionLog
  var count: Int

  init(_ tree: NodeTree, records: Int) {
    self.tree = tree
    log = TransactionLog(tree)
    count = records
  }

  private mutating func write(_ records: [TransactionLog.Record]) throws(NodeFailure) {
    try log.append(records, after: count)
    count += records.count
  }

  /// Starts a transaction.
  mutating func begin(old: String?, new: String, stages: Bool) throws(NodeFailure) {
    try write([.begin(old: old ?? "-", new: new, stages: stages)])
  }

  /// Makes what the new release shows, then switches. `adopt`: foreign files that may be moved away.
  mutating func run(to new: InstalledRelease, adopt: Set<String>) throws(NodeFailure) {
    var added: [(key: String, value: String)] = []
    var folders: [String: Bool] = [:]
    for (path, target) in new.links.sorted(by: { $0.key < $1.key }) {
      // The links of the old release stay what they are, unless somebody took one away.
      let parent = Places.parent(path)
      if folders[parent] == nil { folders[parent] = try Self.isThere(tree, path) }
      let isThere = folders[parent] == true ? try tree.link(path) == target : false
      if !isThere { added.append((path, target)) }
    }
    try makeFolders(for: added.map { $0.key })
    try moveAway(adopt.sorted())
    var touched = Set<String>()
    for (path, target) in added {
      try tree.makeLink(target, at: path)
      touched.insert(Places.parent(path))
    }
    for folder in touched.sorted() { try tree.sync(folder) }
    try write([.swap])
    try point(Places.current, to: new.id)
  }

  /// Points a name at a set: the commit point, where the name is `current`.
  func point(_ pointer: String, to id: String?) throws(NodeFailure) {
    guard let id else {
      try tree.remove(pointer)
      return try tree.sync(Places.state)
    }
    let fresh = pointer + ".new"
    try tree.remove(fresh)
    try tree.makeLink("sets/" + id, at: fresh)
    try tree.rename(fresh, to: pointer)
    try tree.sync(Places.state)
  }

  private mutating func makeFolders(for paths: [String]) throws(NodeFailure) {
    var folders: [String] = []
    for folder in Set(paths.flatMap { Places.parents($0) }).sorted() where try tree.status(folder) == nil {
      folders.append(folder)
    }
    try write(folders.map { .made($0) })
    for folder in folders {
      try tree.makeFolder(folder, mode: 0o755)
      try tree.sync(Places.parent(folder))
    }
  }

  private mutating func moveAway(_ paths: [String]) throws(NodeFailure) {
    guard !paths.isEmpty else { return }
    try write(paths.map { .kept($0) })
    for path in paths {
      try tree.rename(path, to: path + Self.keptSuffix)
      try tree.sync(Places.parent(path))
    }
  }

  /// What a foreign file is called that had to make room.
  static let keptSuffix = ".before-imagegen"

  /// After the switch: what only the old release showed goes, the old one becomes `previous`, the transaction ends.
  func finish(from old: InstalledRelease?, to new: InstalledRelease, floor: Int) throws(NodeFailure) {
    try removeLinks(of: old, notOf: new)
    if let old { try point(Places.previous, to: old.id) }
    try raise(floor: floor)
    // Before the log goes: what it does not speak of any more must be gone.
    try collect()
    try log.remove()
  }

  /// Removes links of one release that the other does not have; a file in a link's place is somebody else's by now.
  func removeLinks(of release: InstalledRelease?, notOf other: InstalledRelease?) throws(NodeFailure) {
    guard let release else { return }
    let staying = other?.links ?? [:]
    var touched = Set<String>()
    for (path, target) in release.links.sorted(by: { $0.key < $1.key }) where staying[path] == nil {
      guard try Self.isThere(tree, path), try tree.link(path) == target else { continue }
      try tree.remove(path)
      touched.insert(Places.parent(path))
    }
    for folder in touched.sorted() { try tree.sync(folder) }
  }

  /// Whether the folder of a path is there at all.
  private static func isThere(_ tree: NodeTree, _ path: String) throws(NodeFailure) -> Bool {
    for folder in Places.parents(path) where try tree.status(folder)?.kind != .directory { return false }
    return true
  }

  /// The highest sequence that was ever active: never lowered, never torn.
  private func raise(floor: Int) throws(NodeFailure) {
    guard try Self.floor(tree) < floor else { return }
    let fresh = Places.floor + ".new"
    try tree.remove(fresh)
    try tree.create(fresh, mode: 0o644, isDurable: true) { file throws(NodeFailure) in
      try tree.write(Array("\(floor)\n".utf8), to: file, fresh)
    }
    try tree.rename(fresh, to: Places.floor)
    try tree.sync(Places.state)
  }

  /// The lowest sequence that may be installed.
  static func floor(_ tree: NodeTree) throws(NodeFailure) -> Int {
    let bytes = try tree.read(Places.floor, limit: 64) ?? []
    return Int(String(decoding: bytes.filter { $0 != 10 }, as: UTF8.self)) ?? 0
  }

  /// Removes releases that neither pointer names.
  @discardableResult
  func collect() throws(NodeFailure) -> [String] {
    var keep = Set<String>()
    for pointer in [Places.current, Places.previous] {
      if let id = try InstalledRelease.name(tree, pointer) { keep.insert(id) }
    }
    var gone: [String] = []
    for folder in [Places.sets, Places.releases] {
      guard try tree.status(folder) != nil else { continue }
      var isChanged = false
      for name in try tree.list(folder) where !keep.contains(name) {
        try tree.removeTree(folder + "/" + name)
        gone.append(folder + "/" + name)
        isChanged = true
      }
      if isChanged { try tree.sync(folder) }
    }
    return gone
  }
}

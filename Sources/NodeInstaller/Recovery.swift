internal import Bundles
internal import NodeCalls

/// What became of a transaction that was cut off.
enum Recovered: Equatable {
  /// There was none.
  case nothing
  /// The node has the release from before, as if nothing had been tried.
  case old
  /// The node has the new release, whole.
  case new
}

/// Finishes or undoes a transaction that was cut off, offline and as often as it takes: each of its steps may have
/// been taken already, by the transaction or by a recovery that was itself cut off.
enum Recovery {
  /// The pointer decides: where it names the new release, the new one stays, unless it was to be given up.
  static func run(_ tree: NodeTree) throws(NodeFailure) -> Recovered {
    let log = TransactionLog(tree)
    guard let records = try log.records() else { return .nothing }
    for pointer in [Places.current, Places.previous, Places.floor] { try tree.remove(pointer + ".new") }
    guard case .begin(let oldName, let newName, let stages)? = records.first else {
      // Torn before anything was done.
      try log.remove()
      return .old
    }
    let switching = Switching(tree, records: records.count)
    let active = try InstalledRelease.name(tree, Places.current)
    let old = oldName == "-" ? nil : try InstalledRelease(tree, id: oldName)
    let new = try InstalledRelease(tree, id: newName)
    if let new, active == newName, !records.contains(.reverse) {
      try switching.finish(from: old, to: new, floor: new.manifest.sequence)
      return .new
    }
    try undo(switching, records, from: new, to: old, stages: stages)
    return .old
  }

  /// Goes back to the release from before. Whatever of the new one is there goes.
  static func undo(
    _ switching: Switching, _ records: [TransactionLog.Record], from new: InstalledRelease?,
    to old: InstalledRelease?, stages: Bool
  ) throws(NodeFailure) {
    let tree = switching.tree
    if try InstalledRelease.name(tree, Places.current) != old?.id {
      try switching.point(Places.current, to: old?.id)
    }
    try switching.removeLinks(of: new, notOf: old)
    for record in records {
      guard case .kept(let path) = record else { continue }
      let kept = path + Switching.keptSuffix
      guard try tree.status(kept) != nil else { continue }
      try tree.rename(kept, to: path)
      try tree.sync(Places.parent(path))
    }
    // The innermost folder first; one that somebody uses by now stays.
    for record in records.reversed() {
      guard case .made(let path) = record, try tree.status(Places.parent(path)) != nil else { continue }
      try tree.removeEmptyFolder(path)
      if try tree.status(Places.parent(path)) != nil { try tree.sync(Places.parent(path)) }
    }
    if stages { try switching.collect() }
    try switching.log.remove()
  }
}

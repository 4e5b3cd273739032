internal import HostFiles

// Taking over former results as they are.
extension StageWriter {
  /// Takes over what is at the path of the former results; says whether there was anything.
  func keep(_ parts: ArraySlice<String>) throws(PublishingError) -> Bool {
    try keep(parts, from: former, in: stage)
  }

  private func keep(
    _ parts: ArraySlice<String>, from former: borrowing HostFolder?, in folder: borrowing HostFolder
  ) throws(PublishingError) -> Bool {
    guard let name = parts.first else { return false }
    switch former {
    case .none: return false
    case .some(let old):
      let status = try PublishingError.host { () throws(HostError) in try old.status(name) }
      guard let status else { return false }
      if parts.count == 1 {
        try keep(
          DirectoryEntry(name: name, kind: status.kind), from: old, in: folder, depth: parts.startIndex)
        return true
      }
      guard status.kind == .directory else { return false }
      let below = try makeFolder(name, in: folder, isShared: true)
      return try keep(parts.dropFirst(), from: try openFormer(name, in: former), in: below)
    }
  }

  private func keep(
    _ entry: DirectoryEntry, from old: borrowing HostFolder, in folder: borrowing HostFolder, depth: Int
  ) throws(PublishingError) {
    switch entry.kind {
    case .file, .link:
      do throws(HostError) { try old.link(entry.name, in: folder, as: entry.name) } catch {
        throw .host(error)
      }
    case .directory:
      guard depth < Self.maximumDepth else { throw .tooDeep(path: old.path + "/" + entry.name) }
      let source = try PublishingError.host { () throws(HostError) in try old.open(entry.name) }
      let target = try makeFolder(entry.name, in: folder, isShared: true)
      for below in try PublishingError.host({ () throws(HostError) in try source.list() }) {
        try keep(below, from: source, in: target, depth: depth + 1)
      }
    // Nothing that this tool made: a pipe or a device that somebody put there.
    case .other: break
    }
  }
}

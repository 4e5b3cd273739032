internal import Diagnostics
internal import HostFiles
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// Reads unit files and folders of units from the host.
struct UnitFolders {
  /// Everything read: what was asked for and what lies beside it.
  private(set) var entries: [UnitFolderEntry] = []
  /// The files asked about.
  private(set) var asked: Set<SourceID> = []
  private(set) var registry: SourceRegistry

  /// More files and links than a host has below its unit folders.
  private static let maximum = 1_000_000
  /// systemd refuses larger ones as well (conf-parser.c).
  private static let maximumBytes = 1 << 20
  /// Folders of drop-ins and links lie directly in a folder of units.
  private static let depth = 2

  init(_ registry: SourceRegistry = SourceRegistry()) {
    self.registry = registry
  }

  /// Where systemd looks below a root, the administrator's first (systemd.unit(5)).
  static let searchPath = [
    "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system",
    "lib/systemd/system",
  ]

  /// Adds a file or a folder that is asked about. A file is read with its neighbours.
  mutating func add(_ path: String) throws(CommandFailure) {
    let former = asked.count
    do throws(HostError) {
      guard let status = try HostFile.status(path) else {
        throw HostError(operation: "open", path: path, errno: 2)
      }
      if status.kind == .directory {
        try addFolder(path, prefix: "", layer: 0, depth: 0) { $0.contains("/") || Self.looksLikeUnit($0) }
      } else {
        try addFile(path)
      }
    } catch {
      throw CommandFailure(status: error.isAbsence ? .usage : .environment, message: error.message, help: nil)
    }
    guard asked.count > former else {
      throw .usage(
        "there is no unit in \(path)", help: "units are files called NAME.service, NAME.socket and so on")
    }
  }

  /// A unit, or a drop-in, whose unit lies beside its folder.
  private mutating func addFile(_ path: String) throws(HostError) {
    var folder = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var name = folder.removeLast()
    if let last = folder.last, last.hasSuffix(".d"), name.hasSuffix(".conf") {
      folder.removeLast()
      name = last + "/" + name
    } else if UnitName(name) == nil {
      return
    }
    let parent = folder.isEmpty ? "." : folder == [""] ? "/" : folder.joined(separator: "/")
    try addFolder(parent, prefix: "", layer: 0, depth: 0) { $0 == name || $0.hasPrefix(name + ".d/") }
  }

  /// Adds the unit folders of a file system root.
  mutating func addRoot(_ root: String) throws(CommandFailure) {
    do throws(HostError) {
      for (layer, folder) in Self.searchPath.enumerated() {
        guard try HostFile.status(root + "/" + folder)?.kind == .directory else { continue }
        try addFolder(root + "/" + folder, prefix: "", layer: layer, depth: 0) { _ in true }
      }
    } catch {
      throw .environment(error)
    }
  }

  /// Whether a name ends like a unit's; one that is none otherwise is worth a finding.
  private static func looksLikeUnit(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return UnitType(rawValue: String(name[name.index(after: dot)...])) != nil
  }

  /// The permission bits of the files that were read.
  func modes() -> [SourceID: KnownFile] {
    var modes: [SourceID: KnownFile] = [:]
    for entry in entries {
      guard case .file = entry.content, let path = registry.path(of: entry.source) else { continue }
      do throws(HostError) {
        if let status = try HostFile.status(path), status.kind == .file {
          modes[entry.source] = KnownFile(.file, mode: status.mode, owner: status.owner)
        }
      } catch {
        continue
      }
    }
    return modes
  }

  private mutating func addFolder(
    _ folder: String, prefix: String, layer: Int, depth: Int, isAsked: (String) -> Bool
  ) throws(HostError) {
    for entry in try HostFile.list(folder) where entries.count < Self.maximum {
      let path = folder == "." ? entry.name : folder + "/" + entry.name
      let name = prefix + entry.name
      switch entry.kind {
      case .directory:
        let isPart = [".d", ".wants", ".requires", ".upholds"].contains { entry.name.hasSuffix($0) }
        if isPart, depth < Self.depth {
          try addFolder(path, prefix: name + "/", layer: layer, depth: depth + 1, isAsked: isAsked)
        }
      case .link: take(.link(target: try HostFile.target(of: path)), name, path, layer, isAsked)
      case .file:
        // What lies beside units may be anything: it is known by name, and left alone.
        let isRead = depth > 0 || UnitName(entry.name) != nil
        let bytes = isRead ? try HostFile.read(path, limit: Self.maximumBytes) : []
        take(.file(bytes), name, path, layer, isAsked)
      case .other: break
      }
    }
  }

  private mutating func take(
    _ content: UnitFolderEntry.Content, _ name: String, _ path: String, _ layer: Int,
    _ isAsked: (String) -> Bool
  ) {
    let source = registry.register(path)
    if isAsked(name) { asked.insert(source) }
    entries.append(UnitFolderEntry(path: name, content: content, source: source, layer: layer))
  }
}

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
  /// Where the entries of each folder start, in order; several layers of one root count as one.
  private var starts: [Int] = []
  /// Folders that are read already, without their trailing slashes, by their place in `starts`.
  private var read: [String: Int] = [:]
  /// How many files were asked about, those asked about twice counted twice.
  private var matches = 0

  /// More files and links than a host has below its unit folders.
  private static let maximum = 1_000_000
  /// systemd refuses larger ones as well (conf-parser.c).
  private static let maximumBytes = 1 << 20
  /// Folders of drop-ins and links lie directly in a folder of units.
  private static let depth = 2

  init(_ registry: SourceRegistry = SourceRegistry()) {
    self.registry = registry
  }

  /// The folders by host: together as long as no two of them have a unit of one name, for then one would hide
  /// the other's.
  var hosts: [[UnitFolderEntry]] {
    var hosts: [(entries: [UnitFolderEntry], names: Set<String>)] = []
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : entries.count
      let names = Set(entries[start..<end].lazy.filter { UnitName($0.path) != nil }.map(\.path))
      if let host = hosts.firstIndex(where: { $0.names.isDisjoint(with: names) }) {
        hosts[host].entries += entries[start..<end]
        hosts[host].names.formUnion(names)
      } else {
        hosts.append((Array(entries[start..<end]), names))
      }
    }
    return hosts.map(\.entries)
  }

  /// Where systemd looks below a root, the administrator's first (systemd.unit(5)).
  static let searchPath = [
    "etc/systemd/system", "run/systemd/system", "usr/local/lib/systemd/system", "usr/lib/systemd/system",
    "lib/systemd/system",
  ]

  /// Adds a file or a folder that is asked about. A file is read with its neighbours.
  mutating func add(_ path: String) throws(CommandFailure) {
    let former = matches
    do throws(HostError) {
      guard let status = try HostFile.status(path) else {
        throw HostError(operation: "open", path: path, errno: 2)
      }
      if status.kind == .directory {
        try addWhole(path) { $0.contains("/") || Self.looksLikeUnit($0) }
      } else {
        try addFile(path)
      }
    } catch {
      throw CommandFailure(status: error.isAbsence ? .usage : .environment, message: error.message, help: nil)
    }
    guard matches > former else {
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
    let dropIns = name + ".d/"
    try addWhole(parent) { $0 == name || $0.hasPrefix(dropIns) }
  }

  /// Reads a folder, or asks about more of one that is read already: a hook names files one by one.
  private mutating func addWhole(_ folder: String, isAsked: (String) -> Bool) throws(HostError) {
    var folder = folder
    while folder.utf8.count > 1, folder.hasSuffix("/") { folder.removeLast() }
    let parts = folder.split(separator: "/").filter { $0 != "." }
    let key = (folder.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    if let place = read[key] {
      let end = place + 1 < starts.count ? starts[place + 1] : entries.count
      for entry in entries[starts[place]..<end] where isAsked(entry.path) {
        asked.insert(entry.source)
        matches += 1
      }
      return
    }
    read[key] = starts.count
    starts.append(entries.count)
    try addFolder(folder, prefix: "", layer: 0, depth: 0, isAsked: isAsked)
  }

  /// Adds the unit folders of a file system root.
  mutating func addRoot(_ root: String) throws(CommandFailure) {
    starts.append(entries.count)
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
    let open = try HostFolder(folder)
    for entry in try open.list() {
      guard entries.count < Self.maximum else {
        throw HostError(operation: "read all of", path: folder, errno: 27)
      }
      let path = folder == "." ? entry.name : folder + "/" + entry.name
      let name = prefix + entry.name
      switch entry.kind {
      case .directory:
        let isPart = [".d", ".wants", ".requires", ".upholds"].contains { entry.name.hasSuffix($0) }
        if isPart, depth < Self.depth {
          try addFolder(path, prefix: name + "/", layer: layer, depth: depth + 1, isAsked: isAsked)
        }
      case .link: take(.link(target: try open.target(of: entry.name)), name, path, layer, isAsked)
      case .file:
        // What lies beside units may be anything: it is known by name, and left alone.
        let isRead = depth > 0 || UnitName(entry.name) != nil
        let bytes = isRead ? try open.read(entry.name, limit: Self.maximumBytes) : []
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
    if isAsked(name) {
      asked.insert(source)
      matches += 1
    }
    entries.append(UnitFolderEntry(path: name, content: content, source: source, layer: layer))
  }
}

import Diagnostics
import SystemdUnits

/// Finds units, aliases, masks, drop-ins and dependency links among the entries of unit folders, as
/// systemd.unit(5), "UNIT FILE LOAD PATH" has it.
struct UnitSetLoader {
  var links: [DependencyLink] = []
  var leftOver: [UnitFolderEntry] = []
  var aliasLinks: [AliasLink] = []
  var hidden: [HiddenFile] = []
  private var files: [UnitName: UnitFragment] = [:]
  /// Links and drop-ins taken already: of two layers' the first counts.
  private var taken = Set<String>()
  private var generatedNames = Set<UnitName>()
  private var masked = Set<UnitName>()
  private var aliasTargets: [UnitName: UnitName] = [:]
  /// By the folder's name without `.d`, which is a unit's name, a prefix's or a type's.
  private var dropIns: [String: [UnitFragment]] = [:]
  private var hiddenPairs = Set<[SourceID]>()

  /// The folders with drop-ins, in order of name.
  var dropInFolders: [DropInFolder] {
    dropIns.sorted { $0.key < $1.key }.map { .init(owner: $0.key, fragments: $0.value) }
  }

  /// Takes the entries in order of precedence, so that the first of a name wins.
  mutating func load(_ entries: [UnitFolderEntry]) {
    let ordered = entries.sorted { ($0.layer, $0.path) < ($1.layer, $1.path) }
    for entry in ordered { load(entry) }
  }

  mutating func add(generated file: UnitFile) {
    guard let name = UnitName(file.name) else {
      guard let slash = file.name.firstIndex(of: "/"), file.name[..<slash].hasSuffix(".d") else { return }
      let fragment = UnitFragment(generated: file)
      return dropIns[String(file.name[..<slash].dropLast(2)), default: []].append(fragment)
    }
    guard files[name] == nil else { return }
    files[name] = UnitFragment(generated: file)
    generatedNames.insert(name)
  }

  private mutating func load(_ entry: UnitFolderEntry) {
    let slash = UInt8(ascii: "/")
    let parts = entry.path.utf8.split(separator: slash, maxSplits: 2).map { String(Substring($0)) }
    switch parts.count {
    case 1:
      guard let name = UnitName(parts[0]) else { return leftOver.append(entry) }
      loadUnit(name, entry)
    case 2: loadBelow(parts[0], parts[1], entry)
    default: leftOver.append(entry)
    }
  }

  private mutating func loadUnit(_ name: UnitName, _ entry: UnitFolderEntry) {
    guard files[name] == nil, !masked.contains(name), aliasTargets[name] == nil else {
      // The same file seen twice, by way of a linked folder, hides nothing.
      if case .file(let bytes) = entry.content, let winner = files[name]?.source, winner.bytes != bytes {
        hidden.append(
          .init(path: entry.path, source: entry.source, winnerPath: name.description, winner: winner.source))
      }
      return
    }
    switch entry.content {
    case .file(let bytes) where bytes.isEmpty: masked.insert(name)
    case .file(let bytes):
      files[name] = UnitFragment(path: entry.path, source: UnitSource(bytes, source: entry.source))
    case .link(let target):
      if target == "/dev/null" {
        masked.insert(name)
      } else if let target = UnitName(Self.lastPart(target)), target != name {
        guard Self.mayAlias(name, target) else { return leftOver.append(entry) }
        aliasTargets[name] = target
        aliasLinks.append(.init(name: name, target: target, source: entry.source))
      } else {
        // A link to a file of the same name elsewhere: the unit exists, what it says is not known.
        files[name] = UnitFragment(path: entry.path, source: UnitSource([], source: entry.source))
      }
    }
  }

  private mutating func loadBelow(_ folder: String, _ file: String, _ entry: UnitFolderEntry) {
    let suffixes: [(String, DependencyKind)] = [
      (".wants", .wants), (".requires", .requires), (".upholds", .upholds),
    ]
    for (suffix, kind) in suffixes where folder.hasSuffix(suffix) {
      guard let dependent = UnitName(String(folder.dropLast(suffix.count))), let dependency = UnitName(file),
        case .link(let target) = entry.content
      else { return leftOver.append(entry) }
      guard taken.insert(entry.path).inserted, target != "/dev/null" else { return }
      return links.append(
        .init(
          dependent: dependent, kind: kind, dependency: dependency, target: Self.lastPart(target),
          path: entry.path, source: entry.source))
    }
    guard folder.hasSuffix(".d"), file.hasSuffix(".conf") else { return leftOver.append(entry) }
    let owner = String(folder.dropLast(2))
    guard case .file(let bytes) = entry.content else { return leftOver.append(entry) }
    guard taken.insert(entry.path).inserted else {
      let winner = dropIns[owner]?.first { $0.path == entry.path }?.source
      if let winner, winner.bytes != bytes {
        hidden.append(
          .init(path: entry.path, source: entry.source, winnerPath: entry.path, winner: winner.source))
      }
      return
    }
    dropIns[owner, default: []].append(
      UnitFragment(path: entry.path, source: UnitSource(bytes, source: entry.source)))
  }

  /// An alias has the type of its unit and is a template, an instance or neither as the unit is; an
  /// instance may also lead to a template.
  private static func mayAlias(_ name: UnitName, _ target: UnitName) -> Bool {
    guard name.type == target.type, name.type.mayHaveAliases else { return false }
    if name.isInstance { return target.isTemplate || target.instance == name.instance }
    return name.isTemplate == target.isTemplate && name.isInstance == target.isInstance
  }

  private static func lastPart(_ path: String) -> String {
    path.utf8.split(separator: UInt8(ascii: "/")).last.map { String(Substring($0)) } ?? ""
  }

  /// The units in order of name, each with the drop-ins that apply to it.
  mutating func finish() -> [LoadedUnit] {
    var aliases: [UnitName: [UnitName]] = [:]
    for (alias, target) in aliasTargets {
      var end = target
      // Links may lead to links; a ring of them leads nowhere.
      for _ in 0..<8 { end = aliasTargets[end] ?? end }
      aliases[end, default: []].append(alias)
    }
    // A folder `a-.service.d` is for all units whose names start so, not for one of that name.
    let onlyDropIns = dropIns.keys.compactMap { UnitName($0) }.filter {
      files[$0] == nil && aliasTargets[$0] == nil && !$0.prefix.hasSuffix("-")
    }
    let names = Set(files.keys).union(masked).union(onlyDropIns).union(aliases.keys)
    return names.sorted().map { name in
      let own = aliases[name, default: []].sorted()
      let changes = dropIns(of: name, aliases: own)
      let file = files[name] ?? name.template.flatMap { files[$0] }
      return LoadedUnit(
        name: name, fragments: (file.map { [$0] } ?? []) + changes,
        hasFile: file != nil || masked.contains(name),
        isMasked: masked.contains(name), aliases: own, isGenerated: generatedNames.contains(name))
    }
  }

  /// The names whose folders count for a unit, the most particular first: its own, its template's, and those
  /// that it has with everything behind a dash cut off (systemd.unit(5), "Description").
  static func folders(of name: UnitName) -> [String] {
    let type = name.type.rawValue
    var found = [name.description]
    let prefixes = prefixes(of: name.prefix)
    if name.isInstance, let instance = name.instance {
      found.append("\(name.prefix)@.\(type)")
      found += prefixes.map { "\($0).\(type)" }
      for prefix in prefixes { found += ["\(prefix)@\(instance).\(type)", "\(prefix)@.\(type)"] }
    } else {
      found += prefixes.map { "\($0).\(type)" }
    }
    return found
  }

  /// `a-b-c` starts with `a-b-` and `a-`.
  private static func prefixes(of text: String) -> [Substring] {
    var found: [Substring] = []
    var prefix = text[...]
    while let dash = prefix.dropLast().lastIndex(of: "-"), dash != prefix.startIndex {
      prefix = prefix[...dash]
      found.append(prefix)
    }
    return found
  }

  /// The drop-ins of a unit, sorted by file name; of two with one file name the one of the more
  /// particular folder counts.
  private mutating func dropIns(of name: UnitName, aliases: [UnitName]) -> [UnitFragment] {
    guard !dropIns.isEmpty else { return [] }
    var folders = ([name] + aliases).flatMap { Self.folders(of: $0) }
    // What a template is read for are its instances.
    if name.isTemplate { folders += Self.prefixes(of: name.prefix).map { "\($0)@.\(name.type.rawValue)" } }
    folders.append(name.type.rawValue)
    var byFile: [String: UnitFragment] = [:]
    for folder in folders {
      for fragment in dropIns[folder, default: []] {
        let file = Self.lastPart(fragment.path)
        guard let winner = byFile[file] else {
          byFile[file] = fragment
          continue
        }
        if let source = fragment.source?.source, let winning = winner.source?.source,
          hiddenPairs.insert([source, winning]).inserted
        {
          hidden.append(
            .init(path: fragment.path, source: source, winnerPath: winner.path, winner: winning))
        }
      }
    }
    return byFile.sorted { $0.key < $1.key }.map(\.value)
  }
}

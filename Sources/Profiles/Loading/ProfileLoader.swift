public import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import YAMLSources

/// Reads a fleet's folder.
public struct ProfileLoader {
  private var registry: SourceRegistry
  private var digests: [ProfileSet.InputDigest] = []
  private var report = Report()
  private var services: [Name: ProfileSet.ServiceDocument] = [:]
  private var roles: [Name: ProfileSet.RoleDocument] = [:]
  private var defaults: [YAMLNode] = []
  private var isWhole = true
  private var nodes: [Name: ProfileSet.NodeFile] = [:]
  private var folders: [ProfileFolder] = []

  /// Reads `fleet.yaml`, services and roles of `folder`, and of the fleet it uses; lists nodes.
  ///
  /// Every file read is registered, so that one run's findings share their places.
  ///
  /// - Parameter shown: how findings call the folder; as it is opened unless given, and with an empty
  ///   text its files are named from the folder on.
  public static func load(
    folder: String, shownAs shown: String? = nil, registry: inout SourceRegistry
  ) -> Checked<ProfileSet> {
    var loader = ProfileLoader(registry: registry)
    let set = loader.load(ProfileFolder(path: folder, shown: shown ?? folder, prefix: ""))
    registry = loader.registry
    return Checked(set, loader.report)
  }

  private init(registry: SourceRegistry) {
    self.registry = registry
  }

  private mutating func load(_ own: ProfileFolder) -> ProfileSet? {
    guard let document = readFleet(own, at: nil) else { return nil }
    folders.append(own)
    let fleet = document.tree.map { compose($0, in: own) }
    checkNames(in: own)
    loadFolders(own)
    guard let fleet else { return nil }
    if nodes.isEmpty, isWhole {
      add(
        ProfileRules.missingFleet, "the fleet has no nodes", at: fleet.span,
        help: "add \(own.shown("nodes/NAME.yaml"))")
    }
    return ProfileSet(
      folders: folders, nodes: nodes.values.sorted { $0.name < $1.name }, fleet: fleet, defaults: defaults,
      isWhole: isWhole,
      services: services, roles: roles, digests: digests)
  }

  /// The fleet, put over the one it uses. Without one there is still what `key+` adds to and null
  /// unsets: nothing.
  private mutating func compose(_ tree: YAMLNode, in own: ProfileFolder) -> YAMLNode {
    var base: YAMLNode?
    if let used = baseFolder(of: tree, in: own) {
      folders.append(used.folder)
      base = readFleet(used.folder, at: used.span)?.tree
      isWhole = isWhole && base != nil
      if let nested = base?["uses"] {
        refuse(
          ProfileRules.exclusiveKeys, "a fleet that is used cannot use another", at: nested.span,
          related: [Label("it is used here", at: used.span)], help: "use that one directly")
      }
      checkNames(in: used.folder)
      loadFolders(used.folder)
    }
    var composition = Composition()
    let fleet = composition.merge(base.map { layer($0) }, layer(tree), as: FleetSchema.document)
    report.merge(composition.report)
    if isWhole {
      let missing = Completeness.report(on: fleet, as: FleetSchema.document)
      report.merge(missing)
      isWhole = !missing.hasErrors
    }
    return fleet
  }

  /// A fleet without its defaults, which are kept: they are put together for each node, with its roles.
  private mutating func layer(_ tree: YAMLNode) -> YAMLNode {
    if let node = tree["defaults"] { if node.isUnset { defaults = [] } else { defaults.append(node) } }
    return YAMLNode(content: .mapping(tree.entries.filter { $0.key != "defaults" }), span: tree.span)
  }

  /// The folder that `uses` names.
  private mutating func baseFolder(of fleet: YAMLNode, in own: ProfileFolder) -> (
    folder: ProfileFolder, span: Span
  )? {
    guard let uses = fleet["uses"], let path = uses.scalarText, Grammar.sibling.accepts(path) else {
      return nil
    }
    let folder = own.neighbour(path)
    guard folder.path != own.path else {
      refuse(
        ProfileRules.exclusiveKeys, "a fleet cannot use itself", at: uses.span, help: "take the key away")
      return nil
    }
    return (folder, uses.span)
  }

  private mutating func readFleet(_ folder: ProfileFolder, at span: Span?) -> ProfileDocument? {
    do throws(HostError) {
      guard let status = try HostFile.status(folder.path + "/fleet.yaml") else {
        let name = folder.shown.isEmpty ? "the folder" : folder.shown
        refuse(
          ProfileRules.missingFleet, "\(name) has no fleet.yaml", at: span,
          help: "imagegen init DIR writes one")
        return nil
      }
      guard status.kind == .file else {
        refuse(
          ProfileRules.unreadable, "\(folder.shown("fleet.yaml")) is no plain file", at: span,
          help: "put the file itself there")
        return nil
      }
    } catch {
      refuse(ProfileRules.unreadable, folder.message(of: error), at: span)
      return nil
    }
    let source = registry.register(folder.shown("fleet.yaml"))
    let document = read("fleet.yaml", in: folder, kind: .fleet, name: nil, source: source)
    isWhole = isWhole && document.isWhole
    return document
  }

  /// A folder whose name is nearly one that is read would be passed over without a word.
  private mutating func checkNames(in folder: ProfileFolder) {
    let known = DocumentKind.allCases.compactMap(\.folder)
    for entry in list("", in: folder) where entry.kind == .directory && !known.contains(entry.name) {
      if let meant = Suggestion.nearest(to: entry.name, in: known),
        meant.utf8.first == entry.name.lowercased().utf8.first
      {
        refuse(
          ProfileRules.fileName, "folder \(folder.shown(entry.name)) is not read", at: nil,
          help: "rename it to \(meant)")
      }
    }
  }

  private mutating func loadFolders(_ folder: ProfileFolder) {
    for kind in [DocumentKind.service, .role, .node] {
      let subfolder = kind.folder ?? ""
      for entry in list(subfolder, in: folder) { take(entry, of: kind, in: folder, subfolder: subfolder) }
    }
  }

  private mutating func take(
    _ entry: DirectoryEntry, of kind: DocumentKind, in folder: ProfileFolder, subfolder: String
  ) {
    let file = subfolder + "/" + entry.name
    let path = folder.shown(file)
    let isProfile = [".yaml", ".yml"].contains { entry.name.lowercased().hasSuffix($0) }
    guard entry.kind == .file else {
      if entry.kind == .directory {
        refuse(
          ProfileRules.unreadable, "\(path) is a folder: nothing in it is read", at: nil,
          help: "put the files directly into \(folder.shown(subfolder))")
      } else if isProfile {
        refuse(
          ProfileRules.unreadable, "\(path) is no plain file", at: nil, help: "put the file itself there")
      }
      return
    }
    guard isProfile else { return }
    guard entry.name.hasSuffix(".yaml"), let name = Name(String(entry.name.dropLast(5))) else {
      let stem = entry.name.split(separator: ".").first.map { Name(String($0).lowercased()) } ?? nil
      refuse(
        ProfileRules.fileName, "\(path) is not named like a \(kind.rawValue)", at: nil,
        help: stem.map { "name it \($0).yaml" }
          ?? "name it NAME.yaml: lower-case letters, digits and single hyphens")
      return
    }
    let source = registry.register(path)
    if kind == .node {
      nodes[name] = ProfileSet.NodeFile(name: name, folder: folder, source: source)
      return
    }
    let document = read(file, in: folder, kind: kind, name: name, source: source)
    if kind == .service {
      services[name] = ProfileSet.ServiceDocument(
        tree: document.tree, folder: folder, isWhole: document.isWhole)
    } else {
      roles[name] = ProfileSet.RoleDocument(tree: document.tree, isWhole: document.isWhole)
    }
  }

  /// What is in a folder, hidden names left out; nothing where there is no such folder.
  private mutating func list(_ name: String, in folder: ProfileFolder) -> [DirectoryEntry] {
    let path = name.isEmpty ? folder.path : folder.path + "/" + name
    do throws(HostError) {
      guard let status = try HostFile.status(path) else { return [] }
      guard status.kind == .directory || name.isEmpty else {
        refuse(
          ProfileRules.unreadable, "\(folder.shown(name)) is no folder", at: nil,
          help: "put the folder itself there")
        return []
      }
      let entries = try HostFile.list(path)
      if entries.count > ProfileLimits.filesInFolder {
        refuse(
          ProfileRules.tooMany, "\(folder.shown(name)) has more than \(ProfileLimits.filesInFolder) files",
          at: nil)
        return []
      }
      return entries.filter { !$0.name.hasPrefix(".") }
    } catch {
      refuse(ProfileRules.unreadable, folder.message(of: error), at: nil)
      return []
    }
  }

  private mutating func read(
    _ file: String, in folder: ProfileFolder, kind: DocumentKind, name: Name?, source: SourceID
  ) -> ProfileDocument {
    let document = ProfileDocument.read(folder.path + "/" + file, kind: kind, name: name, source: source)
    report.merge(document.report)
    if let digest = document.digest {
      digests.append(ProfileSet.InputDigest(path: folder.prefix + file, digest: digest, source: source))
    }
    return document
  }

  /// Reports what makes the fleet unfit for further checks.
  private mutating func refuse(
    _ rule: Rule, _ message: String, at span: Span?, related: [Label] = [], help: String? = nil
  ) {
    isWhole = false
    add(rule, message, at: span, related: related, help: help)
  }

  private mutating func add(
    _ rule: Rule, _ message: String, at span: Span?, related: [Label] = [], help: String? = nil
  ) {
    report.add(Diagnostic(rule, message, at: span, related: related, help: help))
  }
}

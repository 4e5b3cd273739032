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
  private var roles: [Name: YAMLNode] = [:]
  private var nodes: [Name: ProfileSet.NodeFile] = [:]

  /// Reads `fleet.yaml`, services and roles of `folder`, and of the fleet it uses; lists nodes.
  ///
  /// Every file read is registered, so that one run's findings share their places.
  public static func load(folder: String, registry: inout SourceRegistry) -> Checked<ProfileSet> {
    var loader = ProfileLoader(registry: registry)
    let set = loader.load(folder: folder)
    registry = loader.registry
    return Checked(set, loader.report)
  }

  private init(registry: SourceRegistry) {
    self.registry = registry
  }

  private mutating func load(folder: String) -> ProfileSet? {
    let own = ProfileFolder(path: folder, prefix: "")
    guard var fleet = readFleet(own) else { return nil }
    if let base = fleet["uses"], let path = base.scalarText, Grammar.sibling.accepts(path) {
      let baseFolder = ProfileFolder(path: Self.join(folder, path), prefix: path + "/")
      if let baseFleet = readFleet(baseFolder) {
        if let nested = baseFleet["uses"] {
          add(ProfileRules.exclusiveKeys, "a fleet that is used cannot use another", at: nested.span)
        }
        loadFolders(baseFolder)
        fleet = Composition.merge(baseFleet, fleet, as: FleetSchema.document)
      }
    }
    loadFolders(own)
    if nodes.isEmpty {
      add(ProfileRules.missingFleet, "the fleet has no nodes", at: fleet.span, help: "add \(folder)/nodes/NAME.yaml")
    }
    return ProfileSet(
      folder: folder, nodes: nodes.values.sorted { $0.name < $1.name }, fleet: fleet, services: services,
      roles: roles, digests: digests)
  }

  /// A path below a folder, with `..` taken off where that is possible: findings name places as people do.
  private static func join(_ folder: String, _ path: String) -> String {
    var parts = folder.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    for part in path.split(separator: "/").map(String.init) {
      if part == "..", let last = parts.last, !["..", ".", ""].contains(last) { parts.removeLast() } else { parts.append(part) }
    }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  private mutating func readFleet(_ folder: ProfileFolder) -> YAMLNode? {
    let path = folder.path + "/fleet.yaml"
    do throws(HostError) {
      guard try HostFile.status(path) != nil else {
        add(ProfileRules.missingFleet, "\(folder.path) has no fleet.yaml", at: nil, help: "imagegen init \(folder.path) writes one")
        return nil
      }
    } catch {
      add(ProfileRules.unreadable, error.message, at: nil)
      return nil
    }
    return read("fleet.yaml", in: folder, kind: .fleet, source: registry.register(path))
  }

  private mutating func loadFolders(_ folder: ProfileFolder) {
    for kind in [DocumentKind.service, .role, .node] {
      let subfolder = kind.folder ?? ""
      for file in list(folder.path + "/" + subfolder) { take(file, of: kind, in: folder, subfolder: subfolder) }
    }
  }

  private mutating func take(_ file: String, of kind: DocumentKind, in folder: ProfileFolder, subfolder: String) {
    let path = "\(folder.path)/\(subfolder)/\(file)"
    guard file.hasSuffix(".yaml"), let name = Name(String(file.dropLast(5))) else {
      if file.hasSuffix(".yaml") || file.hasSuffix(".yml") {
        add(ProfileRules.fileName, "\(path) is not named like a \(kind.rawValue)", at: nil, help: "name it NAME.yaml, NAME being \(Grammar.name.expected)")
      }
      return
    }
    let source = registry.register(path)
    if kind == .node {
      nodes[name] = ProfileSet.NodeFile(name: name, path: path, source: source)
      return
    }
    guard let tree = read("\(subfolder)/\(file)", in: folder, kind: kind, source: source) else { return }
    checkName(tree, kind: kind, file: name)
    if kind == .service {
      services[name] = ProfileSet.ServiceDocument(tree: tree, folder: folder)
    } else {
      roles[name] = tree
    }
  }

  private mutating func list(_ path: String) -> [String] {
    do throws(HostError) {
      guard let status = try HostFile.status(path) else { return [] }
      guard status.kind == .directory else {
        add(ProfileRules.unreadable, "\(path) is no folder", at: nil)
        return []
      }
      let entries = try HostFile.list(path)
      if entries.count > ProfileLimits.filesInFolder {
        add(ProfileRules.tooMany, "\(path) has more than \(ProfileLimits.filesInFolder) files", at: nil)
        return []
      }
      for entry in entries where entry.kind != .file && entry.name.hasSuffix(".yaml") {
        add(ProfileRules.unreadable, "\(path)/\(entry.name) is no plain file", at: nil)
      }
      return entries.filter { $0.kind == .file && !$0.name.hasPrefix(".") }.map(\.name)
    } catch {
      add(ProfileRules.unreadable, error.message, at: nil)
      return []
    }
  }

  private mutating func read(
    _ name: String, in folder: ProfileFolder, kind: DocumentKind, source: SourceID
  ) -> YAMLNode? {
    let (checked, digest) = ProfileDocument.read(folder.path + "/" + name, kind: kind, source: source)
    report.merge(checked.report)
    if let digest {
      digests.append(ProfileSet.InputDigest(path: folder.prefix + name, digest: digest, source: source))
    }
    return checked.value
  }

  private mutating func checkName(_ tree: YAMLNode, kind: DocumentKind, file: Name) {
    report.merge(ProfileDocument.nameReport(tree, kind: kind, file: file))
  }

  private mutating func add(_ rule: Rule, _ message: String, at span: Span?, help: String? = nil) {
    report.add(Diagnostic(rule, message, at: span, help: help))
  }
}

/// One file of a fleet.
enum ProfileDocument {
  /// Reads a file, parses it and holds it against its schema.
  static func read(
    _ path: String, kind: DocumentKind, source: SourceID
  ) -> (checked: Checked<YAMLNode>, digest: SHA256Digest?) {
    do throws(HostError) {
      let bytes = try HostFile.read(path, limit: ProfileLimits.fileBytes)
      return (parse(bytes, kind: kind, source: source), SHA256.digest(of: bytes))
    } catch {
      let point = Span(source: source, start: 0, end: 0)
      return (Checked(nil, Report(Diagnostic(ProfileRules.unreadable, error.message, at: point))), nil)
    }
  }

  /// Parses a file's bytes and holds them against the schema of its kind.
  static func parse(_ bytes: [UInt8], kind: DocumentKind, source: SourceID) -> Checked<YAMLNode> {
    var checked = YAMLDocument.parse(bytes, source: source)
    guard let tree = checked.value else { return checked }
    if case .mapping(let entries) = tree.content, !entries.contains(where: { $0.key == kind.rawValue }) {
      let other = DocumentKind.allCases.first { other in entries.contains { $0.key == other.rawValue } }
      checked.report.add(
        Diagnostic(
          ProfileRules.wrongKind, "a \(kind.rawValue) file needs the key \(kind.rawValue)", at: tree.span,
          help: other.map { "this is a \($0.rawValue) file: it belongs \($0.folder.map { "into \($0)/" } ?? "beside them as fleet.yaml")" }))
      if other != nil {
        checked.value = nil
        return checked
      }
    }
    var validation = SchemaValidation(isComposed: kind.isComposed)
    validation.validate(tree, as: kind.schema, key: kind.rawValue)
    checked.report.merge(validation.report)
    checked.report.merge(ContentScan.report(on: tree))
    return checked
  }

  /// Whether a file is named like what it declares.
  static func nameReport(_ tree: YAMLNode, kind: DocumentKind, file: Name) -> Report {
    guard let declared = tree[kind.rawValue], let text = declared.scalarText, Name(text) != nil, text != file.description
    else { return Report() }
    return Report(
      Diagnostic(
        ProfileRules.fileName, "the file is called \(file).yaml and declares \(text)", at: declared.span,
        help: "rename one of them"))
  }
}

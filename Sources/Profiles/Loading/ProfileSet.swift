public import Diagnostics
public import Digests
public import FleetModel
internal import YAMLSources

/// The files of a fleet, read and held against the schema. Nodes are only listed: each is read when
/// it is needed, so that ten thousand of them need no more memory than three.
public struct ProfileSet: Sendable {
  /// A node's file.
  public struct NodeFile: Sendable {
    /// The node, which is the file's name.
    public let name: Name
    /// The folder of profiles it is in.
    let folder: ProfileFolder
    /// Its place in the registry.
    public let source: SourceID

    /// As it is opened.
    var path: String { "\(folder.path)/\(DocumentKind.node.folder ?? "")/\(name).yaml" }
  }

  /// A service's tree and the folder its payloads are relative to.
  struct ServiceDocument: Sendable {
    /// `nil` when the file cannot be read.
    let tree: YAMLNode?
    let folder: ProfileFolder
    let isWhole: Bool
  }

  /// A role's tree.
  struct RoleDocument: Sendable {
    /// `nil` when the file cannot be read.
    let tree: YAMLNode?
    let isWhole: Bool
  }

  /// The fleet's own folder, then the one it uses.
  let folders: [ProfileFolder]
  /// The fleet's folder as the user gave it: `profiles/plasmacloud`.
  public var folder: String { folders[0].path }
  /// In order of name.
  public internal(set) var nodes: [NodeFile]
  /// `fleet.yaml`, put over the one it uses, without `defaults`.
  var fleet: YAMLNode
  /// Settings of every node: those of the fleet that is used, then the fleet's own.
  let defaults: [YAMLNode]
  var services: [Name: ServiceDocument]
  var roles: [Name: RoleDocument]
  /// Whether `fleet.yaml` is what it should be.
  let isWhole: Bool
  /// What was read but for nodes, in order.
  public let digests: [InputDigest]

  /// A file that every node depends on.
  public struct InputDigest: Sendable {
    /// Path relative to the fleet's folder.
    public let path: String
    /// The digest of its bytes.
    public let digest: SHA256Digest
    /// Its place in the registry.
    public let source: SourceID
  }

  init(
    folders: [ProfileFolder], nodes: [NodeFile], fleet: YAMLNode, defaults: [YAMLNode], isWhole: Bool,
    services: [Name: ServiceDocument],
    roles: [Name: RoleDocument], digests: [InputDigest]
  ) {
    self.folders = folders
    self.isWhole = isWhole
    self.defaults = defaults
    self.nodes = nodes
    self.fleet = fleet
    self.services = services
    self.roles = roles
    self.digests = digests
  }

  /// The fleet's name as `fleet.yaml` gives it.
  public var name: String? { fleet["fleet"]?["name"]?.scalarText }

  /// Where a file is that findings show by that name: relative to the fleet's folder, and as it is opened.
  /// `nil` for files of neither folder.
  public func place(ofFileShownAs shown: String) -> (relative: String, path: String)? {
    // Of two folders that lie in each other the inner one has the file.
    for folder in folders.sorted(by: { $0.shown.utf8.count > $1.shown.utf8.count }) {
      let start = folder.shown.isEmpty ? "" : folder.shown + "/"
      guard shown.hasPrefix(start) else { continue }
      let file = shown.dropFirst(start.count)
      return (folder.prefix + file, folder.path + "/" + file)
    }
    return nil
  }

  /// Whether there is a file for a node.
  public func has(_ node: Name) -> Bool { file(of: node) != nil }

  /// A node's file; the list is in order of name.
  func file(of name: Name) -> NodeFile? {
    var range = nodes.indices
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      if nodes[middle].name == name { return nodes[middle] }
      range = nodes[middle].name < name ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
    }
    return nil
  }
}

/// How much the tool takes.
enum ProfileLimits {
  static let fileBytes = 1 << 20
  static let payloadBytes = 1 << 30
  static let filesInFolder = 50_000
}

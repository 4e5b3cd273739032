public import Diagnostics
public import SystemdUnits

/// A file or link of a unit folder.
public struct UnitFolderEntry: Sendable {
  /// What is there.
  public enum Content: Sendable {
    /// A file's bytes.
    case file([UInt8])
    /// A symbolic link.
    case link(target: String)
  }

  /// The name below the unit folder: `a.service`, `a.service.d/x.conf`, `t.target.wants/a.service`.
  public let path: String
  /// What is there.
  public let content: Content
  /// What diagnostics point into.
  public let source: SourceID
  /// Rank of the unit folder in the search path; of two units of one name the lower rank counts.
  public let layer: Int

  /// Makes an entry.
  public init(path: String, content: Content, source: SourceID, layer: Int = 0) {
    self.path = path
    self.content = content
    self.source = source
    self.layer = layer
  }
}

/// A link below `NAME.wants/`, `NAME.requires/` or `NAME.upholds/`.
public struct DependencyLink: Sendable {
  /// Who depends.
  public let dependent: UnitName
  /// How.
  public let kind: DependencyKind
  /// On what: the link's name, wherever it leads.
  public let dependency: UnitName
  /// The last part of where it leads.
  public let target: String
  /// Where it stands, below the unit folder.
  public let path: String
  /// What diagnostics point into.
  public let source: SourceID
}

/// A link that gives a unit another name.
public struct AliasLink: Sendable {
  /// The link's name.
  public let name: UnitName
  /// The unit that it leads to, or another link.
  public let target: UnitName
  /// What diagnostics point into.
  public let source: SourceID
}

/// A file that counts for nothing, because another of the same name comes first.
public struct HiddenFile: Sendable {
  /// The file that nobody reads.
  public let path: String
  /// What diagnostics point into.
  public let source: SourceID
  /// The path of the one that counts.
  public let winnerPath: String
  /// Its identity.
  public let winner: SourceID
}

/// The drop-ins of one folder `NAME.d`.
public struct DropInFolder: Sendable {
  /// The folder's name without `.d`: a unit's, the start of some with a dash at its end, or a type.
  public let owner: String
  /// Its files, in order of path.
  public let fragments: [UnitFragment]
}

/// All units that are looked at together: those of one host.
public struct UnitSet: Sendable {
  /// In order of name.
  public let units: [LoadedUnit]
  /// In order of path.
  public let links: [DependencyLink]
  /// Files and links of the folder that are no unit, drop-in or dependency, in order of path.
  public let leftOver: [UnitFolderEntry]
  /// In order of name.
  public let aliasLinks: [AliasLink]
  /// In order of path.
  public let hidden: [HiddenFile]
  /// In order of name.
  public let dropInFolders: [DropInFolder]
  private let byName: [String: Int]

  /// Loads what a unit folder, or several in order of precedence, and the generator have to say.
  public init(entries: [UnitFolderEntry] = [], generated: [UnitFile] = []) {
    var loader = UnitSetLoader()
    loader.load(entries)
    for file in generated { loader.add(generated: file) }
    units = loader.finish()
    links = loader.links
    leftOver = loader.leftOver
    aliasLinks = loader.aliasLinks.sorted { $0.name < $1.name }
    hidden = loader.hidden.sorted { ($0.path, $0.source) < ($1.path, $1.source) }
    dropInFolders = loader.dropInFolders
    var byName: [String: Int] = [:]
    byName.reserveCapacity(units.count)
    for (index, unit) in units.enumerated() {
      for alias in unit.aliases where byName[alias.description] == nil { byName[alias.description] = index }
    }
    // A unit's own name counts before any alias of another.
    for (index, unit) in units.enumerated() { byName[unit.name.description] = index }
    self.byName = byName
  }

  /// The index of the unit that a name leads to; `nil` when the set has none of it.
  public func index(of name: String) -> Int? { byName[name] }

  /// The index of the unit that a name leads to or, for an instance, of its template.
  public func index(providing name: UnitName) -> Int? {
    byName[name.description] ?? name.template.flatMap { byName[$0.description] }
  }
}

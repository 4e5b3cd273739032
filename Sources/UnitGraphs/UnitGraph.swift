public import Diagnostics
public import SystemdUnits

/// A unit in a graph.
public struct UnitNode: Hashable, Sendable {
  /// How much is known of it.
  public enum State: Hashable, Sendable {
    /// One of the set's own, or an instance of one.
    case loaded
    /// Shipped with systemd.
    case stock
    /// Made by the manager or the kernel when it is needed: devices, slices, mounts of others.
    case dynamic
    /// Masked.
    case masked
    /// Named, but there is none.
    case missing
    /// Has a setting for which the manager refuses to start it.
    case refused

    /// What systemd calls it (systemctl(1), "Load").
    public var loadState: String {
      switch self {
      case .loaded, .stock, .dynamic: "loaded"
      case .masked: "masked"
      case .missing: "not-found"
      case .refused: "bad-setting"
      }
    }
  }

  /// The unit's name.
  public let name: UnitName
  /// How much is known of it.
  public let state: State
  /// Index in the set's units; `nil` for those that are not in it.
  public let unit: Int?

  /// Whether the manager makes it itself: it is active from the beginning and cannot be stopped.
  public var isPerpetual: Bool { Self.perpetual.contains(name.description) }

  static let perpetual = ["-.mount", "-.slice", "system.slice", "init.scope"]

  /// Whether the manager can make a job for it.
  public var canStart: Bool { state != .masked && state != .missing && state != .refused }
}

/// One unit's dependency on another.
public struct DependencyEdge: Hashable, Sendable {
  /// Why it is there.
  public enum Origin: Hashable, Sendable {
    /// A setting of the owner's: an index into its settings, -1 for a stock unit's.
    case file(Int32)
    /// `WantedBy=` or its like in the owner's `[Install]`.
    case install(Int32)
    /// A link below `.wants/`: an index into the set's links.
    case link(Int32)
    /// The default dependencies of the owner's type (`DefaultDependencies=yes`).
    case standard
    /// Follows from another setting of the owner's, -1 for none.
    case implied(Int32)
    /// Follows from another setting of the owner's, -1 for none, and counts as if the file said it: the
    /// manager makes no difference.
    case derived(Int32)

    /// The word that stands for it in output: `file`, `default` or `implicit`.
    public var word: String {
      switch self {
      case .file, .install, .link, .derived: "file"
      case .standard: "default"
      case .implied: "implicit"
      }
    }
  }

  /// The unit that has the dependency.
  public let from: Int32
  /// The unit that it names.
  public let to: Int32
  /// What it asks.
  public let kind: DependencyKind
  /// Why it is there.
  public let origin: Origin
  /// The unit whose file or type it comes from.
  public let owner: Int32

  /// The unit that an ordering dependency starts first; `nil` for other dependencies.
  public var earlier: Int32? {
    switch kind {
    case .before: from
    case .after: to
    default: nil
    }
  }

  /// The unit that an ordering dependency starts second.
  public var later: Int32? {
    switch kind {
    case .before: to
    case .after: from
    default: nil
    }
  }
}

/// Units and their dependencies, those included that no file says.
public struct UnitGraph: Sendable {
  /// Stock units first, then the set's.
  public internal(set) var nodes: [UnitNode] = []
  /// In the order they were found.
  public internal(set) var edges: [DependencyEdge] = []
  /// The units it was made from.
  public internal(set) var set: UnitSet
  var numbers: [String: Int32] = [:]
  var stockNumbers: [String: Int32] = [:]
  var aliases: [String: String] = [:]

  /// The graph of a set of units amid the stock ones.
  public init(_ set: UnitSet, stock: StockKnowledge = .standard) {
    var builder = GraphBuilder(set, stock: stock)
    builder.build()
    self = builder.graph
  }

  init() {
    set = UnitSet()
  }

  /// The node of a name or alias; `nil` when nothing names it.
  public func node(named name: String) -> Int? {
    let canonical = set.index(of: name).map { set.units[$0].name.description } ?? aliases[name] ?? name
    return (numbers[canonical] ?? stockNumbers[canonical]).map(Int.init)
  }

  /// The settings a dependency comes from; `nil` for stock units and for what no setting says.
  public func unit(of edge: DependencyEdge) -> LoadedUnit? {
    nodes[Int(edge.owner)].unit.map { set.units[$0] }
  }

  /// The line a dependency comes from, if there is one.
  public func span(of edge: DependencyEdge) -> Span? {
    switch edge.origin {
    case .file(let index), .install(let index), .implied(let index), .derived(let index):
      guard index >= 0, let unit = unit(of: edge) else { return nil }
      return unit.span(of: Int(index))
    case .link(let index):
      let link = set.links[Int(index)]
      return Span(source: link.source, start: 0, end: 0)
    case .standard: return nil
    }
  }

  /// A dependency in words: `a.service has After=b.service`.
  public func describe(_ edge: DependencyEdge) -> String {
    let (from, to) = (nodes[Int(edge.from)].name.description, nodes[Int(edge.to)].name.description)
    let said = "\(from) has \(edge.kind.rawValue)=\(to)"
    switch edge.origin {
    case .file: return said
    case .install(let index):
      let name = unit(of: edge).map { $0.settings[Int(index)].name } ?? "WantedBy"
      return "\(to) has \(name)=\(from)"
    case .link(let index): return "\(said), by the link \(set.links[Int(index)].path)"
    case .standard: return "\(said) by default (DefaultDependencies=yes)"
    case .implied(let index), .derived(let index):
      guard index >= 0, let unit = unit(of: edge) else {
        return "\(said), which is implied by the unit's type"
      }
      return
        "\(said), which is implied by \(unit.settings[Int(index)].name)=\(unit.settings[Int(index)].value)"
    }
  }
}

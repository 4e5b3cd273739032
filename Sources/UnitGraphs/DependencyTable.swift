/// The dependencies of every unit of a graph, told of both sides, as the manager lists them
/// (`systemd --test`, `systemctl show`).
public struct DependencyTable: Sendable {
  /// A unit that a dependency names, and where the dependency comes from.
  public struct Entry: Hashable, Sendable {
    /// A position in the graph's nodes.
    public let unit: Int
    /// `file`, `default` or `implicit`; of several the first of these.
    public let origin: String
  }

  private var table: [[String: [Int32: UInt8]]]
  private static let words = ["file", "default", "implicit"]

  /// Reads the dependencies of a graph.
  public init(_ graph: UnitGraph) {
    table = Array(repeating: [:], count: graph.nodes.count)
    for edge in graph.edges {
      let rank = UInt8(Self.words.firstIndex(of: edge.origin.word) ?? 2)
      note(edge.kind.rawValue, edge.from, edge.to, rank)
      if let inverse = edge.kind.inverse { note(inverse, edge.to, edge.from, rank) }
      // Whoever makes a dependency refers to the other unit, so that it stays loaded.
      let isTurned = edge.kind == .triggers && edge.owner == edge.to
      let (from, to) = isTurned ? (edge.to, edge.from) : (edge.from, edge.to)
      note("References", from, to, rank)
      note("ReferencedBy", to, from, rank)
    }
  }

  private mutating func note(_ kind: String, _ from: Int32, _ to: Int32, _ rank: UInt8) {
    table[Int(from)][kind, default: [:]][to] = min(rank, table[Int(from)][kind]?[to] ?? 2)
  }

  /// The kinds of dependencies that a unit has, in order of name.
  public func kinds(of unit: Int) -> [String] { table[unit].keys.sorted() }

  /// The units that a dependency of a unit names, in no order.
  public func entries(of unit: Int, _ kind: String) -> [Entry] {
    (table[unit][kind] ?? [:]).map { Entry(unit: Int($0.key), origin: Self.words[Int($0.value)]) }
  }
}

extension DependencyKind {
  /// What the same dependency is called of the other unit; `nil` where that unit has none.
  public var inverse: String? {
    switch self {
    case .requires: "RequiredBy"
    case .requisite: "RequisiteOf"
    case .wants: "WantedBy"
    case .bindsTo: "BoundBy"
    case .upholds: "UpheldBy"
    case .partOf: "ConsistsOf"
    case .conflicts: "ConflictedBy"
    case .before: "After"
    case .after: "Before"
    case .onFailure: "OnFailureOf"
    case .onSuccess: "OnSuccessOf"
    case .triggers: "TriggeredBy"
    case .propagatesReloadTo: "ReloadPropagatedFrom"
    case .reloadPropagatedFrom: "PropagatesReloadTo"
    case .propagatesStopTo: "StopPropagatedFrom"
    case .stopPropagatedFrom: "PropagatesStopTo"
    case .joinsNamespaceOf: nil
    case .inSlice: "SliceOf"
    }
  }
}

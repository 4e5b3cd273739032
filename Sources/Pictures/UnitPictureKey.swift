internal import UnitGraphs

/// A drawn unit picture without what differs between hosts that run the same units.
public struct UnitPicturePieces: Sendable {
  enum Gap: Sendable {
    case title
    /// Where the dependency comes from; a position in the graph's edges.
    case place(edge: Int)
  }

  /// One more than gaps.
  let texts: [[UInt8]]
  let gaps: [Gap]
}

/// All that the pieces of a unit picture depend on. Nodes of a fleet run the same services, and pictures
/// with one key differ in their title and in the places of their dependencies only.
public struct UnitPictureKey: Hashable, Sendable {
  private struct Reason: Hashable, Sendable {
    let edge: DependencyEdge
    let hasPlace: Bool
    /// What other settings say of it.
    let words: String?
  }

  private let titleLength: Int
  private let numbers: [Int]
  private let nodes: [UnitNode]
  private let lines: [GraphView.Line]
  private let reasons: [Reason]

  /// The key of a picture.
  public init(_ picture: UnitPicture) {
    let view = picture.view
    let graph = view.graph
    titleLength = picture.titleLength
    numbers = view.nodes
    lines = view.lines + view.foldedLines
    // Those that are not shown may stand in tooltips.
    let ends = lines.flatMap { [$0.from, $0.to] + $0.way }
    nodes = (view.nodes + ends).map { graph.nodes[$0] }
    reasons = lines.flatMap(\.edges).map { number in
      let edge = graph.edges[number]
      let words: String? =
        switch edge.origin {
        case .file, .standard: nil
        case .install, .link, .implied, .derived: graph.describe(edge)
        }
      return Reason(edge: edge, hasPlace: graph.span(of: edge) != nil, words: words)
    }
  }
}

/// Boxes and the lines between them, before anybody knows where they stand.
struct LayoutGraph {
  /// A line from one box to another.
  struct Edge: Hashable {
    let tail: Int
    let head: Int
  }

  /// The size of each box.
  var sizes: [(width: Double, height: Double)]
  /// By box: its level; lower numbers stand above higher ones.
  var levels: [Int]
  /// Never from a box to itself.
  var edges: [Edge]
}

/// The same with a place for everything.
struct PlacedGraph {
  /// A line: straight and curved pieces, one after the other.
  struct Route {
    enum Piece {
      case line(to: Point)
      case curve(Point, Point, to: Point)
    }

    var start: Point
    var pieces: [Piece]

    /// Where it ends, and the place before that it comes from.
    var tip: (end: Point, from: Point) {
      switch pieces.last {
      case .line(let end): (end, pieces.count > 1 ? Self.end(of: pieces[pieces.count - 2]) : start)
      case .curve(_, let second, let end): (end, second)
      case nil: (start, start)
      }
    }

    private static func end(of piece: Piece) -> Point {
      switch piece {
      case .line(let end), .curve(_, _, let end): end
      }
    }

    /// The same line the other way round.
    var reversed: Route {
      var points = [start]
      for piece in pieces { points.append(Self.end(of: piece)) }
      var result = Route(start: points[points.count - 1], pieces: [])
      for index in pieces.indices.reversed() {
        switch pieces[index] {
        case .line: result.pieces.append(.line(to: points[index]))
        case .curve(let first, let second, _):
          result.pieces.append(.curve(second, first, to: points[index]))
        }
      }
      return result
    }
  }

  /// A level of boxes, from its upper to its lower edge.
  struct Band {
    let level: Int
    let top: Double
    let bottom: Double
  }

  var width: Double
  var height: Double
  /// As in the graph.
  var boxes: [Box]
  /// As the graph's edges. A line ends this far before its head, where the arrow's head has its place.
  var routes: [Route]
  /// From top to bottom; none where levels are not in rows.
  var bands: [Band]

  /// The length of an arrow's head.
  static let arrow = 8.0
}

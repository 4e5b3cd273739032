/// Asks Graphviz where things are to stand, and reads its answer (`dot -Tplain`, Graphviz's "plain" format).
/// Boxes are numbers: no name has to be quoted, and none comes back.
enum GraphvizLayout {
  /// Graphviz reckons in inches; here an inch is so many pixels.
  private static let inch = 72.0

  /// The question.
  static func input(_ graph: LayoutGraph) -> String {
    var lines = ["digraph {", "rankdir=TB; newrank=true; nodesep=0.25; ranksep=0.6;"]
    lines.append("node [shape=box, fixedsize=true, label=\"\"]; edge [arrowsize=0.8];")
    for (index, size) in graph.sizes.enumerated() {
      lines.append("\(index) [width=\(inches(size.width)), height=\(inches(size.height))];")
    }
    for edge in graph.edges {
      // Only order makes rows.
      let isDown = graph.levels[edge.tail] < graph.levels[edge.head]
      lines.append("\(edge.tail) -> \(edge.head)\(isDown ? "" : " [constraint=false]");")
    }
    return lines.joined(separator: "\n") + "\n}\n"
  }

  private static func inches(_ pixels: Double) -> String {
    let thousandths = Int((pixels / inch * 1000).rounded(.up))
    let rest = String(thousandths % 1000)
    return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - rest.utf8.count) + rest
  }

  /// The answer; `nil` when it is none to this graph.
  static func place(_ graph: LayoutGraph, plain: String) -> PlacedGraph? {
    var reader = Reader(graph)
    for line in plain.split(separator: "\n") {
      guard reader.take(line.split(separator: " ")) else { return nil }
    }
    return reader.result
  }

  private struct Reader {
    let graph: LayoutGraph
    private var size: Point?
    private var boxes: [Box?]
    private var routes: [LayoutGraph.Edge: [PlacedGraph.Route]] = [:]

    init(_ graph: LayoutGraph) {
      self.graph = graph
      boxes = graph.sizes.map { _ in nil }
    }

    /// Reads a line; `false` when it makes no sense.
    mutating func take(_ words: [Substring]) -> Bool {
      switch words.first {
      case "graph":
        guard words.count >= 4, let width = number(words[2]), let height = number(words[3]) else {
          return false
        }
        size = Point(x: width, y: height)
      case "node":
        guard words.count >= 6, let index = Int(words[1]), boxes.indices.contains(index), let size,
          let x = number(words[2]), let y = number(words[3])
        else { return false }
        let (width, height) = graph.sizes[index]
        boxes[index] = Box(x: x - width / 2, y: size.y - y - height / 2, width: width, height: height)
      case "edge": return takeEdge(words)
      case "stop": break
      default: return false
      }
      return true
    }

    private mutating func takeEdge(_ words: [Substring]) -> Bool {
      guard words.count >= 4, let tail = Int(words[1]), let head = Int(words[2]), let count = Int(words[3]),
        count >= 4, count % 3 == 1, count < 10_000, words.count >= 4 + 2 * count, let size
      else { return false }
      var points: [Point] = []
      for index in 0..<count {
        guard let x = number(words[4 + 2 * index]), let y = number(words[5 + 2 * index]) else { return false }
        points.append(Point(x: x, y: size.y - y))
      }
      var route = PlacedGraph.Route(start: points[0], pieces: [])
      for index in stride(from: 1, to: count, by: 3) {
        route.pieces.append(.curve(points[index], points[index + 1], to: points[index + 2]))
      }
      routes[LayoutGraph.Edge(tail: tail, head: head), default: []].append(route)
      return true
    }

    /// A length in pixels. Nothing that Graphviz draws is larger than a kilometre.
    private func number(_ word: Substring) -> Double? {
      guard let number = Double(word), number.isFinite, abs(number) < 50_000 else { return nil }
      return number * inch
    }

    var result: PlacedGraph? {
      var (left, taken) = (routes, [PlacedGraph.Route]())
      for edge in graph.edges {
        guard let route = left[edge]?.popLast() else { return nil }
        taken.append(route)
      }
      let placed = boxes.compactMap { $0 }
      guard let size, placed.count == graph.sizes.count else { return nil }
      return PlacedGraph(width: size.x, height: size.y, boxes: placed, routes: taken, bands: [])
    }
  }
}

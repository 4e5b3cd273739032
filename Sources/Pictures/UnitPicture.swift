public import Diagnostics
internal import SystemdUnits
public import UnitGraphs

/// A unit graph as SVG: units from top to bottom in the order they start, each dependency with its reason
/// as a tooltip. Nothing in it runs or is fetched, its text is text, and it follows the reader's light or
/// dark scheme. The same view gives the same bytes.
public struct UnitPicture {
  /// More units than this are no picture any more.
  public static let unitLimit = 1_500
  /// More dependencies than this are none either.
  public static let lineLimit = 10_000

  let view: GraphView
  let title: String
  /// In letters: all of the title that the picture's measures depend on.
  let titleLength: Int
  let place: (Span) -> String?
  /// What is drawn: no unit depends on itself.
  let lines: [GraphView.Line]
  /// Units that are folded, at those that they touch.
  let outside: OutsideUnits
  let graph: LayoutGraph

  static let letter = 12.0
  static let noteLetter = 10.0
  private static let boxHeight = 30.0
  /// Longer names are shortened; the tooltip has them whole.
  private static let longestName = 44

  /// A picture of a view.
  ///
  /// - Parameters:
  ///   - title: What it is a picture of: `plasmacloud/node01`.
  ///   - place: Names the line that a dependency comes from, `services/iam.yaml:12`.
  public init(_ view: GraphView, title: String, place: @escaping (Span) -> String?) {
    self.view = view
    self.title = title
    titleLength = title.unicodeScalars.count
    self.place = place
    let lines = view.lines.filter { $0.from != $0.to }
    self.lines = lines
    let numbers = Dictionary(uniqueKeysWithValues: view.nodes.enumerated().map { ($1, $0) })
    let outside = OutsideUnits(view)
    self.outside = outside
    graph = LayoutGraph(
      sizes: view.nodes.map { node in
        let name = LetterWidth.of(Self.shown(view.graph.nodes[node].name), size: Self.letter)
        guard let note = outside.note(on: node) else { return (name + 24, Self.boxHeight) }
        return (max(name, LetterWidth.of(note, size: Self.noteLetter)) + 24, Self.boxHeight + 12)
      },
      levels: view.nodes.map { view.levels[$0] ?? 0 },
      edges: lines.map { line in
        // Arrows lead to what starts later. A need without an order points at what is needed.
        LayoutGraph.Edge(
          tail: numbers[line.earlier ?? line.from] ?? 0, head: numbers[line.later ?? line.to] ?? 0)
      })
  }

  /// Whether there are few enough units and dependencies to draw.
  public var fits: Bool { view.nodes.count <= Self.unitLimit && lines.count <= Self.lineLimit }

  /// The picture, laid out here: the same bytes on every machine.
  public var svg: [UInt8] { svg(of: pieces) }

  /// The picture, without its title and the places of its dependencies.
  public var pieces: UnitPicturePieces { UnitDrawing(self, LayeredLayout.place(graph)).pieces }

  /// Fills pieces of this picture, or of one with the same key.
  public func svg(of pieces: UnitPicturePieces) -> [UInt8] {
    var svg = SVGText()
    for (index, text) in pieces.texts.enumerated() {
      svg.add(text)
      guard index < pieces.gaps.count else { continue }
      switch pieces.gaps[index] {
      case .title: svg.text(title)
      case .place(let number):
        guard let place = view.graph.span(of: view.graph.edges[number]).flatMap(place) else { continue }
        svg.text(" (")
        svg.text(place)
        svg.text(")")
      }
    }
    return svg.bytes
  }

  /// What Graphviz is to lay out: `dot -Tplain`. Boxes and lines are numbers, no name of a unit's.
  public var graphvizInput: String { GraphvizLayout.input(graph) }

  /// The picture, laid out by Graphviz; `nil` when its answer is not one to what it was asked.
  public func svg(graphviz plain: String) -> [UInt8]? {
    GraphvizLayout.place(graph, plain: plain).map { svg(of: UnitDrawing(self, $0).pieces) }
  }

  static func shown(_ name: UnitName) -> String {
    let text = name.description
    guard text.utf8.count > longestName else { return text }
    return text.prefix(longestName - 20) + "…" + text.suffix(19)
  }

  /// The reason of order that leads through folded units.
  func way(of line: GraphView.Line) -> String {
    let name = { (node: Int) in view.graph.nodes[node].name.description }
    return "\(name(line.to)) starts before \(name(line.from)), by way of "
      + line.way.map(name).joined(separator: ", ")
  }

  /// What a unit's tooltip begins with.
  func remark(on node: Int) -> String {
    let unit = view.graph.nodes[node]
    let state =
      switch unit.state {
      case .loaded: ""
      case .stock: ", shipped with systemd"
      case .dynamic: ", made when it is needed"
      case .masked: ", masked"
      case .missing: ", which is not there"
      case .refused: ", which has a setting that systemd refuses"
      }
    let ring = view.cyclic.contains(node) ? ", part of a ring of units that wait for one another" : ""
    return "\(unit.name)\(state)\(ring)"
  }
}

/// The folded units that a picture's units touch: no boxes and lines, but a line of text in the box.
struct OutsideUnits {
  /// More names than these in one direction are counted.
  private static let limit = 2

  private let view: GraphView
  private var linesByNode: [Int: [GraphView.Line]] = [:]

  init(_ view: GraphView) {
    self.view = view
    let shown = Set(view.nodes)
    for line in view.foldedLines {
      linesByNode[shown.contains(line.from) ? line.from : line.to, default: []].append(line)
    }
  }

  var isEmpty: Bool { linesByNode.isEmpty }

  func lines(at node: Int) -> [GraphView.Line] { linesByNode[node] ?? [] }

  /// `↑` what starts before the unit, `↓` what starts after it, `↔` what has no order with it.
  func note(on node: Int) -> String? {
    guard let lines = linesByNode[node] else { return nil }
    var (before, after, others) = ([String](), [String](), [String]())
    for line in lines {
      let name = view.graph.nodes[line.from == node ? line.to : line.from].name
      let short = name.type == .target ? name.withoutType : UnitPicture.shown(name)
      if line.later == node {
        before.append(short)
      } else if line.earlier == node {
        after.append(short)
      } else {
        others.append(short)
      }
    }
    return [("↑", before), ("↓", after), ("↔", others)].filter { !$0.1.isEmpty }
      .map { "\($0.0) \(Self.listed($0.1))" }.joined(separator: "  ")
  }

  private static func listed(_ names: [String]) -> String {
    names.prefix(limit).joined(separator: " ") + (names.count > limit ? " +\(names.count - limit)" : "")
  }
}

/// How a dependency is drawn. What differs in kind differs in its stroke or its head, not in colour alone.
enum LineStyle: CaseIterable {
  case requires, binds, wants, order, triggers, partOf, conflicts

  init(_ kinds: [DependencyKind]) {
    if kinds.contains(.conflicts) {
      self = .conflicts
    } else if kinds.contains(.bindsTo) {
      self = .binds
    } else if kinds.contains(.requires) || kinds.contains(.requisite) {
      self = .requires
    } else if kinds.contains(.wants) || kinds.contains(.upholds) {
      self = .wants
    } else if kinds.contains(.triggers) {
      self = .triggers
    } else {
      self = kinds.allSatisfy(\.isOrdering) ? .order : .partOf
    }
  }

  /// The class of its strokes.
  var name: StaticString {
    switch self {
    case .requires: "req"
    case .binds: "bind"
    case .wants: "want"
    case .order: "ord"
    case .triggers: "trig"
    case .partOf: "part"
    case .conflicts: "conf"
    }
  }

  /// What the legend says.
  var meaning: String {
    switch self {
    case .requires: "requires"
    case .binds: "binds to"
    case .wants: "wants, upholds"
    case .order: "order only"
    case .triggers: "triggers"
    case .partOf: "part of, on failure, …"
    case .conflicts: "conflicts"
    }
  }
}

import SystemdUnits
import UnitGraphs

/// Writes a placed unit graph.
struct UnitDrawing {
  private static let margin = 16.0
  private static let gutter = 30.0
  private static let head = 64.0

  private let picture: UnitPicture
  private let placed: PlacedGraph
  private var svg = SVGText()
  private var gaps: [UnitPicturePieces.Gap] = []

  init(_ picture: UnitPicture, _ placed: PlacedGraph) {
    self.picture = picture
    self.placed = placed
  }

  /// The document, with gaps where its title and the places of its dependencies stand.
  var pieces: UnitPicturePieces {
    var drawing = self
    drawing.draw()
    return UnitPicturePieces(texts: drawing.svg.pieces + [drawing.svg.bytes], gaps: drawing.gaps)
  }

  private mutating func draw() {
    let subtitle = self.subtitle
    let left = Self.margin + (placed.bands.isEmpty ? 0 : Self.gutter)
    let entries = LegendEntry.entries(for: picture)
    let inner = max(
      placed.width + left - Self.margin + 12, LetterWidth.proportional * 13 * Double(subtitle.count))
    let wide = max(inner, LetterWidth.proportional * 17 * Double(picture.titleLength + 9), 600)
    let legend = LegendEntry.place(entries, width: wide)
    let top = Self.head + placed.height + 28
    let height = top + legend.height + Self.margin
    svg.open(
      "unit-picture", width: (wide + 2 * Self.margin).rounded(.up), height: height.rounded(.up))
    svg.markup("<title>Units of ")
    leave(.title)
    svg.markup("</title>\n")
    svg.style(Self.style)
    svg.markup("<text class=\"head\"")
    svg.attribute("x", Self.margin)
    svg.attribute("y", 30)
    svg.markup(">Units of ")
    leave(.title)
    svg.markup("</text>")
    svg.label(subtitle, at: Point(x: Self.margin, y: 49), style: "note")
    svg.markup("\n")
    // What is narrower than its legend stands in the middle.
    let shift = left + max(0, (inner - (left - Self.margin) - placed.width) / 2).rounded(.down)
    drawBands(width: wide)
    svg.markup("<g transform=\"translate(")
    svg.point(Point(x: shift, y: Self.head))
    svg.markup(")\">\n")
    // What is in red lies above all else.
    for isCyclic in [false, true] {
      for (index, line) in picture.lines.enumerated() where line.isCyclic == isCyclic { draw(line, index) }
    }
    for index in placed.boxes.indices { drawBox(index) }
    svg.markup("</g>\n")
    for (entry, place) in zip(entries, legend.places) {
      draw(entry, at: Point(x: Self.margin + place.x, y: top + place.y))
    }
    svg.markup("</svg>\n")
  }

  private var subtitle: String {
    let (units, lines) = (picture.view.nodes.count, picture.lines.count)
    return "\(units) unit\(units == 1 ? "" : "s"), \(lines) dependenc\(lines == 1 ? "y" : "ies"); "
      + "arrows lead to what starts later, units of one row may start together"
  }

  /// Levels are told apart by shade and by number.
  private mutating func drawBands(width: Double) {
    for (index, band) in placed.bands.enumerated() {
      let box = Box(
        x: Self.margin, y: Self.head + band.top - 7, width: width, height: band.bottom - band.top + 14)
      svg.rectangle(box, radius: 4, style: index % 2 == 0 ? "band" : "band odd")
      svg.label(
        String(band.level + 1),
        at: Point(x: Self.margin + 9, y: Self.head + (band.top + band.bottom) / 2 + 4),
        style: "step")
      svg.markup("\n")
    }
  }

  private mutating func leave(_ gap: UnitPicturePieces.Gap) {
    svg.gap()
    gaps.append(gap)
  }

  // MARK: Lines

  /// Every reason of a line, each with a gap for its place.
  private mutating func addReasons(of line: GraphView.Line) {
    let graph = picture.view.graph
    if line.edges.isEmpty { svg.text(picture.way(of: line)) }
    for (index, number) in line.edges.enumerated() {
      if index > 0 { svg.text("\n") }
      let edge = graph.edges[number]
      svg.text(graph.describe(edge))
      if edge.origin != .standard, graph.span(of: edge) != nil { leave(.place(edge: number)) }
    }
  }

  private mutating func draw(_ line: GraphView.Line, _ index: Int) {
    let style = LineStyle(line.kinds)
    // What triggers another leads to it, ordered or not.
    let isOrdered = line.earlier != nil || style == .triggers
    open(style, isDim: !line.isSaid && !line.isCyclic, isCyclic: line.isCyclic)
    svg.markup("<title>")
    addReasons(of: line)
    svg.markup("</title><path d=\"")
    add(placed.routes[index])
    svg.markup("\"/>")
    drawHead(at: placed.routes[index].tip, style, isOrdered: isOrdered)
    svg.markup("</g>\n")
  }

  private mutating func open(_ style: LineStyle, isDim: Bool, isCyclic: Bool) {
    svg.markup("<g class=\"")
    svg.markup(style.name)
    if isDim { svg.markup(" dim") }
    if isCyclic { svg.markup(" ring") }
    svg.markup("\">")
  }

  private mutating func add(_ route: PlacedGraph.Route) {
    svg.markup("M")
    svg.point(route.start)
    for piece in route.pieces {
      switch piece {
      case .line(let end):
        svg.markup("L")
        svg.point(end)
      case .curve(let first, let second, let end):
        svg.markup("C")
        svg.point(first)
        svg.markup(" ")
        svg.point(second)
        svg.markup(" ")
        svg.point(end)
      }
    }
  }

  /// A filled arrow where there is an order, a hollow one for a need without, a cross for a conflict.
  private mutating func drawHead(
    at tip: (end: Point, from: Point), _ style: LineStyle, isOrdered: Bool
  ) {
    let (dx, dy) = (tip.end.x - tip.from.x, tip.end.y - tip.from.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 0.1)
    let (ux, uy) = (dx / length, dy / length)
    func at(_ along: Double, _ across: Double) -> Point {
      Point(x: tip.end.x + along * ux - across * uy, y: tip.end.y + along * uy + across * ux)
    }
    let arrow = PlacedGraph.arrow
    if style == .conflicts {
      svg.markup("<path class=\"cross\" d=\"M")
      svg.point(at(0, -4))
      svg.markup("L")
      svg.point(at(arrow, 4))
      svg.markup("M")
      svg.point(at(0, 4))
      svg.markup("L")
      svg.point(at(arrow, -4))
      svg.markup("\"/>")
      return
    }
    svg.markup(isOrdered ? "<path class=\"tip\" d=\"M" : "<path class=\"tip open\" d=\"M")
    svg.point(at(0, -3.5))
    svg.markup("L")
    svg.point(at(0, 3.5))
    svg.markup("L")
    svg.point(at(arrow, 0))
    svg.markup("Z\"/>")
  }

  // MARK: Boxes

  private mutating func drawBox(_ index: Int) {
    let node = picture.view.nodes[index]
    let unit = picture.view.graph.nodes[node]
    let box = placed.boxes[index]
    svg.markup("<g class=\"unit")
    switch unit.state {
    case .loaded: break
    case .stock: svg.markup(" stock")
    case .dynamic: svg.markup(" stock")
    case .masked: svg.markup(" masked")
    case .missing, .refused: svg.markup(" missing")
    }
    if picture.view.cyclic.contains(node) { svg.markup(" ring") }
    svg.markup("\">")
    svg.markup("<title>")
    svg.text(picture.remark(on: node))
    for line in picture.outside.lines(at: node) {
      svg.text("\n")
      addReasons(of: line)
    }
    svg.markup("</title><path d=\"")
    outline(of: unit.name.type, box)
    svg.markup("\"/>")
    let note = picture.outside.note(on: node)
    let middle = box.y + box.height / 2
    svg.label(
      UnitPicture.shown(unit.name), at: Point(x: box.middle, y: middle + (note == nil ? 4 : -2)),
      style: "name")
    if let note { svg.label(note, at: Point(x: box.middle, y: middle + 13), style: "aside") }
    svg.markup("</g>\n")
  }

  /// Targets have cut corners, what triggers others leans, what is mounted has a double edge.
  private mutating func outline(of type: UnitType, _ box: Box) {
    let corners: [(x: Double, y: Double)]
    let (width, height) = (box.width, box.height)
    switch type {
    case .target:
      corners = [
        (9, 0), (width - 9, 0), (width, 9), (width, height - 9), (width - 9, height), (9, height),
        (0, height - 9), (0, 9),
      ]
    case .socket, .timer, .path, .automount: corners = [(7, 0), (width, 0), (width - 7, height), (0, height)]
    default: corners = [(0, 0), (width, 0), (width, height), (0, height)]
    }
    for (number, corner) in corners.enumerated() {
      svg.markup(number == 0 ? "M" : "L")
      svg.point(Point(x: box.x + corner.x, y: box.y + corner.y))
    }
    svg.markup("Z")
    guard [.mount, .swap, .device].contains(type) else { return }
    svg.markup("M")
    svg.point(Point(x: box.x, y: box.y + 4))
    svg.markup("L")
    svg.point(Point(x: box.right, y: box.y + 4))
  }

  // MARK: Legend

  private mutating func draw(_ entry: LegendEntry, at place: Point) {
    switch entry.sample {
    case .line(let style):
      open(style, isDim: false, isCyclic: false)
      drawSample(at: place, style, isOrdered: style != .partOf)
    case .dim:
      open(.requires, isDim: true, isCyclic: false)
      drawSample(at: place, .requires, isOrdered: true)
    case .unordered:
      open(.requires, isDim: false, isCyclic: false)
      drawSample(at: place, .requires, isOrdered: false)
    case .ring:
      open(.order, isDim: false, isCyclic: true)
      drawSample(at: place, .order, isOrdered: true)
    case .stock: drawBoxSample(at: place, "unit stock")
    case .missing: drawBoxSample(at: place, "unit missing")
    case .masked: drawBoxSample(at: place, "unit masked")
    case .outside: drawBoxSample(at: place, "unit")
    }
    svg.markup("</g>")
    svg.label(entry.text, at: Point(x: place.x + LegendEntry.sampleWidth, y: place.y + 4), style: "note")
    svg.markup("\n")
  }

  private mutating func drawSample(at place: Point, _ style: LineStyle, isOrdered: Bool) {
    let end = Point(x: place.x + 26, y: place.y)
    svg.markup("<path d=\"M")
    svg.point(place)
    svg.markup("L")
    svg.point(end)
    svg.markup("\"/>")
    drawHead(at: (end, place), style, isOrdered: isOrdered)
  }

  private mutating func drawBoxSample(at place: Point, _ style: StaticString) {
    svg.markup("<g class=\"")
    svg.markup(style)
    svg.markup("\">")
    svg.rectangle(Box(x: place.x, y: place.y - 7, width: 34, height: 14), radius: 2, style: "sample")
  }
}

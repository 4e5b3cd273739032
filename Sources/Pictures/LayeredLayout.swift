/// Boxes in rows by their levels, few crossings, lines that lead round boxes: the method of Sugiyama,
/// Tagawa and Toda (1981) with barycentres. Our own, because the pictures of a build must not depend on
/// the Graphviz of the machine; its work is bounded, and it takes microseconds for a node's few units.
struct LayeredLayout {
  /// What the lines of more rows than this add to the work is not worth it: they are drawn straight.
  static let dummyLimit = 50_000
  private static let gap = 18.0
  private static let dummyWidth = 8.0

  let graph: LayoutGraph
  private var rows = LayoutRows()
  /// By edge: what it leads through, from the upper end to the lower; the ends alone in one row.
  private var chains: [[Int]] = []

  /// Places a graph.
  static func place(_ graph: LayoutGraph) -> PlacedGraph {
    var layout = LayeredLayout(graph: graph)
    layout.makeRows()
    layout.makeChains()
    layout.rows.reduceCrossings()
    layout.rows.spread(gap: gap)
    return layout.placed()
  }

  private init(graph: LayoutGraph) { self.graph = graph }

  /// Levels that are too wide take several rows. Boxes without lines stand below all others.
  private mutating func makeRows() {
    var isJoined = [Bool](repeating: false, count: graph.sizes.count)
    for edge in graph.edges {
      isJoined[edge.tail] = true
      isJoined[edge.head] = true
    }
    let area = graph.sizes.reduce(0) { $0 + ($1.width + Self.gap) * ($1.height + 60) }
    let widest = max(940, (area * 1.8).squareRoot())
    for size in graph.sizes { rows.add(width: size.width, row: 0) }
    let joined = Dictionary(grouping: graph.sizes.indices.filter { isJoined[$0] }) { graph.levels[$0] }
    for (level, boxes) in joined.sorted(by: { $0.key < $1.key }) { addRows(boxes, level, widest) }
    let loose = graph.sizes.indices.filter { !isJoined[$0] }
    if !loose.isEmpty { addRows(loose, nil, widest) }
  }

  private mutating func addRows(_ boxes: [Int], _ level: Int?, _ widest: Double) {
    let total = boxes.reduce(0) { $0 + graph.sizes[$1].width + Self.gap }
    let share = total / (total / widest).rounded(.up)
    var row: [Int] = []
    var width = 0.0
    for box in boxes {
      if !row.isEmpty, width + graph.sizes[box].width / 2 > share {
        rows.append(row, level: level)
        (row, width) = ([], 0)
      }
      row.append(box)
      width += graph.sizes[box].width + Self.gap
    }
    rows.append(row, level: level)
  }

  /// A line over several rows has a place of its own in each.
  private mutating func makeChains() {
    let spans = graph.edges.map { abs(rows.row[$0.head] - rows.row[$0.tail]) }
    let isBent = spans.reduce(0) { $0 + max($1 - 1, 0) } <= Self.dummyLimit
    for edge in graph.edges {
      let isDown = rows.row[edge.tail] <= rows.row[edge.head]
      let (upper, lower) = isDown ? (edge.tail, edge.head) : (edge.head, edge.tail)
      var chain = [upper]
      if isBent, rows.row[lower] - rows.row[upper] > 1 {
        for row in (rows.row[upper] + 1)..<rows.row[lower] {
          chain.append(rows.addDummy(width: Self.dummyWidth, row: row))
        }
      }
      chain.append(lower)
      chains.append(chain)
      for (above, below) in zip(chain, chain.dropFirst()) where rows.row[below] == rows.row[above] + 1 {
        rows.join(above, below)
      }
    }
  }

  // MARK: From rows to pixels

  private func placed() -> PlacedGraph {
    var tops: [Double] = []
    var bottoms: [Double] = []
    var bands: [PlacedGraph.Band] = []
    var y = 0.0
    for (number, row) in rows.rows.enumerated() {
      let height = row.reduce(0) { max($0, $1 < graph.sizes.count ? graph.sizes[$1].height : 0) }
      tops.append(y)
      bottoms.append(y + height)
      y += height
      if let level = rows.levels[number] {
        if let last = bands.last, last.level == level {
          bands[bands.count - 1] = PlacedGraph.Band(level: level, top: last.top, bottom: y)
        } else {
          bands.append(PlacedGraph.Band(level: level, top: y - height, bottom: y))
        }
      }
      let crossing = row.reduce(0) { $0 + rows.below[$1].count }
      if number + 1 < rows.rows.count { y += crossing == 0 ? 26 : min(44 + Double(crossing), 90) }
    }
    let boxes = graph.sizes.indices.map { box in
      let size = graph.sizes[box]
      let top = (tops[rows.row[box]] + bottoms[rows.row[box]] - size.height) / 2
      return Box(x: rows.x[box] - size.width / 2, y: top, width: size.width, height: size.height)
    }
    let width = rows.x.indices.reduce(0) { max($0, rows.x[$1] + rows.width[$1] / 2) }
    let router = LineRouter(boxes: boxes, rows: rows, chains: chains, tops: tops, bottoms: bottoms)
    let routes = graph.edges.indices.map { index in
      router.route(index, isDown: chains[index].first == graph.edges[index].tail)
    }
    return PlacedGraph(width: width, height: y + router.overhang, boxes: boxes, routes: routes, bands: bands)
  }
}

/// Where lines leave and enter boxes, and how they get from one to the other.
private struct LineRouter {
  private static let bow = 40.0

  let boxes: [Box]
  let rows: LayoutRows
  let chains: [[Int]]
  let tops: [Double]
  let bottoms: [Double]
  /// By edge: the places at its upper and its lower end.
  private var ports: [(upper: Double, lower: Double)]
  /// How far lines hang below the last row.
  private(set) var overhang = 0.0

  init(boxes: [Box], rows: LayoutRows, chains: [[Int]], tops: [Double], bottoms: [Double]) {
    self.boxes = boxes
    self.rows = rows
    self.chains = chains
    self.tops = tops
    self.bottoms = bottoms
    ports = chains.map { (rows.x[$0[0]], rows.x[$0[$0.count - 1]]) }
    spreadPorts()
    let last = rows.rows.count - 1
    if chains.indices.contains(where: { isFlat($0) && rows.row[chains[$0][0]] == last }) {
      overhang = Self.bow
    }
  }

  /// Whether both ends stand in one row.
  private func isFlat(_ edge: Int) -> Bool {
    rows.row[chains[edge][0]] == rows.row[chains[edge][chains[edge].count - 1]]
  }

  /// Lines at one side of a box stand side by side, in the order of what they lead to.
  private mutating func spreadPorts() {
    struct End {
      let edge: Int
      let isUpper: Bool
      let toward: Double
    }
    var below = [[End]](repeating: [], count: boxes.count)
    var above = below
    for (edge, chain) in chains.enumerated() {
      let (upper, lower) = (chain[0], chain[chain.count - 1])
      below[upper].append(End(edge: edge, isUpper: true, toward: rows.x[chain[1]]))
      let end = End(edge: edge, isUpper: false, toward: rows.x[chain[chain.count - 2]])
      if isFlat(edge) { below[lower].append(end) } else { above[lower].append(end) }
    }
    for box in boxes.indices {
      for side in [below[box], above[box]] where side.count > 1 {
        let step = min(14, (boxes[box].width - 16) / Double(side.count - 1))
        let sorted = side.sorted { ($0.toward, Double($0.edge)) < ($1.toward, Double($1.edge)) }
        for (place, end) in sorted.enumerated() {
          let x = boxes[box].middle + (Double(place) - Double(side.count - 1) / 2) * step
          if end.isUpper { ports[end.edge].upper = x } else { ports[end.edge].lower = x }
        }
      }
    }
  }

  /// The line of an edge from its tail to its head, `isDown` when the tail is the upper end. It ends an
  /// arrow's length before the head.
  func route(_ edge: Int, isDown: Bool) -> PlacedGraph.Route {
    let chain = chains[edge]
    let (upper, lower) = (chain[0], chain[chain.count - 1])
    let arrow = PlacedGraph.arrow
    if isFlat(edge) {
      let start = Point(x: ports[edge].upper, y: boxes[upper].bottom)
      let end = Point(x: ports[edge].lower, y: boxes[lower].bottom + arrow)
      let y = max(start.y, end.y) + min(Self.bow, 14 + abs(end.x - start.x) / 16)
      return PlacedGraph.Route(
        start: start, pieces: [.curve(Point(x: start.x, y: y), Point(x: end.x, y: y), to: end)])
    }
    var point = Point(x: ports[edge].upper, y: boxes[upper].bottom + (isDown ? 0 : arrow))
    var route = PlacedGraph.Route(start: point, pieces: [])
    for place in chain.dropFirst() {
      let isEnd = place == lower
      let x = isEnd ? ports[edge].lower : rows.x[place]
      let y = isEnd ? boxes[lower].y - (isDown ? arrow : 0) : tops[rows.row[place]]
      let middle = (point.y + y) / 2
      let next = Point(x: x, y: y)
      route.pieces.append(.curve(Point(x: point.x, y: middle), Point(x: x, y: middle), to: next))
      point = next
      if !isEnd {
        point.y = bottoms[rows.row[place]]
        route.pieces.append(.line(to: point))
      }
    }
    return isDown ? route : route.reversed
  }
}

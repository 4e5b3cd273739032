import SeededRandom
import Testing

@testable import Pictures

@Suite struct LayoutTests {
  /// Levels as a graph has them, with needs that have no order and units without any line.
  private func randomGraph(_ random: inout SeededGenerator) -> LayoutGraph {
    let count = Int(random.next() % 60) + 1
    var graph = LayoutGraph(sizes: [], levels: [], edges: [])
    for _ in 0..<count {
      graph.sizes.append((Double(40 + random.next() % 300), random.next() % 4 == 0 ? 42 : 30))
      graph.levels.append(Int(random.next() % 7))
    }
    for _ in 0..<(random.next() % 120) {
      let (tail, head) = (Int(random.next() % UInt64(count)), Int(random.next() % UInt64(count)))
      if tail != head { graph.edges.append(LayoutGraph.Edge(tail: tail, head: head)) }
    }
    return graph
  }

  @Test func `boxes keep apart, and lines lead from one to the other`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for round in 0..<60 {
      let graph = randomGraph(&random)
      let placed = LayeredLayout.place(graph)
      let note = Comment(rawValue: "seed \(seed), round \(round)")
      let joined = Set(graph.edges.flatMap { [$0.tail, $0.head] })
      for (index, box) in placed.boxes.enumerated() {
        #expect(box.x >= -1 && box.y >= 0 && box.right <= placed.width + 1, note)
        #expect(box.bottom <= placed.height, note)
        for (other, second) in placed.boxes.enumerated() where other > index {
          let isApart =
            box.right < second.x || second.right < box.x || box.bottom < second.y || second.bottom < box.y
          #expect(isApart, note)
          guard joined.contains(index), joined.contains(other) else { continue }
          if graph.levels[index] < graph.levels[other] { #expect(box.bottom < second.y, note) }
        }
      }
      for (edge, route) in zip(graph.edges, placed.routes) {
        #expect(placed.boxes[edge.tail].touches(route.start, within: 0.1), note)
        #expect(placed.boxes[edge.head].touches(route.tip.end, within: PlacedGraph.arrow + 0.1), note)
        #expect(!placed.boxes[edge.head].holds(route.tip.end), note)
      }
    }
  }

  @Test func `what can be drawn without crossings is`() {
    // A tree whose leaves are in the wrong order.
    let edges = [(0, 1), (0, 2), (1, 6), (1, 4), (2, 3), (2, 5)]
    let graph = LayoutGraph(
      sizes: Array(repeating: (60, 30), count: 7), levels: [0, 1, 1, 2, 2, 2, 2],
      edges: edges.map { LayoutGraph.Edge(tail: $0.0, head: $0.1) })
    let boxes = LayeredLayout.place(graph).boxes
    let (left, right) = boxes[1].x < boxes[2].x ? ([4, 6], [3, 5]) : ([3, 5], [4, 6])
    #expect(left.allSatisfy { leaf in right.allSatisfy { boxes[leaf].x < boxes[$0].x } })
    // Whoever has children stands in the middle above them.
    #expect(abs(boxes[0].middle - (boxes[1].middle + boxes[2].middle) / 2) <= 1)
  }

  @Test func `numbers are short and the same everywhere`() {
    var svg = SVGText()
    for number in [0, 1.5, -2.25, 3.04, -0.04, 100.96] {
      svg.number(number)
      svg.markup(" ")
    }
    #expect(String(decoding: svg.bytes, as: UTF8.self) == "0 1.5 -2.3 3 0 101 ")
  }
}

extension Box {
  fileprivate func touches(_ point: Point, within distance: Double) -> Bool {
    point.x >= x - distance && point.x <= right + distance && point.y >= y - distance
      && point.y <= bottom + distance
  }

  fileprivate func holds(_ point: Point) -> Bool {
    point.x > x && point.x < right && point.y > y && point.y < bottom
  }
}

import SeededRandom
import SystemdUnits
import Testing
import UnitGraphs

@Suite struct GraphViewTests {
  private func view(_ entries: [UnitFolderEntry], _ change: (UnitGraph, inout GraphViewOptions) -> Void)
    -> GraphView
  {
    let graph = UnitGraph(UnitSet(entries: entries))
    var options = GraphViewOptions()
    change(graph, &options)
    return GraphView(graph, options)
  }

  /// `a<b: After` for each line, in order.
  private func lines(_ view: GraphView, _ lines: [GraphView.Line]) -> [String] {
    lines.map { line in
      let names = [line.from, line.to].map { view.graph.nodes[$0].name.withoutType }
      return "\(names[0]) \(line.kinds.map(\.rawValue).joined(separator: "+")) \(names[1])"
    }
  }

  private let wayThroughNetwork = [
    Folder.file("dhcp.service", "[Unit]\nBefore=network.target\nWants=network.target\n"),
    Folder.file("store.service", "[Unit]\nAfter=network-online.target\nWants=network-online.target\n"),
    Folder.file("web.service", "[Unit]\nAfter=store.service network.target\n"),
  ]

  @Test func `order by way of stock units is kept when they are folded`() throws {
    let view = view(wayThroughNetwork) { $1.showsStock = false }
    #expect(
      lines(view, view.lines) == ["store After dhcp", "web After store"], "web after dhcp says nothing more")
    let way = try #require(view.lines.first)
    #expect(
      way.way.map { view.graph.nodes[$0].name.description } == ["network.target", "network-online.target"])
    #expect(way.edges.isEmpty && !way.isSaid)
    #expect(
      lines(view, view.foldedLines) == [
        "dhcp Wants+Before network", "store Wants+After network-online", "web After network",
      ])
    #expect(view.nodes.map { view.levels[$0] } == [0, 1, 2])
  }

  @Test func `units of the set can be folded as well`() {
    let view = view(wayThroughNetwork) {
      $1.showsStock = false
      $1.folded = [$0.set.units[1].name]
    }
    #expect(lines(view, view.lines) == ["web After dhcp"])
  }

  @Test func `a neighbourhood is as deep as is asked`() {
    let chain = (0..<6).map { Folder.file("u\($0).service", "[Unit]\nAfter=u\($0 + 1).service\n") }
    for (depth, names) in [
      (0, ["u3"]), (1, ["u4", "u3", "u2"]), (9, ["u6", "u5", "u4", "u3", "u2", "u1", "u0"]),
    ] {
      let view = view(chain) {
        $1.focus = $0.node(named: "u3.service").map { GraphViewOptions.Focus(node: $0, depth: depth) }
      }
      #expect(view.nodes.map { view.graph.nodes[$0].name.withoutType } == names, "depth \(depth)")
      #expect(view.lines.count == names.count - 1)
    }
  }

  @Test func `what triggers a unit comes before it in one line`() {
    let view = view([
      Folder.file("a.socket", "[Socket]\nListenStream=1\n"),
      Folder.file("a.service", "[Service]\nExecStart=/a\n"),
    ]) { $1.showsStock = false }
    #expect(lines(view, view.lines) == ["a Before+Triggers a"])
    #expect(view.lines[0].earlier == view.lines[0].from && view.levels[view.lines[0].to] == 1)
  }

  @Test func `order that follows from other order is left out in large pictures only`() {
    let units = (0..<5).map { number in
      Folder.file(
        "u\(number).service",
        "[Unit]\nRequires=u0.service\n" + (0..<number).map { "After=u\($0).service\n" }.joined())
    }
    #expect(view(units) { _, _ in }.lines.filter { $0.from != $0.to }.count == 10)
    let reduced = view(units) { $1.fullOrderLimit = 4 }
    // What is needed besides stays.
    #expect(
      lines(reduced, reduced.lines) == [
        "u1 Requires+After u0", "u2 Requires+After u0", "u2 After u1", "u3 Requires+After u0", "u3 After u2",
        "u4 Requires+After u0", "u4 After u3",
      ])
  }

  @Test func `a ring is cut open once, and what follows it stands behind`() throws {
    let ring = (0..<4).map { number in
      Folder.file(
        "r\(number).service",
        "[Unit]\nAfter=r\((number + 3) % 4).service\n[Install]\nWantedBy=multi-user.target\n")
    }
    let view = view(ring + [Folder.file("a.service", "[Unit]\nAfter=r3.service\n")]) { $1.showsStock = false }
    #expect(view.nodes.map { view.graph.nodes[$0].name.withoutType } == ["r0", "r1", "r2", "r3", "a"])
    #expect(view.nodes.map { view.levels[$0] } == [0, 1, 2, 3, 4])
    #expect(view.lines.filter(\.isCyclic).count == 4 && view.cyclic.count == 4)
    // Rings that no single start runs into are cut as well.
    let apart = self.view(
      [("x", "y"), ("y", "x"), ("z", "y")].map {
        Folder.file("\($0).service", "[Unit]\nAfter=\($1).service\n")
      }
    ) { $1.showsStock = false }
    #expect(apart.cyclic.isEmpty && apart.nodes.map { apart.levels[$0] } == [0, 1, 2])
  }

  /// Whoever waits for whom, by way of others, is the same with and without the lines left out.
  @Test func `reduction loses no order`() {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for round in 0..<20 {
      let count = 12
      let units = (0..<count).map { number -> UnitFolderEntry in
        let after = (0..<number).filter { _ in random.next() % 3 == 0 }.map { "After=u\($0).service\n" }
        return Folder.file("u\(number).service", "[Unit]\n" + after.joined())
      }
      let (full, reduced) = (view(units) { _, _ in }, view(units) { $1.fullOrderLimit = 0 })
      #expect(reach(full) == reach(reduced), "seed \(seed), round \(round)")
      for index in reduced.lines.indices {
        #expect(reach(reduced, without: index) != reach(full), "seed \(seed), round \(round): one too many")
      }
    }
  }

  private func reach(_ view: GraphView, without left: Int? = nil) -> [Int: Set<Int>] {
    var reach: [Int: Set<Int>] = [:]
    // Nodes stand in order of level: those before a unit are known when its turn comes.
    for node in view.nodes {
      for (index, line) in view.lines.enumerated() where line.later == node && index != left {
        guard let earlier = line.earlier else { continue }
        reach[node, default: []].formUnion((reach[earlier] ?? []).union([earlier]))
      }
    }
    return reach
  }
}

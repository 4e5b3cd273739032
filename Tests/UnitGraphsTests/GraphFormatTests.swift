import HostFiles
import JSONText
import SystemdUnits
import Testing
import UnitGraphs

@Suite struct GraphFormatTests {
  private var entries: [UnitFolderEntry] {
    [
      Folder.file(
        "a.service",
        "[Unit]\nRequires=b.service\nAfter=b.service\nWants=c.service\n[Service]\nExecStart=/a\n[Install]\nWantedBy=multi-user.target\n"
      ),
      Folder.file("b.service", "[Unit]\nAfter=c.service\n[Service]\nExecStart=/b\n"),
      Folder.file("c.service", "[Unit]\nConflicts=x\\x2dy.service\n[Service]\nExecStart=/c\n"),
    ]
  }

  @Test func `units stand in the order they start`() throws {
    let graph = UnitGraph(UnitSet(entries: entries))
    let json = GraphFormat.json(graph)
    let units = try #require(json["units"]?.elements)
    let levels = Dictionary(
      uniqueKeysWithValues: units.map { ($0["name"]?.text ?? "", $0["level"]?.number ?? -1) })
    #expect(levels["c.service"] == 0 && levels["b.service"] == 1 && levels["a.service"] == 2)
    let lines = try #require(json["dependencies"]?.elements)
    #expect(
      lines.contains { $0["from"]?.text == "a.service" && $0["kinds"] == .strings(["Requires", "After"]) })
    #expect(json["cycles"] == .array([]))
  }

  @Test(arguments: GraphFormat.allCases)
  func `the same graph gives the same text`(_ format: GraphFormat) {
    let first = format.render(UnitGraph(UnitSet(entries: entries)))
    #expect(first == format.render(UnitGraph(UnitSet(entries: entries.reversed()))))
    #expect(first.contains("a.service") && first.hasSuffix("\n"))
  }

  @Test func `rings are red`() {
    let ring = entries + [Folder.file("c.service.d/x.conf", "[Unit]\nAfter=a.service\n")]
    let dot = GraphFormat.dot.render(UnitGraph(UnitSet(entries: ring)))
    #expect(
      dot.split(separator: "\n").filter { $0.contains("->") && $0.contains("#cc0000\", penwidth=2") }.count
        == 3)
    #expect(GraphFormat.mermaid.render(UnitGraph(UnitSet(entries: ring))).contains("linkStyle "))
  }

  @Test func `graphviz draws it`() throws {
    let dot = GraphFormat.dot.render(UnitGraph(UnitSet(entries: entries)))
    let result = try HostProgram.run(["dot", "-Tsvg"], input: Array(dot.utf8))
    #expect(result.status == 0 && result.errors.isEmpty, "\(String(decoding: result.errors, as: UTF8.self))")
    #expect(String(decoding: result.output, as: UTF8.self).contains("x\\x2dy.service"))
  }
}

import Diagnostics
import HostFiles
import Pictures
import Testing
import UnitGraphs

@Suite struct UnitPictureTests {
  private func graph(_ files: KeyValuePairs<String, String>) -> UnitGraph {
    UnitGraph(
      UnitSet(
        entries: files.enumerated().map { number, file in
          UnitFolderEntry(
            path: file.key, content: .file(Array(file.value.utf8)), source: SourceID(index: UInt32(number)))
        }))
  }

  private var store: UnitGraph {
    graph([
      "a.service":
        "[Unit]\nRequires=b.service\nAfter=b.service network-online.target\nWants=c.service\n[Install]\nWantedBy=multi-user.target\n",
      "b.service": "[Unit]\nAfter=c.service\nBindsTo=d.service\nAfter=d.service\nConflicts=e.service\n",
      "c.service": "[Unit]\nPartOf=b.service\n", "c.socket": "[Socket]\nListenStream=1\n",
      "d.service": "[Unit]\nWants=gone.service\n", "e.service": "[Service]\nExecStart=/e\n",
      "f.service": "[Unit]\nAfter=a.service\n",
    ])
  }

  private func picture(_ graph: UnitGraph, stock: Bool = false, implied: Bool = false) -> UnitPicture {
    var options = GraphViewOptions()
    options.showsStock = stock
    options.showsImplied = implied
    return UnitPicture(GraphView(graph, options), title: "here") { "u/\($0.source.index):\($0.start)" }
  }

  @Test func `every unit and every reason is there`() throws {
    let read = try SVGReader(picture(store).svg)
    #expect(read.title == "Units of here")
    for unit in ["a.service", "b.service", "c.service", "c.socket", "d.service", "e.service", "gone.service"]
    {
      #expect(read.texts.contains(unit), "\(unit)")
    }
    #expect(
      read.titles.contains(
        "a.service has Requires=b.service (u/0:7)\na.service has After=b.service (u/0:26)"))
    #expect(read.titles.contains { $0.hasPrefix("gone.service, which is not there") })
    // What is folded is named where it is touched, with its reason.
    #expect(read.texts.contains("↑ network-online  ↓ multi-user"))
    #expect(read.titles.contains { $0.contains("\na.service has After=network-online.target (u/0:") })
    for style in ["req", "bind", "want", "ord", "trig", "part", "conf", "missing"] {
      #expect(read.classes[style, default: 0] > 0, "\(style)")
    }
    #expect(read.classes["ring"] == nil && read.classes["stock"] == nil)
  }

  @Test func `stock units and what nobody says are drawn where asked for`() throws {
    let read = try SVGReader(picture(store, stock: true, implied: true).svg)
    #expect(read.texts.contains("multi-user.target") && read.texts.contains("sysinit.target"))
    #expect(read.classes["dim", default: 0] > 2 && read.classes["stock", default: 0] > 2)
    #expect(
      read.titles.contains { $0.contains("a.service has Requires=sysinit.target by default (Default") })
  }

  @Test func `rings are told apart`() throws {
    let ring = graph([
      "a.service": "[Unit]\nAfter=b.service\n[Install]\nWantedBy=multi-user.target\n",
      "b.service": "[Unit]\nAfter=a.service\n[Install]\nWantedBy=multi-user.target\n",
    ])
    let read = try SVGReader(picture(ring).svg)
    // Two units, two lines and the legend's.
    #expect(read.classes["ring"] == 5)
  }

  @Test func `names are text`() throws {
    let svg = UnitPicture(
      GraphView(graph(["x\\x2dy.service": "[Unit]\nAfter=b.service\n"]), GraphViewOptions()),
      title: "</title><script>alert(\"&\u{1b}\")</script>"
    ) { _ in "<a href=\"x\">'&" }.svg
    let read = try SVGReader(svg)
    #expect(read.title == "Units of </title><script>alert(\"&\u{fffd}\")</script>")
    #expect(read.titles.contains("x\\x2dy.service has After=b.service (<a href=\"x\">'&)"))
    #expect(read.texts.contains("x\\x2dy.service"))
  }

  @Test func `long names are shortened, and whole in the tooltip`() throws {
    let name = String(repeating: "long", count: 40) + ".service"
    let read = try SVGReader(picture(graph(["a.service": "[Unit]\nAfter=\(name)\n"])).svg)
    #expect(read.texts.contains { $0.hasPrefix("longlong") && $0.hasSuffix("…onglonglong.service") })
    #expect(read.titles.contains { $0.hasPrefix(name) })
    #expect(read.size[0] < 1000)
  }

  @Test func `an empty folder gives an empty picture`() throws {
    let read = try SVGReader(picture(graph([:])).svg)
    #expect(read.texts.first == "Units of here" && read.texts.count == 2)
  }

  @Test func `the same view gives the same bytes`() {
    #expect(picture(store).svg == picture(store).svg)
  }

  @Test func `pictures with one key differ in title and places only`() throws {
    let entries = store
    let others = [picture(store), picture(store, implied: true), picture(graph(["a.service": ""]))]
    let titles = ["<here>", "there&"].map {
      UnitPicture(GraphView(entries, GraphViewOptions()), title: $0) { _ in "u/1" }
    }
    #expect(UnitPictureKey(titles[0]) == UnitPictureKey(titles[1]))
    #expect(titles[0].svg(of: titles[1].pieces) == titles[0].svg && titles[0].svg != titles[1].svg)
    #expect(Set(others.map(UnitPictureKey.init)).count == others.count)
    #expect(UnitPictureKey(others[0]) == UnitPictureKey(picture(entries)))
    // A line further down in a file is another place, and the picture is the same but for that.
    let moved = [
      picture(graph(["a.service": "[Unit]\nAfter=b.service\n"])),
      picture(graph(["a.service": "[Unit]\n\nAfter=b.service\n"])),
    ]
    #expect(UnitPictureKey(moved[0]) == UnitPictureKey(moved[1]) && moved[0].svg != moved[1].svg)
    #expect(moved[1].svg(of: moved[0].pieces) == moved[1].svg)
    #expect(try SVGReader(moved[1].svg).titles.contains("a.service has After=b.service (u/0:8)"))
  }

  @Test func `graphviz places the same units`() throws {
    let picture = picture(store)
    let result = try HostProgram.run(["dot", "-Tplain"], input: Array(picture.graphvizInput.utf8))
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    let plain = String(decoding: result.output, as: UTF8.self)
    let (own, other) = (try SVGReader(picture.svg), try SVGReader(try #require(picture.svg(graphviz: plain))))
    // Levels are numbered only where they are rows.
    #expect(own.texts.filter { Int($0) == nil } == other.texts)
    #expect(own.titles == other.titles)
    // Half an answer, or one to something else, is none.
    let lines = plain.split(separator: "\n").map(String.init)
    for index in lines.indices where lines[index] != "stop" {
      let part = (lines[..<index] + lines[(index + 1)...]).joined(separator: "\n")
      #expect(picture.svg(graphviz: part) == nil, "without \(lines[index])")
    }
    for answer in [
      "", "graph 1 nan inf", "graph 1 1 1\nnode 99 0 0 1 1", "graph 1 1 1\nedge 0 1 1000000 0 0", "<svg/>",
    ] {
      #expect(picture.svg(graphviz: answer) == nil)
    }
  }

  @Test func `too much is no picture`() {
    let entries = (0...UnitPicture.unitLimit).map {
      UnitFolderEntry(path: "u\($0).service", content: .file([]), source: SourceID(index: 0))
    }
    let graph = UnitGraph(UnitSet(entries: entries))
    #expect(!UnitPicture(GraphView(graph, GraphViewOptions()), title: "") { _ in nil }.fits)
    #expect(picture(store).fits)
  }
}

import BootSimulation
import Diagnostics
import HostFiles
import Pictures
import Testing
import UnitGraphs

@Suite struct BootPictureTests {
  private func timeline(_ units: [String: Int], names: [String] = []) -> Timeline {
    let words = (units.keys.sorted() + names).map { "Wants=\($0)\nAfter=\($0)\n" }.joined()
    let texts =
      [("all.target", "[Unit]\nDefaultDependencies=no\n" + words)]
      + (units.keys.sorted() + names).map {
        ($0, "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nExecStart=/bin/d\n")
      }
    let graph = UnitGraph(
      UnitSet(
        entries: texts.enumerated().map { index, unit in
          UnitFolderEntry(
            path: unit.0, content: .file(Array(unit.1.utf8)), source: .init(index: UInt32(index)))
        }), stock: .none)
    let nodes = graph.nodes.indices.filter { graph.nodes[$0].state == .loaded }
    let order = graph.edges.compactMap { edge in
      edge.kind == .after ? (first: Int(edge.to), second: Int(edge.from)) : nil
    }
    return Timeline(
      BootJobs(graph, nodes: nodes, order: order), target: "all.target", estimates: StartEstimates(units))
  }

  /// Read by an XML parser: every element closed, one root, nothing fetched, no script.
  private func check(_ svg: [UInt8]) throws -> String {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-picture")
    defer { try? HostFile.removeTree(folder) }
    try HostFile.write(svg, to: folder + "/boot.svg", mode: 0o644)
    let program = """
      import sys, xml.etree.ElementTree as tree
      root = tree.parse(sys.argv[1]).getroot()
      assert root.tag == "{http://www.w3.org/2000/svg}svg", root.tag
      for element in root.iter():
          name = element.tag.split("}")[1]
          assert name in {"svg", "title", "desc", "style", "rect", "line", "path", "text", "g"}, name
          assert not any("href" in key or key.startswith("on") for key in element.attrib), element.attrib
          for key in ("x", "y", "x1", "x2", "y1", "y2", "width"):
              value = element.get(key, "0")
              assert value == "100%" or 0 <= float(value) <= 100000, (key, value)
      width = int(root.get("width"))
      for element in root.iter("{http://www.w3.org/2000/svg}rect"):
          if element.get("x"):
              assert float(element.get("x")) + float(element.get("width")) <= width
      print("\\n".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")))
      """
    let result = try HostProgram.run(["python3", "-c", program, folder + "/boot.svg"])
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test func everyUnitIsNamedAndTheLengthSaid() throws {
    let timeline = timeline(["a.service": 2000, "b.service": 12_500])
    let svg = BootPicture.svg(of: timeline, title: "node01")
    #expect(svg == BootPicture.svg(of: timeline, title: "node01"))
    let words = try check(svg)
    for word in ["a.service", "b.service", "all.target", "12.5 s", "all.target is reached after 12.5 s"] {
      #expect(words.contains(word), "\(word)")
    }
    #expect(String(decoding: svg, as: UTF8.self).contains("bar hot\" x="))
  }

  @Test func namesAreText() throws {
    let words = try check(BootPicture.svg(of: timeline([:]), title: "<script>&\"'\u{1}"))
    #expect(words.contains("<script>&\"'"))
  }

  /// No units, no time, very long times, very many units and names as long as names get.
  @Test(arguments: [
    ([:], 0), (["a.service": 0], 0), (["a.service": 3], 0), (["a.service": Int.max], 3),
    ([String(repeating: "n", count: 240) + ".service": 61_000], 0), (["a.service": 1000], 900),
  ])
  func anyTimelineIsAPicture(_ units: [String: Int], _ more: Int) throws {
    let names = (0..<more).map { "u\($0).service" }
    _ = try check(BootPicture.svg(of: timeline(units, names: names), title: "node01"))
  }
}

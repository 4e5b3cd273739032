import HostFiles
import JSONText
import Testing

/// Pages and pictures as a browser shows them.
@Suite struct PageTests {
  private func look(_ files: [String]) throws -> [JSONValue] {
    let script = Checkout.root + "/Tests/Browser/look.py"
    let result = try HostProgram.run(["python3", "-IB", script] + files, seconds: 240)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return try #require(try JSONReader.parse(result.output)["pages"]?.elements)
  }

  @Test func reportsAreReadableOnScreensWideAndNarrow() throws {
    try Workplace.with { place in
      try place.require("build", "node01", "magnus")
      let nodes = [
        ("plasmacloud/node01", ["unit-picture", "boot-picture", "disk-picture"]),
        ("unibus/magnus", ["unit-picture", "boot-picture"]),
      ]
      let pages = try look(nodes.map { "\(place.out)/\($0.0)/report/index.html" })
      #expect(pages.count == nodes.count)
      for (page, (node, names)) in zip(pages, nodes) {
        #expect(page["problems"]?.elements == [], "\(node)")
        let parts = node.split(separator: "/")
        #expect(page["title"]?.text == "\(parts[1]) of \(parts[0])")
        for width in ["1280", "390"] {
          let view = try #require(page["widths"]?[width])
          #expect(view["view"]?.number == view["page"]?.number, "\(node) scrolls sideways at \(width)")
          #expect(view["view"]?.number == Int(width), "\(node)")
        }
        let pictures = try #require(page["pictures"]?.elements)
        #expect(pictures.compactMap { $0["name"]?.text } == names + names, "in light and in dark")
        for picture in pictures {
          // Letters alone have dozens of shades; an empty picture has one colour and nothing drawn.
          #expect(try #require(picture["colours"]?.number) > 50, "\(node)")
          #expect(try #require(picture["percent"]?.number) >= 5, "\(node)")
          #expect(try #require(picture["texts"]?.number) > 4, "\(node)")
        }
      }
    }
  }

  @Test func graphsAreDrawnOfAllThereIs() throws {
    try Workplace.with { place in
      let units = place.folder + "/root/etc/systemd/system"
      try HostFile.makeDirectories(units, mode: 0o755)
      try HostFile.makeDirectories(place.folder + "/root/usr/lib/systemd/system", mode: 0o755)
      for (path, text) in [
        ("etc/systemd/system/a.service", "[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"),
        ("etc/systemd/system/b.service", "[Unit]\nAfter=c.service\n[Service]\nExecStart=/bin/true\n"),
        (
          "etc/systemd/system/c.service",
          "[Unit]\nAfter=dev-hugepages.mount\n[Service]\nExecStart=/bin/true\n"
        ),
        (
          "usr/lib/systemd/system/dev-hugepages.mount",
          "[Mount]\nWhat=hugetlbfs\nWhere=/dev/hugepages\nType=hugetlbfs\n"
        ),
      ] {
        try HostFile.write(Array(text.utf8), to: place.folder + "/root/" + path, mode: 0o644)
      }
      let names = { (words: [String]) throws -> [String] in
        let json = try place.run(["graph", "--format", "json"] + words).json()
        return (json["units"]?.elements ?? []).compactMap { $0["name"]?.text }
      }
      #expect(try names(["--root", "root"]) == ["c.service", "b.service", "a.service"])
      #expect(try names(["--root", "root", "--stock"]).contains("dev-hugepages.mount"))
      #expect(
        try names([units, "--closed"]) == ["dev-hugepages.mount", "c.service", "b.service", "a.service"])
      #expect(try names(["--root", "root", "--focus", "a"]) == ["b.service", "a.service"])
      #expect(try names(["--root", "root", "--focus", "a", "--depth", "2"]).count == 3)
      for format in ["dot", "mermaid", "svg"] {
        let first = try place.require("graph", "node01", "--format", format)
        #expect(first.output.contains("chainfire.service") && first.errors.isEmpty, "\(format)")
        #expect(try place.require("graph", "node01", "--format", format) == first, "\(format)")
      }
      let places = try place.require("graph", "node01", "--format", "svg").output
      #expect(places.contains("(profiles/plasmacloud/services/flaredb.yaml:"))
      let drawn = try place.require("graph", "--layout", "graphviz", "--format", "svg", "node01")
      #expect(drawn.output.hasPrefix("<svg ") && drawn.output.contains("chainfire.service"))
      let without = try place.run(
        ["graph", "--layout", "graphviz", "--format", "svg", "node01"], environment: ["PATH": "/none"])
      #expect(without.status == 3 && without.output.isEmpty && without.errors.contains("--layout own"))
    }
  }

  @Test func graphsThatCannotBeDrawnAreRefused() throws {
    try Workplace.with { place in
      for (words, said) in [
        (["graph"], "needs something to draw"), (["graph", "--root", ".", "node01"], "two things"),
        (["graph", "node01", "--focus", "chainfir"], "did you mean chainfire?"),
        (["graph", "node01", "--depth", "-1"], "from 0 to 1000"),
        (["graph", "node01", "--format", "sarif"], "is for lint"),
        (["check", "--format", "svg"], "is for graph"),
      ] as [([String], String)] {
        let outcome = try place.run(words)
        #expect(outcome.status == 2 && outcome.output.isEmpty, "\(words)")
        #expect(outcome.errors.contains(said), "\(words): \(outcome.errors)")
      }
    }
  }
}

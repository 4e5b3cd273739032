import Artifacts
import Diagnostics
import FleetModel
import HostFiles
import Reports
import Testing

@Suite struct NodePageTests {
  /// Reads the page with Python's parser: every element is closed, nothing runs, nothing is fetched.
  private static let reader = """
    import html.parser, sys
    VOID = {"meta"}
    class Page(html.parser.HTMLParser):
        def __init__(self):
            super().__init__(); self.open = []; self.cells = []; self.bad = []
            self.links = []; self.ids = []; self.headings = []
        def handle_starttag(self, tag, attributes):
            if tag not in VOID: self.open.append(tag)
            if tag in ("h1", "h2"): self.headings.append(tag)
            if tag == "table": self.headings.append("table")
            if tag == "caption" and self.headings[-1] == "table": self.headings.pop()
            if tag in ("script", "link", "img", "iframe", "object"): self.bad.append(tag)
            for name, value in attributes:
                if name.startswith("on") or name == "src": self.bad.append(name)
                if name == "href": self.links.append(value)
                if name == "id": self.ids.append(value)
        def handle_endtag(self, tag):
            if not self.open or self.open.pop() != tag: self.bad.append("/" + tag)
        def handle_data(self, data):
            if "td" in self.open or "th" in self.open: self.cells.append(data)
    page = Page(); page.feed(sys.stdin.read()); page.close()
    if page.open or page.bad: sys.exit(str(page.open + page.bad))
    if page.links != ["#" + name for name in page.ids]: sys.exit(str(page.links))
    if page.headings != ["h1"] + ["h2"] * len(page.ids): sys.exit("a table without caption, or headings")
    print("\\n".join(page.cells))
    """

  private func cells(_ page: [UInt8]) throws -> String {
    let result = try HostProgram.run(["python3", "-c", Self.reader], input: page)
    #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return String(decoding: result.output, as: UTF8.self)
  }

  @Test func everythingIsOnThePage() throws {
    let node = try #require(Fixture(system: .nixos(stateVersion: "25.11")).nodes.first)
    let page = NodePage.html(
      for: node,
      units: [
        NodePage.Unit(name: "stored-cluster.service", exposure: 13, nextSteps: ["ProtectHome= 0.3"]),
        NodePage.Unit(name: "open.service", exposure: 96), NodePage.Unit(name: "a.target", exposure: nil),
      ],
      artifacts: [
        Artifact(
          try #require(ArtifactPath("extra-files/etc/demo/tls.key")), mode: 0o600, kind: .secret,
          content: .secret(path: "node01/node01.key"), origin: .standard("test"))
      ],
      pictures: NodePage.Pictures(graph: Array("<svg viewBox=\"0 0 1 1\"></svg>".utf8)))
    let cells = try cells(page)
    for piece in [
      "stored-cluster.service", "tcp/8443", "peers", "1.3 OK", "ProtectHome= 0.3", "2 of 3",
      "9.6 UNSAFE", "open.service, 9.6", "/etc/demo/tls.crt", "0644",
      "certificate of authority clients", "extra-files/etc/demo/tls.key",
    ] {
      #expect(cells.contains(piece), "\(piece)")
    }
    #expect(!cells.contains("node01/node01.key"))
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.contains("<svg viewBox") && text.contains("<mark>9.6 UNSAFE</mark>"))
    // Sections are there for what there is.
    #expect(text.contains("id=\"graph\"") && !text.contains("id=\"boot\"") && !text.contains("id=\"disk\""))
  }

  @Test func rawWaysAreMarkedAndEscaped() throws {
    var node = try #require(Fixture(system: .nixos(stateVersion: "25.11")).nodes.first)
    node.services[0].rawDirectives = [
      RawDirective(
        section: "Service", key: "Environment", value: said("A=\"<script>alert(1)</script>\"&'\u{1b}"))
    ]
    node.extraNix = said("./extra.nix")
    let page = NodePage.html(for: node)
    let cells = try cells(page)
    #expect(cells.contains("A=\"<script>alert(1)</script>\"&'\u{fffd}"))
    let text = String(decoding: page, as: UTF8.self)
    #expect(text.contains("<mark>Environment</mark>") && text.contains("<mark>nix</mark>"))
    #expect(!text.contains("<script"))
  }

  @Test func thePageIsTheSameEachTime() throws {
    let nodes = try (0..<2).map { _ in
      try #require(Fixture(system: .distribution(id: "debian", version: "12")).nodes.first)
    }
    #expect(NodePage.html(for: nodes[0]) == NodePage.html(for: nodes[1]))
  }
}

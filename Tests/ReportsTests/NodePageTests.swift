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
        def handle_starttag(self, tag, attributes):
            if tag not in VOID: self.open.append(tag)
            if tag in ("script", "link", "img", "iframe", "object"): self.bad.append(tag)
            for name, value in attributes:
                if name.startswith("on") or name in ("src", "href"): self.bad.append(name)
        def handle_endtag(self, tag):
            if not self.open or self.open.pop() != tag: self.bad.append("/" + tag)
        def handle_data(self, data):
            if "td" in self.open: self.cells.append(data)
    page = Page(); page.feed(sys.stdin.read()); page.close()
    if page.open or page.bad: sys.exit(str(page.open + page.bad))
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
      for: node, units: [NodePage.Unit(name: "stored-cluster.service", exposure: "1.3 OK")],
      artifacts: [
        Artifact(
          try #require(ArtifactPath("extra-files/etc/demo/tls.key")), mode: 0o600, kind: .secret,
          content: .secret(path: "node01/node01.key"), origin: .standard("test"))
      ],
      pictures: [("Units", Array("<svg viewBox=\"0 0 1 1\"></svg>".utf8))])
    let cells = try cells(page)
    for piece in [
      "stored-cluster.service", "tcp/8443", "peers", "1.3 OK", "2 of 3", "/etc/demo/tls.crt", "0644",
      "certificate of authority clients", "extra-files/etc/demo/tls.key",
    ] {
      #expect(cells.contains(piece), "\(piece)")
    }
    #expect(!cells.contains("node01/node01.key"))
    #expect(String(decoding: page, as: UTF8.self).contains("<svg viewBox"))
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

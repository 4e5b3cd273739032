public import Artifacts
public import FleetModel

/// Writes `report/index.html`: what a node is and gets, on one page without scripts and without
/// anything fetched from elsewhere. Secrets are on it by name only.
public enum NodePage {
  /// A unit as the page shows it.
  public struct Unit: Sendable {
    /// Its name.
    public var name: String
    /// How exposed it is, in tenths of what `systemd-analyze security` says; `nil` for what is no service.
    public var exposure: Int?
    /// What would lessen its exposure most, the best first: `ProtectHome= 0.3`.
    public var nextSteps: [String]

    /// Makes a row.
    public init(name: String, exposure: Int?, nextSteps: [String] = []) {
      self.name = name
      self.exposure = exposure
      self.nextSteps = nextSteps
    }
  }

  /// SVG elements that this tool has drawn.
  public struct Pictures: Sendable {
    /// The unit graph.
    public var graph: [UInt8]?
    /// The boot over time.
    public var boot: [UInt8]?
    /// The disk.
    public var disk: [UInt8]?

    /// Makes a page's pictures.
    public init(graph: [UInt8]? = nil, boot: [UInt8]? = nil, disk: [UInt8]? = nil) {
      self.graph = graph
      self.boot = boot
      self.disk = disk
    }
  }

  /// The page.
  ///
  /// - Parameter artifacts: All of the node's; secrets among them are named by path only.
  public static func html(
    for node: Node, units: [Unit] = [], artifacts: [Artifact] = [], pictures: Pictures = Pictures()
  ) -> [UInt8] {
    var page = HTML()
    let rows = NodePageRows(node: node, units: units)
    let sections = PageSection.allCases.compactMap { section -> (PageSection, [UInt8])? in
      var part = HTML()
      add(section, rows, artifacts, pictures, to: &part)
      return part.bytes.isEmpty ? nil : (section, part.bytes)
    }
    head(node, &page)
    page.markup("<nav aria-label=\"On this page\"><ul>\n")
    for (section, _) in sections {
      page.markup("<li><a href=\"#")
      page.text(section.anchor)
      page.markup("\">")
      page.text(section.title)
      page.markup("</a></li>\n")
    }
    page.markup("</ul></nav>\n")
    for (section, content) in sections {
      page.open(section: section)
      page.embed(content)
      page.markup("</section>\n")
    }
    page.markup("</main>\n</body>\n</html>\n")
    return page.bytes
  }

  /// What a section has to say; nothing where there is nothing.
  private static func add(
    _ section: PageSection, _ rows: NodePageRows, _ artifacts: [Artifact], _ pictures: Pictures,
    to page: inout HTML
  ) {
    switch section {
    case .overview:
      page.table("The node", [], rows.overview)
      page.table("Raw ways out", ["Service", "Section", "Directive", "Value"], rows.rawWays)
      page.table("Groups", ["Group", "Voters", "Majority", "This node"], rows.groups)
    case .graph:
      if let graph = pictures.graph { page.figure("Units in the order they start", graph) }
      page.table("Services", ["Service", "Unit", "Starts", "Needs", "Health"], rows.services)
    case .boot:
      if let boot = pictures.boot { page.figure("The boot over time", boot) }
    case .hardening:
      page.table(
        "Exposure of units, 0 to 10, as systemd-analyze security says it",
        rows.hasNextSteps ? ["Unit", "Exposure", "Best next steps"] : ["Unit", "Exposure"], rows.exposures)
      page.table("Sandbox exceptions", ["Service", "Directive", "Value", "Reason"], rows.exceptions)
    case .network:
      page.table("Ports, and who may reach them", ["Port", "Service", "Bound to", "Open to"], rows.ports)
      page.table("Links", ["Link", "Hardware", "Addresses"], rows.links)
    case .disk:
      if let disk = pictures.disk { page.figure("Partitions and volumes of the disk", disk) }
      page.table("What is asked for", ["What", "Size", "Format", "Mounted at"], rows.disk)
    case .files:
      page.table(
        "Files of this build", ["Path", "Kind", "Mode"],
        artifacts.sorted { $0.path < $1.path }.map {
          [.code($0.path.description), .words($0.kind.rawValue), .code(FileMode($0.mode).description)]
        })
    case .secrets:
      page.table(
        "Secrets the node gets, by reference", ["Path", "Mode", "Owner", "What"], rows.secrets)
    }
  }

  private static func head(_ node: Node, _ page: inout HTML) {
    page.markup(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
      <title>
      """)
    page.text("\(node.name.value) of \(node.fleet)")
    page.markup("</title>\n<style>\n")
    page.markup(style)
    page.markup("</style>\n</head>\n<body>\n<main>\n")
    page.element("h1", node.name.value.description)
    page.element("p", "\(node.fullName) of fleet \(node.fleet)")
  }
}

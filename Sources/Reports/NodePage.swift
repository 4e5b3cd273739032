public import Artifacts
public import FleetModel

/// Writes `report/index.html`: what a node is and gets, on one page without scripts and without
/// anything fetched from elsewhere.
public enum NodePage {
  /// A unit as the page shows it.
  public struct Unit: Sendable {
    /// Its name.
    public var name: String
    /// How exposed it is, as `systemd-analyze security` says it: `1.3 OK`.
    public var exposure: String?

    /// Makes a row.
    public init(name: String, exposure: String?) {
      self.name = name
      self.exposure = exposure
    }
  }

  /// The page.
  ///
  /// - Parameters:
  ///   - artifacts: all of the node's; secrets among them are named by path only.
  ///   - pictures: SVG elements with their titles, drawn by this tool.
  public static func html(
    for node: Node, units: [Unit] = [], artifacts: [Artifact] = [],
    pictures: [(title: String, svg: [UInt8])] = []
  ) -> [UInt8] {
    var page = HTML()
    head(node, &page)
    let rows = NodePageRows(node: node)
    page.section("Raw ways out", ["Service", "Section", "Directive", "Value"], rows.rawWays)
    page.section("Services", ["Service", "Unit", "Starts", "Needs", "Health"], rows.services)
    page.section("Ports", ["Port", "Service", "Bound to", "Open to"], rows.ports)
    page.section(
      "Units", ["Unit", "Exposure"], units.map { [.code($0.name), .words($0.exposure ?? "")] })
    for picture in pictures {
      page.markup("<section>\n<h2>")
      page.text(picture.title)
      page.markup("</h2>\n<figure class=\"scroll\">\n")
      page.embed(picture.svg)
      page.markup("\n</figure>\n</section>\n")
    }
    page.section("Groups", ["Group", "Voters", "Majority", "This node"], rows.groups)
    page.section("Network", ["Link", "Hardware", "Addresses"], rows.links)
    page.section("Disk", ["What", "Size", "Format", "Mounted at"], rows.disk)
    page.section("Sandbox exceptions", ["Service", "Directive", "Value", "Reason"], rows.exceptions)
    page.section("Secrets, by reference", ["Path", "Mode", "Owner", "What"], rows.secrets)
    page.section(
      "Files of this build", ["Path", "Kind", "Mode"],
      artifacts.sorted { $0.path < $1.path }.map {
        [.code($0.path.description), .words($0.kind.rawValue), .code(FileMode($0.mode).description)]
      })
    page.markup("</main>\n</body>\n</html>\n")
    return page.bytes
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
    page.markup("</style>\n</head>\n<body>\n<main>\n<h1>")
    page.text(node.name.value.description)
    page.markup("</h1>\n<p>")
    let system =
      switch node.target.system.value {
      case .nixos(let version): "NixOS \(version)"
      case .distribution(let id, let version): "\(id) \(version)"
      }
    page.text(
      "\(node.fullName), fleet \(node.fleet): \(system) on \(node.target.architecture.value.rawValue), "
        + "systemd \(node.target.systemdVersion.value), \(node.mode.value.rawValue)")
    if !node.roles.isEmpty {
      page.text("; " + node.roles.map(\.value.description).joined(separator: ", "))
    }
    page.markup("</p>\n")
  }

  /// Narrow screens first: tables scroll in their own box, the page never does sideways.
  private static let style: StaticString = """
    :root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --page: #ffffff;
      --stop: #9a3412; --stop-page: #ffedd5; }
    @media (prefers-color-scheme: dark) {
      :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --page: #0d1117; --stop: #fdba74;
        --stop-page: #431407; }
    }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--page); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; }
    main { max-width: 64rem; margin: 0 auto; padding: 1rem; }
    h1 { font-size: 1.5rem; margin: 0.5rem 0; }
    h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
    p { color: var(--soft); overflow-wrap: anywhere; }
    .scroll { overflow-x: auto; margin: 0; }
    table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
    th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.75rem 0.35rem 0;
      border-bottom: 1px solid var(--line); }
    th { color: var(--soft); font-weight: 600; white-space: nowrap; }
    code { font: 0.85rem/1.5 ui-monospace, monospace; white-space: nowrap; }
    mark { color: var(--stop); background: var(--stop-page); padding: 0 0.25rem; }
    svg { max-width: 100%; height: auto; }

    """
}

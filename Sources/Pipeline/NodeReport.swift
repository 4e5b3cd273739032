internal import Artifacts
internal import BootSimulation
internal import Diagnostics
internal import DiskPlanning
internal import FleetModel
internal import Pictures
internal import Reports
internal import SystemdUnits
internal import UnitGraphs

/// What people look at: the pictures of a node, and the page that shows them.
enum NodeReport {
  /// With more units than this a picture is full of order that follows from other order.
  private static let fullOrderLimit = 60
  /// With no more units than this there is room for systemd's own that they touch.
  private static let fewUnits = 4

  static func artifacts(for draft: NodeDraft) -> Checked<[Artifact]> {
    let node = draft.node
    let title = "\(node.fleet)/\(node.name.value)"
    let pictures = NodePage.Pictures(
      graph: graph(of: draft, title: title),
      boot: draft.environment.timelines.timeline(of: draft).map { BootPicture.svg(of: $0, title: title) },
      disk: draft.plan.map { DiskPicture.svg($0, title: title) })
    let files: [(String, [UInt8]?, ArtifactKind)] = [
      ("report/graph.svg", pictures.graph, .graph), ("report/boot.svg", pictures.boot, .report),
      ("report/disk.svg", pictures.disk, .report),
    ]
    var artifacts = files.compactMap { path, bytes, kind -> Artifact? in
      guard let bytes, let path = ArtifactPath(path) else { return nil }
      return Artifact(path, kind: kind, content: .bytes(bytes), origin: node.name.origin)
    }
    let units = draft.units.map {
      NodePage.Unit(name: $0.name, exposure: draft.environment.exposures.tenths(of: $0))
    }
    let page = NodePage.html(
      for: node, units: units, artifacts: draft.artifacts + artifacts, pictures: pictures)
    if let path = ArtifactPath("report/index.html") {
      artifacts.append(Artifact(path, kind: .report, content: .bytes(page), origin: node.name.origin))
    }
    return Checked(artifacts)
  }

  /// The node's own units and, named in them where they are many, those of systemd's that they touch.
  private static func graph(of draft: NodeDraft, title: String) -> [UInt8]? {
    var options = GraphViewOptions()
    options.showsStock = draft.units.count <= fewUnits
    options.fullOrderLimit = fullOrderLimit
    // A ring is an error of the linter's: there is no report then.
    let view = GraphView(draft.graph, options, cycles: [])
    let picture = UnitPicture(view, title: title, place: draft.environment.place)
    return picture.fits ? draft.environment.unitPictures.svg(of: picture) : nil
  }
}

public import Artifacts
public import Diagnostics
public import FleetModel
internal import NixEmission
internal import Reports

/// What the fleet's own files need of its nodes, gathered while they are built. Small: a fleet of ten
/// thousand nodes must fit.
public struct FleetGathering: Sendable {
  private var nix = NixNodes()
  private var exemplars: [Node] = []
  private let wanted: Set<Name>

  /// Makes an empty gathering for a fleet.
  public init(_ fleet: Fleet) {
    wanted = Set(Runbook.exemplars(of: fleet))
  }

  /// Takes what is needed of a node; one that is not built has no place in the flake.
  public mutating func add(_ node: Node, isBuilt: Bool = true) {
    if isBuilt { nix.add(node) }
    if wanted.contains(node.name.value) { exemplars.append(node) }
  }

  /// Whether a node that is not built must be resolved all the same: the flake and the runbook name it.
  public func needs(_ name: Name, hasFlakeFolder: Bool) -> Bool { hasFlakeFolder || wanted.contains(name) }

  /// `flake/…`, relative to the fleet's folder.
  public func flake(for fleet: Fleet) -> Checked<[Artifact]> {
    NixEmission.fleetFiles(for: fleet, nodes: nix)
  }

  /// `RUNBOOK.md` and `fleet.json`. Apart from the flake, so that its list of all nodes and this one are
  /// not in memory together.
  public func documents(for fleet: Fleet) -> Checked<[Artifact]> {
    let nodes = exemplars.sorted { $0.name.value < $1.name.value }
    let origin = fleet.name.origin
    let files: [(String, ArtifactKind, [UInt8])] = [
      ("RUNBOOK.md", .runbook, Runbook.text(for: fleet, nodes: nodes)),
      ("fleet.json", .manifest, FleetSummary.bytes(of: fleet)),
    ]
    return Checked(
      files.compactMap { path, kind, bytes in
        ArtifactPath(path).map { Artifact($0, kind: kind, content: .bytes(bytes), origin: origin) }
      })
  }
}

public import Artifacts
internal import BundleEmission
public import Diagnostics
public import Digests
internal import DiskPlanning
public import FleetModel
internal import NodeUnits
public import Profiles
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// What a build makes of one node.
public struct NodeProducts: Sendable {
  /// The node.
  public let node: Node
  /// Its file's place in the registry.
  public let source: SourceID
  /// The files of its folder.
  public let tree: ArtifactTree
  /// Its files in the fleet's flake.
  public let flake: [Artifact]
  /// The digest of everything it was made from.
  public let inputs: SHA256Digest
}

/// The one way through for a node: resolve, plan, realize, check.
public enum NodeBuilding {
  /// All findings about a node and what would be generated for it; writes nothing.
  public static func check(_ name: Name, in context: FleetContext) -> Report {
    build(name, in: context, inputs: .zero, environment: .none).report
  }

  /// Everything that is written for a node.
  ///
  /// - Parameter inputs: `InputIdentity.fleet` of the context.
  public static func build(
    _ name: Name, in context: FleetContext, inputs: SHA256Digest, environment: BuildEnvironment
  ) -> Checked<NodeProducts> {
    let resolved = FleetLoading.node(name, in: context)
    var report = resolved.report
    guard let resolvedNode = resolved.value, !report.hasErrors else { return Checked(nil, report) }
    let node = resolvedNode.node
    let plan = node.disk.map(DiskPlanner.plan)
    if let plan { report.merge(plan.report) }
    report.merge(unitNames(of: node))
    let units = NodeUnits.units(for: node)
    report.merge(units.report)
    guard let unitFiles = units.value, !report.hasErrors else { return Checked(nil, report) }
    let graph = UnitGraph(UnitSet(generated: unitFiles))
    report.merge(asOfAProfile(UnitLint.run(graph, asked: nil, LintSettings())))
    let identity = InputIdentity.node(
      resolvedNode.inputDigest, fleet: inputs, toolVersion: environment.toolVersion)
    var draft = NodeDraft(
      node: node, fleet: context.fleet, plan: plan?.value, units: unitFiles, graph: graph,
      inputs: identity, environment: environment)
    for entry in ArtifactCatalogue.all where entry.output.map(node.outputs.contains) ?? true {
      let emitted = entry.emit(draft)
      report.merge(emitted.report)
      draft.artifacts += emitted.value ?? []
    }
    guard !report.hasErrors else { return Checked(nil, report) }
    return assemble(draft, source: resolvedNode.source, report)
  }

  /// What systemd passes over: in a unit of others that may be meant for another version, in a profile it is a line
  /// that does nothing, and nobody would notice before the sandbox is missed.
  private static func asOfAProfile(_ found: Report) -> Report {
    var report = Report()
    for var diagnostic in found.diagnostics {
      if ["SY001", "SY013", "SY014"].contains(diagnostic.code.description) { diagnostic.severity = .error }
      report.add(diagnostic)
    }
    return report
  }

  /// A unit in /etc/systemd/system takes the place of the one that systemd ships; two services cannot be
  /// one unit.
  private static func unitNames(of node: Node) -> Report {
    var report = Report()
    var owners: [String: Service] = [:]
    for service in node.services {
      let unit = service.unitFileName
      let isStock = UnitName(unit).map(StockKnowledge.standard.has) ?? false
      let owner = owners.updateValue(service, forKey: unit)
      guard isStock || owner != nil else { continue }
      report.add(
        Diagnostic(
          PipelineRules.unitNameTaken,
          owner.map { "\(unit) is \($0.name.value)'s unit already" } ?? "\(unit) is a unit of the system",
          at: service.unitName.span ?? service.name.span,
          related: owner?.unitName.span.map { [Label("the other one", at: $0)] } ?? [],
          help: "give \(service.name.value) another unit-name", node: node.name.value.description))
    }
    return report
  }

  private static func assemble(_ draft: NodeDraft, source: SourceID, _ found: Report) -> Checked<NodeProducts>
  {
    var report = found
    var collisions: [ArtifactPath] = []
    let isFlake = { (artifact: Artifact) in artifact.path.description.hasPrefix("flake/") }
    let tree = ArtifactTree(draft.artifacts.filter { !isFlake($0) }, collisions: &collisions)
    for path in collisions {
      let places = draft.artifacts.filter { $0.path == path }.compactMap(\.origin.span)
      report.add(
        Diagnostic(
          PipelineRules.pathTwice, "two files of a node go to \(path)",
          at: places.last ?? draft.node.name.span,
          related: places.dropLast().map { Label("the first", at: $0) },
          help: "give one of them another path",
          node: draft.node.name.value.description))
    }
    guard !report.hasErrors else { return Checked(nil, report) }
    return Checked(
      NodeProducts(
        node: draft.node, source: source, tree: tree, flake: draft.artifacts.filter(isFlake),
        inputs: draft.inputs), report)
  }
}

extension BuildEnvironment {
  /// For checks: nothing is minted, nothing is read, and that nobody can sign is no news.
  static let none = BuildEnvironment(
    toolVersion: "",
    signer: BundleEmission.Signer(publicKey: Array(repeating: 0, count: 32)) { _ in
      Array(repeating: 0, count: 64)
    },
    fingerprint: { _, _ in nil }, text: { _ in [] }, place: { _ in nil })
}

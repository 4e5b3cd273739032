internal import Artifacts
internal import BundleEmission
internal import Diagnostics
internal import FleetModel
internal import NetbootEmission
internal import NixEmission
internal import NodeFiles
internal import SystemdUnits

/// Every output there is, in the order it is made. A new one is a line here.
enum ArtifactCatalogue {
  /// An output and who makes it.
  struct Entry: Sendable {
    /// The output a profile may leave out; `nil` for what a node always has.
    let output: Output?
    /// Makes its artifacts from the draft.
    let emit: @Sendable (NodeDraft) -> Checked<[Artifact]>
  }

  static let all: [Entry] = [
    Entry(output: nil) { NodeFiles.artifacts(for: $0.node, units: $0.units) },
    Entry(output: .nixos) { draft in
      guard draft.node.target.isNixOS else { return Checked([]) }
      let nix = NixEmission.nodeFiles(
        for: draft.node, plan: draft.plan, units: draft.units, contents: contents(of: draft),
        extraModule: draft.node.extraNix.flatMap { draft.environment.text($0.value) })
      let plan = NixEmission.installPlan(for: draft.node)
      var report = nix.report
      report.merge(plan.report)
      return Checked((nix.value ?? []) + (plan.value ?? []), report)
    },
    Entry(output: .netboot) { NetbootEmission.artifacts(for: $0.node) },
    Entry(output: .vm) { MachineEmission.artifacts(for: $0.node, of: $0.fleet) },
    Entry(output: .bundle) { draft in
      var contents = BundleContents.files(of: draft.node, artifacts: draft.artifacts)
      guard let files = contents.value else { return Checked(nil, contents.report) }
      let bundle = BundleEmission.artifacts(
        for: draft.node, of: draft.fleet, contents: files,
        build: BundleEmission.Build(toolVersion: draft.environment.toolVersion, inputs: draft.inputs),
        signer: draft.environment.signer,
        fingerprint: { draft.environment.fingerprint($0, draft.node.name.value) })
      contents.report.merge(bundle.report)
      return Checked(bundle.value, contents.report)
    },
    Entry(output: .report) { NodeReport.artifacts(for: $0) },
  ]

  /// The texts of configuration files, by their path on the node: Nix writes the same ones.
  private static func contents(of draft: NodeDraft) -> [TargetPath: [UInt8]] {
    var contents: [TargetPath: [UInt8]] = [:]
    for artifact in draft.artifacts(below: "files") {
      if case .bytes(let bytes) = artifact.content,
        let path = TargetPath("/" + artifact.path.description.dropFirst(6))
      {
        contents[path] = bytes
      }
    }
    return contents
  }
}

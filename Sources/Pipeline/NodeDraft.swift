internal import Artifacts
public import BundleEmission
public import Diagnostics
public import Digests
internal import DiskPlanning
public import FleetModel
internal import SystemdUnits
internal import UnitGraphs

/// A node between resolving and writing: everything emitters share, worked out once.
struct NodeDraft {
  let node: Node
  let fleet: Fleet
  let plan: DiskPlan?
  let units: [UnitFile]
  /// The same as the linter and pictures see them.
  let graph: UnitGraph
  let inputs: SHA256Digest
  let environment: BuildEnvironment
  /// What emitters made so far: later ones, as the bundle, are views of it.
  var artifacts: [Artifact] = []

  /// The artifacts below a folder of the node.
  func artifacts(below folder: String) -> [Artifact] {
    artifacts.filter { $0.path.description.hasPrefix(folder + "/") }
  }
}

/// What a build brings besides the profiles.
public struct BuildEnvironment: Sendable {
  /// The version of this tool.
  public var toolVersion: String
  /// Who signs bundles, if anybody can.
  public var signer: BundleEmission.Signer?
  /// SHA-256 of a certificate's DER, once it is minted.
  public var fingerprint: @Sendable (SecretReference, Name) -> SHA256Digest?
  /// The text of a file of the fleet's folder, for what profiles include as it is.
  public var text: @Sendable (String) -> [UInt8]?
  /// The name of a profile's line in the fleet's folder, `services/iam.yaml:12`, for what reports explain.
  public var place: @Sendable (Span) -> String?
  /// Scores that are known already.
  let exposures = ExposureMemo()
  /// Boots that are simulated already.
  let timelines = TimelineMemo()
  /// Unit pictures that are drawn already.
  let unitPictures = PictureMemo()

  /// Makes an environment.
  public init(
    toolVersion: String, signer: BundleEmission.Signer?,
    fingerprint: @escaping @Sendable (SecretReference, Name) -> SHA256Digest?,
    text: @escaping @Sendable (String) -> [UInt8]?, place: @escaping @Sendable (Span) -> String?
  ) {
    self.toolVersion = toolVersion
    self.signer = signer
    self.fingerprint = fingerprint
    self.text = text
    self.place = place
  }
}

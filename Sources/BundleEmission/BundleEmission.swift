public import Artifacts
import Bundles
public import Diagnostics
public import Digests
public import FleetModel

/// Writes a node's bundle: `bundle/NODE-VERSION.tar`.
public enum BundleEmission {
  /// Who signs, if anybody can. The key itself stays where it is.
  public struct Signer: Sendable {
    /// The 32 bytes of the Ed25519 public key.
    public var publicKey: [UInt8]
    /// Signs a message; `nil` when that fails.
    public var sign: @Sendable ([UInt8]) -> [UInt8]?

    /// Makes a signer.
    public init(publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) -> [UInt8]?) {
      self.publicKey = publicKey
      self.sign = sign
    }
  }

  /// What a bundle says of the build it is from.
  public struct Build: Sendable {
    /// The version of this tool.
    public var toolVersion: String
    /// The digest of the build's inputs, where it is known.
    public var inputs: SHA256Digest?

    /// Makes a build.
    public init(toolVersion: String, inputs: SHA256Digest?) {
      self.toolVersion = toolVersion
      self.inputs = inputs
    }
  }

  /// The bundle of a node.
  ///
  /// - Parameters:
  ///   - contents: `BundleContents.files` of the node.
  ///   - signer: without one, or when it fails, the bundle has no `manifest.sig` and BU001 says so.
  ///   - fingerprint: SHA-256 of a delivered certificate's DER, once it is minted.
  public static func artifacts(
    for node: Node, of fleet: Fleet, contents: [BundleFile], build: Build, signer: Signer? = nil,
    fingerprint: (SecretReference) -> SHA256Digest? = { _ in nil }
  ) -> Checked<[Artifact]> {
    let name = "bundle/\(node.name.value)-\(fleet.release.version.value).tar"
    guard let path = ArtifactPath(name) else {
      return Checked(
        nil,
        Report(
          Diagnostic(
            BundleRules.content, "'\(name)' is no file name", at: fleet.release.version.span)))
    }
    let requirements = BundleRequirements(node: node, fleet: fleet)
    var manifest = requirements.manifest(
      toolVersion: build.toolVersion, fingerprint: fingerprint)
    manifest.files = contents.map(\.manifestFile)
    manifest.units = BundleUnits(node: node).units(in: contents)
    let attestations = BundleAttestations(
      node: node, fleet: fleet, files: manifest.files, toolVersion: build.toolVersion,
      inputs: build.inputs
    ).members
    manifest.attestations = attestations.map {
      BundleManifest.Attestation(name: $0.name, digest: SHA256.digest(of: $0.bytes))
    }
    do throws(BundleError) {
      let bytes = try manifest.encoded()
      var report = Report()
      let signature = try signature(of: bytes, by: signer, report: &report)
      var assembly = BundleAssembly()
      try assembly.add(
        manifest: bytes, signature: signature, attestations: attestations, files: contents)
      let artifact = Artifact(
        path, kind: .bundle, content: .concatenation(assembly.finish()), origin: node.name.origin)
      return Checked([artifact], report)
    } catch {
      return Checked(nil, Report(finding(error, node: node, contents: contents)))
    }
  }

  private static func signature(
    of manifest: [UInt8], by signer: Signer?, report: inout Report
  ) throws(BundleError) -> [UInt8]? {
    guard let signer, let bytes = signer.sign(BundleSignature.message(for: manifest)) else {
      // Neither node nor place: a fleet's users want to read it once.
      report.add(
        Diagnostic(
          BundleRules.unsigned, "bundles are not signed: there is no release key", at: nil,
          help: "run 'imagegen secrets' and build again; a node refuses an unsigned bundle"))
      return nil
    }
    return BundleSignature.file([try BundleSignature(bytes, publicKey: signer.publicKey)])
  }

  private static func finding(
    _ error: BundleError, node: Node, contents: [BundleFile]
  ) -> Diagnostic {
    let place = { (path: String) in
      contents.last { $0.path.relative == path }?.origin.span
        ?? node.deliveries.first { $0.path.value.relative == path }?.path.span
    }
    let (rule, span): (Rule, Span?) =
      switch error {
      case .pathConflict(let path, let other):
        (BundleRules.pathConflict, place(path) ?? place(other))
      case .path(let path): (BundleRules.content, place(path))
      case .memberSize, .fileCount, .manifestSize: (BundleRules.limit, nil)
      case .memberName, .text, .signature, .json, .field, .mode, .notCanonical,
        .refused:
        (BundleRules.content, nil)
      }
    return Diagnostic(
      rule, "bundle of \(node.name.value): \(error.message)", at: span ?? node.name.span,
      node: node.name.value.description)
  }
}

extension BundleFile {
  /// The file's row in the manifest.
  var manifestFile: BundleManifest.File {
    BundleManifest.File(
      path: path.relative, fileClass: fileClass, mode: mode.bits, owner: owner.description,
      size: size, digest: digest)
  }
}

internal import BundleEmission
internal import Certificates
internal import Diagnostics
internal import Digests
internal import FleetModel
internal import Pipeline
internal import Profiles
internal import SecretStore

/// What a build takes from outside the profiles: the release key and the certificates that are there.
enum BuildSetup {
  static func environment(
    _ session: Session, _ context: FleetContext, origins: OriginTexts
  ) -> BuildEnvironment {
    let store = SecretFolder(session.secrets + "/" + context.fleet.name.value.description)
    let folder = context.profiles.folder
    return BuildEnvironment(
      toolVersion: ToolTable.version,
      signer: ReleaseSigner(store).map { signer in
        BundleEmission.Signer(publicKey: signer.publicKey.bytes, sign: signer.sign)
      },
      fingerprint: { reference, node in fingerprint(of: reference, node: node, in: store) },
      text: { SourceFile.bytes(folder + "/" + $0) }, place: { origins.text(.profile($0)) })
  }

  private static func fingerprint(of reference: SecretReference, node: Name, in store: SecretFolder)
    -> SHA256Digest?
  {
    guard let file = SecretFile(reference, of: node) else { return nil }
    do {
      return try CertificateFacts(pem: store.read(file)).fingerprint
    } catch {
      return nil
    }
  }
}

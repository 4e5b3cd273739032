internal import Bundles
internal import Certificates
internal import Digests
internal import FleetModel
internal import HostFiles
internal import JSONText
internal import NetbootEmission
internal import Publishing
internal import SecretStore

/// A root with what its manifests say.
struct PublishedRoot: ~Copyable {
  let root: BootRoot
  private let secrets: String

  /// What stands before the manifest's bytes in the signed message: a signature of a bundle is none of a root.
  private static let domain = Array("imagegen/netboot/v1\0".utf8)

  init(_ path: String, secrets: String) throws(CommandFailure) {
    self.secrets = secrets
    do throws(PublishingError) {
      root = try BootRoot(Self.absolute(path))
    } catch {
      throw CommandFailure(status: .environment, message: error.message, help: error.help)
    }
  }

  /// The servers' configuration names files by whole paths.
  private static func absolute(_ path: String) -> String {
    var path = path
    while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
    if path.hasPrefix("/") { return path }
    let folder = (try? HostFile.target(of: "/proc/self/cwd")) ?? "."
    return folder + "/" + path
  }

  /// The plan of a generation; `nil` when there is none, or its manifest is none.
  func plan(of number: Int) throws(PublishingError) -> BootPlan? {
    guard let bytes = try root.read("manifest.json", of: number),
      let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytes: 256 << 20, depth: 64))
    else { return nil }
    return json["plan"].flatMap(BootPlan.init(json:))
  }

  /// The plan that serves; an empty one before the first.
  func plan() throws(PublishingError) -> BootPlan {
    guard let number = try root.serving() else { return BootPlan() }
    guard let plan = try plan(of: number) else {
      throw .changed(path: "\(root.path)/current/manifest.json")
    }
    return plan
  }

  /// The number of the next generation.
  func next() throws(PublishingError) -> Int { ((try root.numbers()).last ?? 0) + 1 }

  /// Publishes a plan as the next generation, and returns its number.
  func publish(_ plan: BootPlan, why: String) throws(PublishingError) -> Int {
    let former = try root.serving()
    let number = try next()
    let tree = BootTree.files(of: plan, number: number, root: root.path)
    var texts = tree.texts.map { (path: $0.path, bytes: Array($0.text.utf8)) }
    var sums = texts.map { (path: $0.path, digest: SHA256.digest(of: $0.bytes)) }
    sums += tree.links.map { (path: $0.path, digest: $0.file.digest) }
    let list = Array(
      sums.sorted { $0.path < $1.path }.map { "\($0.digest)  \($0.path)\n" }.joined().utf8)
    let manifest = JSONValue.object([
      "version": .integer(1), "generation": .integer(number),
      "tool": .string("imagegen \(ToolTable.version)"),
      "files": .string(SHA256.digest(of: list).description), "plan": plan.json,
    ]).pretty
    texts += [("SHA256SUMS", list), ("manifest.json", manifest)]
    if let signature = signature(of: manifest, plan) { texts.append(("manifest.json.sig", signature)) }
    try root.publish(
      number, texts: texts.sorted { $0.path < $1.path }, links: tree.links.map { ($0.path, $0.file.path) })
    try root.log(
      JSONLine([
        "time": "\(HostClock.secondsSince1970)", "generation": "\(number)",
        "former": former.map { "\($0)" } ?? "", "why": why,
      ]))
    return number
  }

  /// A line for each fleet that has a release key here, as in a bundle.
  private func signature(of manifest: [UInt8], _ plan: BootPlan) -> [UInt8]? {
    let signatures = Set(plan.machines.map(\.fleet)).sorted().compactMap { fleet -> BundleSignature? in
      guard let signer = ReleaseSigner(SecretFolder("\(secrets)/\(fleet)")),
        let bytes = signer.sign(Self.domain + manifest)
      else { return nil }
      return try? BundleSignature(bytes, publicKey: signer.publicKey.bytes)
    }
    return signatures.isEmpty ? nil : BundleSignature.file(signatures)
  }
}

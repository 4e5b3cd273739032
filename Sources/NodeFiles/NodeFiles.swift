public import Artifacts
public import Diagnostics
public import FleetModel
import NodeUnits
import SecretStore
public import SystemdUnits

/// The plain files of a node: units, configuration for hosts without NixOS, and what is handed over
/// beside the system because no store may hold it.
public enum NodeFiles {
  /// `units/`, `files/`, `extra-files/` and `disk-keys/`, as far as the node asks for them, in order of path.
  ///
  /// - Parameter units: What `NodeUnits` made of the node, for callers that have it already.
  public static func artifacts(for node: Node, units: [UnitFile]) -> Checked<[Artifact]> {
    var collector = Collector(node: node)
    if node.outputs.contains(.units) { collector.add(units) }
    if node.outputs.contains(.files) { collector.addConfiguration() }
    if node.outputs.contains(.extraFiles) { collector.addDeliveries() }
    if node.target.isNixOS, node.outputs.contains(.nixos) { collector.addDiskKey() }
    return Checked(collector.artifacts.sorted { $0.path < $1.path }, collector.report)
  }

  /// The same with the node's units made on the way, what they report included.
  public static func artifacts(for node: Node) -> Checked<[Artifact]> {
    let units = NodeUnits.units(for: node)
    var checked = artifacts(for: node, units: units.value ?? [])
    checked.report.merge(units.report)
    return checked
  }

  /// The bytes of the node's `cluster-config.json`; `nil` where its fleet has none.
  public static func clusterConfig(of node: Node) -> [UInt8]? {
    node.clusterConfig.map { ClusterConfigDocument(node: node, config: $0).bytes }
  }
}

/// Artifacts in the making.
private struct Collector {
  let node: Node
  private(set) var artifacts: [Artifact] = []
  private(set) var report = Report()

  init(node: Node) { self.node = node }

  mutating func add(_ units: [UnitFile]) {
    for unit in units {
      let start = unit.directives(in: "Service").first { $0.key == "ExecStart" }
      add(
        "units", "/" + unit.name, kind: .unit, .bytes(Array(unit.text.utf8)),
        start?.origin ?? .standard("units"))
    }
  }

  mutating func addConfiguration() {
    for service in node.services {
      for file in service.files {
        let content = ConfigurationContent.bytes(of: file.content)
        report.merge(content.report)
        guard let bytes = content.value else { continue }
        add(
          "files", file.path.description, mode: file.mode.bits, kind: kind(of: file.content), .bytes(bytes),
          file.path.origin)
      }
      if let file = service.environmentFile {
        let content = ConfigurationContent.environment(file.entries)
        report.merge(content.report)
        add(
          "files", file.path.description, mode: file.mode.bits, kind: .environment,
          .bytes(content.value ?? []), file.path.origin)
      }
    }
    if node.firstBoot.isEnabled.value {
      var steps = FirstBootText(node: node)
      let bytes = steps.bytes()
      report.merge(steps.report)
      add(
        "files", "/etc/imagegen/first-boot.json", kind: .configuration, .bytes(bytes),
        node.firstBoot.isEnabled.origin)
    }
    for file in SystemFiles(node: node).files(&report) {
      let text = ConfigurationContent.comment + file.lines.joined(separator: "\n") + "\n"
      add("files", file.path, kind: .configuration, .bytes(Array(text.utf8)), file.origin)
    }
  }

  /// Several services may read one file, an authority's certificate for example: it comes once.
  mutating func addDeliveries() {
    var seen: [TargetPath: SecretReference] = [:]
    for delivery in node.deliveries where seen[delivery.path.value] != delivery.reference {
      guard let file = SecretFile(delivery.reference, of: node.name.value) else { continue }
      seen[delivery.path.value] = delivery.reference
      add(
        "extra-files", delivery.path.description, mode: delivery.mode.bits,
        kind: kind(of: delivery.reference),
        .secret(path: file.path), delivery.path.origin)
    }
    guard let config = node.clusterConfig, let bytes = NodeFiles.clusterConfig(of: node) else { return }
    add(
      "extra-files", config.path.description, mode: 0o600, kind: .configuration, .bytes(bytes),
      config.path.origin)
  }

  /// The passphrase of LUKS goes to the installer's memory, and never to the node's own files.
  mutating func addDiskKey() {
    guard let encryption = node.disk?.encryption, let scope = encryption.scope,
      let file = SecretFile(.secret(encryption.secret.value, scope), of: node.name.value)
    else { return }
    add(
      "disk-keys", "/\(encryption.secret.value)", mode: 0o600, kind: .secret, .secret(path: file.path),
      encryption.secret.origin)
  }

  private mutating func add(
    _ folder: String, _ path: String, mode: UInt16 = 0o644, kind: ArtifactKind, _ content: Artifact.Content,
    _ origin: Origin
  ) {
    guard let place = ArtifactPath(folder + path) else {
      report.add(
        Diagnostic(
          NodeFileRules.unusablePath, "`\(path)` has no place in `\(folder)`", at: origin.span,
          help: "choose a shorter path of a file", node: node.name.value.description))
      return
    }
    artifacts.append(Artifact(place, mode: mode, kind: kind, content: content, origin: origin))
  }

  private func kind(of content: ConfigurationFile.Content) -> ArtifactKind {
    if case .environment = content { .environment } else { .configuration }
  }

  private func kind(of reference: SecretReference) -> ArtifactKind {
    switch reference {
    case .certificate, .authorityCertificate: .certificate
    case .hostPublicKey, .clusterConfig: .configuration
    case .secret, .certificateKey, .hostKey: .secret
    }
  }
}

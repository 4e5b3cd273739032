public import Artifacts
public import Diagnostics
public import FleetModel
internal import NodeUnits
internal import SecretStore
public import SystemdUnits

/// A node's plain files: units, configuration, and what is delivered beside the bundle and the store.
public enum NodeFiles {
  /// `units/`: one file for each unit.
  public static func units(_ units: [UnitFile], of node: Node) -> Checked<[Artifact]> {
    Checked(
      units.compactMap { unit in
        artifact("units/" + unit.name, .unit, Array(unit.text.utf8), origin: origin(of: unit, on: node))
      })
  }

  /// `files/`: what services read, by its path on the node, and what the host needs for them.
  public static func files(of node: Node) -> Checked<[Artifact]> {
    var report = Report()
    var artifacts: [Artifact] = []
    for service in node.services {
      for file in service.files {
        guard let bytes = file.bytes else {
          report.add(unwritable(file.path.value, at: file.path.span ?? file.name.span, node))
          continue
        }
        artifacts += target(file.path.value, .configuration, bytes, mode: file.mode.value, file.path.span.map(Origin.profile) ?? file.name.origin)
      }
      if let file = service.environmentFile {
        guard let bytes = file.bytes else {
          report.add(unwritable(file.path.value, at: file.path.span, node))
          continue
        }
        artifacts += target(file.path.value, .environment, bytes, mode: file.mode.value, file.path.origin)
      }
    }
    artifacts += HostConfiguration.artifacts(of: node)
    return Checked(artifacts, report)
  }

  /// `extra-files/`: secrets and what describes the cluster, by path on the node. None of it may enter
  /// the store, a bundle or a boot image.
  public static func extraFiles(of node: Node) -> Checked<[Artifact]> {
    var artifacts: [Artifact] = []
    for delivery in node.deliveries {
      guard let file = SecretFile(delivery.reference, of: node.name.value),
        let path = ArtifactPath("extra-files/" + delivery.path.value.relative)
      else { continue }
      let kind = delivery.reference.isPrivate ? ArtifactKind.secret : .certificate
      artifacts.append(
        Artifact(path, mode: delivery.mode.bits, kind: kind, content: .secret(path: file.path), origin: delivery.path.origin))
    }
    if let config = node.clusterConfig, let path = ArtifactPath("extra-files/" + config.path.value.relative) {
      let bytes = ClusterConfigText.bytes(of: config, node: node)
      artifacts.append(Artifact(path, mode: 0o600, kind: .configuration, content: .bytes(bytes), origin: config.path.origin))
    }
    return Checked(artifacts)
  }

  static func artifact(
    _ path: String, _ kind: ArtifactKind, _ bytes: [UInt8], mode: FileMode = FileMode(0o644), origin: Origin
  ) -> Artifact? {
    ArtifactPath(path).map { Artifact($0, mode: mode.bits, kind: kind, content: .bytes(bytes), origin: origin) }
  }

  private static func target(
    _ path: TargetPath, _ kind: ArtifactKind, _ bytes: [UInt8], mode: FileMode, _ origin: Origin
  ) -> [Artifact] {
    [artifact("files/" + path.relative, kind, bytes, mode: mode, origin: origin)].compactMap { $0 }
  }

  /// The first line a person wrote for the unit, else the node's.
  private static func origin(of unit: UnitFile, on node: Node) -> Origin {
    let service = node.services.first { $0.unit == unit.name || unit.name.hasPrefix($0.unitName.value) }
    return service?.name.origin ?? node.name.origin
  }

  private static func unwritable(_ path: TargetPath, at span: Span?, _ node: Node) -> Diagnostic {
    Diagnostic(
      NodeFileRules.unwritable, "a value in \(path) cannot be written in the file's format", at: span,
      help: "take control characters out of it", node: node.name.value.description)
  }
}

/// What writing plain files can find.
public enum NodeFileRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [unwritable]

  static let unwritable = Rule(
    "FL048", "unwritable-value",
    finds: "A value that its file's format cannot carry: a line break in an environment file.",
    why: "systemd would read another value, or none.", example: "entries: {MOTD: \"two\\nlines\"}", instead: "a file of its own: files: {motd: {text: …}}")
}

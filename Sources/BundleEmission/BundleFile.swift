public import Artifacts
public import Bundles
public import Diagnostics
public import Digests
public import FleetModel

/// A file that a bundle brings.
public struct BundleFile: Sendable {
  /// Where its bytes are.
  public enum Content: Sendable {
    /// Here.
    case bytes([UInt8])
    /// In a file of the fleet folder.
    case file(path: String, digest: SHA256Digest, size: Int)
  }

  /// Where it is on the node.
  public var path: TargetPath
  /// What it is for.
  public var fileClass: BundleManifest.FileClass
  /// Its permissions.
  public var mode: FileMode
  /// Its owner.
  public var owner: AccountName
  /// Its bytes.
  public let content: Content
  /// SHA-256 of its bytes.
  public let digest: SHA256Digest
  /// Why it is there.
  public var origin: Origin

  /// Makes a file.
  public init(
    path: TargetPath, fileClass: BundleManifest.FileClass, mode: FileMode, owner: AccountName,
    content: Content, origin: Origin
  ) {
    self.path = path
    self.fileClass = fileClass
    self.mode = mode
    self.owner = owner
    self.content = content
    self.origin = origin
    switch content {
    case .bytes(let bytes): digest = SHA256.digest(of: bytes)
    case .file(_, let known, _): digest = known
    }
  }

  /// Its size in bytes.
  var size: Int {
    switch content {
    case .bytes(let bytes): bytes.count
    case .file(_, _, let size): size
    }
  }
}

/// Which files a node's bundle brings.
public enum BundleContents {
  /// Where units of `units/` are installed (systemd.unit(5), for units of the administrator).
  public static let unitFolder = "/etc/systemd/system/"
  /// Where first-boot steps are described; a node with NixOS takes nothing else of `files/`.
  public static let stepFolder = "/etc/imagegen/"

  /// The payload programs of a node, and of its artifacts those below `units/` and `files/`.
  ///
  /// Nix writes units and configuration of a NixOS node, whose /etc is read-only: its bundle brings
  /// programs and what first boot needs.
  public static func files(of node: Node, artifacts: [Artifact]) -> Checked<[BundleFile]> {
    var report = Report()
    var files = programs(of: node, report: &report)
    let known = declared(by: node)
    for artifact in artifacts {
      guard let (path, isUnit) = target(of: artifact.path),
        !node.target.isNixOS || path.description.hasPrefix(stepFolder)
      else { continue }
      switch artifact.content {
      case .bytes(let bytes):
        let (owner, fileClass) = known[path] ?? (.root, isUnit ? .unit : .configuration)
        files.append(
          BundleFile(
            path: path, fileClass: fileClass, mode: FileMode(artifact.mode), owner: owner,
            content: .bytes(bytes), origin: artifact.origin))
      case .file(let source, let digest, let size):
        let (owner, fileClass) = known[path] ?? (.root, .configuration)
        files.append(
          BundleFile(
            path: path, fileClass: fileClass, mode: FileMode(artifact.mode), owner: owner,
            content: .file(path: source, digest: digest, size: size), origin: artifact.origin))
      case .link, .secret, .concatenation:
        report.add(
          Diagnostic(
            BundleRules.content, "\(artifact.path) is no plain file", at: artifact.origin.span,
            help: "bundles hold plain files only; secrets are delivered apart",
            node: node.name.value.description))
      }
    }
    return Checked(files, report)
  }

  private static func programs(of node: Node, report: inout Report) -> [BundleFile] {
    var files: [BundleFile] = []
    var known: [TargetPath: SHA256Digest] = [:]
    for service in node.services {
      for program in service.programs {
        guard let payload = program.payload else {
          if !node.target.isNixOS {
            report.add(
              Diagnostic(
                BundleRules.noPayload,
                "program \(program.name.value) of \(service.name.value) has no payload",
                at: program.path.span ?? program.name.span,
                help: "give it payload and sha256, or install \(program.path.value) by other means"))
          }
          continue
        }
        // Two services may run one program; what differs at one path is found by the manifest.
        let digest = payload.digest.value
        if known.updateValue(digest, forKey: program.path.value) == digest { continue }
        files.append(
          BundleFile(
            path: program.path.value, fileClass: .program, mode: FileMode(0o755), owner: .root,
            content: .file(path: payload.path.value, digest: digest, size: payload.size),
            origin: payload.path.origin))
      }
    }
    return files
  }

  private static func target(of path: ArtifactPath) -> (TargetPath, isUnit: Bool)? {
    let text = path.description
    if text.hasPrefix("units/") {
      return TargetPath(unitFolder + text.dropFirst(6)).map { ($0, true) }
    }
    if text.hasPrefix("files/") {
      return TargetPath("/" + text.dropFirst(6)).map { ($0, false) }
    }
    return nil
  }

  /// Owners and kinds of what services declare; an artifact knows neither.
  private static func declared(
    by node: Node
  ) -> [TargetPath: (AccountName, BundleManifest.FileClass)] {
    var known: [TargetPath: (AccountName, BundleManifest.FileClass)] = [:]
    for service in node.services {
      for file in service.files {
        known[file.path.value] = (file.owner.value, .configuration)
        if case .environment = file.content {
          known[file.path.value] = (file.owner.value, .environment)
        }
      }
      if let file = service.environmentFile {
        known[file.path.value] = (file.owner.value, .environment)
      }
    }
    return known
  }
}

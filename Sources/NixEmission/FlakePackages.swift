internal import Artifacts
internal import Diagnostics
internal import Digests
internal import FleetModel

/// Packages that the flake makes of payloads: `self#NAME`, a folder `payloads/SYSTEM/NAME` with the
/// executables that its `bin` has.
struct FlakePackages {
  /// By system, in order: the packages' names, in order.
  private(set) var names: [(system: String, packages: [String])] = []
  /// The payloads, in order of path.
  private(set) var artifacts: [Artifact] = []

  init(_ nodes: NixNodes, _ report: inout Report) {
    var files: [String: Sourced<SHA256Digest>] = [:]
    var packages: [String: Set<String>] = [:]
    for (system, program) in nodes.programs {
      guard let nix = program.nix, nix.value.input == "self", let payload = program.payload else { continue }
      let attribute = nix.value.attribute
      let executable = program.executable.value
      let path = "flake/payloads/\(system)/\(attribute)/\(executable)"
      if let other = files[path] {
        if other.value != payload.digest.value { Self.conflict(nix, executable, other, payload, &report) }
        continue
      }
      guard Self.isName(attribute), Self.isName(executable), let place = ArtifactPath(path) else {
        report.add(
          Diagnostic(
            .badPackageName, "\(attribute) with an executable \(executable) cannot be a package",
            at: nix.span,
            help: "letters, digits and +-._?= only, no dot in front"))
        continue
      }
      files[path] = payload.digest
      packages[system, default: []].insert(attribute)
      artifacts.append(
        Artifact(
          place, mode: 0o755, kind: .payload,
          content: .file(path: payload.path.value, digest: payload.digest.value, size: payload.size),
          origin: payload.path.origin))
    }
    artifacts.sort { $0.path < $1.path }
    names = packages.keys.sorted().map { ($0, (packages[$0] ?? []).sorted()) }
  }

  private static func conflict(
    _ nix: Sourced<Program.FlakeAttribute>, _ executable: String, _ other: Sourced<SHA256Digest>,
    _ payload: Program.Payload, _ report: inout Report
  ) {
    report.add(
      Diagnostic(
        .packageConflict, "self#\(nix.value.attribute) has another payload \(executable) already",
        at: payload.digest.span, related: other.span.map { [Label("the other one", at: $0)] } ?? [],
        help: "name the packages differently"))
  }

  /// Nix manual, "Store path": the characters of a name; a lone dot in front hides the file.
  private static func isName(_ text: String) -> Bool {
    (1...200).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case 65...90, 97...122, 48...57, 43, 45, 46, 95, 63, 61: true
        default: false
        }
      }
  }
}

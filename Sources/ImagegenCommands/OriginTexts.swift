internal import DiagnosticRendering
internal import Diagnostics
internal import Profiles

/// How manifests name the profile line that a file came from: path in the fleet's folder, and line.
/// No path of the machine, so that results are the same wherever profiles lie.
struct OriginTexts: Sendable {
  private let profiles: ProfileSet
  private let registry: SourceRegistry
  private var texts: [SourceID: SourceText] = [:]

  /// Reads what all nodes of a fleet share; a node's own file is added where it is built.
  init(_ profiles: ProfileSet, registry: SourceRegistry) {
    self.profiles = profiles
    self.registry = registry
    for input in profiles.digests { texts[input.source] = text(of: input.source) }
  }

  /// With a file read that many origins name.
  func adding(_ source: SourceID) -> OriginTexts {
    var copy = self
    copy.texts[source] = text(of: source)
    return copy
  }

  func text(_ origin: Origin) -> String {
    switch origin {
    case .standard(let name): return "default " + name
    case .profile(let span):
      guard let file = place(of: span.source) else { return "profile" }
      // A node's file may name an address of another node: that one is read for it.
      guard let text = texts[span.source] ?? text(of: span.source) else { return file.relative }
      return "\(file.relative):\(text.position(of: Int(span.start)).line)"
    }
  }

  private func place(of source: SourceID) -> (relative: String, path: String)? {
    registry.path(of: source).flatMap(profiles.place)
  }

  /// The file was there a moment ago: where it is gone, the manifest names no line.
  private func text(of source: SourceID) -> SourceText? {
    place(of: source).flatMap { SourceFile.bytes($0.path) }.map { SourceText($0) }
  }
}

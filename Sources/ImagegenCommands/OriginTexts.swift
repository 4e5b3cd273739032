internal import DiagnosticRendering
internal import Diagnostics
internal import HostFiles
internal import Profiles

/// How manifests name the profile line that a file came from: path in the fleet's folder, and line.
/// No path of the machine, so that results are the same wherever profiles lie.
struct OriginTexts: Sendable {
  private let root: String
  private let registry: SourceRegistry
  private var texts: [SourceID: (path: String, text: SourceText)] = [:]

  /// Reads what all nodes of a fleet share; a node's own file is added where it is built.
  init(_ profiles: ProfileSet, registry: SourceRegistry) {
    root = profiles.folder + "/"
    self.registry = registry
    for input in profiles.digests { add(input.source) }
  }

  func adding(_ source: SourceID) -> OriginTexts {
    var copy = self
    copy.add(source)
    return copy
  }

  func text(_ origin: Origin) -> String {
    switch origin {
    case .standard(let name): return "default " + name
    case .profile(let span):
      guard let (path, text) = texts[span.source] else { return "profile" }
      return "\(path):\(text.position(of: Int(span.start)).line)"
    }
  }

  private mutating func add(_ source: SourceID) {
    guard let path = registry.path(of: source) else { return }
    do throws(HostError) {
      let text = SourceText(try HostFile.read(path, limit: 1 << 20))
      texts[source] = (path.hasPrefix(root) ? String(path.dropFirst(root.utf8.count)) : path, text)
    } catch {
      // The file was there a moment ago: the manifest then names no line.
      return
    }
  }
}

internal import DiagnosticRendering
internal import Diagnostics
internal import HostFiles
internal import Profiles

/// How manifests name the profile line that a file came from: path in the fleet's folder, and line.
/// No path of the machine, so that results are the same wherever profiles lie.
struct OriginTexts: Sendable {
  /// A file under the name that results have for it.
  private struct File {
    let shown: String
    let path: String
  }

  private var files: [SourceID: File] = [:]
  private var texts: [SourceID: SourceText] = [:]

  /// Reads what all nodes of a fleet share; a node's own file is added where it is built.
  init(_ profiles: ProfileSet, registry: SourceRegistry) {
    for input in profiles.digests {
      files[input.source] = File(shown: input.path, path: registry.path(of: input.source) ?? input.path)
      texts[input.source] = text(of: input.source)
    }
    for node in profiles.nodes { files[node.source] = File(shown: node.relativePath, path: node.path) }
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
      guard let file = files[span.source] else { return "profile" }
      // A node's file may name an address of another node: that one is read for it.
      guard let text = texts[span.source] ?? text(of: span.source) else { return file.shown }
      return "\(file.shown):\(text.position(of: Int(span.start)).line)"
    }
  }

  /// The file was there a moment ago: where it is gone, the manifest names no line.
  private func text(of source: SourceID) -> SourceText? {
    guard let file = files[source] else { return nil }
    do throws(HostError) { return SourceText(try HostFile.read(file.path, limit: 1 << 20)) } catch {
      return nil
    }
  }
}

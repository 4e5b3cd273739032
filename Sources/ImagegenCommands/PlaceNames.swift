internal import DiagnosticRendering
internal import Diagnostics
internal import HostFiles

/// Files, lines and columns of spans, each text read once.
final class PlaceNames {
  private let registry: SourceRegistry
  private var texts: [SourceID: SourceText] = [:]

  init(registry: SourceRegistry) {
    self.registry = registry
  }

  func text(of span: Span) -> (file: String, line: Int, column: Int) {
    guard let path = registry.path(of: span.source) else { return ("?", 0, 0) }
    if texts[span.source] == nil {
      do throws(HostError) {
        texts[span.source] = SourceText(try HostFile.read(path, limit: 1 << 20))
      } catch {
        return (path, 0, 0)
      }
    }
    let position = texts[span.source]?.position(of: Int(span.start)) ?? (line: 0, column: 0)
    return (path, position.line, position.column)
  }
}

internal import DiagnosticRendering
internal import Diagnostics

/// Files, lines and columns of spans, each text read once.
final class PlaceNames {
  private let registry: SourceRegistry
  private var texts: [SourceID: SourceText] = [:]

  init(registry: SourceRegistry) {
    self.registry = registry
  }

  func text(of span: Span) -> (file: String, line: Int, column: Int) {
    guard let path = registry.path(of: span.source) else { return ("?", 0, 0) }
    let text = texts[span.source] ?? SourceFile.bytes(path).map { SourceText($0) }
    texts[span.source] = text
    let position = text?.position(of: Int(span.start)) ?? (line: 0, column: 0)
    return (path, position.line, position.column)
  }
}

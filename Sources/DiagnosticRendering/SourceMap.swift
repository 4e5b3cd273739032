public import Diagnostics

/// Where the texts are that diagnostics point into.
public struct SourceMap: Sendable {
  let registry: SourceRegistry
  let known: [SourceID: [UInt8]]
  let read: @Sendable (String) -> [UInt8]?

  /// Makes a map. `known` are texts that are at hand; for others `read` is asked for a path of the registry at most once a rendering, and only for
  /// texts that a finding points into; `nil` when the text is gone, then places have no lines.
  public init(
    registry: SourceRegistry, known: [SourceID: [UInt8]] = [:],
    read: @escaping @Sendable (String) -> [UInt8]?
  ) {
    self.registry = registry
    self.known = known
    self.read = read
  }
}

/// A span as people count.
struct Place {
  let file: String
  /// `nil` when the text cannot be read.
  let range: LineRange?
}

/// First and last place of a span, the last one behind its last character; all from 1.
struct LineRange {
  let line: Int
  let column: Int
  let endLine: Int
  let endColumn: Int
}

/// The texts of one rendering, each read once.
struct SourceReader {
  private let map: SourceMap
  private var texts: [SourceID: SourceText?] = [:]

  init(_ map: SourceMap) {
    self.map = map
  }

  mutating func text(of source: SourceID) -> SourceText? {
    if let known = texts[source] { return known }
    let bytes = map.known[source] ?? map.registry.path(of: source).flatMap { map.read($0) }
    let text = bytes.map { SourceText($0) }
    texts[source] = .some(text)
    return text
  }

  mutating func place(of span: Span) -> Place? {
    guard let file = map.registry.path(of: span.source) else { return nil }
    guard let text = text(of: span.source) else { return Place(file: file, range: nil) }
    let start = text.position(of: Int(span.start))
    let end = text.position(of: Int(span.end))
    return Place(
      file: file,
      range: LineRange(line: start.line, column: start.column, endLine: end.line, endColumn: end.column))
  }
}

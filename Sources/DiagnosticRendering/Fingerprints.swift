public import Diagnostics
internal import Digests

/// What a finding is recognised by when the lines around it have moved.
///
/// The digest of its code, its unit and node, and the text of its line without the blanks; findings that
/// share all of that in one file are counted through. The file's name is not part of it: who compares
/// fingerprints knows the file, and paths differ from run to run.
public struct Fingerprints {
  private var sources: SourceReader
  private var counts: [String: Int] = [:]

  /// Starts with the first finding of a report.
  public init(_ sources: SourceMap) {
    self.init(SourceReader(sources))
  }

  init(_ sources: SourceReader) {
    self.sources = sources
  }

  /// The fingerprint of the next finding; all of a report are to be asked for, in its sorted order.
  public mutating func next(_ finding: Diagnostic) -> String {
    let text = finding.span.flatMap { span in
      sources.text(of: span.source).map { $0.blankless(lineAround: Int(span.start)) }
    }
    // A line that cannot be read, or none at all: the message has to do.
    let parts = [
      finding.code.description, finding.unit ?? "", finding.node ?? "",
      text.map { "line " + $0 } ?? "message " + finding.message,
    ]
    var digest = SHA256()
    for part in parts { digest.update(Array("\(part.utf8.count) \(part)".utf8)) }
    let word = String(digest.finish().description.prefix(32))
    let place = finding.span.map { "\($0.source.index) \(word)" } ?? word
    counts[place, default: 0] += 1
    return "\(word):\(counts[place] ?? 1)"
  }
}

extension SourceText {
  /// Longest part of a line that counts; a hostile line of a megabyte with thousands of findings costs little.
  private static let counted = 4096

  /// The line at an offset without its blanks.
  fileprivate func blankless(lineAround offset: Int) -> String {
    let range = line(around: offset).range
    let part = bytes[range.lowerBound..<min(range.upperBound, range.lowerBound + Self.counted)]
    return String(decoding: part.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self)
  }
}

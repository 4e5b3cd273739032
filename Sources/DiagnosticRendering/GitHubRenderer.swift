import Diagnostics

/// Workflow commands of GitHub Actions, one line a finding:
/// `::error file=F,line=7,col=14,endLine=7,endColumn=28,title=FL031 duplicate-address::message`.
enum GitHubRenderer {
  static func render(_ findings: [Diagnostic], _ sources: inout SourceReader) -> String {
    var text = ""
    for finding in findings {
      let place = finding.span.flatMap { sources.place(of: $0) }
      let properties = (location(of: place) + [("title", "\(finding.code) \(finding.name)")])
        .map { "\($0.0)=\(escapedProperty($0.1))" }
      let message = ([finding.message] + (finding.help.map { ["help: " + $0] } ?? []))
        .map { escaped(HarmlessText.of($0)) }
      text += "::\(command(of: finding.severity)) \(properties.joined(separator: ","))::"
      text += message.joined(separator: "%0A") + "\n"
    }
    return text
  }

  private static func command(of severity: Severity) -> String {
    severity == .note ? "notice" : severity.rawValue
  }

  /// Columns only when the span is on one line: GitHub refuses them otherwise.
  private static func location(of place: Place?) -> [(String, String)] {
    guard let place else { return [] }
    guard let range = place.range else { return [("file", place.file)] }
    let lines = [("file", place.file), ("line", "\(range.line)")]
    guard range.line == range.endLine else { return lines + [("endLine", "\(range.endLine)")] }
    return lines + [
      ("col", "\(range.column)"), ("endLine", "\(range.endLine)"), ("endColumn", "\(range.endColumn)"),
    ]
  }

  /// `%`, CR and LF as the runner's toolkit escapes them.
  private static func escaped(_ text: String) -> String {
    replacing(text) { scalar in
      switch scalar {
      case "%": "%25"
      case "\r": "%0D"
      case "\n": "%0A"
      default: nil
      }
    }
  }

  /// The same, and what separates properties.
  private static func escapedProperty(_ text: String) -> String {
    replacing(escaped(text)) { scalar in
      switch scalar {
      case ":": "%3A"
      case ",": "%2C"
      default: nil
      }
    }
  }

  private static func replacing(_ text: String, _ escape: (Unicode.Scalar) -> String?) -> String {
    text.unicodeScalars.reduce(into: "") { $0 += escape($1) ?? String($1) }
  }
}

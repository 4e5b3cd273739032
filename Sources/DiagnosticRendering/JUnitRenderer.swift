import Diagnostics

/// JUnit's XML: a test case for each finding. Only errors are failures, as they alone fail the
/// command; a report without findings is one case that passed.
struct JUnitRenderer {
  let command: String

  func render(_ findings: [Diagnostic], _ sources: inout SourceReader) -> String {
    let failures = findings.count { $0.severity == .error }
    let counts = "tests=\"\(max(1, findings.count))\" failures=\"\(failures)\" errors=\"0\""
    let suite = Self.escaped("imagegen \(command)")
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"imagegen\" \(counts)>",
      "  <testsuite name=\"\(suite)\" \(counts)>",
    ]
    if findings.isEmpty { lines.append("    <testcase name=\"no findings\" classname=\"\(suite)\"/>") }
    for finding in findings { lines += testCase(of: finding, &sources) }
    lines += ["  </testsuite>", "</testsuites>"]
    return lines.joined(separator: "\n") + "\n"
  }

  private func testCase(of finding: Diagnostic, _ sources: inout SourceReader) -> [String] {
    let place = finding.span.flatMap { sources.place(of: $0) }
    let owner = [finding.node, finding.unit].compactMap { $0 }.joined(separator: "/")
    let file = place?.file ?? (owner.isEmpty ? "imagegen \(command)" : owner)
    let spot = place?.range.map { "\(file):\($0.line):\($0.column)" } ?? file
    let name = Self.escaped("\(finding.code) \(finding.name) \(spot)")
    let text = ["\(spot): \(finding.message)", finding.help.map { "help: " + $0 }].compactMap { $0 }
      .map(Self.escaped).joined(separator: "\n")
    let body =
      finding.severity == .error
      ? "<failure message=\"\(Self.escaped(finding.message))\" type=\"error\">\(text)</failure>"
      : "<system-out>\(finding.severity.rawValue): \(text)</system-out>"
    return [
      "    <testcase name=\"\(name)\" classname=\"\(Self.escaped(file))\">", "      \(body)",
      "    </testcase>",
    ]
  }

  /// XML 1.0 has no way to write most control characters, so they are made visible.
  private static func escaped(_ text: String) -> String {
    HarmlessText.of(text).unicodeScalars.reduce(into: "") { result, scalar in
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.unicodeScalars.append(scalar)
      }
    }
  }
}

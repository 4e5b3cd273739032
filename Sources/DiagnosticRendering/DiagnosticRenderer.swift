public import Diagnostics
public import JSONText

/// How findings are written.
public enum OutputFormat: String, CaseIterable, Sendable {
  /// For people.
  case text
  /// This tool's own, version 1.
  case json
  /// SARIF 2.1.0 (OASIS), for code scanning.
  case sarif
  /// Workflow commands of GitHub Actions.
  case github
  /// JUnit's XML, for test reports of CI systems.
  case junit
}

/// Writes a report. Pure: the same report, sources and options give the same text.
public enum DiagnosticRenderer {
  /// The findings of `report`, each once, in order of place.
  ///
  /// - Parameters:
  ///   - report: What was found.
  ///   - command: The verb that found it.
  ///   - format: How to write it.
  ///   - sources: The texts that findings point into.
  ///   - color: Whether text may hold escape sequences for colour; the caller knows the terminal.
  ///   - rules: Every rule that was checked, for SARIF.
  ///   - summary: Counts to add to JSON's summary, for example of units looked at.
  ///   - members: What else the command has to say, for the JSON document.
  /// - Returns: The text with a line feed at its end; empty in text and GitHub form when nothing was found.
  public static func render(
    _ report: Report, command: String, format: OutputFormat, sources: SourceMap, color: Bool,
    rules: [Rule], summary: [(String, Int)] = [], members: [JSONValue.Member] = []
  ) -> String {
    let findings = report.sorted
    var reader = SourceReader(sources)
    switch format {
    case .text: return TextRenderer(palette: Palette(isOn: color)).render(findings, &reader)
    case .json:
      return JSONRenderer(command: command, extra: summary, members: members).render(findings, &reader)
    case .sarif: return SARIFRenderer(rules: rules).render(findings, &reader)
    case .github: return GitHubRenderer.render(findings, &reader)
    case .junit: return JUnitRenderer(command: command).render(findings, &reader)
    }
  }

  /// Text of others made fit for a terminal: control and invisible characters are made visible.
  public static func harmless(_ text: String) -> String { HarmlessText.of(text) }
}

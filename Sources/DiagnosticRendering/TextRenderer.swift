import Diagnostics

/// Escape sequences of ECMA-48, or nothing.
struct Palette {
  let isOn: Bool

  func paint(_ text: String, _ code: String) -> String {
    isOn && !text.isEmpty ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  func bold(_ text: String) -> String { paint(text, "1") }
  func faint(_ text: String) -> String { paint(text, "2") }

  func severity(_ text: String, _ severity: Severity) -> String {
    switch severity {
    case .error: paint(text, "1;31")
    case .warning: paint(text, "1;33")
    case .note: paint(text, "1;36")
    }
  }
}

/// For people:
///
///     nodes/node02.yaml:7:14: error[FL031]: address 192.168.100.11 is already node01's
///       7 |   address: 192.168.100.11
///         |            ^^^^^^^^^^^^^^
///       note: first used at nodes/node01.yaml:7:14
///       help: give node02 a free address in 192.168.100.0/24
struct TextRenderer {
  let palette: Palette

  func render(_ findings: [Diagnostic], _ sources: inout SourceReader) -> String {
    guard !findings.isEmpty else { return "" }
    var lines: [String] = []
    let groups = SameFindings.groups(of: findings)
    for group in groups {
      let finding = group.first
      lines.append(headline(of: finding, &sources))
      lines += excerpt(of: finding, &sources)
      if let unit = unitNote(of: finding, &sources) { lines.append("  \(palette.bold("note:")) \(unit)") }
      for label in finding.related {
        lines.append("  \(palette.bold("note:")) \(note(of: label, &sources))")
      }
      if let others = group.others { lines.append("  \(palette.bold("note:")) \(HarmlessText.of(others))") }
      if let help = finding.help { lines.append("  \(palette.bold("help:")) \(HarmlessText.of(help))") }
    }
    lines.append(Self.summary(of: groups.map(\.first)))
    return lines.joined(separator: "\n") + "\n"
  }

  private func headline(of finding: Diagnostic, _ sources: inout SourceReader) -> String {
    let kind = palette.severity("\(finding.severity.rawValue)[\(finding.code)]", finding.severity)
    let message = "\(kind): \(palette.bold(HarmlessText.of(finding.message)))"
    if let place = finding.span.flatMap({ sources.place(of: $0) }) {
      return "\(palette.bold(Self.text(of: place))): \(message)"
    }
    let owner = [finding.node, finding.unit].compactMap { $0 }.joined(separator: "/")
    return owner.isEmpty ? message : "\(palette.bold(HarmlessText.of(owner))): \(message)"
  }

  private func excerpt(of finding: Diagnostic, _ sources: inout SourceReader) -> [String] {
    guard let span = finding.span, let text = sources.text(of: span.source) else { return [] }
    let excerpt = Excerpt(span, in: text)
    let number = String(excerpt.number)
    let gutter = String(repeating: " ", count: number.utf8.count)
    let mark = String(repeating: " ", count: excerpt.indent)
    let carets = palette.severity(String(repeating: "^", count: excerpt.width), finding.severity)
    let line = excerpt.line.isEmpty ? "" : " " + excerpt.line
    return [
      "  \(palette.faint("\(number) |"))\(line)",
      "  \(palette.faint("\(gutter) |")) \(mark)\(carets)",
    ]
  }

  /// Which unit a finding is about, when its place, a line of a profile, does not say so.
  private func unitNote(of finding: Diagnostic, _ sources: inout SourceReader) -> String? {
    guard let unit = finding.unit, let place = finding.span.flatMap({ sources.place(of: $0) }),
      place.file != unit, !place.file.hasSuffix("/" + unit)
    else { return nil }
    return HarmlessText.of("in unit \(unit)" + (finding.node.map { " of \($0)" } ?? ""))
  }

  /// "first used here" becomes "first used at nodes/node01.yaml:7:14".
  private func note(of label: Label, _ sources: inout SourceReader) -> String {
    let message = HarmlessText.of(label.message)
    guard let place = sources.place(of: label.span) else { return message }
    let stem = message.hasSuffix(" here") ? String(message.dropLast(5)) : message
    return "\(stem) at \(Self.text(of: place))"
  }

  private static func text(of place: Place) -> String {
    let file = HarmlessText.of(place.file)
    return place.range.map { "\(file):\($0.line):\($0.column)" } ?? file
  }

  /// "2 errors, 1 warning".
  private static func summary(of findings: [Diagnostic]) -> String {
    Severity.allCases.reversed().compactMap { severity in
      let count = findings.count { $0.severity == severity }
      return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
    }.joined(separator: ", ")
  }
}

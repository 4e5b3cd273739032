import Diagnostics
import JSONText

/// The tool's own JSON, version 1. Fields that have no value are left out; columns count Unicode
/// scalars from 1, `endLine` and `endColumn` are behind the last one.
struct JSONRenderer {
  let command: String
  let extra: [(String, Int)]
  let members: [JSONValue.Member]

  func render(_ findings: [Diagnostic], _ sources: inout SourceReader) -> String {
    var diagnostics: [JSONValue] = []
    for finding in findings { diagnostics.append(json(of: finding, &sources)) }
    var summary = Severity.allCases.reversed().map { severity in
      JSONValue.Member(severity.rawValue, .integer(findings.count { $0.severity == severity }))
    }
    summary += extra.map { JSONValue.Member($0.0, .integer($0.1)) }
    let document = JSONValue.object(
      [
        .init("version", .integer(1)), .init("command", .string(command)),
        .init("diagnostics", .array(diagnostics)), .init("summary", .object(summary)),
      ] + members)
    return String(decoding: document.pretty, as: UTF8.self)
  }

  private func json(of finding: Diagnostic, _ sources: inout SourceReader) -> JSONValue {
    let place = finding.span.flatMap { sources.place(of: $0) }
    var related: [JSONValue] = []
    for label in finding.related { related.append(json(of: label, &sources)) }
    return .object([
      "code": .string(finding.code.description), "name": .string(finding.name),
      "severity": .string(finding.severity.rawValue), "message": .string(finding.message),
      "file": place.map { .string($0.file) }, "line": place?.range.map { .integer($0.line) },
      "column": place?.range.map { .integer($0.column) }, "unit": finding.unit.map { .string($0) },
      "node": finding.node.map { .string($0) }, "help": finding.help.map { .string($0) },
      "related": related.isEmpty ? nil : .array(related), "fix": finding.fix.map { json(of: $0, &sources) },
    ])
  }

  private func json(of label: Label, _ sources: inout SourceReader) -> JSONValue {
    let place = sources.place(of: label.span)
    return .object([
      "file": place.map { .string($0.file) }, "line": place?.range.map { .integer($0.line) },
      "column": place?.range.map { .integer($0.column) }, "message": .string(label.message),
    ])
  }

  private func json(of fix: Fix, _ sources: inout SourceReader) -> JSONValue {
    var edits: [JSONValue] = []
    for edit in fix.edits {
      let place = sources.place(of: edit.span)
      edits.append(
        .object([
          "file": place.map { .string($0.file) }, "line": place?.range.map { .integer($0.line) },
          "column": place?.range.map { .integer($0.column) },
          "endLine": place?.range.map { .integer($0.endLine) },
          "endColumn": place?.range.map { .integer($0.endColumn) }, "text": .string(edit.text),
        ]))
    }
    return .object(["edits": .array(edits)])
  }
}

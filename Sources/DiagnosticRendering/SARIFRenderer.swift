import Diagnostics
import JSONText

/// SARIF 2.1.0 (OASIS standard, 27 March 2020). `columnKind` says that columns count code points.
struct SARIFRenderer {
  let rules: [Rule]
  private let ruleIndex: [Code: Int]

  init(rules: [Rule]) {
    var known = Set<Code>()
    let sorted = rules.filter { known.insert($0.code).inserted }.sorted { $0.code < $1.code }
    self.rules = sorted
    ruleIndex = Dictionary(uniqueKeysWithValues: sorted.enumerated().map { ($1.code, $0) })
  }

  func render(_ findings: [Diagnostic], _ sources: inout SourceReader) -> String {
    var results: [JSONValue] = []
    var fingerprints = Fingerprints(sources)
    for finding in findings {
      results.append(result(of: finding, fingerprints.next(finding), &sources))
    }
    let driver = JSONValue.object(["name": .string("imagegen"), "rules": .array(rules.map(descriptor))])
    let run = JSONValue.object([
      "tool": .object(["driver": driver]), "columnKind": .string("unicodeCodePoints"),
      "results": .array(results),
    ])
    let document = JSONValue.object([
      "$schema": .string("https://json.schemastore.org/sarif-2.1.0.json"), "version": .string("2.1.0"),
      "runs": .array([run]),
    ])
    return String(decoding: document.pretty, as: UTF8.self)
  }

  private func descriptor(of rule: Rule) -> JSONValue {
    let manual = [
      rule.finds, "Why: \(rule.why)", "Example:\n\(rule.example)", "Instead:\n\(rule.instead)",
      rule.ignoreWhen.isEmpty ? nil : "Ignore it when: \(rule.ignoreWhen)",
    ].compactMap { $0 }.joined(separator: "\n\n")
    return .object([
      "id": .string(rule.code.description), "name": .string(rule.name),
      "shortDescription": message(rule.finds),
      "fullDescription": message(rule.why), "help": message(manual),
      "defaultConfiguration": .object(["level": .string(rule.severity.rawValue)]),
    ])
  }

  private func result(
    of finding: Diagnostic, _ fingerprint: String, _ sources: inout SourceReader
  ) -> JSONValue {
    let location = finding.span.flatMap { self.location(of: $0, &sources) }
    var related: [JSONValue] = []
    for (index, label) in finding.related.enumerated() {
      guard let physical = physicalLocation(of: label.span, &sources) else { continue }
      related.append(
        .object(["id": .integer(index), "message": message(label.message), "physicalLocation": physical]))
    }
    let text = finding.message + (finding.help.map { "\nhelp: " + $0 } ?? "")
    let properties: JSONValue? =
      finding.unit == nil && finding.node == nil
      ? nil : .object(["unit": finding.unit.map { .string($0) }, "node": finding.node.map { .string($0) }])
    return .object([
      "ruleId": .string(finding.code.description), "ruleIndex": ruleIndex[finding.code].map { .integer($0) },
      "level": .string(finding.severity.rawValue), "message": message(text),
      "locations": location.map { .array([$0]) },
      "relatedLocations": related.isEmpty ? nil : .array(related),
      "codeFlows": codeFlow(of: finding, &sources).map { .array([$0]) },
      "partialFingerprints": .object(["imagegen/v1": .string(fingerprint)]),
      "fixes": finding.fix.flatMap { fix(of: $0, &sources) }.map { .array([$0]) }, "properties": properties,
    ])
  }

  /// The steps of a cycle, for viewers that walk along them.
  private func codeFlow(of finding: Diagnostic, _ sources: inout SourceReader) -> JSONValue? {
    guard finding.isPath else { return nil }
    var steps: [JSONValue] = []
    for label in finding.related {
      guard let physical = physicalLocation(of: label.span, &sources) else { continue }
      steps.append(
        .object(["location": .object(["message": message(label.message), "physicalLocation": physical])]))
    }
    guard !steps.isEmpty else { return nil }
    return .object(["threadFlows": .array([.object(["locations": .array(steps)])])])
  }

  private func message(_ text: String) -> JSONValue { .object(["text": .string(text)]) }

  // MARK: Places

  private func location(of span: Span, _ sources: inout SourceReader) -> JSONValue? {
    physicalLocation(of: span, &sources).map { .object(["physicalLocation": $0]) }
  }

  private func physicalLocation(of span: Span, _ sources: inout SourceReader) -> JSONValue? {
    guard let place = sources.place(of: span) else { return nil }
    return .object(["artifactLocation": artifact(place.file), "region": place.range.map(region)])
  }

  private func region(_ range: LineRange) -> JSONValue {
    .object([
      "startLine": .integer(range.line), "startColumn": .integer(range.column),
      "endLine": .integer(range.endLine),
      "endColumn": .integer(range.endColumn),
    ])
  }

  private func artifact(_ path: String) -> JSONValue { .object(["uri": .string(Self.uri(of: path))]) }

  /// A URI reference (RFC 3986): what is not allowed in a path is percent-encoded; a colon in a first
  /// segment would make it a scheme.
  private static func uri(of path: String) -> String {
    let prefix =
      path.hasPrefix("/") ? "file://" : path.prefix { $0 != "/" }.contains(":") ? "./" : ""
    return path.utf8.reduce(into: prefix) { uri, byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        uri.unicodeScalars.append(Unicode.Scalar(byte))
      case _ where "-._~!$&'()*+,;=:@/".utf8.contains(byte): uri.unicodeScalars.append(Unicode.Scalar(byte))
      default: uri += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
  }

  /// Edits, by file in order of first use. A fix in a text that cannot be read is left out.
  private func fix(of fix: Fix, _ sources: inout SourceReader) -> JSONValue? {
    var files: [(path: String, replacements: [JSONValue])] = []
    for edit in fix.edits {
      guard let place = sources.place(of: edit.span), let range = place.range else { return nil }
      let replacement = JSONValue.object([
        "deletedRegion": region(range), "insertedContent": edit.text.isEmpty ? nil : message(edit.text),
      ])
      if let index = files.firstIndex(where: { $0.path == place.file }) {
        files[index].replacements.append(replacement)
      } else {
        files.append((place.file, [replacement]))
      }
    }
    guard !files.isEmpty else { return nil }
    let changes = files.map { file in
      JSONValue.object([
        "artifactLocation": artifact(file.path), "replacements": .array(file.replacements),
      ])
    }
    return .object(["artifactChanges": .array(changes)])
  }
}

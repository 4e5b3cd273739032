import DiagnosticRendering
import Diagnostics
import SystemdUnits
import UnitGraphs
import UnitLint

/// The whole way from files of a unit folder to findings, for any bytes at all. `scripts/fuzz units` calls it
/// with what libFuzzer thinks up, and the tests with what was found that way before.
///
/// One input is many files: the text behind a line `#=== PATH` is that file's, below `/usr` when the path
/// starts with `usr/`; `#=== PATH -> TARGET` is a link. What stands in front of the first such line is
/// `a.service`.
enum FuzzedUnits {
  private static let mark = Array("#=== ".utf8)
  private static let mostFiles = 64

  static func check(_ bytes: [UInt8]) {
    checkValues(bytes)
    let entries = entries(in: bytes)
    for case .file(let text) in entries.map(\.content) { check(file: text) }
    var settings = LintSettings()
    // Both readings of a folder have their turn, by something that every byte changes.
    let isClosed = bytes.reduce(0, &+) & 1 == 1
    if isClosed { settings.systemdVersion = 257 }
    let stock = isClosed ? StockKnowledge.none : .standard
    let graph = UnitGraph(UnitSet(entries: entries), stock: stock)
    check(graph)
    let report = UnitLint.run(graph, asked: nil, settings, stock: stock)
    check(report, entries)
    // The order in which a folder is read must not show.
    let turned = UnitGraph(UnitSet(entries: entries.reversed()), stock: stock)
    let second = UnitLint.run(turned, asked: nil, settings, stock: stock)
    precondition(report.sorted == second.sorted, "the order of files shows in the findings")
  }

  /// The files of an input; a path comes once in each folder.
  static func entries(in bytes: [UInt8]) -> [UnitFolderEntry] {
    var files: [(head: String, bytes: [UInt8])] = []
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.starts(with: mark), files.count < mostFiles {
        files.append((String(decoding: line.dropFirst(mark.count), as: UTF8.self), []))
      } else {
        if files.isEmpty { files.append(("a.service", [])) }
        files[files.count - 1].bytes += line
        files[files.count - 1].bytes.append(UInt8(ascii: "\n"))
      }
    }
    var taken = Set<String>()
    return files.enumerated().compactMap { index, file in
      guard
        taken.insert(file.head.utf8.split(separator: 0x20).first.map { String(Substring($0)) } ?? "").inserted
      else { return nil }
      return entry(file.head, file.bytes, SourceID(index: UInt32(index)))
    }
  }

  private static func entry(_ head: String, _ bytes: [UInt8], _ source: SourceID) -> UnitFolderEntry {
    let words = head.utf8.split(separator: 0x20).map { String(Substring($0)) }
    let isLower = head.hasPrefix("usr/")
    let path = isLower ? String((words.first ?? "").dropFirst(4)) : words.first ?? ""
    let content: UnitFolderEntry.Content =
      words.count == 3 && words[1] == "->" ? .link(target: words[2]) : .file(bytes)
    return UnitFolderEntry(path: path, content: content, source: source, layer: isLower ? 3 : 0)
  }

  // MARK: Promises

  /// Readers of single values end and stay inside of their value.
  private static func checkValues(_ bytes: [UInt8]) {
    let text = String(decoding: bytes.prefix(4096), as: UTF8.self)
    for grammar in [UnitWords.Grammar.command, .names, .paths] {
      var end = 0
      for word in UnitWords.split(text, grammar).words {
        precondition(word.range.lowerBound >= end && word.range.upperBound <= text.utf8.count, "word outside")
        end = word.range.upperBound
      }
    }
    _ = ValueReading.seconds(text)
    _ = ValueReading.boolean(text)
    if let name = UnitName(text) {
      precondition(name.description == text && text.utf8.count <= UnitName.maximumLength, "name changed")
      _ = Specifiers.expandNames(text, for: name)
    }
    if let escaped = UnitEscaping.escape(path: text) {
      precondition(UnitEscaping.unescape(escaped) != nil, "escaped text that cannot be read")
    }
  }

  /// Every byte of a file belongs to one element.
  private static func check(file bytes: [UInt8]) {
    let source = UnitSource(bytes, source: SourceID(index: 0))
    var end = 0
    for element in source.elements {
      precondition(element.range.lowerBound == end, "a gap between elements")
      precondition(
        element.text.isEmpty
          || element.text.lowerBound >= element.range.lowerBound
            && element.text.upperBound <= element.range.upperBound,
        "text outside its element")
      end = element.range.upperBound
    }
    precondition(end == bytes.count, "bytes that belong to no element")
    for assignment in source.assignments {
      precondition(assignment.valueRange.upperBound <= bytes.count, "value outside the file")
      let count = assignment.value.utf8.count
      for offset in [0, count / 2, count] {
        precondition(assignment.fileOffset(ofValue: offset) <= bytes.count + 1, "offset outside the file")
      }
    }
  }

  /// Edges lead from node to node, and rings are rings.
  private static func check(_ graph: UnitGraph) {
    for edge in graph.edges {
      precondition(graph.nodes.indices.contains(Int(edge.from)) && graph.nodes.indices.contains(Int(edge.to)))
      precondition(edge.from != edge.to, "a unit that depends on itself")
      _ = graph.span(of: edge)
    }
    for edge in graph.edges.suffix(64) { _ = graph.describe(edge) }
    for cycle in graph.orderingCycles() {
      for (index, edge) in cycle.edges.enumerated() {
        let next = cycle.edges[(index + 1) % cycle.edges.count]
        precondition(edge.later == next.earlier, "a ring with a gap")
      }
      precondition(Set(cycle.victims).isSubset(of: cycle.units), "a victim from elsewhere")
    }
  }

  /// Places are inside their files, fixes can be applied, and only printable text comes out.
  private static func check(_ report: Report, _ entries: [UnitFolderEntry]) {
    var texts: [SourceID: [UInt8]] = [:]
    for entry in entries {
      if case .file(let bytes) = entry.content {
        texts[entry.source] = bytes
      } else {
        texts[entry.source] = []
      }
    }
    for finding in report.diagnostics {
      let edits = finding.fix?.edits.map(\.span) ?? []
      for span in [finding.span].compactMap({ $0 }) + finding.related.map(\.span) + edits {
        precondition(span.start <= span.end, "a place that ends before it starts")
        precondition(Int(span.end) <= texts[span.source, default: []].count, "\(finding.code) is outside")
      }
    }
    let result = LintFixes.apply(report.sorted, to: texts, withUnsafe: true)
    precondition(!result.applied.isEmpty || result.texts.isEmpty, "changed by no fix")
    for (source, bytes) in result.texts.sorted(by: { $0.key < $1.key }) {
      _ = UnitSource(bytes, source: source)
    }
    var registry = SourceRegistry()
    for entry in entries { _ = registry.register(entry.path) }
    let contents = texts
    let sources = SourceMap(registry: registry) { path in
      entries.first { $0.path == path }.flatMap { contents[$0.source] }
    }
    for format in OutputFormat.allCases {
      let text = DiagnosticRenderer.render(
        report, command: "lint", format: format, sources: sources, color: false, rules: UnitLintRules.all)
      guard format == .text else { continue }
      precondition(
        text.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7f || $0 == 0x0a }, "control character in output")
    }
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// `# imagegen: ignore[GR024] reason` on the line above, or inside a continued line, and
/// `# imagegen: ignore-file[…]` at a file's top.
///
/// systemd knows no comments behind values, so a comment always has a line of its own.
struct Suppressions {
  private struct Suppression {
    let codes: [String]
    /// What it covers.
    let range: Range<Int>
    /// The comment.
    let comment: Range<Int>
    var isUsed: [Bool]
  }

  private let source: UnitSource
  private let unit: String
  private var items: [Suppression] = []
  private var malformed: [Range<Int>] = []

  /// Takes away what comments and settings say to ignore, and adds notes on comments in vain.
  static func apply(to report: Report, _ context: LintContext) -> Report {
    var bySource: [SourceID: Suppressions] = [:]
    for unit in context.set.units {
      for fragment in unit.fragments where context.isAsked(fragment) {
        guard let source = fragment.source else { continue }
        let found = Suppressions(source, unit: unit.name.description)
        if !found.items.isEmpty || !found.malformed.isEmpty { bySource[source.source] = found }
      }
    }
    let byUnit = context.settings.ignoredByUnit
    if bySource.isEmpty, byUnit.isEmpty { return report }
    var kept = Report()
    for finding in report.diagnostics {
      if let unit = finding.unit, byUnit[unit]?.contains(finding.code) == true { continue }
      if let source = finding.span?.source, bySource[source]?.takes(finding) == true { continue }
      kept.add(finding)
    }
    for source in bySource.keys.sorted() { bySource[source]?.addNotes(context.settings, to: &kept) }
    return kept
  }

  private init(_ source: UnitSource, unit: String) {
    self.source = source
    self.unit = unit
    // Comments stand in front of what they cover: from the end, the last element seen is that.
    var next: Range<Int>?
    for element in source.elements.reversed() {
      switch element.kind {
      case .comment: read(element.text, covering: next ?? element.range)
      case .assignment(let index):
        if source.assignments[index].isContinued { readInside(element) }
        next = element.range
      case .section, .stray: next = element.range
      case .blank: break
      }
    }
    items.reverse()
    malformed.reverse()
  }

  /// Comments between the lines of a continued value cover the whole of it.
  private mutating func readInside(_ element: UnitSource.Element) {
    var start = element.range.lowerBound
    while start < element.range.upperBound {
      let rest = source.bytes[start..<element.range.upperBound]
      let end = rest.firstIndex { $0 == 0x0a || $0 == 0x0d } ?? element.range.upperBound
      let text = source.bytes[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
      if text.first == UInt8(ascii: "#") || text.first == UInt8(ascii: ";") {
        read(text.startIndex..<end, covering: element.range)
      }
      start = end + 1
    }
  }

  private static let marker = Array("imagegen:".utf8)

  private mutating func read(_ comment: Range<Int>, covering range: Range<Int>) {
    let bytes = source.bytes[comment].dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
    guard bytes.starts(with: Self.marker) else { return }
    let text = String(decoding: bytes, as: UTF8.self)
    let order = text.dropFirst("imagegen:".count).drop { $0 == " " }
    let isFile = order.hasPrefix("ignore-file[")
    guard isFile || order.hasPrefix("ignore["), let open = order.firstIndex(of: "["),
      let close = order.firstIndex(of: "]")
    else { return malformed.append(comment) }
    let codes = order[order.index(after: open)..<close].split { $0 == "," || $0 == " " }.map(String.init)
    guard !codes.isEmpty, codes.allSatisfy({ Code(parsing: $0) != nil }) else {
      return malformed.append(comment)
    }
    items.append(
      .init(
        codes: codes, range: isFile ? 0..<source.bytes.count + 1 : range, comment: comment,
        isUsed: codes.map { _ in false }))
  }

  /// Whether a comment covers the finding.
  private mutating func takes(_ finding: Diagnostic) -> Bool {
    guard let span = finding.span else { return false }
    var isTaken = false
    for index in items.indices where items[index].range.contains(Int(span.start)) {
      guard let which = items[index].codes.firstIndex(of: finding.code.description) else { continue }
      items[index].isUsed[which] = true
      isTaken = true
    }
    return isTaken
  }

  private func addNotes(_ settings: LintSettings, to report: inout Report) {
    for comment in malformed where settings.isReported(MalformedSuppression.rule.code) {
      report.add(
        Diagnostic(
          MalformedSuppression.rule, "this comment suppresses nothing", at: source.span(comment),
          help: "write '# imagegen: ignore[GR024] reason'", unit: unit))
    }
    guard settings.isReported(UnusedSuppression.rule.code) else { return }
    for item in items {
      for (code, isUsed) in zip(item.codes, item.isUsed) where !isUsed {
        // A rule that is switched off finds nothing, which is not the comment's fault.
        guard let parsed = Code(parsing: code), settings.isReported(parsed) else { continue }
        report.add(
          Diagnostic(
            UnusedSuppression.rule, "nothing to ignore: \(code) finds nothing here",
            at: source.span(item.comment),
            help: "take \(code) out of the comment", unit: unit))
      }
    }
  }
}

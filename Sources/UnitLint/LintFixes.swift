public import Diagnostics
internal import UnitGraphs

/// Puts the fixes of findings into the texts they are for.
public enum LintFixes {
  /// Texts after the fixes of one run of the linter.
  public struct Result: Sendable {
    /// The texts that changed.
    public let texts: [SourceID: [UInt8]]
    /// The findings whose fixes are in them.
    public let applied: [Diagnostic]
  }

  /// Files once nothing is left to fix.
  public struct Settled: Sendable {
    /// The target with the new texts.
    public let target: LintTarget
    /// The files that changed, in order.
    public let changed: [SourceID]
    /// How many fixes were applied.
    public let count: Int
  }

  /// One fix may make room for another; no honest unit takes more turns.
  private static let turns = 10

  /// Applies fixes in the order of `findings`. A fix is applied as a whole or not at all: one that reaches
  /// into a text that is not given, or overlaps one applied before, is left for the next run.
  ///
  /// - Parameters:
  ///   - findings: All findings; those about other texts are left out.
  ///   - texts: The texts that may be changed.
  ///   - withUnsafe: Whether fixes that may change what is meant are applied as well.
  public static func apply(
    _ findings: [Diagnostic], to texts: [SourceID: [UInt8]], withUnsafe: Bool = false
  ) -> Result {
    var edits: [SourceID: EditList] = [:]
    var applied: [Diagnostic] = []
    for finding in findings {
      guard let fix = finding.fix, isWanted(fix, withUnsafe), !fix.edits.isEmpty,
        fix.edits.allSatisfy({ edit in
          texts[edit.span.source].map { Int(edit.span.end) <= $0.count } ?? false
        }),
        fix.edits.allSatisfy({ edits[$0.span.source]?.hasRoom(for: $0) ?? true })
      else { continue }
      for edit in fix.edits { edits[edit.span.source, default: EditList()].insert(edit) }
      applied.append(finding)
    }
    var results: [SourceID: [UInt8]] = [:]
    for (source, list) in edits {
      guard let bytes = texts[source] else { continue }
      let result = list.applied(to: bytes)
      if result != bytes { results[source] = result }
    }
    return Result(texts: results, applied: applied)
  }

  /// Lints and fixes in turn until nothing changes. Only the files asked about are touched.
  ///
  /// - Parameters:
  ///   - target: The files.
  ///   - lint: What is found in them; what it leaves out is not mended.
  public static func settle(_ target: LintTarget, lint: (LintTarget) -> Report) -> Settled {
    var entries = target.entries
    var texts: [SourceID: [UInt8]] = [:]
    for entry in entries where target.asked?.contains(entry.source) ?? true {
      if case .file(let bytes) = entry.content { texts[entry.source] = bytes }
    }
    var changed = Set<SourceID>()
    var count = 0
    for _ in 0..<turns {
      let result = apply(lint(LintTarget(entries, asked: target.asked)).sorted, to: texts)
      guard !result.texts.isEmpty else { break }
      count += result.applied.count
      for (source, bytes) in result.texts {
        texts[source] = bytes
        changed.insert(source)
      }
      for index in entries.indices {
        guard let bytes = result.texts[entries[index].source] else { continue }
        entries[index] = UnitFolderEntry(
          path: entries[index].path, content: .file(bytes), source: entries[index].source,
          layer: entries[index].layer)
      }
    }
    return Settled(
      target: LintTarget(entries, asked: target.asked), changed: changed.sorted(), count: count)
  }

  private static func isWanted(_ fix: Fix, _ withUnsafe: Bool) -> Bool {
    switch fix.applicability {
    case .safe: true
    case .unsafe: withUnsafe
    case .display: false
    }
  }
}

/// Edits of one text that do not overlap, in order of place. Replacements and insertions apart: thousands of
/// lines may well be moved to one place.
private struct EditList {
  private var known = Set<Fix.Edit>()
  private var replacements: [Fix.Edit] = []
  /// Where something is inserted, and what, in the order it was asked for.
  private var places: [UInt32] = []
  private var insertions: [UInt32: [String]] = [:]

  /// Whether the edit overlaps none. Two rules may well ask for the very same one.
  func hasRoom(for edit: Fix.Edit) -> Bool {
    if known.contains(edit) { return true }
    let span = edit.span
    let next = Self.index(in: replacements) { $0.span.end > span.start }
    if next < replacements.count, replacements[next].span.start < span.end { return false }
    if span.start == span.end { return true }
    let inside = Self.index(in: places) { $0 > span.start }
    return inside == places.count || places[inside] >= span.end
  }

  mutating func insert(_ edit: Fix.Edit) {
    guard known.insert(edit).inserted else { return }
    let span = edit.span
    if span.start < span.end {
      return replacements.insert(edit, at: Self.index(in: replacements) { $0.span.start > span.start })
    }
    if insertions[span.start] == nil {
      places.insert(span.start, at: Self.index(in: places) { $0 > span.start })
    }
    insertions[span.start, default: []].append(edit.text)
  }

  /// The text after the edits; what is inserted where a replacement starts stands in front of it.
  func applied(to bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var position = 0
    var next = 0
    func copy(to end: Int) {
      while next < places.count, Int(places[next]) <= end {
        result += bytes[position..<Int(places[next])]
        position = Int(places[next])
        for text in insertions[places[next]] ?? [] { result += text.utf8 }
        next += 1
      }
      result += bytes[position..<end]
      position = end
    }
    for edit in replacements {
      copy(to: Int(edit.span.start))
      result += edit.text.utf8
      position = Int(edit.span.end)
    }
    copy(to: bytes.count)
    return result
  }

  /// The index of the first element, in order, that fulfils `isBehind`, which all behind it do.
  private static func index<Element>(in list: [Element], where isBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if isBehind(list[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

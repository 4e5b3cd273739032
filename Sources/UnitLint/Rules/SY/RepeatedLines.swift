import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY030, SY031
enum RepeatedLines {
  static let line = Rule(
    "SY030", "repeated-line", .note,
    finds: "A line of a list that a file has twice, word by word.",
    why: "A command runs twice; anything else is a left-over that makes people look for a difference.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/true a\nExecStart=/bin/true a",
    instead: "[Service]\nType=oneshot\nExecStart=/bin/true a",
    ignoreWhen: "The command is meant to run twice.")

  static let section = Rule(
    "SY031", "repeated-section", .note,
    finds: "A section that a file opens twice.",
    why: "systemd reads both as one; people find the first and miss the second.",
    example: "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=a.target\n[Service]\nUser=app",
    instead: "[Service]\nExecStart=/bin/true\nUser=app\n[Install]\nWantedBy=a.target")

  static let lineRule = UnitRule(
    line,
    nearMisses: [
      "[Service]\nType=oneshot\nExecStart=/bin/true a\nExecStart=\nExecStart=/bin/true a",
      "[Service]\nType=oneshot\nExecStart=/bin/true a\nExecStartPre=/bin/true a",
    ],
    .file { item, report in
      let repeated = rowsSetTwice(item.fragment)
      guard !repeated.isEmpty else { return }
      var seen: [Line: Int] = [:]
      var resets: [DirectiveCatalogue.Row: Int] = [:]
      var elements: [Int: Range<Int>]?
      for (index, setting) in item.fragment.settings.enumerated() {
        guard let row = setting.directive, repeated.contains(row.index) else { continue }
        if setting.value.isEmpty { resets[row, default: 0] += 1 }
        let key = Line(row: row, value: setting.value, resets: resets[row] ?? 0)
        guard let former = seen.updateValue(index, forKey: key), !setting.value.isEmpty else { continue }
        var fix: Fix?
        if setting.key?.isDependency == true, let assignment = setting.assignment {
          let known = elements ?? item.source.elementsByAssignment
          elements = known
          fix = known[assignment].map { Fix(.safe, [.init(item.source.span($0), "")]) }
        }
        let first = item.fragment.nameSpan(item.fragment.settings[former])
        report.add(
          Diagnostic(
            line, "\(setting.name)=\(setting.value) is set a second time",
            at: item.fragment.nameSpan(setting),
            related: first.map { [Label("it stands here already", at: $0)] } ?? [],
            help: "take one of the two lines out", fix: fix, unit: item.unit.name.description))
      }
    })

  static let sectionRule = UnitRule(
    section, nearMisses: ["[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=a.target"],
    .file { item, report in
      var seen: [String: Range<Int>] = [:]
      for section in item.source.sections {
        guard let former = seen[section.name] else {
          seen[section.name] = section.text
          continue
        }
        report.add(
          Diagnostic(
            Self.section, "[\(section.name)] is opened a second time", at: item.source.span(section.text),
            related: [Label("opened here first", at: item.source.span(former))],
            help: "put all of its lines below the first", unit: item.unit.name.description))
      }
    })

  /// The lists that a file sets more than once: in most files none, or one or two.
  private static func rowsSetTwice(_ fragment: UnitFragment) -> Set<UInt16> {
    let rows = fragment.settings.compactMap(\.directive).sorted { $0.index < $1.index }
    var found = Set<UInt16>()
    for (row, next) in zip(rows, rows.dropFirst()) where row.index == next.index {
      if DirectiveCatalogue.standard[row].isList { found.insert(row.index) }
    }
    return found
  }

  private struct Line: Hashable {
    let row: DirectiveCatalogue.Row
    let value: String
    /// How often the list was emptied before.
    let resets: Int
  }
}

extension UnitSource {
  /// The bytes of each assignment's element.
  fileprivate var elementsByAssignment: [Int: Range<Int>] {
    var found: [Int: Range<Int>] = [:]
    for element in elements {
      if case .assignment(let index) = element.kind { found[index] = element.range }
    }
    return found
  }
}

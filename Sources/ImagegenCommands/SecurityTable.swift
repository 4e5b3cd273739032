internal import DiagnosticRendering
internal import Diagnostics
internal import Hardening
internal import JSONText
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// `lint --security`: how exposed each service is, as `systemd-analyze security` has it, and which lines would
/// help most.
struct SecurityTable {
  private struct Row {
    let unit: String
    let node: String?
    let report: ExposureReport
    let steps: [HardeningStep]
    /// The exposure once every step is taken.
    let best: ExposureReport
  }

  /// Steps shown to people; programs get all.
  private static let shown = 5

  private let rows: [Row]

  /// Judges the services asked about, in order of node and name.
  init(_ targets: [LintTarget], _ generated: [GeneratedUnits]) {
    var rows: [Row] = []
    for target in targets {
      for unit in UnitSet(entries: target.entries).units
      where unit.name.type == .service && unit.hasFile && !unit.isMasked {
        let isAsked = unit.fragments.contains { fragment in
          guard let asked = target.asked, let source = fragment.source?.source else { return true }
          return asked.contains(source)
        }
        if isAsked, !unit.settings.isEmpty { rows.append(Self.row(Self.file(unit), node: nil)) }
      }
    }
    for item in generated {
      let services = UnitSet(generated: item.units).units.filter { $0.name.type == .service && $0.hasFile }
      for unit in services { rows.append(Self.row(Self.file(unit), node: item.node)) }
    }
    self.rows = rows
  }

  /// A unit with its drop-ins as one file.
  private static func file(_ unit: LoadedUnit) -> UnitFile {
    var sections: [UnitFile.Section] = []
    for setting in unit.settings {
      let directive = UnitFile.Directive(setting.name, setting.value, .standard("unit"))
      if sections.last?.name == setting.sectionName {
        sections[sections.count - 1].directives.append(directive)
      } else {
        sections.append(UnitFile.Section(setting.sectionName, [directive]))
      }
    }
    return UnitFile(name: unit.name.description, sections: sections)
  }

  private static func row(_ file: UnitFile, node: String?) -> Row {
    let steps = Exposure.nextSteps(for: file)
    return Row(
      unit: file.name, node: node, report: Exposure.score(of: file), steps: steps,
      best: Exposure.score(of: file, after: steps))
  }

  /// For programs: exposures in tenths, gains in hundredths of the scale from 0 to 10.
  var json: JSONValue {
    .array(
      rows.map { row in
        .object([
          "unit": .string(row.unit), "node": row.node.map { .string($0) },
          "exposureTenths": .integer(row.report.tenths), "level": .string(row.report.level),
          "steps": .array(
            row.steps.map { step in
              .object([
                "directive": .string(step.directive), "value": .string(step.value),
                "gainHundredths": .integer(step.gain),
              ])
            }),
          "reachableTenths": .integer(row.best.tenths),
        ])
      })
  }

  /// For people.
  var text: String {
    var lines: [String] = []
    for row in rows {
      let name = row.node.map { "\($0)/\(row.unit)" } ?? row.unit
      lines.append("\(DiagnosticRenderer.harmless(name)): \(row.report.text) \(row.report.level)")
      for step in row.steps.prefix(Self.shown) { lines.append("  -\(step.gainText)  \(step.line)") }
      if row.steps.count > Self.shown {
        lines.append(
          "  and \(row.steps.count - Self.shown) more; all of them: \(row.best.text) \(row.best.level)")
      }
    }
    return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
  }
}

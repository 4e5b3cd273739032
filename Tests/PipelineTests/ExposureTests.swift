import FleetModel
import Hardening
import HostFiles
import SystemdUnits
import Testing

/// How exposed the project's fleets are, as `systemd-analyze security` says, and why: docs/exposure.md.
@Suite struct ExposureTests {
  /// At most this, in tenths, unless a preset or the profile says what needs more.
  private static let limit = 20

  @Test func thePageIsTrue() throws {
    var rows: [ExposureRow] = []
    for fleet in ["plasmacloud", "unibus"] {
      // Nodes of a fleet have the same services: the units of all, each once.
      for node in try ProjectFleet(fleet).nodes {
        for row in try ExposureRow.rows(of: node, in: fleet) where !rows.contains(row) { rows.append(row) }
      }
    }
    #expect(rows.count == 14)
    for row in rows where row.tenths > Self.limit {
      #expect(!row.reasons.isEmpty, "\(row.unit) is at \(row.score) and nobody says why")
    }
    let page = ExposurePage.text(rows)
    let path = ProjectFleet.root + "/docs/exposure.md"
    let former = try HostFile.status(path) == nil ? [] : try HostFile.read(path, limit: 1 << 20)
    if former != Array(page.utf8), HostEnvironment.value("IMAGEGEN_RECORD") != nil {
      try HostFile.write(Array(page.utf8), to: path, mode: 0o644)
    }
    #expect(
      String(decoding: former, as: UTF8.self) == page,
      "docs/exposure.md differs: read the difference, then IMAGEGEN_RECORD=1 writes the page anew")
  }
}

/// A unit with its score and what makes it higher than the strictest sandbox would.
private struct ExposureRow: Equatable {
  struct Reason: Equatable {
    let directives: [String]
    let text: String
    /// By how much the score would fall if these walls alone were as in the strictest preset, in tenths.
    let cost: Int
  }

  let fleet: String
  let unit: String
  let tenths: Int
  let preset: String
  let reasons: [Reason]

  var score: String { "\(tenths / 10).\(tenths % 10)" }

  static func rows(of node: Node, in fleet: String) throws -> [ExposureRow] {
    let units = try ProjectFleet.units(of: node).filter { $0.name.hasSuffix(".service") }
    let scores = try scores(of: units)
    return try units.map { unit in
      let tenths = try #require(scores[unit.name])
      // The page reckons costs without the tool: it must agree with the tool where both have a say.
      #expect(tenths == Exposure.score(of: unit).tenths, "\(unit.name)")
      let service = node.services.first { unit.name == $0.unitName.value + ".service" }
      let name = service?.sandbox.preset.value ?? Hardening.firstBootPreset.name
      let preset = try #require(Hardening.preset(named: name))
      var reasons = preset.relaxations.map { reason($0.directives, $0.reason, unit) }
      for exception in service?.sandbox.exceptions ?? [] {
        reasons.append(reason([exception.directive.value], exception.reason.value, unit))
      }
      return ExposureRow(fleet: fleet, unit: unit.name, tenths: tenths, preset: name, reasons: reasons)
    }
  }

  private static func reason(_ directives: [String], _ text: String, _ unit: UnitFile) -> Reason {
    var strict = unit
    let wanted = Hardening.directives(of: Hardening.defaultPreset).filter { directives.contains($0.key) }
    for index in strict.sections.indices where strict.sections[index].name == "Service" {
      strict.sections[index].directives.removeAll { directives.contains($0.key) }
      strict.sections[index].directives += wanted
    }
    let cost = Exposure.score(of: unit).tenths - Exposure.score(of: strict).tenths
    return Reason(directives: directives, text: text, cost: cost)
  }

  /// What the tool says of each, in tenths, by the unit's name.
  private static func scores(of units: [UnitFile]) throws -> [String: Int] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-exposure")
    defer { try? HostFile.removeTree(folder) }
    for unit in units { try HostFile.write(Array(unit.text.utf8), to: "\(folder)/\(unit.name)", mode: 0o644) }
    let result = try HostProgram.run(
      ["systemd-analyze", "security", "--offline=true", "--no-pager"] + units.map { "\(folder)/\($0.name)" })
    var scores: [String: Int] = [:]
    for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n") {
      guard let start = line.firstRange(of: "Overall exposure level for ") else { continue }
      let parts = line[start.upperBound...].split(separator: " ")
      guard parts.count > 1 else { continue }
      scores[String(parts[0].dropLast())] = Int(parts[1].filter { $0 != "." })
    }
    return scores
  }
}

/// The page's text.
private enum ExposurePage {
  static func text(_ rows: [ExposureRow]) -> String {
    let head = """
      # Exposure

      What `systemd-analyze security --offline=true` says of every unit of the fleets in `profiles/`: 0 is a service that
      can do nothing, 10 one that can do everything. All are at 2.0 or better but those that are explained below.
      A test writes this page and fails when it is not true (`Tests/PipelineTests/ExposureTests.swift`).

      | unit | fleet | score | preset |
      |---|---|---|---|

      """
    let table = rows.map { "| `\($0.unit)` | \($0.fleet) | \($0.score) | `\($0.preset)` |\n" }.joined()
    let relaxed = rows.filter { !$0.reasons.isEmpty }.map(section).joined()
    return head + table + relaxed
  }

  private static func section(_ row: ExposureRow) -> String {
    let lines = row.reasons.map { reason in
      let walls = reason.directives.map { "`\($0)`" }.joined(separator: " ")
      return "| \(walls) | \(reason.cost / 10).\(reason.cost % 10) | \(reason.text) |\n"
    }
    return """

      ## \(row.unit): \(row.score)

      Walls that are other than in `\(Hardening.defaultPreset.name)`, by how much the score would fall if these alone were
      as there, and what needs them so:

      | walls | cost | why |
      |---|---|---|
      \(lines.joined())
      """.trimmingLastNewline
  }
}

extension String {
  /// A raw string ends before its last line break, the lines put into it do not.
  fileprivate var trimmingLastNewline: String { hasSuffix("\n\n") ? String(dropLast()) : self }
}

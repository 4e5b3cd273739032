import Diagnostics
import HostFiles
import SystemdUnits
import Testing
import UnitGraphs

@testable import UnitLint

/// Every row of the directive catalogue that systemd 252 knows, each in a unit of its own, with a value that
/// is right and one that never is: all at once through `systemd-analyze verify`, and through the linter.
@Suite struct DirectiveRowTests {
  /// A directive in one of its sections, in the second line of a unit.
  private struct Row {
    let unit: String
    let section: UnitSection
    let directive: Directive

    func text(_ value: String) -> String {
      var text = "[\(section.rawValue)]\n\(directive.name)=\(value)\n"
      if section == .unit || section == .install { text += "[Service]\n" }
      if unit.hasSuffix(".service"), directive.name != "ExecStart" { text += "ExecStart=/bin/true\n" }
      return text
    }
  }

  /// Scopes have no files.
  private static let rows: [Row] = DirectiveCatalogue.standard.directives
    .filter { $0.knownBy <= 252 && $0.until ?? 252 >= 252 }
    .flatMap { directive in directive.sections.filter { $0 != .scope }.map { (directive, $0) } }
    .enumerated().map { index, row in
      let type = row.1 == .unit || row.1 == .install ? "service" : row.1.rawValue.lowercased()
      return Row(unit: "row\(index).\(type)", section: row.1, directive: row.0)
    }

  /// The names of the directives that are complained of, with the complaints.
  private func complaints(_ value: (Row) -> String) throws -> [String: Set<String>] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-rows")
    defer { try? HostFile.removeTree(folder) }
    for row in Self.rows {
      try HostFile.write(Array(row.text(value(row)).utf8), to: folder + "/" + row.unit, mode: 0o644)
    }
    let result = try HostProgram.run(
      ["systemd-analyze", "verify", "--man=no", "--recursive-errors=yes"]
        + Self.rows.map { folder + "/" + $0.unit },
      environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "SYSTEMD_UNIT_PATH": folder + ":"])
    var told: [String: Set<String>] = [:]
    for line in String(decoding: result.errors, as: UTF8.self).split(separator: "\n") {
      guard line.hasPrefix(folder), let mark = line.firstRange(of: ":2: ") else { continue }
      let unit = String(line[line.index(line.startIndex, offsetBy: folder.count + 1)..<mark.lowerBound])
      told[unit, default: []].insert(String(line[mark.upperBound...]))
    }
    return told
  }

  /// Codes of what the linter finds in the row's line.
  private func findings(_ value: (Row) -> String) -> [String: Set<String>] {
    let texts = Self.rows.map { $0.text(value($0)) }
    let entries = zip(Self.rows, texts).enumerated().map { index, row in
      UnitFolderEntry(
        path: row.0.unit, content: .file(Array(row.1.utf8)), source: SourceID(index: UInt32(index)))
    }
    var found: [String: Set<String>] = [:]
    for finding in UnitLint.run(LintTarget(entries)).diagnostics {
      guard let span = finding.span else { continue }
      let index = Int(span.source.index)
      let start = Self.rows[index].section.rawValue.utf8.count + 3
      let end = start + Array(texts[index].utf8.dropFirst(start)).prefix { $0 != 0x0a }.count
      guard (start..<end).contains(Int(span.start)) else { continue }
      found[Self.rows[index].unit, default: []].insert(finding.code.description)
    }
    return found
  }

  /// Rules about values: of a right one they have nothing to say.
  private static let valueRules: Set<String> = [
    "SY013", "SY014", "SY015", "SY018", "SY034", "SY001", "SY003", "SY021",
  ]

  @Test func `a right value is taken by both`() throws {
    let told = try complaints { RightValues.value(of: $0.directive, in: $0.section) }
    let found = findings { RightValues.value(of: $0.directive, in: $0.section) }
    #expect(Self.rows.count > 1100)
    for row in Self.rows {
      let name = row.directive.name
      let said = told[row.unit] ?? []
      // Old names, and what a type of unit has no use for: told of however right the value is.
      let isOld = said.contains { text in
        [
          "settings instead", "instead. Support", "is obsolete", "not supported for this unit type",
          "is deprecated",
        ]
        .contains { text.contains($0) }
      }
      let isExcused = isOld || WrongValues.needHost.contains(name)
      #expect(said.isEmpty || isExcused, "[\(row.section.rawValue)] \(name): \(said)")
      let ours = (found[row.unit] ?? []).intersection(Self.valueRules)
      #expect(ours.isEmpty, "[\(row.section.rawValue)] \(name): \(ours)")
    }
  }

  @Test func `what never is a value is told by both`() throws {
    let told = try complaints { _ in WrongValues.never }
    let found = findings { _ in WrongValues.never }
    #expect(told.count > 900)
    for row in Self.rows {
      let name = row.directive.name
      let (theirs, ours) = (told[row.unit] ?? [], found[row.unit] ?? [])
      if WrongValues.elsewhere.contains(name) { continue }
      if !theirs.isEmpty {
        #expect(
          !ours.isEmpty || WrongValues.leftToSystemd.contains(name),
          "[\(row.section.rawValue)] \(name): systemd says \(theirs), we \(ours)")
      } else if !ours.isEmpty {
        #expect(WrongValues.toldByUs.contains(name), "[\(row.section.rawValue)] \(name): only we say \(ours)")
      }
    }
  }
}

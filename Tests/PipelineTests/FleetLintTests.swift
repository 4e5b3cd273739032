import Diagnostics
import Testing
import UnitLint

/// What the linter says of the units of the project's fleets: nothing at warning or above, and these notes.
@Suite struct FleetLintTests {
  @Test func notesAreKnown() throws {
    var notes = Set<String>()
    for folder in ProjectFleet.folders {
      for node in try ProjectFleet(folder).nodes {
        for finding in UnitLint.run(generated: try ProjectFleet.units(of: node)).sorted {
          #expect(finding.severity == .note, "\(finding.code) \(finding.unit ?? ""): \(finding.message)")
          notes.insert("\(finding.code) \(finding.unit ?? "")")
        }
      }
    }
    #expect(notes.sorted() == Self.known)
  }

  private static let known: [String] = []
}

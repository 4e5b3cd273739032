import Diagnostics
import HostFiles
import Testing

@testable import ImagegenCommands

/// What `imagegen init` writes passes `imagegen check` without a word.
@Suite struct StarterTests {
  @Test(arguments: ["starter", "a", "fleet-of-" + String(repeating: "x", count: 54)])
  func starterFleetPasses(_ name: String) throws {
    #expect(Starter.isName(name))
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-golden")
    defer { try? HostFile.removeTree(work) }
    for (path, text) in Starter.files(fleet: name) {
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try HostFile.makeDirectories(work + "/" + parent, mode: 0o755)
      try HostFile.write(Array(text.utf8), to: work + "/" + path, mode: 0o644)
    }
    let answer = try FleetAnswer(folder: work)
    // On these hosts the program is there already, which the bundle cannot know.
    #expect(answer.codes.map(\.description).sorted() == ["BU005"], "\(answer.text)")
  }
}

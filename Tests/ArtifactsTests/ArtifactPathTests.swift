import Diagnostics
import Artifacts
import Testing

@Suite struct ArtifactPathTests {
  @Test func refusesWhatLeavesTheTree() {
    for text in ["", "/a", "a//b", "a/../b", ".", "a/.", "a\nb", "a b", "ä"] {
      #expect(ArtifactPath(text) == nil, "\(text)")
    }
    #expect(ArtifactPath("units/chainfire.service")?.description == "units/chainfire.service")
  }

  @Test func treesHoldEachPathOnce() throws {
    let paths = ["b", "a/c", "a", "b", "a.d"]
    var collisions: [ArtifactPath] = []
    let tree = ArtifactTree(
      try paths.map {
        Artifact(
          try #require(ArtifactPath($0)), kind: .unit, content: .bytes([]), origin: .standard("t"))
      }, collisions: &collisions)
    #expect(tree.artifacts.map(\.path.description) == ["a", "a.d", "b"])
    #expect(collisions.map(\.description) == ["a/c", "b"])
  }
}

import Artifacts
import Digests
import HostFiles
import Publishing
import Testing

@Suite struct DifferenceTests {
  @Test func tellsWhatABuildWouldChange() throws {
    try Site.with { site in
      try HostFile.write([9], to: site.secrets + "/keys/pass", mode: 0o600)
      try HostFile.write([8, 8], to: site.profiles + "/payload", mode: 0o644)
      let pass = try artifact("secret", .secret(path: "keys/pass"), mode: 0o600, kind: .secret)
      let payload = Artifact.Content.file(path: "payload", digest: SHA256.digest(of: [8, 8]), size: 2)
      let old = try [
        text("same", "1"), text("content", "1"), text("mode", "1"), text("gone/below", "1"),
        artifact("link", .link(target: "a")), artifact("same-link", .link(target: "a")), text("kind", "1"),
        pass,
        artifact("payload", payload),
        artifact(
          "tar", .concatenation([.padded(path: "payload", digest: SHA256.digest(of: [8, 8]), size: 2)])),
      ]
      let folder = site.fleet + "/node01"
      let first = try tree(old)
      let nothing = try TreeDifference(of: first, against: folder, sources: site.sources)
      #expect(nothing.entries.map(\.change) == [TreeDifference.Change](repeating: .added, count: 10))
      try site.build([("node01", first)])
      #expect(try TreeDifference(of: first, against: folder, sources: site.sources).isEmpty)

      let new = try tree([
        text("same", "1"), text("content", "2"), text("mode", "1", mode: 0o755), text("new/below", "1"),
        artifact("link", .link(target: "b")), artifact("same-link", .link(target: "a")),
        artifact("kind", .link(target: "1")), pass, artifact("payload", payload),
        artifact("tar", .concatenation([.bytes([1])])),
      ])
      let difference = try TreeDifference(of: new, against: folder, sources: site.sources)
      let expected: [(String, TreeDifference.Change)] = [
        ("content", .content), ("gone/below", .removed), ("kind", .content), ("link", .content),
        ("mode", .mode(from: 0o644, to: 0o755)), ("new/below", .added), ("tar", .content),
      ]
      #expect(difference.entries.map(\.path) == expected.map(\.0))
      #expect(difference.entries.map(\.change) == expected.map(\.1))
    }
  }

  /// An edit in out/ is undone by a build, so it is a difference, whatever the manifest says.
  @Test func looksAtTheFilesNotAtTheirManifest() throws {
    try Site.with { site in
      let nodes = try tree([text("a", "1")])
      try site.build([("node01", nodes)])
      let folder = site.fleet + "/node01"
      try HostFile.write(Array("2".utf8), to: folder + "/a", mode: 0o644)
      try HostFile.write([], to: folder + "/stray", mode: 0o644)
      let difference = try TreeDifference(of: nodes, against: folder, sources: site.sources)
      #expect(difference.entries.map(\.path) == ["a", "stray"])
      #expect(difference.entries.map(\.change) == [.content, .removed])
    }
  }
}

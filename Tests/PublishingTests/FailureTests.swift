import Artifacts
import Digests
import HostFiles
import Publishing
import Testing

/// Whatever goes wrong, the former results stay and nothing is left beside them.
@Suite struct FailureTests {
  private func expectFormer(_ site: Site, _ location: SourceLocation = #_sourceLocation) throws {
    #expect(
      try HostFile.read(site.fleet + "/node01/a", limit: 9) == Array("old".utf8), sourceLocation: location)
    try site.verify("node01", location)
    #expect(try site.leftovers() == [], sourceLocation: location)
  }

  private func buildFormer(_ site: Site) throws {
    try site.build([("node01", tree([text("a", "old"), text("b/c", "old")]))])
  }

  @Test func aStageThatIsNotCommittedChangesNothing() throws {
    try Site.with { site in
      try buildFormer(site)
      do {
        let stage = try site.stage()
        _ = try stage.writer.write(tree([text("a", "new")]), node: "node01")
      }
      try expectFormer(site)
    }
  }

  @Test func aChangedFileStopsTheBuild() throws {
    try Site.with { site in
      try buildFormer(site)
      try HostFile.write(Array("payload".utf8), to: site.profiles + "/p", mode: 0o644)
      let contents: [(digest: SHA256Digest, size: Int)] = [
        (SHA256.digest(of: Array("PAYLOAD".utf8)), 7), (SHA256.digest(of: Array("payload".utf8)), 6),
        (SHA256.digest(of: Array("payload".utf8)), 8),
      ]
      for content in contents {
        let file = Artifact.Content.file(path: "p", digest: content.digest, size: content.size)
        let piece = Artifact.Content.concatenation([
          .padded(path: "p", digest: content.digest, size: content.size)
        ])
        for content in [file, piece] {
          let nodes = try tree([text("a", "new"), artifact("b", content)])
          #expect(throws: PublishingError.changed(path: site.profiles + "/p")) {
            try site.build([("node01", nodes)])
          }
          try expectFormer(site)
        }
      }
      let absent = try tree([
        artifact("b", .file(path: "none", digest: SHA256.digest(of: []), size: 0))
      ])
      #expect(throws: PublishingError.self) { try site.build([("node01", absent)]) }
      try expectFormer(site)
    }
  }

  @Test func whatKilledRunsLeftBehindIsSwept() throws {
    try Site.with { site in
      try buildFormer(site)
      for name in [".lab.stage-0123456789ab", ".lab.stage-x"] {
        try HostFile.makeDirectories(site.out + "/" + name + "/node01/deep/er", mode: 0o755)
        try HostFile.write([1], to: site.out + "/" + name + "/node01/deep/file", mode: 0o600)
      }
      try HostFile.write([], to: site.out + "/.lab.lock", mode: 0o644)
      try HostFile.makeDirectories(site.out + "/.lab2.stage-1", mode: 0o755)
      do { _ = try site.stage() }
      #expect(try site.leftovers() == [".lab2.stage-1"])
      try HostFile.removeTree(site.out + "/.lab2.stage-1")
      try expectFormer(site)
    }
  }

  @Test func twoRunsAtOnceAreRefusedWithTheOtherOnesNumber() throws {
    try Site.with { site in
      try buildFormer(site)
      let stage = try site.stage()
      let error = #expect(throws: PublishingError.self) { _ = try site.stage() }
      #expect(error == .busy(folder: site.fleet, process: HostMachine.process))
      try stage.commit()
      _ = try site.stage()
    }
  }

  @Test func waitingRunsTakeTurns() async throws {
    let site = Site(path: try HostFile.makeTemporaryDirectory(prefix: "publishing"))
    defer { try? HostFile.removeTree(site.path) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for run in 0..<8 {
        group.addTask {
          let stage = try site.stage(patience: 60)
          for node in 0..<3 {
            let files = try (0..<20).map { try text("d/\($0)", "run \(run)") }
            _ = try stage.writer.write(tree(files), node: "node0\(node)")
          }
          try stage.commit()
        }
      }
      try await group.waitForAll()
    }
    let winner = try HostFile.read(site.fleet + "/node00/d/0", limit: 100)
    for node in 0..<3 {
      try site.verify("node0\(node)")
      for file in 0..<20 {
        #expect(try HostFile.read(site.fleet + "/node0\(node)/d/\(file)", limit: 100) == winner)
      }
    }
    #expect(try site.leftovers() == [])
  }

  @Test func severalThreadsWriteNodesAtOnce() async throws {
    let site = Site(path: try HostFile.makeTemporaryDirectory(prefix: "publishing"))
    defer { try? HostFile.removeTree(site.path) }
    let stage = try site.stage()
    let writer = stage.writer
    try await withThrowingTaskGroup(of: Void.self) { group in
      for node in 0..<40 {
        group.addTask {
          let files = try (0..<15).map { try text("d\($0 % 4)/e/\($0)", "node \(node) file \($0)") }
          _ = try writer.write(tree(files), node: "n\(node)")
          _ = try writer.write(tree([text("flake/nodes/n\(node)/x", "\(node)")]))
        }
      }
      try await group.waitForAll()
    }
    try stage.commit()
    for node in 0..<40 {
      try site.verify("n\(node)")
      #expect(try HostFile.read(site.fleet + "/flake/nodes/n\(node)/x", limit: 9) == Array("\(node)".utf8))
    }
  }

  @Test func aLinkOrAFileInPlaceOfTheFleetIsRefused() throws {
    try Site.with { site in
      try HostFile.makeDirectories(site.path + "/elsewhere", mode: 0o755)
      try HostFile.write([1], to: site.path + "/elsewhere/kept", mode: 0o644)
      try HostFile.makeDirectories(site.out, mode: 0o755)
      try HostFile.link(site.fleet, to: "../elsewhere")
      #expect(throws: PublishingError.notAFolder(site.fleet)) { _ = try site.stage() }
      try HostFile.removeTree(site.fleet)
      try HostFile.write([2], to: site.fleet, mode: 0o644)
      #expect(throws: PublishingError.notAFolder(site.fleet)) { _ = try site.stage() }
      try HostFile.removeTree(site.fleet)

      // One that comes while the build is at work.
      let stage = try site.stage()
      _ = try stage.writer.write(tree([text("a", "new")]), node: "node01")
      try HostFile.link(site.fleet, to: "../elsewhere")
      do throws(PublishingError) {
        try stage.commit()
        Issue.record("committed over a link")
      } catch {
        #expect(error == .notAFolder(site.fleet))
      }
      #expect(try HostFile.list(site.path + "/elsewhere").map(\.name) == ["kept"])
      #expect(throws: PublishingError.self) {
        _ = try FleetStage(out: site.out, fleet: "../x", sources: site.sources)
      }
    }
  }

  @Test func linksInsideTheFormerTreeLeadNowhere() throws {
    try Site.with { site in
      try buildFormer(site)
      try HostFile.makeDirectories(site.path + "/elsewhere", mode: 0o755)
      try HostFile.write(Array("old".utf8), to: site.path + "/elsewhere/c", mode: 0o644)
      try HostFile.removeTree(site.fleet + "/node01/b")
      try HostFile.link(site.fleet + "/node01/b", to: site.path + "/elsewhere")
      try buildFormer(site)
      try expectFormer(site)
      #expect(try HostFile.status(site.fleet + "/node01/b")?.kind == .directory)
      #expect(try HostFile.status(site.path + "/elsewhere/c")?.links == 1)
    }
  }

  /// A real file system that is really full. Mounting takes root, as CI has.
  @Test(arguments: ["size=256k", "nr_inodes=40"])
  func aFullDiskLeavesTheFormerResults(limit: String) throws {
    try Site.with { site in
      try HostFile.makeDirectories(site.out, mode: 0o755)
      let mount = try HostProgram.run(["mount", "-t", "tmpfs", "-o", limit, "tmpfs", site.out])
      try #require(mount.status == 0, "\(String(decoding: mount.errors, as: UTF8.self))")
      defer { _ = try? HostProgram.run(["umount", site.out]) }
      try buildFormer(site)
      let many = try tree((0..<100).map { try text("d/\($0)", String(repeating: "x", count: 5000)) })
      let error = #expect(throws: PublishingError.self) { try site.build([("node01", many)]) }
      guard case .host(let cause) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(cause.isLackOfSpace)
      try expectFormer(site)
      try buildFormer(site)
      try expectFormer(site)
    }
  }
}

import Artifacts
import Digests
import HostFiles
import JSONText
import Publishing
import Testing

@Suite struct StageTests {
  private func sample() throws -> ArtifactTree {
    try tree([
      text("units/a.service", "[Unit]\n"), text("units/a.service.d/x.conf", "[Service]\n"),
      text("units-more/b", "b"), text("top", ""), text("vm/launch", "#!/bin/sh\n", mode: 0o755),
      text("zz", "late"), artifact("extra/key", .bytes([1, 2]), mode: 0o600, kind: .secret),
      artifact("units/alias.service", .link(target: "a.service")),
    ])
  }

  @Test func writesATreeWithManifestAndSums() throws {
    try Site.with { site in
      let folders = try site.build([("node01", sample())])
      try site.verify("node01")
      let manifest = try JSONReader.parse(
        HostFile.read(site.fleet + "/node01/manifest.json", limit: 1 << 20))
      #expect(manifest["node"]?.text == "node01")
      let files = manifest["files"]?.elements ?? []
      #expect(files.compactMap { $0["path"]?.text } == folders[0].files.map(\.path.description))
      let link = files.first { $0["path"]?.text == "units/alias.service" }
      #expect(link?["target"]?.text == "a.service")
      #expect(link?["sha256"] == nil)
      let launch = files.first { $0["path"]?.text == "vm/launch" }
      #expect(launch?["mode"]?.text == "0755")
      #expect(launch?["size"]?.number == 10)
      #expect(
        launch?["sha256"]?.text == SHA256.digest(of: Array("#!/bin/sh\n".utf8)).description)
      #expect(try site.leftovers() == [])
    }
  }

  @Test func theSameInputsGiveTheSameBytes() throws {
    try Site.with { one in
      try Site.with { two in
        try one.build([("node01", sample()), ("node02", sample())])
        try two.build([("node02", sample()), ("node01", sample())])
        try two.build([("node01", sample()), ("node02", sample())])
        let result = try HostProgram.run(["diff", "-r", "--no-dereference", one.out, two.out])
        #expect(result.status == 0, "\(String(decoding: result.output, as: UTF8.self))")
      }
    }
  }

  /// Modes within the usual umask and beyond it; Tests/EndToEndTests builds under other umasks.
  @Test func modesAreExact() throws {
    try Site.with { site in
      let modes: [UInt16] = [0o400, 0o600, 0o640, 0o644, 0o664, 0o666, 0o755, 0o777]
      let files = try modes.map { try text("d/e/f\($0)", "x", mode: $0) }
      // Twice: the second build takes the files over from the first.
      for _ in 0..<2 {
        try site.build([("node01", tree(files))])
        for mode in modes {
          #expect(try HostFile.status(site.fleet + "/node01/d/e/f\(mode)")?.mode == mode)
        }
        for folder in ["", "/node01", "/node01/d", "/node01/d/e"] {
          #expect(try HostFile.status(site.fleet + folder)?.mode == 0o755)
        }
        #expect(try HostFile.status(site.fleet + "/node01/manifest.json")?.mode == 0o644)
      }
    }
  }

  @Test func streamsFilesAndConcatenations() throws {
    try Site.with { site in
      let large = (0..<2_500_001).map { UInt8(truncatingIfNeeded: $0 &* 11) }
      try HostFile.write(large, to: site.profiles + "/large", mode: 0o600)
      let digest = SHA256.digest(of: large)
      let whole = try artifact("large", .file(path: "large", digest: digest, size: large.count))
      let joined = try artifact(
        "joined",
        .concatenation([
          .bytes([7]), .padded(path: "large", digest: digest, size: large.count), .bytes([8, 9]),
        ]))
      for round in 0..<2 {
        let folder = try site.build([("node01", tree([whole, joined]))])[0]
        let expected = [7] + large + [UInt8](repeating: 0, count: 512 - large.count % 512) + [8, 9]
        #expect(try HostFile.read(site.fleet + "/node01/large", limit: 1 << 24) == large, "round \(round)")
        #expect(try HostFile.read(site.fleet + "/node01/joined", limit: 1 << 24) == expected)
        #expect(
          folder.files.first?.content == .file(size: expected.count, digest: SHA256.digest(of: expected)))
        try site.verify("node01")
      }
    }
  }

  @Test func equalFilesAreTakenOverAndOthersAreNot() throws {
    try Site.with { site in
      let names = ["same", "edited", "longer", "chmod", "linked", "replaced", "new-bytes"]
      let first = try tree(names.map { try text("d/" + $0, "content of \($0)") })
      try site.build([("node01", first)])
      let inode = { (name: String) in try HostFile.status(site.fleet + "/node01/d/" + name)?.inode }
      let before = try names.map(inode)
      // A person at work in out/.
      let folder = site.fleet + "/node01/d/"
      let edit = try HostProgram.run(
        [
          "sh", "-c",
          "printf X | dd of=edited conv=notrunc; echo >> longer; chmod 600 chmod; ln linked ../../../copy; "
            + "rm replaced; ln -s same replaced",
        ], directory: folder)
      #expect(edit.status == 0)
      var second = try names.map { try text("d/" + $0, "content of \($0)") }
      second[6] = try text("d/new-bytes", "other")
      try site.build([("node01", tree(second))])
      try site.verify("node01")
      let after = try names.map(inode)
      #expect(zip(before, after).map(==) == [true, false, false, false, false, false, false])
      for name in names.dropLast() {
        #expect(try HostFile.read(folder + name, limit: 100) == Array("content of \(name)".utf8))
        let status = try HostFile.status(folder + name)
        #expect(status?.kind == .file && status?.mode == 0o644 && status?.links == 1)
      }
      #expect(try site.leftovers() == ["copy"])
    }
  }

  /// A person who edits one node's file must not edit all nodes'.
  @Test func filesOfDifferentNodesAreNeverLinked() throws {
    try Site.with { site in
      for _ in 0..<2 {
        try site.build([("node01", sample()), ("node02", sample())])
        let result = try HostProgram.run(["find", site.fleet, "-type", "f", "-links", "+1"])
        #expect(result.output.isEmpty)
      }
    }
  }

  @Test func keepsFormerResults() throws {
    try Site.with { site in
      let first = try site.stage()
      _ = try first.writer.write(sample(), node: "node01")
      _ = try first.writer.write(sample(), node: "node02")
      _ = try first.writer.write(
        tree([text("flake/nodes/node01/x", "1"), text("flake/nodes/node02/x", "2")]))
      try first.commit()

      let second = try site.stage()
      #expect(try second.former() == ["flake", "node01", "node02"])
      _ = try second.writer.write(tree([text("only", "new")]), node: "node01")
      _ = try second.writer.write(tree([text("flake/nodes/node01/x", "changed")]))
      #expect(try second.keep(#require(ArtifactPath("node02"))))
      #expect(try second.keep(#require(ArtifactPath("flake/nodes/node02"))))
      #expect(try !second.keep(#require(ArtifactPath("node03"))))
      #expect(try !second.keep(#require(ArtifactPath("flake/none/x"))))
      try second.commit()

      try site.verify("node01")
      try site.verify("node02")
      #expect(try HostFile.read(site.fleet + "/flake/nodes/node02/x", limit: 9) == Array("2".utf8))
      #expect(try HostFile.read(site.fleet + "/flake/nodes/node01/x", limit: 9) == Array("changed".utf8))
      #expect(
        try HostFile.list(site.fleet + "/node01").map(\.name) == ["SHA256SUMS", "manifest.json", "only"])
    }
  }
}

@Suite struct SecretTests {
  @Test func secretsArriveWithTheirModeAndAbsentOnesAreListed() throws {
    try Site.with { site in
      try HostFile.write([1, 2, 3], to: site.secrets + "/node01/node01.key", mode: 0o600)
      let nodes = try tree([
        artifact("extra/node01.key", .secret(path: "node01/node01.key"), mode: 0o600, kind: .secret),
        artifact("extra/pass", .secret(path: "keys/pass"), mode: 0o600, kind: .secret),
      ])
      let folder = try site.build([("node01", nodes)])[0]
      #expect(folder.files.map(\.path.description) == ["extra/node01.key"])
      #expect(folder.missing.map(\.path.description) == ["extra/pass"])
      #expect(folder.missing.map(\.secret) == ["keys/pass"])
      #expect(try HostFile.status(site.fleet + "/node01/extra/node01.key")?.mode == 0o600)
      let manifest = try JSONReader.parse(HostFile.read(site.fleet + "/node01/manifest.json", limit: 1 << 20))
      #expect(manifest["missing"]?.elements?.first?["secret"]?.text == "keys/pass")
      try site.verify("node01")
    }
  }

  @Test func aSecretThatOthersMayReadStopsTheBuild() throws {
    try Site.with { site in
      let nodes = try tree([
        artifact("extra/pass", .secret(path: "keys/pass"), mode: 0o600, kind: .secret)
      ])
      try site.build([("node01", nodes)])
      for (mode, isRefused): (UInt16, Bool) in [(0o640, true), (0o604, true), (0o600, false)] {
        try HostFile.write([1], to: site.secrets + "/keys/pass", mode: mode)
        if isRefused {
          #expect(throws: PublishingError.self) { try site.build([("node01", nodes)]) }
          #expect(try HostFile.status(site.fleet + "/node01/extra/pass") == nil)
        } else {
          try site.build([("node01", nodes)])
        }
        #expect(try site.leftovers() == [])
      }
      try HostFile.removeTree(site.secrets + "/keys/pass")
      try HostFile.link(site.secrets + "/keys/pass", to: "/etc/hostname")
      #expect(throws: PublishingError.self) { try site.build([("node01", nodes)]) }
    }
  }

  @Test(arguments: ["../x", "/etc/passwd", "keys/../../x", "keys", "", "a/b/c"])
  func pathsOutOfTheStoreAreRefused(path: String) throws {
    try Site.with { site in
      let nodes = try tree([artifact("x", .secret(path: path), mode: 0o600, kind: .secret)])
      #expect(throws: PublishingError.unknownSecret(path)) { try site.build([("node01", nodes)]) }
    }
  }
}

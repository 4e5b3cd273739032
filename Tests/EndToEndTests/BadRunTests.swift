import HostFiles
import JSONText
import Testing

/// What happens when something is wrong: status, message, and results as they were.
@Suite struct BadRunTests {
  @Test func aMistakeIsShownWhereItIs() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let former = try Fingerprint.of(place.out)
      try place.edit("profiles/plasmacloud/nodes/node02.yaml", "192.168.100.12", "192.168.100.11")
      try place.edit("profiles/plasmacloud/services/iam.yaml", "description:", "descriptoin:")
      for words in [["build", "--all"], ["build", "node01"], ["check"]] {
        let outcome = try place.run(words)
        #expect(outcome.status == 1)
        #expect(outcome.output == "")
        let text = outcome.errors
        #expect(text.contains("profiles/plasmacloud/nodes/node02.yaml:6:18: error[FL031]"), "\(text)")
        #expect(text.contains("profiles/plasmacloud/nodes/node01.yaml:6:18"), "\(text)")
        #expect(text.contains("profiles/plasmacloud/services/iam.yaml:3:1: error[PR"), "\(text)")
        #expect(text.contains("did you mean description?"), "\(text)")
        #expect(try Fingerprint.of(place.out) == former, "nothing is written")
      }
    }
  }

  @Test func brokenFilesAreFindings() throws {
    try Workplace.with { place in
      let file = place.profiles + "/unibus/nodes/homer.yaml"
      let texts: [[UInt8]] = [
        [], [0xFF, 0xFE, 0x00], Array("node: [".utf8), Array("&a [*a]".utf8),
        [UInt8](repeating: 0x5B, count: 90_000),
        Array("node: homer\nroles: [nothing]\naddresses: {public: 300.1.1.1}\n".utf8),
        [UInt8](repeating: 32, count: 2 << 20),
      ]
      for text in texts {
        try HostFile.write(text, to: file, mode: 0o644)
        let outcome = try place.run("build", "homer")
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.errors.contains("profiles/unibus/nodes/homer.yaml"), "\(outcome.errors)")
        #expect(outcome.errors.contains("error[PR"), "\(outcome.errors)")
        #expect(outcome.output == "")
        #expect(try HostFile.status(place.out) == nil, "not even a folder")
      }
    }
  }

  @Test func unknownNamesGetSuggestions() throws {
    try Workplace.with { place in
      for (words, suggestion) in [
        (["build", "node1"], "node01"), (["build", "plasmacloud/node07"], "node0"),
        (["diff", "homr"], "homer"),
        (["check", "magnum"], "magnus"), (["secrets", "plasmaclud"], "plasmacloud"),
        (["lint", "--node", "node1"], "node01"),
        (["graph", "nodo01"], "node01"),
      ] {
        let outcome = try place.run(words)
        #expect(outcome.status == 1, "\(words)")
        #expect(outcome.errors.contains("did you mean \(suggestion)"), "\(words): \(outcome.errors)")
        #expect(outcome.output == "")
      }
      #expect(try HostFile.status(place.out) == nil && HostFile.status(place.secrets) == nil)
    }
  }

  @Test func wrongCommandLinesAreUsageErrors() throws {
    try Workplace.with { place in
      for words in [
        ["build"], ["build", "--alll"], ["build", "--all", "node01"], ["build", "--jobs", "0", "--all"],
        ["build", "--jobs", "many", "--all"], ["build", "--jobs"], ["biuld", "--all"],
        ["check", "--format", "yaml"],
        ["build", "a/b/c"], ["lint"], ["lint", "--select", "ZZ9", "x"], ["diff", "--fail-on", "nothing"],
        ["explain"],
        ["explain", "FL9999"], ["completions", "tcsh"], ["completions"], ["secrets"], ["init", "a", "b"],
        ["build", "--all", "--format", "sarif"], ["man", "more"],
      ] {
        let outcome = try place.run(words)
        #expect(outcome.status == 2, "\(words): \(outcome.status)")
        #expect(outcome.output == "", "\(words)")
        #expect(!outcome.errors.isEmpty, "\(words)")
      }
      #expect(try HostFile.status(place.out) == nil)
    }
  }

  @Test func whatTheMachineCannotDoIsSaid() throws {
    try Workplace.with { place in
      // A file where a folder has to be: also the superuser fails here.
      try HostFile.write([], to: place.folder + "/taken", mode: 0o644)
      for out in ["taken", "taken/below", "/proc/imagegen"] {
        let outcome = try place.run("build", "--all", "--out", out)
        #expect(outcome.status == 3, "\(out): \(outcome.errors)")
        #expect(outcome.errors.contains(out.split(separator: "/")[0]), "\(outcome.errors)")
        #expect(outcome.output == "")
      }
      let full = try place.run(["schema"], into: "/dev/full")
      #expect(full == 3)
      #expect(try place.run("build", "--all", "--secrets", "taken").status != 0)
    }
  }

  /// A disk that fills up while a build writes.
  @Test func aFullDiskLeavesTheFormerTree() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let former = try Fingerprint.of(place.out)
      try place.edit("profiles/plasmacloud/fleet.yaml", "sequence: 1", "sequence: 2")
      // No file may be larger than eight blocks: payloads are.
      let limited = Outcome(
        try HostProgram.run(
          ["sh", "-c", "ulimit -f 8; trap '' XFSZ; exec \"$@\"", "sh", place.program, "build", "--all"],
          directory: place.folder))
      #expect(limited.status == 3, "\(limited.errors)")
      #expect(limited.errors.contains("imagegen: "), "\(limited.errors)")
      #expect(try Fingerprint.of(place.out) == former)
      #expect(try place.names("out") == ["plasmacloud", "unibus"])
    }
  }

  @Test func anInterruptedRunLeavesTheFormerTree() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let former = try Fingerprint.of(place.out)
      try place.edit("profiles/plasmacloud/fleet.yaml", "sequence: 1", "sequence: 2")
      for signal in ["INT", "TERM", "HUP", "KILL"] {
        _ = try HostProgram.run(
          [
            "timeout", "--signal", signal, "0.05", place.program, "build", "plasmacloud/node01", "--jobs",
            "1",
          ],
          directory: place.folder)
        let fleets = try place.names("out")
        #expect(Set(fleets).isSuperset(of: ["plasmacloud", "unibus"]))
        let sums = try HostProgram.run(
          ["sha256sum", "--quiet", "-c", "SHA256SUMS"], directory: place.out + "/plasmacloud/node01")
        #expect(sums.status == 0)
      }
      try place.edit("profiles/plasmacloud/fleet.yaml", "sequence: 2", "sequence: 1")
      try place.require("build", "--all")
      let difference = Fingerprint.difference(former, try Fingerprint.of(place.out))
      #expect(difference == nil)
    }
  }
}

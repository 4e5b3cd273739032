import HostFiles
import JSONText
import SeededRandom
import Testing

/// `imagegen publish`, with a kernel of a few bytes: what is in it matters to machines alone.
@Suite struct PublishTests {
  private func with(_ body: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      try HostFile.makeDirectories(place.folder + "/modules/6.1.0", mode: 0o755)
      let files = [
        ("kernel", "a kernel"), ("modules/6.1.0/modules.dep", "kernel/virtio_pci.ko:\n"),
        ("modules/6.1.0/kernel/virtio_pci.ko", "a module"),
      ]
      try HostFile.makeDirectories(place.folder + "/modules/6.1.0/kernel", mode: 0o755)
      for (path, text) in files {
        try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
      }
      try body(place)
    }
  }

  private static let source = ["--to", "pxe", "--kernel", "kernel", "--modules", "modules/6.1.0"]

  private func publish(_ place: Workplace, _ words: String...) throws -> Outcome {
    let outcome = try place.run(["publish"] + words + Self.source)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private func script(_ place: Workplace) throws -> String {
    try place.text("pxe/current/http/mac/52-54-00-00-01-01.ipxe")
  }

  @Test func theSameInputsGiveTheSameBytes() throws {
    try with { place in
      _ = try publish(place, "plasmacloud/node01")
      let first = try Fingerprint.of(place.folder + "/pxe/store")
      try HostFile.removeTree(place.folder + "/pxe")
      let outcome = try place.run(
        ["publish", "plasmacloud/node01"] + Self.source,
        environment: ["TZ": "Asia/Tokyo", "LC_ALL": "C", "SOURCE_DATE_EPOCH": "1"])
      #expect(outcome.status == 0)
      #expect(try Fingerprint.of(place.folder + "/pxe/store") == first)
      let sums = try HostProgram.run(
        ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], directory: place.folder + "/pxe/current")
      #expect(sums.status == 0)
    }
  }

  @Test func aNodeIsArmedOnceAndBootsFromDiskByItsReport() throws {
    try with { place in
      _ = try publish(place, "plasmacloud/node01", "plasmacloud/node02")
      #expect(try !script(place).contains("imagegen.nonce="))
      _ = try publish(place, "plasmacloud/node01", "--arm")
      let armed = try script(place)
      let nonce = try #require(armed.split(separator: "imagegen.nonce=").last?.prefix(32))
      // Published again it is armed with the same nonce: the disk knows it.
      _ = try publish(place, "plasmacloud/node01")
      #expect(try script(place) == armed)
      try HostFile.write(
        Array("1 \"GET /report/node01/installed?nonce=\(nonce) HTTP/1.1\" 204\n".utf8),
        to: place.folder + "/log",
        mode: 0o644)
      try place.require("publish", "--reports", "log", "--to", "pxe")
      #expect(try script(place).contains("sanboot"))
      #expect(
        try place.require("publish", "--list", "--to", "pxe").output.contains(
          "* 00000004  plasmacloud/node01 installed"))
      // Back to the generation in which it was armed: the script stays that of an installed node.
      try place.require("publish", "--rollback", "--to", "pxe")
      #expect(try script(place).contains("sanboot"))
      try place.require("publish", "--disarm", "node01", "--to", "pxe")
      #expect(try !script(place).contains("sanboot") && !script(place).contains("imagegen.nonce="))
      try place.require("publish", "--installed", "node01", "--to", "pxe")
      #expect(try script(place).contains("sanboot"))
    }
  }

  @Test func mistakesAreSaid() throws {
    try with { place in
      for (words, status, text) in [
        (["publish", "node01"], Int32(2), "publish needs the root"),
        (["publish", "--to", "pxe"], 2, "needs a node, or --all"),
        (["publish", "--list", "--arm", "--to", "pxe"], 2, "stands alone"),
        (["publish", "unibus/homer"] + Self.source, 2, "has no netboot among its outputs"),
        (["publish", "--rollback", "--to", "pxe"], 1, "no generation before"),
        (["publish", "--disarm", "node09", "--to", "pxe"], 1, "has no node node09"),
        (["publish", "plasmacloud/node01", "--to", "pxe", "--kernel", "none", "--modules", "m"], 3, "none"),
      ] {
        let outcome = try place.run(words)
        #expect(outcome.status == status && outcome.errors.contains(text), "\(words): \(outcome.errors)")
      }
    }
  }

  /// No line of any private file of the secret store is in anything that is published, packed or not.
  @Test func nothingSecretIsPublished() throws {
    try with { place in
      try place.mint()
      _ = try publish(place, "plasmacloud/node01", "plasmacloud/node02", "plasmacloud/node03", "--arm")
      #expect(try HostFile.status(place.folder + "/pxe/current/manifest.json.sig") != nil)
      let script = """
        set -eu
        find secrets -type f ! -name '*.crt' ! -name '*.pub' -exec cat {} + | grep -av -e '-----' | awk 'length > 15' > lines
        test -s lines
        mkdir plain
        find pxe -type f | while read -r file; do
          name=$(echo "$file" | tr / _)
          cp "$file" "plain/$name"
          zstd -q -d -c < "$file" > "plain/$name.zstd" 2> /dev/null || rm "plain/$name.zstd"
          gzip -q -d -c < "$file" > "plain/$name.gzip" 2> /dev/null || rm "plain/$name.gzip"
        done
        ls plain/*.zstd plain/*.gzip > /dev/null
        if grep -raFl -f lines plain; then exit 1; fi
        # The search finds what is there.
        head -n 1 lines > plain/canary
        grep -raFq -f lines plain
        """
      let result = try HostProgram.run(["bash", "-c", script], directory: place.folder)
      #expect(result.status == 0, "\(String(decoding: result.output + result.errors, as: UTF8.self))")
    }
  }

  /// Kills the publisher at random moments: what serves is whole, and the next run goes on.
  @Test func aKilledPublisherLeavesAWholeTree() throws {
    try with { place in
      _ = try publish(place, "plasmacloud/node01")
      let seed = SeededGenerator.seed
      var random = SeededGenerator(seed: seed)
      let clock = ContinuousClock()
      var longest = try clock.measure { try place.require("publish", "--disarm", "node01", "--to", "pxe") }
      var killed = 0
      for round in 0..<200 {
        let moment = random.below(Int(longest / .milliseconds(1)) + 2)
        let digits = String(1000 + moment % 1000).dropFirst()
        let word = round % 2 == 0 ? "--installed" : "--disarm"
        let start = clock.now
        let result = try HostProgram.run(
          [
            "timeout", "--signal", "KILL", "\(moment / 1000).\(digits)", place.program, "publish", "--quiet",
            word,
            "node01", "--to", "pxe",
          ], directory: place.folder)
        let note: Comment = "seed \(seed), round \(round), killed after \(moment) ms"
        #expect(result.status == 0 || result.status == 137, note)
        killed += result.status == 0 ? 0 : 1
        if result.status == 0 { longest = clock.now - start }
        let sums = try HostProgram.run(
          ["sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS"], directory: place.folder + "/pxe/current")
        #expect(sums.status == 0, note)
      }
      #expect(killed > 20, "seed \(seed): too few were killed to show anything")
      try place.require("publish", "--installed", "node01", "--to", "pxe")
      #expect(try script(place).contains("sanboot"))
      let names = try HostFile.list(place.folder + "/pxe/generations").map(\.name)
      #expect(names.allSatisfy { !$0.hasPrefix(".") }, "what killed runs left is swept")
    }
  }
}

import HostFiles
import SeededRandom
import Testing

/// Kills builds at random moments: `out/FLEET` holds the old results or the new ones, whole.
@Suite struct KillTests {
  private static let rounds = 200

  @Test func aKilledBuildLeavesTheOldTreeOrTheNewOne() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "kill")
    defer { try? HostFile.removeTree(folder) }
    let fleets = try ["old", "new"].map { try Inputs(folder + "/" + $0) }
    try fleets[1].raiseRelease()
    let out = folder + "/out"
    let trees = try fleets.map { inputs in
      let result = try inputs.build(out: out)
      try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
      return try Fingerprint.of(out + "/" + Inputs.fleet)
    }
    try #require(trees[0] != trees[1])

    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let clock = ContinuousClock()
    // How long a build takes changes with the load of the machine: the last whole one tells.
    var longest = try clock.measure { _ = try fleets[1].build(out: out) }
    var killed = 0
    var current = try Fingerprint.of(out + "/" + Inputs.fleet)
    for round in 0..<Self.rounds {
      let target = round % 2
      let moment = random.below(Int(longest / .milliseconds(1)) + 2)
      let start = clock.now
      let result = try fleets[target].build(out: out, killedAfter: moment)
      if result.status == 0 { longest = clock.now - start }
      let now = try Fingerprint.of(out + "/" + Inputs.fleet)
      let place: Comment = "seed \(seed), round \(round), killed after \(moment) ms"
      // 137 is SIGKILL, as timeout(1) tells it.
      #expect(result.status == 0 || result.status == 137, place)
      killed += result.status == 0 ? 0 : 1
      #expect(now == trees[target] || (result.status != 0 && now == current), place)
      #expect(try sums(out).status == 0, place)
      current = now
    }
    #expect(killed > Self.rounds / 10, "seed \(seed): \(killed) builds were killed, too few to show anything")

    #expect(try fleets[0].build(out: out).status == 0)
    #expect(try Fingerprint.of(out + "/" + Inputs.fleet) == trees[0])
    #expect(try HostFile.list(out).map(\.name) == [Inputs.fleet], "what killed builds left is swept")
  }

  private func sums(_ out: String) throws -> HostProgram.Result {
    let script = """
      for list in "$1"/*/SHA256SUMS; do
        cd "${list%/*}" && sha256sum --quiet --strict -c SHA256SUMS || exit 1
      done
      """
    return try HostProgram.run(["sh", "-c", script, "sh", out + "/" + Inputs.fleet])
  }
}

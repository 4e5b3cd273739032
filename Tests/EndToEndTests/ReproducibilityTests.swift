import HostFiles
import Testing

/// The same inputs give the same bytes and modes, whatever is around them.
@Suite struct ReproducibilityTests {
  private struct Surroundings {
    let name: String
    var jobs = 1
    var variables: [String: String] = [:]
    var mask = "022"
  }

  private static let cases = [
    Surroundings(name: "eight at once", jobs: 8),
    Surroundings(
      name: "Turkish in Samoa", jobs: 3,
      variables: ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Apia"],
      mask: "027"),
    Surroundings(
      name: "C, no home", jobs: 2, variables: ["LC_ALL": "C", "HOME": "/nonexistent", "TZ": "UTC+11"]),
    Surroundings(name: "private umask", mask: "177"), Surroundings(name: "open umask", mask: "000"),
    Surroundings(
      name: "another hash seed", variables: ["SWIFT_DETERMINISTIC_HASHING": "1", "SOURCE_DATE_EPOCH": "1"]),
  ]

  @Test(arguments: [false, true])
  func surroundingsDoNotShow(isMinted: Bool) throws {
    try Workplace.with { place in
      if isMinted { try place.mint() }
      try place.require("build", "--all", "--jobs", "1")
      try place.require(
        "build", "--all", "--jobs", "1", "--profiles", "profiles/examples", "--out", "out/grown")
      let wanted = try Fingerprint.of(place.out)
      #expect(wanted.count > 10_000)
      for (index, surroundings) in Self.cases.enumerated() {
        let elsewhere = try checkout(of: place, index, isMinted: isMinted)
        let script = """
          umask \(surroundings.mask) && set -- "$1" build --all --jobs \(surroundings.jobs) \
            && "$@" --out results/are/here \
            && "$@" --out results/are/here/grown --profiles "$PWD/profiles/examples"
          """
        var variables = ["PATH": HostEnvironment.value("PATH") ?? ""]
        variables.merge(surroundings.variables) { $1 }
        let result = try HostProgram.run(
          ["sh", "-c", script, "sh", place.program], environment: variables, directory: elsewhere)
        #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
        let tree = try Fingerprint.of(elsewhere + "/results/are/here")
        let difference = Fingerprint.difference(wanted, tree)
        #expect(difference == nil, "\(surroundings.name)")
      }
    }
  }

  /// The fleets under another path, copied in such a way that inodes, times and orders of folders are others.
  private func checkout(
    of place: Workplace, _ index: Int, isMinted: Bool
  ) throws -> String {
    let folder = "\(place.folder)/another checkout \(index)"
    try HostFile.makeDirectories(folder, mode: 0o755)
    let script = """
      cd "$1" && find profiles ${3:+"$3"} | sort -r | tar --no-recursion -cf - --mtime=@1 -T - | tar -xf - -C "$2"
      """
    let words = ["sh", "-c", script, "sh", place.folder, folder] + (isMinted ? ["secrets"] : [])
    let result = try HostProgram.run(words)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    return folder
  }

  /// Built again over the former results, too.
  @Test func aSecondBuildChangesNothing() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      let former = try Fingerprint.of(place.out)
      try place.require("build", "--all")
      #expect(Fingerprint.difference(former, try Fingerprint.of(place.out)) == nil)
    }
  }

  /// Nothing of the machine is in the results: neither paths nor names nor the account.
  @Test func theMachineDoesNotShow() throws {
    try Workplace.with { place in
      try place.mint()
      for profiles in [place.profiles, place.profiles + "/examples"] {
        try place.require("build", "--all", "--profiles", profiles, "--out", place.out)
      }
      let found = try HostProgram.run(["grep", "-rlaF", "-e", place.folder, "-e", Checkout.root, place.out])
      #expect(found.output.isEmpty, "\(String(decoding: found.output, as: UTF8.self))")
    }
  }
}

import HostFiles
import JSONText
import Testing

/// The linter as people and their hooks use it: fixes, differences, settings, baselines.
@Suite struct LintUseTests {
  private static let wrong = """
    [Unit]
    After=network-online.target
    [Service]
    ExecStart=/bin/true
    # kept
    Restart=always # up
    After=time-sync.target
    Foo=1
    [Install]
    WantedBy=multi-user.target

    """

  private func write(_ place: Workplace, _ files: [String: String]) throws {
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      let whole = place.folder + "/" + path
      let parent = whole.split(separator: "/").dropLast().joined(separator: "/")
      try HostFile.makeDirectories("/" + parent, mode: 0o755)
      try HostFile.write(Array(text.utf8), to: whole, mode: 0o644)
    }
  }

  /// Codes of the findings, in order; of those that this is about.
  private func codes(_ outcome: Outcome) throws -> [String] {
    try #require(try outcome.json()["diagnostics"]?.elements).compactMap { $0["code"]?.text }
  }

  @Test func differencesAreWhatFixesWrite() throws {
    try Workplace.with { place in
      try write(place, ["u/a.service": Self.wrong, "u/b.service": "[Service]\nExecStart=/bin/true\n"])
      try #require(try HostProgram.run(["chmod", "640", place.folder + "/u/a.service"]).status == 0)
      let difference = try place.run("lint", "--diff", "u")
      #expect(try place.text("u/a.service") == Self.wrong)
      #expect(difference.output.hasPrefix("--- a/u/a.service\n+++ b/u/a.service\n@@ "))
      try place.copy(place.folder + "/u", to: place.folder + "/v")
      let fixed = try place.run("lint", "--fix", "u")
      #expect(fixed.status == 0 && fixed.errors.contains("fixed "), "\(fixed.errors)")
      let text = try place.text("u/a.service")
      #expect(text.contains("# kept\nRestart=always\n") && text.contains("Foo=1\n"))
      #expect(text.contains("After=time-sync.target\n") && text.contains("Wants=network-online.target\n"))
      for program in [["patch", "-p1", "-s", "--dry-run"], ["git", "apply", "--check", "-p1"]] {
        try write(place, ["w/u/a.service": Self.wrong])
        let words = ["env", "-C", place.folder + "/w", "GIT_CEILING_DIRECTORIES=" + place.folder] + program
        #expect(try HostProgram.run(words, input: Array(difference.output.utf8)).status == 0)
      }
      let patched = try HostProgram.run(
        ["patch", "-p1", "-s", "-d", place.folder + "/w"], input: Array(difference.output.utf8))
      #expect(patched.status == 0)
      #expect(try place.text("w/u/a.service") == text)
      #expect(try HostFile.status(place.folder + "/u/a.service")?.mode == 0o640)
      #expect(try place.names("u") == ["a.service", "b.service"])
      #expect(try place.run("lint", "--diff", "u").output == "")
      #expect(try !place.run("lint", "--fix", "u").errors.contains("fixed"))
    }
  }

  @Test func whatCannotBeFixedIsRefused() throws {
    try Workplace.with { place in
      try write(place, ["u/a.service": Self.wrong])
      for words in [
        ["--fix", "--node", "node01"], ["--diff", "--node", "node01"], ["--diff", "--format", "json", "u"],
        ["--fix", "--write-baseline", "--baseline", "k", "u"], ["--write-baseline", "u"],
        ["--systemd-version", "twelve", "u"], ["--systemd-version", "246", "u"], ["--select", "XX", "u"],
      ] {
        let outcome = try place.run(["lint"] + words)
        #expect(outcome.status == 2, "\(words): \(outcome.errors)")
        #expect(try place.text("u/a.service") == Self.wrong)
      }
      // A file that is too large is not read to its end, so nothing is written at all.
      let large = "[Service]\nExecStart=/bin/true\n" + String(repeating: "# x\n", count: 300_000)
      try write(place, ["u/large.service": large])
      #expect(try place.run("lint", "--fix", "u").status == 3)
      #expect(try place.text("u/a.service") == Self.wrong)
    }
  }

  @Test func filesOfOneFolderAreOneRunAndFoldersOfOneNameAreNot() throws {
    try Workplace.with { place in
      let wrong = "[Service]\nType=simple\n"
      try write(
        place,
        [
          "one/a.service": "[Unit]\nRequires=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n",
          "one/b.service": "[Service]\nExecStart=/bin/true\n", "two/a.service": wrong,
          "three/a.service": wrong,
        ])
      let outcome = try place.run([
        "lint", "--format", "json", "--select", "EX008", "--select", "GR010", "one/a.service",
        "./one/b.service", "one/a.service", "two/a.service", "three/a.service",
      ])
      let files = try #require(try outcome.json()["diagnostics"]?.elements).compactMap { $0["file"]?.text }
      #expect(files.sorted() == ["three/a.service", "two/a.service"], "\(outcome.output)")
    }
  }

  @Test func settingsAreFoundAboveThePath() throws {
    try Workplace.with { place in
      try write(
        place,
        [
          "p/u/a.service": Self.wrong, "p/vendor/u/a.service": Self.wrong,
          "p/.imagegen.yaml": """
          lint:
            select: [SY]
            ignore: [SY006]
            ignore-in: {"vendor/**": [SY003, SY013], "*.timer": [SY]}
            fail-on: warning

          """,
        ])
      let own = try place.run("lint", "--format", "json", "p/u")
      #expect(try codes(own).filter { $0 != "SY016" } == ["SY013", "SY003", "SY001"])
      #expect(own.status == 1)
      #expect(try codes(place.run("lint", "--format", "json", "p/vendor/u")) == ["SY001"])
      #expect(try codes(place.run("lint", "--format", "json", "--select", "SY003", "p/u")) == ["SY003"])
      #expect(try place.run("lint", "--fail-on", "error", "p/u").status == 0)
      // A repository ends the search.
      try HostFile.makeDirectories(place.folder + "/p/u/.git", mode: 0o755)
      #expect(try codes(place.run("lint", "--format", "json", "p/u")).contains("GR024"))
    }
  }

  @Test func wrongSettingsAreFindingsOfTheirFile() throws {
    try Workplace.with { place in
      try write(
        place,
        [
          "u/a.service": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
          "u/.imagegen.yaml": "lint: {ignore: [XX], ignore-in: {\"a.*\": [EX001]}}\n",
        ])
      let outcome = try place.run("lint", "--format", "json", "u")
      #expect(try codes(outcome).filter { $0 > "SY09" } == ["SY094", "SY095"], "\(outcome.output)")
      #expect(outcome.status == 1)
      try write(place, ["u/.imagegen.yaml": "lint: {ignroe: [GR]}\n"])
      let misspelt = try place.run("lint", "u")
      #expect(misspelt.status == 1)
      #expect(misspelt.errors.contains("u/.imagegen.yaml:1:8: error[PR020]"), "\(misspelt.errors)")
      #expect(misspelt.errors.contains("did you mean ignore?"))
    }
  }

  @Test func baselinesKnowWhatMovesAndTellWhatIsMended() throws {
    try Workplace.with { place in
      try write(place, ["p/u/a.service": Self.wrong, "p/.imagegen.yaml": "lint: {baseline: known.json}\n"])
      let start = try place.run("lint", "p/u")
      #expect(start.status == 3 && start.errors.contains("known.json"))
      let written = try place.run("lint", "--write-baseline", "p/u")
      #expect(written.status == 0, "\(written.errors)")
      #expect(try codes(place.run("lint", "--format", "json", "p/u")) == [])
      // Lines move, a blank comes, a new mistake too.
      try write(
        place, ["p/u/a.service": "# new\n" + Self.wrong.replacing("Foo=1", with: "  Foo=1\nBar=2")])
      #expect(try codes(place.run("lint", "--format", "json", "p/u")) == ["SY001"])
      try write(place, ["p/u/a.service": Self.wrong.replacing("Foo=1\n", with: "")])
      let mended = try place.run("lint", "p/u")
      #expect(mended.errors.contains("note[SY092]: SY001 is mended in u/a.service"), "\(mended.errors)")
      #expect(mended.errors.contains("p/known.json:"))
      // Who looks at other files hears nothing of it; who deletes the file does.
      try write(place, ["p/v/b.service": "[Service]\nExecStart=/bin/true\n"])
      #expect(try !place.run("lint", "p/v").errors.contains("SY092"))
      try write(place, ["p/u/c.service": "[Service]\nExecStart=/bin/true\n"])
      _ = try HostProgram.run(["rm", place.folder + "/p/u/a.service"])
      #expect(try codes(place.run("lint", "--format", "json", "p/u")).contains("SY092"))
    }
  }

  @Test func versionsDecideWhatIsKnown() throws {
    try Workplace.with { place in
      let unit =
        "[Service]\nExecStart=/bin/true\nRestart=always\nRestartSteps=3\nRestartMaxDelaySec=5\nCPUShares=9\n"
      try write(place, ["u/a.service": unit])
      for (version, expected) in [
        ("252", ["SY021", "SY021"]), ("254", []), ("257", []), ("262", ["SY089"]),
      ] {
        let outcome = try place.run(
          "lint", "--format", "json", "--select", "SY021", "--select", "SY089", "--systemd-version", version,
          "u")
        #expect(try codes(outcome) == expected, "\(version)")
      }
    }
  }
}

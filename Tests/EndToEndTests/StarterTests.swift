import HostFiles
import JSONText
import Testing

/// What a newcomer types first.
@Suite struct StarterTests {
  @Test func aStarterFleetIsCheckedMintedAndBuilt() throws {
    try Workplace.with { place in
      let start = try place.require("init", "mine/lab")
      #expect(start.errors.contains("imagegen check --profiles mine/lab"))
      let check = try place.require("check", "--profiles", "mine/lab", "--format", "json")
      let diagnostics = try check.json()["diagnostics"]?.elements ?? []
      #expect(diagnostics.allSatisfy { $0["severity"]?.text == "note" }, "\(check.output)")
      try place.require("secrets", "lab", "--profiles", "mine/lab")
      try place.require("secrets", "--check", "lab", "--profiles", "mine/lab")
      try place.require("build", "--all", "--profiles", "mine/lab")
      let nodes = try place.names("mine/lab/nodes").map { String($0.dropLast(5)) }
      #expect(nodes.count == 3)
      for node in nodes {
        let manifest = try place.json("out/lab/\(node)/manifest.json")
        #expect(manifest["missing"]?.elements == [])
      }
      // The fleets' own folder works like the folder around it.
      let former = try Fingerprint.of(place.out)
      try place.require("build", "--all", "--profiles", "mine")
      #expect(Fingerprint.difference(former, try Fingerprint.of(place.out)) == nil)
    }
  }

  @Test func nothingOfYoursIsOverwritten() throws {
    try Workplace.with { place in
      try place.require("init", "mine/lab")
      let former = try Fingerprint.of(place.folder + "/mine")
      for words in [["init", "mine/lab"], ["init", "mine/lab/fleet.yaml"], ["init", "mine/Not A Name"]] {
        let outcome = try place.run(words)
        #expect(
          outcome.status == (words[1].hasSuffix("Name") || words[1].hasSuffix("yaml") ? 2 : 1), "\(words)")
        #expect(outcome.errors.contains("help: "))
      }
      #expect(Fingerprint.difference(former, try Fingerprint.of(place.folder + "/mine")) == nil)
    }
  }

  @Test func completionsAreScripts() throws {
    try Workplace.with { place in
      for shell in ["bash", "zsh", "fish"] {
        let text = try place.require("completions", shell).output
        #expect(text.contains("imagegen"))
        guard let program = HostProgram.find(shell) else {
          // bash is on every machine these tests run on; the others say more where they are.
          #expect(shell != "bash")
          continue
        }
        let parsed = Outcome(try HostProgram.run([program, "-n"], input: Array(text.utf8)))
        #expect(parsed.status == 0 && parsed.errors == "", "\(shell): \(parsed.errors)")
      }
      // bash offers what there is.
      let ask = """
        eval "$(imagegen completions bash)"
        complete -p imagegen
        COMP_WORDS=(imagegen bu) COMP_CWORD=1 COMP_LINE='imagegen bu' COMP_POINT=11
        function=$(complete -p imagegen | sed -n 's/.*-F \\([^ ]*\\).*/\\1/p')
        "$function" imagegen bu imagegen
        echo "${COMPREPLY[@]}"
        """
      let folder = place.program.split(separator: "/").dropLast().joined(separator: "/")
      let path = "/\(folder):" + (HostEnvironment.value("PATH") ?? "")
      let offered = Outcome(try HostProgram.run(["bash", "-c", ask], environment: ["PATH": path]))
      #expect(
        offered.output.split(separator: "\n").last?.contains("build") == true,
        "\(offered.output)\(offered.errors)")
    }
  }

  @Test func theManualPageIsClean() throws {
    try Workplace.with { place in
      let page = try place.require("man").output
      let program = try #require(HostProgram.find("groff"), "groff is not installed")
      let shown = Outcome(
        try HostProgram.run([program, "-man", "-Tutf8", "-ww", "-z"], input: Array(page.utf8)))
      #expect(shown.status == 0 && shown.errors == "", "\(shown.errors)")
      let text = Outcome(
        try HostProgram.run([program, "-man", "-Tascii", "-P-cbou"], input: Array(page.utf8))
      ).output
      for part in ["NAME", "SYNOPSIS", "--profiles", "imagegen build", "EXIT STATUS"] {
        #expect(text.contains(part), "\(part)")
      }
    }
  }

  /// The schema in the repository is the one that the program prints.
  @Test func theSchemaInTheRepositoryIsTheProgramsOwn() throws {
    try Workplace.with { place in
      let printed = try place.require("schema").output
      #expect(printed == (try place.text("profiles/imagegen.schema.json")))
    }
  }
}

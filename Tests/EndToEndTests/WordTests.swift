import HostFiles
import JSONText
import Testing

/// What the program says, to people and to programs.
@Suite struct WordTests {
  private static let verbs = [
    "init", "check", "build", "diff", "lint", "explain", "graph", "simulate", "secrets", "publish", "schema",
    "completions", "man",
  ]

  // MARK: Help

  @Test func everyVerbHasHelp() throws {
    try Workplace.with { place in
      let general = try place.require("--help")
      #expect(general.errors == "")
      for verb in Self.verbs {
        #expect(general.output.contains("\n  \(verb) "), "\(verb)")
        let help = try place.run(verb, "--help")
        #expect(help.status == 0 && help.errors == "")
        #expect(help.output.hasPrefix("imagegen \(verb): "))
        #expect(help.output.contains("\nExit status:\n"))
        #expect(try place.run("help", verb) == help)
        // Wherever it stands, help is what was asked for.
        #expect(try place.run(verb, "--no-such-option", "--help").status != 3)
      }
      // No verb is hidden: what --help lists is what there is.
      let listed = general.output.split(separator: "\n").drop { $0 != "Commands:" }.dropFirst().prefix {
        $0 != "Options:"
      }
      let names = listed.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }.compactMap {
        $0.split(separator: " ").first
      }
      #expect(names.map(String.init) == Self.verbs)
      #expect(try place.require("--version").output == "imagegen 0.1.0\n")
    }
  }

  @Test func withoutWordsThereIsABriefHelp() throws {
    try Workplace.with { place in
      let bare = try place.run()
      #expect(bare.status == 2 && bare.output == "")
      let lines = bare.errors.split(separator: "\n", omittingEmptySubsequences: false)
      #expect((5...20).contains(lines.count))
      #expect(bare.errors.contains("imagegen build node01") && bare.errors.contains("--help"))
    }
  }

  // MARK: Streams and colours

  @Test func dataGoesToStdoutAndTalkToStderr() throws {
    try Workplace.with { place in
      let build = try place.require("build", "homer")
      #expect(build.output == "")
      #expect(build.errors.contains("built unibus/homer in out/unibus"))
      let quiet = try place.require("build", "homer", "--quiet")
      #expect(!quiet.errors.contains("built"))
      for words in [["schema"], ["man"], ["completions", "bash"], ["explain", "FL031"], ["diff", "homer"]] {
        let outcome = try place.run(words)
        #expect(outcome.status == 0 && !outcome.output.isEmpty, "\(words): \(outcome.errors)")
        #expect(outcome.errors == "", "\(words)")
      }
    }
  }

  @Test func coloursAreForTerminals() throws {
    try Workplace.with { place in
      try place.edit("profiles/unibus/nodes/homer.yaml", "141.94.69.66", "141.94.69.666")
      let escape: Character = "\u{1b}"
      for (words, environment, isColored) in [
        (["check"], [:], false), (["check", "--color", "always"], [:], true),
        (["check", "--color", "never"], [:], false),
        (["check"], ["NO_COLOR": "1"], false), (["check"], ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false),
      ] as [([String], [String: String], Bool)] {
        let outcome = try place.run(words, environment: environment)
        #expect(outcome.status == 1)
        #expect(outcome.errors.contains(escape) == isColored, "\(words) \(environment)")
      }
      // On a terminal there are colours, unless NO_COLOR is set.
      for (variable, isColored) in [("NO_COLOR=", true), ("NO_COLOR=1", false)] {
        let result = Outcome(
          try HostProgram.run(
            ["env", variable, "script", "-qec", "\(place.program) check", "/dev/null"],
            directory: place.folder))
        #expect(result.output.contains("error"))
        #expect(result.output.contains(escape) == isColored, "\(variable)")
      }
    }
  }

  // MARK: One JSON document

  @Test func jsonIsOneDocumentInEveryCase() throws {
    try Workplace.with { place in
      try HostFile.write(
        Array("[Service]\nType=simple\n".utf8), to: place.folder + "/a.service",
        mode: 0o644)
      try expectDocuments(
        place, status: 0, [["check"], ["build", "--all"], ["lint", "--node", "node01"], ["diff"]])
      try expectDocuments(
        place, status: 0, [["explain", "FL031", "GR001"], ["check", "--explain", "homer"]])
      try expectDocuments(place, status: 1, [["lint", "a.service"]])
      try expectDocuments(
        place, status: 1, [["build", "nowhere"], ["check", "node1"], ["diff", "nobody"]])
      try expectDocuments(
        place, status: 2,
        [["explain", "FL999"], ["lint", "--select", "QQ", "a.service"], ["build"], ["check", "--alll"]])
      try expectDocuments(place, status: 3, [["build", "--all", "--out", "a.service"]])
      try expectDocuments(place, status: 1, [["check", "--profiles", "nowhere"]])
      try place.edit("profiles/unibus/nodes/homer.yaml", "141.94.69.66", "203.0.113.10")
      try expectDocuments(
        place, status: 1,
        [["check"], ["build", "--all"], ["build", "homer"], ["lint", "--node", "homer"], ["diff"]])
    }
  }

  private func expectDocuments(_ place: Workplace, status: Int32, _ commands: [[String]]) throws {
    for words in commands {
      let outcome = try place.run(words + ["--format", "json"])
      #expect(outcome.status == status, "\(words): \(outcome.errors)")
      guard let json = try? outcome.json() else {
        Issue.record("\(words): no JSON: \(outcome.output.prefix(200)) | \(outcome.errors)")
        continue
      }
      #expect(json["version"]?.number == 1 && json["command"]?.text == words[0], "\(words)")
      let errors = json["diagnostics"]?.elements?.filter { $0["severity"]?.text == "error" } ?? []
      if status == 1 { #expect(!errors.isEmpty, "\(words)") }
      if json["diagnostics"] != nil { #expect(json["summary"]?["error"]?.number == errors.count, "\(words)") }
      #expect(outcome.errors == "", "\(words): what there is to say is in the document")
    }
  }
}

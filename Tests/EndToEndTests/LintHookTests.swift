import HostFiles
import JSONText
import Testing

/// What docs and hooks tell people to run, run.
@Suite struct LintHookTests {
  private func shell(_ script: String, _ place: Workplace, in folder: String) throws -> Outcome {
    let programs = place.program.split(separator: "/").dropLast().joined(separator: "/")
    return Outcome(
      try HostProgram.run(
        ["sh", "-e", "-c", script],
        environment: [
          "PATH": "/" + programs + ":" + (HostEnvironment.value("PATH") ?? ""), "HOME": place.folder,
          "LC_ALL": "C.UTF-8", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b",
          "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b", "ROOT": Checkout.root,
        ], directory: folder))
  }

  private func write(_ text: String, _ place: Workplace, _ path: String) throws {
    let parent = (place.folder + "/" + path).split(separator: "/").dropLast().joined(separator: "/")
    try HostFile.makeDirectories("/" + parent, mode: 0o755)
    try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
  }

  /// pre-commit itself, with a repository of hooks that has no more than the project's file of hooks.
  @Test func preCommitRunsTheHooks() throws {
    try Workplace.with { place in
      let good = "[Service]\nExecStart=/bin/true\nRestart=always\n[Install]\nWantedBy=multi-user.target\n"
      try write(good, place, "repo/units/a.service")
      try write("nothing\n", place, "repo/notes.txt")
      let prepared = try shell(
        """
        mkdir hooks && cp "$ROOT/.pre-commit-hooks.yaml" hooks/
        cd hooks && git init -q && git add -A && git commit -qm hooks && rev=$(git rev-parse HEAD)
        cd ../repo && git init -q
        printf 'repos:\\n- repo: %s\\n  rev: %s\\n  hooks: [{id: imagegen-lint}]\\n' "$PWD/../hooks" "$rev" \\
          > .pre-commit-config.yaml
        printf 'repos:\\n- repo: %s\\n  rev: %s\\n  hooks: [{id: imagegen-lint-fix}]\\n' "$PWD/../hooks" "$rev" \\
          > fix.yaml
        git add -A && git commit -qm start
        """, place, in: place.folder)
      #expect(prepared.status == 0, "\(prepared.errors)")
      let repository = place.folder + "/repo"
      let fine = try shell("pre-commit run --all-files", place, in: repository)
      #expect(fine.status == 0 && fine.output.contains("Passed"), "\(fine.output)\(fine.errors)")
      try write("[Service]\nType=simple\n", place, "repo/units/b.service")
      try write("[Service]\nRestart=no # for now\n", place, "repo/units/a.service.d/x.conf")
      let wrong = try shell("git add -A && pre-commit run --all-files", place, in: repository)
      #expect(
        wrong.status == 1 && wrong.output.contains("units/b.service:1:1: error[EX008]"), "\(wrong.output)")
      #expect(wrong.output.contains("units/a.service.d/x.conf:2:"))
      let fixed = try shell("pre-commit run -c fix.yaml --all-files", place, in: repository)
      #expect(
        fixed.status == 1 && fixed.output.contains("files were modified by this hook"), "\(fixed.output)")
      #expect(try place.text("repo/units/a.service.d/x.conf") == "[Service]\nRestart=no\n")
    }
  }

  /// Every command of the workflow, in its order, in a repository as it expects one.
  @Test func theWorkflowsCommandsRun() throws {
    try Workplace.with { place in
      try write("[Service]\nExecStart=/bin/true\nRestrat=always\n", place, "repo/units/a.service")
      let read = try HostProgram.run([
        "python3", "-c",
        """
        import sys, yaml
        workflow = yaml.safe_load(open(sys.argv[1]))
        steps = workflow["jobs"]["lint"]["steps"]
        assert all(("run" in step) != ("uses" in step) for step in steps)
        sys.stdout.write("\\0".join(step["run"] for step in steps if "run" in step))
        """, Checkout.root + "/docs/examples/lint-units.yml",
      ])
      let commands = String(decoding: read.output, as: UTF8.self).split(separator: "\0").map(String.init)
      #expect(read.status == 0 && commands.count == 2)
      let annotated = try shell(commands[0], place, in: place.folder + "/repo")
      #expect(annotated.status == 0 && annotated.output.contains("::warning file=units/a.service,line=3,"))
      let scanned = try shell(commands[1], place, in: place.folder + "/repo")
      #expect(scanned.status == 0)
      #expect(try place.json("repo/units.sarif")["version"]?.text == "2.1.0")
      try write("[Service]\nType=simple\n", place, "repo/units/a.service")
      #expect(try shell(commands[0], place, in: place.folder + "/repo").status == 1)
      #expect(try shell(commands[1], place, in: place.folder + "/repo").status == 0)
    }
  }

  /// The security report says what `systemd-analyze security` says of every service that systemd ships.
  @Test func exposureIsTheTools() throws {
    try Workplace.with { place in
      let stock = "/lib/systemd/system"
      try HostFile.makeDirectories(place.folder + "/s", mode: 0o755)
      var names: [String] = []
      for entry in try HostFile.list(stock) where entry.kind == .file && entry.name.hasSuffix(".service") {
        // The tool rates no templates.
        guard !entry.name.contains("@") else { continue }
        try place.copy(stock + "/" + entry.name, to: place.folder + "/s/" + entry.name)
        names.append(entry.name)
      }
      #expect(names.count > 40)
      // A drop-in, which both add to the unit.
      try write(
        "[Service]\\nPrivateNetwork=yes\\n".replacing("\\n", with: "\n"), place, "s/\(names[0]).d/x.conf")
      let ours = try #require(
        try place.run("lint", "--security", "--format", "json", "s").json()["security"]?.elements)
      let tool = try HostProgram.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager"]
          + names.map { place.folder + "/s/" + $0 },
        environment: ["PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "COLUMNS": "300"])
      var theirs: [String: String] = [:]
      for line in String(decoding: tool.output, as: UTF8.self).split(separator: "\n")
      where line.contains("Overall exposure level for ") {
        let words = line.split(separator: " ")
        guard let at = words.firstIndex(of: "for"), words.count > at + 3 else { continue }
        theirs[String(words[at + 1].dropLast())] = "\(words[at + 2]) \(words[at + 3])"
      }
      #expect(theirs.count == names.count)
      for item in ours {
        let name = item["unit"]?.text ?? ""
        let tenths = item["exposureTenths"]?.number ?? -1
        #expect("\(tenths / 10).\(tenths % 10) \(item["level"]?.text ?? "")" == theirs[name], "\(name)")
        let gains = (item["steps"]?.elements ?? []).compactMap { $0["gainHundredths"]?.number }
        #expect(gains == gains.sorted(by: >) && gains.allSatisfy { $0 > 0 })
      }
      let rated = ours.compactMap { $0["unit"]?.text }
      #expect(Set(names).subtracting(rated).isEmpty)
    }
  }
}

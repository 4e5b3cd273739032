import HostFiles
import JSONText
import Testing

/// `imagegen simulate` on folders as they lie about.
@Suite struct SimulateTests {
  private static let files = [
    "u/main.target": "[Unit]\nWants=a.service b.service\n",
    "u/a.service": "[Service]\nType=notify\nExecStart=/bin/a\n",
    "u/b.service":
      "[Unit]\nRequires=a.service\nAfter=a.service\n[Service]\nType=oneshot\nExecStart=/bin/b\n",
    "v/main.target": "[Unit]\nWants=a.service\n",
    "v/a.service": "[Service]\nType=notify\nExecStart=/bin/a\n",
    "times": "a.service 2s\nb.service 500ms\n",
    "wrong": "a.service 2s\nb.service soon\n",
    "kept": block("a.service", 10, 20) + block("b.service", 20, 30) + block("main.target", 30, 30),
    "turned": block("a.service", 10, 20) + block("b.service", 15, 30),
  ]

  private static func block(_ unit: String, _ start: Int, _ ready: Int) -> String {
    "Id=\(unit)\nInactiveExitTimestampMonotonic=\(start)\nActiveEnterTimestampMonotonic=\(ready)\n\n"
  }

  private func within(_ run: (Workplace) throws -> Void) throws {
    try Workplace.with { place in
      for folder in ["u", "v"] {
        try HostFile.makeDirectories(place.folder + "/" + folder, mode: 0o755)
      }
      for (path, text) in Self.files.sorted(by: { $0.key < $1.key }) {
        try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
      }
      try run(place)
    }
  }

  private let base = ["simulate", "u", "--closed", "--target", "main.target"]

  @Test func theDocumentIsTheContracts() throws {
    try within { place in
      // The strict reader takes no fractions: Python's does.
      let program = """
        import json, subprocess, sys
        run = subprocess.run(sys.argv[1:], capture_output=True, text=True)
        assert run.returncode == 0, run
        answer = json.loads(run.stdout)
        assert answer["version"] == 1 and answer["target"] == "main.target" and answer["mode"] == "replace"
        assert answer["systemdVersion"] == 252 and answer["cycles"] == [] and "truncated" not in answer
        [outcome] = answer["outcomes"]
        assert outcome["failed"] is False and outcome["deleted"] == []
        assert {"unit": "b.service", "type": "start"} in outcome["jobs"]
        assert ["a.service", "b.service"] in outcome["order"]
        unit = answer["units"]["b.service"]
        assert unit["load"] == "loaded" and unit["dependencies"]["After"]["a.service"] == "file"
        times = {entry["unit"]: (entry["start"], entry["ready"]) for entry in answer["timeline"]}
        assert times["a.service"] == (0.0, 2.0) and times["b.service"] == (2.0, 2.5), times
        assert answer["criticalChain"][-3:] == ["a.service", "b.service", "main.target"]
        """
      let words = base + ["--estimates", "times", "--format", "json"]
      let result = try HostProgram.run(
        ["env", "--chdir", place.folder, "python3", "-c", program, try BuiltProgram.path("imagegen")] + words)
      #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    }
  }

  @Test func questionsAreAnswered() throws {
    try within { place in
      for (words, status, said) in [
        ([], 0, "main.target is reached after 2.5 s"),
        (["--fail", "a"], 0, "stay down until somebody starts them: b.service"),
        (["--matrix"], 0, "1 a.service -- X"),
        (["--stop"], 0, "stop order"),
        (["--compare", "v"], 0, "- b.service/start"),
        (["--compare", "u"], 0, "u and u boot alike"),
        (["--recorded", "kept"], 0, " contradicted"),
        (["--recorded", "turned"], 1, "b.service started 0.1 ms before a.service was ready"),
        (["--format", "svg"], 0, "<title>Boot of u</title>"),
      ] as [([String], Int32, String)] {
        let outcome = try place.run(base + ["--estimates", "times"] + words)
        #expect(outcome.status == status, "\(words): \(outcome.errors)")
        #expect(outcome.output.contains(said), "\(words): \(outcome.output)")
      }
    }
  }

  @Test func mistakesAreNamed() throws {
    try within { place in
      for (words, status, said) in [
        (["--estimates", "wrong"], 1, "wrong:2: `soon` is no time span"),
        (["--estimates", "nowhere"], 2, "nowhere"), (["--fail", "c"], 2, "does not start c"),
        (["--target", "mian.target"], 2, "did you mean main.target?"),
        (["--systemd-version", "new"], 2, "--systemd-version needs a number"),
        (["--recorded", "u/a.service"], 1, "this is no line of `systemctl show`"),
      ] as [([String], Int32, String)] {
        let outcome = try place.run(["simulate", "u", "--closed"] + ["--target", "main.target"] + words)
        #expect(outcome.status == status, "\(words): \(outcome.errors)")
        #expect(outcome.errors.contains(said), "\(words): \(outcome.errors)")
      }
    }
  }
}

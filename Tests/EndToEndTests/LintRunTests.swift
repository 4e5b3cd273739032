import HostFiles
import JSONText
import Testing

/// `imagegen lint` on files and folders as they lie about.
@Suite struct LintRunTests {
  private static let files = [
    "u/a.service": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
    "u/a.service.d/x.conf": "[Service]\nRestrat=always\n",
    "u/b.service": "[Service]\nType=simple\n[Install]\nWantedBy=multi-user.target\n",
    "u/notes.txt": "not a unit\n",
  ]

  private func write(_ place: Workplace) throws {
    try HostFile.makeDirectories(place.folder + "/u/a.service.d", mode: 0o755)
    try HostFile.makeDirectories(place.folder + "/empty", mode: 0o755)
    for (path, text) in Self.files.sorted(by: { $0.key < $1.key }) {
      try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
    }
    // Too large for a unit, and none.
    try HostFile.write([UInt8](repeating: 0, count: 2 << 20), to: place.folder + "/u/image", mode: 0o644)
  }

  /// Codes and files of the findings.
  private func findings(_ outcome: Outcome) throws -> [String] {
    try #require(try outcome.json()["diagnostics"]?.elements).map { finding in
      "\(finding["code"]?.text ?? "") \(finding["file"]?.text ?? "")"
    }
  }

  @Test func whatIsAskedAboutIsReportedOn() throws {
    try Workplace.with { place in
      try write(place)
      let wrong = "EX008 u/b.service"
      let typo = "SY001 u/a.service.d/x.conf"
      for (paths, status, found) in [
        (["u"], 1, [typo, wrong]), (["u/a.service"], 0, [typo]), (["u/b.service"], 1, [wrong]),
        (["u/a.service.d/x.conf"], 0, [typo]), (["--select", "SY", "u"], 0, [typo]),
        (["--select", "SY", "--fail-on", "warning", "u"], 1, [typo]),
      ] as [([String], Int32, [String])] {
        let outcome = try place.run(["lint", "--format", "json"] + paths)
        #expect(outcome.status == status, "\(paths): \(outcome.output)")
        #expect(
          try findings(outcome).filter { !$0.hasPrefix("GR") && !$0.hasPrefix("SE") } == found, "\(paths)")
      }
    }
  }

  @Test func whatHasNoUnitsIsNotFine() throws {
    try Workplace.with { place in
      try write(place)
      for path in ["empty", "u/notes.txt", "nowhere", "u/nothing.service"] {
        let outcome = try place.run("lint", path)
        #expect(outcome.status == 2, "\(path)")
        #expect(outcome.errors.contains(path))
      }
    }
  }

  @Test func formsForOtherPrograms() throws {
    try Workplace.with { place in
      try write(place)
      let sarif = try place.run("lint", "u", "--format", "sarif")
      #expect(try sarif.json()["version"]?.text == "2.1.0")
      #expect(try sarif.json()["runs"]?.elements?.first?["results"]?.elements?.isEmpty == false)
      let github = try place.run("lint", "u", "--format", "github").output
      #expect(github.contains("::error file=u/b.service,line=1"), "\(github)")
      let junit = try place.run("lint", "u", "--format", "junit")
      let parse =
        "import sys, xml.dom.minidom as d; print(len(d.parse(sys.stdin).getElementsByTagName('failure')))"
      let count = try HostProgram.run(["python3", "-c", parse], input: Array(junit.output.utf8))
      #expect(count.status == 0 && Int(String(decoding: count.output, as: UTF8.self).dropLast()) ?? 0 > 0)
    }
  }
}

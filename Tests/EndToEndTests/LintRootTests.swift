import HostFiles
import JSONText
import Testing

/// `imagegen lint --root`: what is said of programs, accounts, modes and paths of a tree.
@Suite struct LintRootTests {
  /// The tree: path, mode and text; a text that starts with `->` is a link.
  private static let tree: [(path: String, mode: UInt16, text: String)] = [
    ("etc/passwd", 0o644, "root:x:0:0:root:/root:/bin/sh\napp:x:100:100::/:/bin/false\n"),
    ("etc/group", 0o644, "root:x:0:\napp:x:100:\n"),
    ("usr/lib/sysusers.d/made.conf", 0o644, "u made - \"made at boot\"\n"),
    ("usr/lib/tmpfiles.d/made.conf", 0o644, "d /srv/made 0755 root root -\n"),
    ("usr/bin/server", 0o755, "\u{7f}ELF"), ("usr/bin/plain", 0o644, "text\n"),
    ("usr/bin/open", 0o777, "\u{7f}ELF"),
    ("usr/bin/script", 0o755, "#!/usr/bin/server -x\n"), ("usr/bin/lonely", 0o755, "#!/usr/bin/gone\n"),
    ("bin", 0, "->usr/bin"), ("usr/bin/outward", 0, "->../../../../../../usr/bin/server"),
    ("usr/bin/absolute", 0, "->/usr/bin/server"), ("usr/bin/astray", 0, "->/usr/bin/nothing-there"),
    ("usr/bin/round", 0, "->round"), ("srv/all/tool", 0o755, "\u{7f}ELF"),
    ("etc/app.env", 0o644, "export A=1\nPORT=80\nAPP_TOKEN=abc\n"),
  ]

  private func make(_ place: Workplace, _ units: [String: String]) throws {
    let root = place.folder + "/root/"
    for (path, mode, text) in Self.tree {
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try HostFile.makeDirectories(root + parent, mode: 0o755)
      if text.hasPrefix("->") {
        try HostFile.link(root + path, to: String(text.dropFirst(2)))
      } else {
        try HostFile.write(Array(text.utf8), to: root + path, mode: mode)
      }
    }
    try HostFile.setMode(0o777, of: root + "srv/all")
    try HostFile.makeDirectories(root + "etc/systemd/system", mode: 0o755)
    for (name, text) in units.sorted(by: { $0.key < $1.key }) {
      let unit = "[Service]\n\(text)\n[Install]\nWantedBy=multi-user.target\n"
      try HostFile.write(Array(unit.utf8), to: root + "etc/systemd/system/\(name).service", mode: 0o644)
    }
  }

  /// Unit and code of the findings of the rules that look at the tree.
  private func findings(_ place: Workplace) throws -> [String] {
    let codes = ["EX001", "EX002", "EX003", "EN001", "EN008", "SE004", "SE005", "SE006", "SE007", "SE010"]
    let select = codes.flatMap { ["--select", $0] }
    let outcome = try place.run(["lint", "--format", "json", "--root", "root"] + select)
    return try #require(outcome.json()["diagnostics"]?.elements).map { finding in
      let file = finding["file"]?.text ?? ""
      return "\(file.split(separator: "/").last ?? "") \(finding["code"]?.text ?? "")"
    }.sorted()
  }

  @Test func whatIsWrongInATreeIsFound() throws {
    let wrong = [
      "gone": ("ExecStart=/usr/bin/gone", "EX001"), "gone-bare": ("ExecStart=gone-everywhere", "EX001"),
      "astray": ("ExecStart=/usr/bin/astray", "EX001"), "plain": ("ExecStart=/bin/plain", "EX002"),
      "folder": ("ExecStart=/usr/bin", "EX002"), "lonely": ("ExecStart=lonely", "EX003"),
      "no-env": ("EnvironmentFile=/etc/none.env\nExecStart=server", "EN001"),
      "open": ("ExecStart=/bin/open", "SE006"), "all": ("ExecStart=/srv/all/tool", "SE006"),
      "user": ("User=ghost\nExecStart=/usr/bin/server", "SE007"),
      "group": ("SupplementaryGroups=ghosts\nExecStart=/usr/bin/server", "SE007"),
      "paths": ("ReadWritePaths=/srv/none\nExecStart=/usr/bin/server", "SE010"),
    ]
    try Workplace.with { place in
      try make(place, wrong.mapValues(\.0))
      #expect(try findings(place) == wrong.map { "\($0).service \($1.1)" }.sorted())
    }
  }

  @Test func whatIsRightInATreeIsNot() throws {
    let right = [
      "server": "ExecStart=/usr/bin/server", "merged": "ExecStart=/bin/server", "bare": "ExecStart=server",
      "outward": "ExecStart=/usr/bin/outward", "absolute": "ExecStart=/bin/absolute",
      "round": "ExecStart=/usr/bin/round",
      "script": "ExecStart=/usr/bin/script", "optional": "ExecStart=-/usr/bin/gone",
      "user": "User=app\nGroup=made\nExecStart=server",
      "made": "User=made\nReadWritePaths=/srv/made\nExecStart=server",
      "state": "StateDirectory=x/y\nReadWritePaths=/var/lib/x\nExecStart=server",
      "other-state": "ReadWritePaths=/var/lib/x/y -/srv/none\nExecStart=server",
      "image": "RootImage=/srv/x.raw\nExecStart=/usr/bin/gone",
    ]
    try Workplace.with { place in
      try make(place, right)
      #expect(try findings(place) == [])
    }
  }

  @Test func filesOfVariablesAndUnitsAreLookedAt() throws {
    try Workplace.with { place in
      try make(place, ["env": "EnvironmentFile=/etc/app.env\nExecStart=server", "wide": "ExecStart=server"])
      try HostFile.setMode(0o666, of: place.folder + "/root/etc/systemd/system/wide.service")
      #expect(try findings(place) == ["env.service EN008", "env.service SE004", "wide.service SE005"])
    }
  }

  /// Without a tree nobody says anything of files.
  @Test func withoutARootFilesAreNotMissed() throws {
    try Workplace.with { place in
      try make(
        place,
        [
          "gone":
            "User=ghost\nExecStart=/usr/bin/gone\nReadWritePaths=-/srv/none /srv/no\nEnvironmentFile=/no"
        ])
      let outcome = try place.run(
        "lint", "--format", "json", "--select", "EX", "--select", "SE007", "root/etc/systemd/system")
      #expect(try outcome.json()["diagnostics"]?.elements?.isEmpty == true)
    }
  }
}

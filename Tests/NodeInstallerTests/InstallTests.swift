import Bundles
import Digests
import HostFiles
import JSONText
import NodeCalls
import Testing

@testable import NodeInstaller

/// What the installer does when nothing goes wrong, and when the node is not fit.
@Suite struct InstallTests {
  @Test func aReleaseIsInstalledUpgradedAndTakenBack() throws {
    try Demo.with { demo in
      let releases = try demo.releases()
      #expect(demo.run("verify", releases[0]).status == 0)
      let checked = demo.run("check", releases[0], "--secrets", demo.secrets)
      #expect(checked.status == 0, "\(checked.errors)")
      let calls = LabCalls()
      let installed = demo.run("install", releases[0], "--secrets", demo.secrets, calls: calls)
      try #require(installed.status == 0, "\(installed.errors)")
      #expect(
        calls.programs == [
          ["systemctl", "--root=\(demo.root)", "daemon-reload"],
          ["systemctl", "--root=\(demo.root)", "restart", "demo.service"],
          ["systemctl", "is-active", "demo.service"],
          // Once more: it lives on.
          ["systemctl", "is-active", "demo.service"],
        ])
      let content = try content(demo, "opt/demo/data/4")
      #expect(content == Array(String(repeating: "4 ", count: 1200).utf8))
      #expect(try self.content(demo, "opt/demo/secrets/key") == Demo.secret)
      #expect(demo.run("attest").status == 0)
      try nothingIsWritten(demo) {
        #expect(demo.run("install", releases[0], "--secrets", demo.secrets).status == 0)
      }
      let plan = demo.run("plan", releases[1])
      #expect(plan.output.contains("add /opt/demo/more/deep/new\n"))
      #expect(plan.output.contains("remove /opt/demo/data/0\n"))
      #expect(plan.output.contains("change /opt/demo/demo.env\n"))
      // Without --secrets the active release's are kept.
      let upgraded = demo.run("install", releases[1])
      try #require(upgraded.status == 0, "\(upgraded.errors)")
      #expect(try self.content(demo, "opt/demo/secrets/key") == Demo.secret)
      #expect(try HostFile.status(demo.root + "/opt/demo/data/0") == nil)
      #expect(demo.run("install", releases[0]).status == 16)
      #expect(demo.run("rollback").status == 0)
      #expect(demo.run("attest").status == 0)
      #expect(demo.run("status", "--json").output.contains("\"sequence\":1,"))
      #expect(try self.content(demo, "opt/demo/demo.env") == Array("PORT=8010\n".utf8))
      #expect(demo.run("install", releases[1]).status == 0)
    }
  }

  @Test func foldersThatServicesWriteToAreMadeBeforeTheyStart() throws {
    try Demo.with { demo in
      var draft = Demo.draft(1)
      draft.add("etc/tmpfiles.d/demo.conf", "d /opt/demo/state 0750 root root -\n")
      let bundle = try demo.write(draft.bytes(demo.signer), "with-state")
      let calls = LabCalls()
      let installed = demo.run("install", bundle, "--secrets", demo.secrets, calls: calls)
      try #require(installed.status == 0, "\(installed.errors)")
      let made = calls.programs.firstIndex {
        $0 == ["systemd-tmpfiles", "--create", "--root=\(demo.root)", "/etc/tmpfiles.d/demo.conf"]
      }
      let started = calls.programs.firstIndex { $0.contains("restart") }
      #expect(try #require(made) < #require(started))
    }
  }

  @Test func aReleaseThatLivesForAMomentIsTakenBack() throws {
    try Demo.with { demo in
      let releases = try demo.releases()
      #expect(demo.run("install", releases[0], "--secrets", demo.secrets).status == 0)
      let calls = LabCalls()
      var asked = 0
      calls.answer = { words in
        guard words.contains("is-active") else { return NodeRun(status: 0, output: []) }
        asked += 1
        return asked == 2
          ? NodeRun(status: 3, output: Array("failed\n".utf8))
          : NodeRun(status: 0, output: Array("active\n".utf8))
      }
      #expect(demo.run("install", releases[1], calls: calls).status == 40)
    }
  }

  @Test func oneInstallerIsAtWork() throws {
    try Demo.with { demo in
      let release = try demo.releases()[0]
      let calls = LabCalls()
      calls.isBusy = true
      #expect(
        demo.run("install", release, "--secrets", demo.secrets, "--no-start", calls: calls).status == 32)
      #expect(demo.run("attest").status == 29)
    }
  }

  @Test func whatOnlyLooksWritesNothing() throws {
    try Demo.with { demo in
      let release = try demo.releases()[0]
      try nothingIsWritten(demo) {
        for verb in ["verify", "check", "plan"] { _ = demo.run(verb, release, "--secrets", demo.secrets) }
        for verb in ["status", "attest"] { _ = demo.run(verb) }
      }
    }
  }

  @Test func aReleaseThatDoesNotLiveIsTakenBack() throws {
    try Demo.with { demo in
      let releases = try demo.releases()
      #expect(demo.run("install", releases[0], "--secrets", demo.secrets).status == 0)
      let before = try Demo.snapshot(demo.root)
      let calls = LabCalls()
      var asked = 0
      calls.answer = { words in
        guard words.contains("is-active") else { return NodeRun(status: 0, output: []) }
        asked += 1
        return asked == 1
          ? NodeRun(status: 3, output: Array("failed\n".utf8))
          : NodeRun(status: 0, output: Array("active\n".utf8))
      }
      #expect(demo.run("install", releases[1], calls: calls).status == 40)
      #expect(try Demo.snapshot(demo.root) == before)
      let deaf = LabCalls()
      deaf.answer = { _ in NodeRun(status: 1, output: []) }
      #expect(demo.run("install", releases[1], calls: deaf).status == 41)
      #expect(try Demo.snapshot(demo.root) == before)
    }
  }

  @Test func handEditsAreFound() throws {
    try Demo.with { demo in
      let releases = try demo.releases()
      #expect(demo.run("install", releases[0], "--secrets", demo.secrets, "--no-start").status == 0)
      let link = demo.root + "/opt/demo/demo.env"
      try #require(try HostProgram.run(["rm", link]).status == 0)
      try HostFile.write(Array("PORT=1\n".utf8), to: link, mode: 0o644)
      let attested = demo.run("attest")
      #expect(attested.status == 29 && attested.errors.contains("[ND041]: /opt/demo/demo.env: not the link"))
      #expect(demo.run("install", releases[1], "--no-start").status == 29)
      let skipped = demo.run(
        "install", releases[1], "--no-start", "--skip", "ND041")
      #expect(skipped.status == 50, "\(skipped.errors)")
      #expect(demo.run("attest").status == 0)
      #expect(
        try HostFile.read(link + ".before-imagegen", limit: 100) == Array("PORT=1\n".utf8))
    }
  }

  /// One change to the node or to the bundle, the rule that sees it, and the exit status.
  static let unfit: [(String, Int32, @Sendable (Demo, inout BundleDraft) throws -> Void)] = [
    ("ND005", 20, { demo, _ in try put(demo, "etc/hostname", "homer\n") }),
    ("ND005", 20, { demo, _ in try put(demo, "etc/imagegen/node", "other/magnus\n") }),
    ("ND006", 20, { _, draft in draft.manifest.target.architecture = "aarch64" }),
    ("ND007", 20, { demo, _ in try put(demo, "etc/os-release", "ID=debian\nVERSION_ID=11\n") }),
    ("ND008", 21, { _, draft in draft.add("opt/demo/x", "#!/usr/bin/none\n", .program, mode: 0o755) }),
    (
      "ND008", 21,
      { _, draft in draft.add("opt/demo/x", "\u{7F}ELF and nothing more", .program, mode: 0o755) }
    ),
    ("ND012", 22, { _, draft in draft.manifest.commands = ["curl"] }),
    ("ND013", 22, { _, draft in draft.manifest.users = [BundleManifest.User(name: "ghost", isMade: false)] }),
    ("ND013", 22, { _, draft in draft.manifest.files[3].owner = "ghost" }),
    (
      "ND015", 23,
      { _, draft in draft.manifest.spaces = [BundleManifest.Space(path: "var/lib/demo", bytes: 1 << 60)] }
    ),
    ("ND020", 25, { _, draft in addUnit("-x.service", "", &draft) }),
    ("ND021", 25, { _, draft in addUnit("x.service", "Requires=gone.service\n", &draft) }),
    ("ND022", 25, { _, draft in addUnit("ssh.service", "", &draft) }),
    ("ND022", 25, { _, draft in addUnit("ssh.service.d/x.conf", "", &draft) }),
    (
      "ND023", 25,
      { demo, draft in
        addUnit("x.service", "", &draft)
        try HostFile.link(demo.root + "/etc/systemd/system/x.service", to: "/dev/null")
      }
    ),
    ("ND024", 25, { _, draft in addUnit("x.service", "ExecStart=/opt/demo/none\n", &draft) }),
    ("ND024", 25, { _, draft in addUnit("x.service", "ExecStart=/tmp/sh\n", &draft) }),
    ("ND025", 25, { _, draft in addUnit("x.service", "EnvironmentFile=/etc/none\n", &draft) }),
    ("ND026", 25, { _, draft in addUnit("x.service", "ExecStart=/bin/sh ${NOWHERE}\n", &draft) }),
    ("ND027", 25, { _, draft in addUnit("x.service", "User=ghost\n", &draft) }),
    ("ND028", 25, { _, draft in addUnit("x.service", "Environment=LD_PRELOAD=/opt/demo/x.so\n", &draft) }),
    ("ND029", 26, { _, draft in draft.manifest.secrets[0].fingerprint = .zero }),
    (
      "ND040", 29,
      { demo, draft in
        draft.add("opt/foreign", "x")
        try put(demo, "opt/foreign", "mine\n")
      }
    ),
    ("ND042", 12, { _, draft in draft.add("etc/imagegen/current", "x") }),
    ("ND043", 29, { _, draft in draft.add("opt/demo/e.env", "IP=<MAGNUS_PUBLIC_IP>\n", .environment) }),
    ("ND043", 29, { demo, _ in try HostFile.removeTree(demo.secrets + "/opt/demo/secrets/key") }),
  ]

  @Test(arguments: unfit.indices)
  func aNodeThatIsNotFitIsToldWhy(index: Int) throws {
    let (rule, status, spoil) = Self.unfit[index]
    try Demo.with { demo in
      var draft = Demo.draft(1)
      try spoil(demo, &draft)
      let bundle = try demo.write(draft.bytes(demo.signer), "spoilt")
      try nothingIsWritten(demo) {
        let outcome = demo.run("check", bundle, "--secrets", demo.secrets)
        #expect(outcome.status == status, "\(rule): \(outcome.errors)")
        #expect(outcome.errors.contains("refused[\(rule)]"), "\(rule): \(outcome.errors)")
      }
    }
  }

  @Test(arguments: [
    [], ["fly"], ["verify"], ["install", "a", "b"], ["status", "--wings"], ["status", "--json=1"],
    ["check", "x", "--skip", "ND001"], ["check", "x", "--allow-downgrade", "-1"], ["--root"],
  ]) func wrongLinesAreTwo(words: [String]) {
    var said: [UInt8] = []
    #expect(InstallerProgram.run(words, calls: LabCalls()) { bytes, _ in said += bytes } == 2)
    #expect(!said.isEmpty)
  }

  @Test func linesOfALogAreJSON() throws {
    try Demo.with { demo in
      let outcome = demo.run("verify", demo.folder + "/no\u{1B}ne", "--json")
      #expect(outcome.status == 10)
      let value = try JSONReader.parse(Array(outcome.errors.utf8.dropLast()))
      #expect(value["level"]?.text == "ERROR" && value["operation"]?.text == "verify")
      #expect(value["timestamp"]?.text == "2027-01-15T08:00:00Z")
      #expect(value["message"]?.text?.contains("no?ne") == true)
    }
  }

  @Test(arguments: [
    ("root:x:0:0::/:/bin/sh\na:x:7:8::/:/x\n", "a:x:9:\n", "a", 7, 9),
    ("a:x:7:8::/:/x\na:x:1:1::/:/x\n", "", "a", 7, 8), ("a:x:7:8::/:/x", "#a:x:1:\n", "a", 7, 8),
    ("a:x:-7:8::/:/x\n", "", "a", -1, -1), ("a:x:7:8::/\n", "", "a", -1, -1), ("", "", "root", 0, 0),
  ]) func accountsAreRead(passwd: String, group: String, name: String, user: Int, number: Int) {
    let owner = Accounts(passwd: Array(passwd.utf8), group: Array(group.utf8)).owner(name)
    #expect(owner.map { Int($0.user) } ?? -1 == user && owner.map { Int($0.group) } ?? -1 == number)
  }

  private static func put(_ demo: Demo, _ path: String, _ text: String) throws {
    _ = try HostProgram.run(["rm", "-f", demo.root + "/" + path])
    try HostFile.write(Array(text.utf8), to: demo.root + "/" + path, mode: 0o644)
  }

  private static func addUnit(_ name: String, _ text: String, _ draft: inout BundleDraft) {
    draft.add("etc/systemd/system/" + name, "[Service]\n" + text, .unit)
  }

  private func nothingIsWritten(_ demo: Demo, _ body: () throws -> Void) throws {
    let before = try Demo.snapshot(demo.root)
    try body()
    #expect(try Demo.snapshot(demo.root) == before)
  }

  /// A file as the node sees it: links begin at its root.
  private func content(_ demo: Demo, _ path: String) throws -> [UInt8] {
    let calls = LinuxCalls()
    let root = calls.openNamed(demo.root, isFolder: true)
    defer { _ = calls.close(root) }
    let tree = NodeTree(calls: calls, root: root)
    let resolved = try #require(try tree.resolved(path))
    return try #require(try tree.read(resolved, limit: 1 << 20))
  }
}

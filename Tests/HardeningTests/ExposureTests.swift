import Diagnostics
import FleetModel
import Hardening
import SeededRandom
import SystemdUnits
import Testing

@Suite struct ExposureTests {
  @Test(arguments: Hardening.presets.map(\.name))
  func presetsScoreWhatSystemdSays(name: String) throws {
    let preset = try #require(Hardening.preset(named: name))
    let accounts = [[("DynamicUser", "yes")], [("User", "daemon")], []]
    let units = accounts.enumerated().map { index, account in
      unit("account-\(index)", account + Hardening.directives(of: preset).map { ($0.key, $0.value) })
    }
    let verdicts = try SecurityTool.verdicts(on: units)
    #expect(verdicts == units.map(ours))
  }

  /// What the default promises: a score that CI can hold every service to.
  @Test func theDefaultIsBelowTwo() throws {
    for identity in [
      Identity.dynamic(.standard("t")),
      .account(Sourced(try #require(AccountName("unibus")), .standard("t"))),
    ] {
      let checked = Hardening.directives(
        for: Sandbox(preset: Sourced(Hardening.defaultPreset.name, .standard("t")), exceptions: []),
        identity: identity, ports: [])
      let account = if case .dynamic = identity { ("DynamicUser", "yes") } else { ("User", "unibus") }
      let directives = try #require(checked.value)
      let file = unit("daemon", [account] + directives.map { ($0.key, $0.value) })
      #expect(try SecurityTool.verdicts(on: [file])[0].tenths <= 20)
      #expect(Exposure.score(of: file).tenths <= 20)
    }
  }

  @Test func firstBootStepsAsRootAreBelowTwo() throws {
    let file = unit(
      "step",
      [("User", "root")] + Hardening.directives(of: Hardening.firstBootPreset).map { ($0.key, $0.value) })
    #expect(try SecurityTool.verdicts(on: [file])[0].tenths <= 20)
  }

  /// Random subsets of random values: the sum, and every row's share of it, are the tool's.
  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
  func randomUnitsScoreWhatSystemdSays(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let units = (0..<50).map { unit("random-\($0)", Self.randomDirectives(&random), &random) }
    let verdicts = try SecurityTool.verdicts(on: units)
    try #require(verdicts.count == units.count)
    for (unit, verdict) in zip(units, verdicts) {
      #expect(ours(unit) == verdict, "seed \(seed): \(unit.text)")
    }
  }

  private func ours(_ unit: UnitFile) -> SecurityTool.Verdict {
    let report = Exposure.score(of: unit)
    return SecurityTool.Verdict(
      tenths: report.tenths, rows: report.rows.map(report.tenths(of:)).filter { $0 > 0 }.sorted())
  }

  private func unit(_ name: String, _ directives: [(String, String)]) -> UnitFile {
    let lines = [("ExecStart", "/bin/true")] + directives
    return UnitFile(
      name: name + ".service",
      sections: [UnitFile.Section("Service", lines.map { UnitFile.Directive($0.0, $0.1, .standard("t")) })])
  }

  private func unit(_ name: String, _ directives: [(String, String)], _ random: inout SeededGenerator)
    -> UnitFile
  {
    var file = unit(name, directives)
    if random.next() % 8 == 0 {
      file.sections.insert(
        UnitFile.Section("Unit", [UnitFile.Directive("DefaultDependencies", "no", .standard("t"))]), at: 0)
    }
    return file
  }

  private static func randomDirectives(_ random: inout SeededGenerator) -> [(String, String)] {
    var lines: [(String, String)] = []
    for (key, values) in pool where random.next() % 2 == 0 {
      for _ in 0...(random.next() % 4 == 0 ? 1 : 0) {
        lines.append((key, values[Int(random.next() % UInt64(values.count))]))
      }
    }
    return lines
  }

  private static let booleans = [
    "DynamicUser", "LockPersonality", "MemoryDenyWriteExecute", "NoNewPrivileges", "PrivateDevices",
    "PrivateMounts", "PrivateNetwork", "PrivateTmp", "PrivateUsers", "ProtectClock",
    "ProtectControlGroups", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules",
    "ProtectKernelTunables", "RemoveIPC", "RestrictRealtime", "RestrictSUIDSGID",
  ]

  private static let pool: [(String, [String])] =
    booleans.map { ($0, ["yes", "no", "on", "true", "0"]) } + [
      ("User", ["root", "0", "daemon", "nobody", "1000"]),
      ("SupplementaryGroups", ["kvm", "kvm disk", ""]),
      (
        "CapabilityBoundingSet",
        [
          "", "CAP_NET_ADMIN", "~CAP_SYS_ADMIN CAP_KILL", "CAP_CHOWN CAP_SETUID CAP_SYSLOG", "~",
          "~CAP_DAC_OVERRIDE CAP_FOWNER CAP_IPC_OWNER CAP_DAC_READ_SEARCH",
          "CAP_AUDIT_READ CAP_MAC_ADMIN CAP_BPF",
        ]
      ),
      ("AmbientCapabilities", ["", "CAP_NET_BIND_SERVICE", "CAP_KILL CAP_NET_RAW"]),
      ("ProtectHome", ["yes", "no", "read-only", "tmpfs"]),
      ("ProtectSystem", ["yes", "no", "full", "strict"]),
      ("ProtectProc", ["invisible", "noaccess", "ptraceable", "default"]),
      ("ProcSubset", ["pid", "all"]),
      ("UMask", ["0022", "0077", "0027", "0007", "0000", "0066"]),
      ("KeyringMode", ["inherit", "private", "shared"]),
      ("NotifyAccess", ["all", "main", "exec", "none"]),
      ("Delegate", ["yes", "no", "cpu memory"]),
      ("DevicePolicy", ["auto", "closed", "strict"]),
      ("DeviceAllow", ["/dev/kvm rw", "/dev/null rw", "block-* rw", ""]),
      ("IPAddressDeny", ["any", "10.0.0.0/8", "", "0.0.0.0/0", "::/0 0.0.0.0/0"]),
      ("IPAddressAllow", ["localhost", "10.0.0.0/8", "", "127.0.0.1", "::1", "link-local"]),
      ("RootDirectory", ["/srv/root", "/"]),
      ("RestrictNamespaces", ["yes", "no", "user net", "~user", "~pid mnt ipc", "cgroup"]),
      (
        "RestrictAddressFamilies",
        [
          "AF_INET AF_INET6", "AF_UNIX", "~AF_PACKET", "none", "AF_VSOCK", "~AF_VSOCK AF_NETLINK", "",
          "AF_LOCAL AF_ROUTE", "~AF_FILE",
        ]
      ),
      ("SystemCallArchitectures", ["native", "x86-64 x86", ""]),
      (
        "SystemCallFilter",
        [
          "@system-service", "~@privileged @resources", "~@clock", "@mount @swap",
          "~@debug @obsolete @cpu-emulation", "reboot", "~mount:EPERM", "", "@basic-io @file-system",
        ]
      ),
    ]
}

import Diagnostics
import FleetModel
import NodeUnits
import SystemdUnits
import Testing

@Suite struct FirstBootUnitTests {
  private func units(_ node: Node) throws -> [String: UnitFile] {
    let checked = NodeUnits.units(for: node)
    #expect(checked.report.diagnostics.isEmpty)
    return Dictionary(
      (checked.value ?? []).map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func core(_ mode: ClusterMode, firstBoot: Bool = true) throws -> [String: UnitFile] {
    var fixture = Fixture()
    return try units(try fixture.node(try fixture.core(), mode: mode, firstBoot: firstBoot))
  }

  private func values(_ key: String, _ unit: UnitFile?, in section: String = "Unit") -> [String] {
    unit?.values(key, in: section).filter { $0 != "network-online.target" } ?? []
  }

  /// The chain as the seeds draw it.
  @Test(arguments: ClusterMode.allCases)
  func theChainOfTheSeeds(mode: ClusterMode) throws {
    let units = try core(mode)
    #expect(
      units.keys.sorted() == [
        "chainfire-cluster-join.service", "chainfire.service", "cluster-health-check.service",
        "flaredb-cluster-join.service", "flaredb.service", "iam-initial-setup.service", "iam.service",
      ])
    let required: [(String, [String])] = [
      ("chainfire.service", []), ("chainfire-cluster-join.service", ["chainfire.service"]),
      ("flaredb.service", ["chainfire.service", "chainfire-cluster-join.service"]),
      ("flaredb-cluster-join.service", ["flaredb.service", "chainfire-cluster-join.service"]),
      ("iam.service", ["flaredb.service", "flaredb-cluster-join.service"]),
      ("iam-initial-setup.service", ["iam.service", "flaredb-cluster-join.service"]),
    ]
    for (name, needed) in required {
      #expect(values("Requires", units[name]) == needed, "\(name)")
      #expect(values("After", units[name]) == needed, "\(name)")
    }
    let health = units["cluster-health-check.service"]
    #expect(values("Requires", health).isEmpty)
    for name in required.map(\.0) { #expect(values("After", health).contains(name)) }
  }

  /// What requires a unit is started along with it: see the decision on dependants.
  @Test func requirementsPullWhatRequiresThem() throws {
    let units = try core(.join)
    #expect(
      values("Wants", units["chainfire.service"]) == ["chainfire-cluster-join.service", "flaredb.service"])
    #expect(
      values("Wants", units["chainfire-cluster-join.service"]) == [
        "flaredb.service", "flaredb-cluster-join.service",
      ])
    #expect(values("Wants", units["iam.service"]) == ["iam-initial-setup.service"])
  }

  @Test func aStepRunsOnceAndHasLimits() throws {
    let joining = try core(.join)["chainfire-cluster-join.service"]
    #expect(
      values("ConditionPathExists", joining) == [
        "!/var/lib/first-boot-automation/.chainfire-joined",
        "!/var/lib/first-boot-automation/.chainfire-initialized",
      ])
    let service: [(String, [String])] = [
      ("Type", ["oneshot"]), ("RemainAfterExit", ["yes"]),
      ("ExecStart", ["/usr/bin/imagegen-install join chainfire"]), ("User", ["root"]),
      ("CapabilityBoundingSet", [""]), ("StateDirectory", ["first-boot-automation"]),
      ("LoadCredential", ["cluster-config:/etc/nixos/secrets/cluster-config.json"]),
      ("Restart", ["on-failure"]), ("RestartSec", ["10s"]), ("RestartPreventExitStatus", ["3"]),
      ("SuccessExitStatus", ["2"]),
      // 120 s of health, 1 + 2 + 4 + 8 s of pauses, 5 requests of 10 s, 30 s of slack.
      ("TimeoutStartSec", ["215s"]),
    ]
    for (key, expected) in service { #expect(values(key, joining, in: "Service") == expected, "\(key)") }
    // 60 tries of 215 s and pauses of 10 s, each counted twice: the limit can be reached.
    #expect(values("StartLimitIntervalSec", joining) == ["13500s"])
    #expect(values("StartLimitBurst", joining) == ["120"])
  }

  @Test func theFirstMembersBootstrap() throws {
    let units = try core(.bootstrap)
    let unit = units["flaredb-cluster-join.service"]
    #expect(values("ExecStart", unit, in: "Service") == ["/usr/bin/imagegen-install bootstrap flaredb"])
    #expect(
      values("ConditionPathExists", unit).first == "!/var/lib/first-boot-automation/.flaredb-initialized")
    #expect(values("TimeoutStartSec", unit, in: "Service") == ["150s"])
    let setup = units["iam-initial-setup.service"]
    #expect(values("ExecStart", setup, in: "Service") == ["/usr/bin/imagegen-install setup iam"])
    #expect(values("ConditionPathExists", setup) == ["!/var/lib/first-boot-automation/.iam-initialized"])
    #expect(values("SuccessExitStatus", setup, in: "Service").isEmpty)
    let health = units["cluster-health-check.service"]
    #expect(values("ExecStart", health, in: "Service") == ["/usr/bin/imagegen-install cluster-health"])
    #expect(values("RemainAfterExit", health, in: "Service").isEmpty)
    #expect(values("ConditionPathExists", health).isEmpty)
    #expect(values("TimeoutStartSec", health, in: "Service") == ["330s"])
  }

  /// etcd wants to be told of a member before that starts; the first members have nobody to tell.
  @Test func joiningBeforeTheStart() throws {
    var fixture = Fixture()
    var services = try fixture.core()
    services[0].join = try fixture.join("chainfire", .beforeStart)
    let joining = try units(try fixture.node(services, mode: .join))
    #expect(values("Requires", joining["chainfire-cluster-join.service"]).isEmpty)
    #expect(values("Requires", joining["chainfire.service"]) == ["chainfire-cluster-join.service"])
    #expect(values("After", joining["chainfire.service"]) == ["chainfire-cluster-join.service"])
    #expect(values("TimeoutStartSec", joining["chainfire-cluster-join.service"], in: "Service") == ["95s"])
    let first = try units(try fixture.node(services, mode: .bootstrap))
    #expect(values("Requires", first["chainfire-cluster-join.service"]) == ["chainfire.service"])
    #expect(values("Requires", first["chainfire.service"]).isEmpty)
  }

  @Test func withoutFirstBootJoinedMeansStarted() throws {
    let units = try core(.join, firstBoot: false)
    #expect(units.keys.sorted() == ["chainfire.service", "flaredb.service", "iam.service"])
    #expect(values("Requires", units["flaredb.service"]) == ["chainfire.service"])
  }

  /// Circles among profiles are a finding of others; here they must only come to an end.
  @Test func circlesComeToAnEnd() throws {
    var fixture = Fixture()
    var services = try fixture.core()
    services[0].dependencies = [try fixture.needs("iam", .requires, .joined)]
    services[1].join = nil
    #expect(try units(try fixture.node(services)).count == 6)
  }

  @Test func absurdTimesDoNotOverflow() throws {
    var fixture = Fixture()
    var services = try fixture.core()
    services[0].join?.healthTimeout.value = TimeSpan(milliseconds: .max)
    services[0].join?.retry.attempts.value = 1_000_000
    let unit = try units(try fixture.node(services))["chainfire-cluster-join.service"]
    #expect(values("TimeoutStartSec", unit, in: "Service") == ["604800s"])
  }

  @Test func theStateDirectoryMayBeAPath() throws {
    var fixture = Fixture()
    var node = try fixture.node(try fixture.core())
    node.firstBoot.stateDirectory.value = "/var/lib/first-boot-automation"
    let unit = try units(node)["chainfire-cluster-join.service"]
    #expect(values("StateDirectory", unit, in: "Service") == ["first-boot-automation"])
    #expect(values("RequiresMountsFor", unit) == ["/var/lib/first-boot-automation"])
  }
}

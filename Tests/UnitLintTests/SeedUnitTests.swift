import Diagnostics
import Testing
import UnitGraphs

@testable import UnitLint

/// What went wrong with the units of the first documents is found in their text.
@Suite struct SeedUnitTests {
  private func found(_ text: String) -> [String] {
    var settings = LintSettings()
    // The families of this test: the others have their own.
    settings.selected = ["GR", "IN", "LC", "TP", "DR", "TI", "MT"]
    return LintHarness.lint(text, settings).map { "\($0.code) \($0.unit ?? "")" }.sorted()
  }

  @Test func `the first documents' units have the mistakes that were paid for`() {
    #expect(
      found(SeedUnits.chainfire + SeedUnits.flaredb + SeedUnits.join) == [
        // Retried for ever, and a daemon that ends cleanly stays dead.
        "LC001 chainfire.service", "LC001 flaredb.service",
        // The loop has no end, and it waits for the health of a member that needs its peers.
        "LC007 flaredb.service", "LC009 flaredb.service",
        "LC015 chainfire-cluster-join.service",
        // A late member leaves what requires it dead.
        "LC017 chainfire-cluster-join.service", "LC017 flaredb.service",
      ])
    // The bus had learned its lesson by then.
    #expect(found(SeedUnits.membershipd).isEmpty)
  }

  @Test func `the lessons behind them are rules`() {
    let store = SeedUnits.chainfire
    for (text, code) in [
      // Required, but not waited for.
      (
        SeedUnits.flaredb.replacing(" chainfire.service\nRequires", with: "\nRequires"),
        "GR020 flaredb.service"
      ),
      // The network is waited for, and nobody brings it about; and the other way round.
      (SeedUnits.flaredb.replacing("Wants=network-online.target\n", with: ""), "GR024 flaredb.service"),
      // A loop of two minutes under a limit of ninety seconds.
      (
        SeedUnits.flaredb.replacing(
          "until curl -k https://localhost:2379/health; do sleep 5; done",
          with:
            "for i in $(seq 1 24); do curl -k https://localhost:2379/health && exit 0; sleep 5; done; exit 1"),
        "LC006 flaredb.service"
      ),
    ] {
      #expect(found(store + text).contains(code), "\(code): \(found(store + text))")
    }
    #expect(
      found(store.replacing("After=network-online.target\n", with: "")).contains("GR025 chainfire.service"))
    // Alone and asked for its health a member of three never answers.
    let gated = SeedUnits.membershipd.replacing(
      "Restart=always\nRestartSec",
      with:
        "ExecStartPost=/usr/bin/curl -fsS --retry 30 https://127.0.0.1:8470/healthz\nRestart=always\nRestartSec"
    )
    #expect(found(gated) == ["LC009 membershipd-cluster.service"])
    #expect(
      found(gated.replacing("Restart=always", with: "Restart=on-failure"))
        == ["LC001 membershipd-cluster.service", "LC009 membershipd-cluster.service"])
  }

  private static let cloudImage = """
    # firewalld.service
    [Unit]
    Description=dynamic firewall
    Before=network-pre.target
    Wants=network-pre.target
    After=dbus.service polkit.service
    [Service]
    Type=dbus
    BusName=org.fedoraproject.FirewallD1
    ExecStart=/usr/sbin/firewalld --nofork
    [Install]
    WantedBy=multi-user.target
    # networking.service
    [Unit]
    Description=interfaces of /etc/network
    DefaultDependencies=no
    Requires=ifupdown-pre.service
    Wants=network.target
    After=local-fs.target network-pre.target ifupdown-pre.service
    Before=network.target shutdown.target network-online.target
    Conflicts=shutdown.target
    [Service]
    Type=oneshot
    ExecStart=/sbin/ifup -a
    RemainAfterExit=yes
    [Install]
    WantedBy=multi-user.target network-online.target
    # ifupdown-pre.service
    [Unit]
    DefaultDependencies=no
    Conflicts=shutdown.target
    Before=shutdown.target
    [Service]
    Type=oneshot
    RemainAfterExit=yes
    ExecStart=/bin/true
    # cloud-init.service
    [Unit]
    Description=first steps of a cloud image
    DefaultDependencies=no
    After=networking.service
    Before=network-online.target sysinit.target shutdown.target
    Conflicts=shutdown.target
    [Service]
    Type=oneshot
    ExecStart=/usr/bin/cloud-init init
    RemainAfterExit=yes
    TimeoutStartSec=5min
    [Install]
    WantedBy=multi-user.target
    """

  /// The firewall, the bus, the classic network and the early configuration of a cloud image: each right on
  /// its own, and one ring together.
  @Test func `the ring of firewall, network and early configuration is explained`() throws {
    let text = Self.cloudImage
    let rings = LintHarness.lint(text).filter { $0.code.description.hasPrefix("GR00") }
    let ring = try #require(rings.first { $0.code.description == "GR005" }, "\(rings.map(\.message))")
    // All the way round, each step with its reason.
    for name in ["firewalld.service", "network-pre.target", "networking.service", "cloud-init.service"] {
      #expect(ring.message.contains(name), "\(ring.message)")
    }
    #expect(ring.message.contains("leaves out one of: ") && ring.severity == .error)
    #expect(ring.related.map(\.message).contains("firewalld.service has Before=network-pre.target"))
    #expect(ring.related.map(\.message).contains("cloud-init.service has Before=sysinit.target"))
    #expect(ring.related.contains { $0.message.contains("by default") })
    let help = try #require(ring.help)
    #expect(help.contains("let cloud-init.service start later"))
    #expect(help.contains("take Before=network-pre.target out of firewalld.service"))
    #expect(help.contains("DefaultDependencies=no"))
    // Each way that it names opens it.
    for (line, other) in [
      ("Before=network-pre.target\n", ""), ("After=networking.service\n", ""),
      ("network-online.target sysinit.target shutdown.target", "network-online.target shutdown.target"),
    ] {
      let mended = LintHarness.lint(text.replacing(line, with: other)).map(\.code.description)
      #expect(!mended.contains("GR005"), "\(line): \(mended)")
    }
  }
}

import BootSimulation
import JSONText
import SystemdUnits
import Testing
import UnitGraphs

@Suite struct TimelineTests {
  private let daemon = "ExecStart=/bin/d\n"

  @Test func unitsWaitForWhatTheyComeAfter() throws {
    let timeline = try Units.boot(
      [
        ("a.service", "Type=notify\n" + daemon), ("b.service", "After=a.service\nType=notify\n" + daemon),
        ("c.service", "Before=b.service\nType=notify\n" + daemon),
      ], ["a.service": 2000, "b.service": 500, "c.service": 3000]
    ).timeline
    #expect(timeline.entry(of: "b.service")?.start == 3000)
    #expect(timeline.total == 3500)
    #expect(timeline.criticalChain == ["c.service", "b.service", "all.target"])
    #expect(timeline.entries.filter(\.isCritical).map(\.unit) == timeline.criticalChain)
  }

  /// systemd.service(5), `Type=`: a simple service counts as started once it is forked.
  @Test(arguments: [
    ("Type=simple", 0), ("Type=exec", 0), ("Type=idle", 0), ("", 0), ("Type=notify", 4000),
    ("Type=forking", 4000), ("Type=oneshot", 4000), ("Type=notify-reload", 4000),
    ("Type=dbus\nBusName=a.b", 4000), ("BusName=a.b", 4000),
  ])
  func readinessIsTheTypes(_ lines: String, _ ready: Int) throws {
    let timeline = try Units.boot(
      [
        ("a.service", lines + "\nExecStart=/bin/d"),
        ("b.service", "After=a.service\nType=oneshot\nExecStart=/bin/d"),
      ],
      ["a.service": 4000, "b.service": 1000]
    ).timeline
    let entry = try #require(timeline.entry(of: "a.service"))
    #expect(entry.ready == ready)
    #expect(entry.settled == 4000)
    #expect(timeline.entry(of: "b.service")?.start == ready)
  }

  @Test func whatNothingIsSaidOfTakesTheStandardTime() throws {
    let boot = try Units.boot([("a.service", "Type=notify\n" + daemon), ("b.target", "")])
    #expect(boot.timeline.entry(of: "a.service")?.ready == StartEstimates.standard)
    #expect(boot.timeline.entry(of: "b.target")?.ready == 0)
    #expect(boot.timeline.total == 1000)
  }

  /// A target takes the time that is said of it: what is not in the set went before it.
  @Test func anEstimateOfATargetCounts() throws {
    let timeline = try Units.boot(
      [("net.target", ""), ("a.service", "After=net.target\nType=oneshot\n" + daemon)],
      ["net.target": 5000, "a.service": 1000]
    ).timeline
    #expect(timeline.total == 6000)
    #expect(timeline.criticalChain == ["net.target", "a.service", "all.target"])
  }

  /// Where nothing takes time the longest way is the chain.
  @Test func withoutTimesTheLongestWayIsTheChain() throws {
    let timeline = try Units.boot([
      ("a.target", ""), ("b.target", "After=a.target"), ("c.target", ""),
    ]).timeline
    #expect(timeline.criticalChain == ["a.target", "b.target", "all.target"])
    #expect(timeline.total == 0)
  }

  @Test func noEstimateOverflows() throws {
    let timeline = try Units.boot(
      [("a.service", "Type=oneshot\n" + daemon), ("b.service", "After=a.service\nType=oneshot\n" + daemon)],
      ["a.service": Int.max, "b.service": Int.max]
    ).timeline
    #expect(timeline.total > 0)
    #expect(timeline.text.contains("is reached after"))
  }

  @Test func jsonIsTheContracts() throws {
    let timeline = try Units.boot([("b.service", "Type=notify\n" + daemon)], ["b.service": 2000]).timeline
    #expect(
      String(decoding: timeline.json.compact, as: UTF8.self)
        == #"[{"unit":"b.service","start":0.0,"ready":2.0},{"unit":"all.target","start":2.0,"ready":2.0}]"#)
  }

  /// Ten thousand units in a row: no recursion, no square.
  @Test func longChainsAreNoTrouble() throws {
    let count = 10_000
    let entries = (0..<count).map { index in
      ("u\(index).target", index == 0 ? "" : "After=u\(index - 1).target")
    }
    let boot = try Units.boot(entries)
    #expect(boot.timeline.criticalChain.count == count + 1)
  }
}

@Suite struct ComparisonTests {
  @Test func whatDiffersIsTold() throws {
    let one = try Units.boot(
      [("a.service", "Type=oneshot\nExecStart=/bin/d"), ("b.service", "After=a.service\nExecStart=/bin/d")],
      ["a.service": 1000])
    let other = try Units.boot(
      [("a.service", "Type=oneshot\nExecStart=/bin/d"), ("b.service", "ExecStart=/bin/d"), ("c.target", "")],
      ["a.service": 2000])
    let comparison = BootComparison(one, other)
    #expect(comparison.addedJobs.map(\.unit) == ["c.target"])
    #expect(comparison.removedJobs.isEmpty)
    #expect(comparison.removedOrder.map { [$0.first, $0.second] } == [["a.service", "b.service"]])
    #expect(
      comparison.text("one", "other") == """
        - one
        + other
        jobs:
          + c.target/start
        order:
          - a.service before b.service
        times in seconds:
          a.service   0.0 to 1.0 becomes 0.0 to 2.0
          b.service   1.0 to 1.0 becomes 0.0 to 0.0
          all.target  1.0 to 1.0 becomes 2.0 to 2.0
        target reached after: 1.0 s, 2.0 s

        """)
    #expect(comparison.json["equal"] == .bool(false))
  }

  @Test func equalBootsAreEqual() throws {
    let units = [("a.service", "Type=oneshot\nExecStart=/bin/d")]
    let comparison = BootComparison(try Units.boot(units), try Units.boot(units))
    #expect(comparison.isEmpty)
    #expect(comparison.text("x", "y") == "x and y boot alike\n")
  }
}

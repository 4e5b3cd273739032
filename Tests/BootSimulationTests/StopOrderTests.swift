import BootSimulation
import Testing

@Suite struct StopOrderTests {
  private let down = "Conflicts=shutdown.target\nBefore=shutdown.target\nExecStart=/bin/d\n"

  /// systemd.unit(5), `Before=`: with two units stopped, the order is the inverse.
  @Test func theLastToStartIsTheFirstToStop() throws {
    let boot = try Units.boot([
      ("a.service", down + "TimeoutStopSec=10s"),
      ("b.service", down + "After=a.service\nTimeoutStopSec=1min"),
      ("c.service", down + "After=a.service"), ("shutdown.target", ""),
    ])
    // Nothing stops what does not conflict with shutdown.target, shutdown.target itself the least.
    let order = StopOrder(boot.jobs)
    #expect(order.entries.map(\.unit) == ["b.service", "c.service", "a.service"])
    #expect(order.entries.map(\.step) == [0, 0, 1])
    #expect(order.entries.map(\.end) == [60_000, 90_000, 100_000])
    #expect(order.longest == 100_000)
    #expect(order.killed.isEmpty)
  }

  /// What a oneshot did is done: nothing of it runs that could take its time, and without
  /// RemainAfterExit= it is not even active.
  @Test func oneshotsStopAtOnce() throws {
    let boot = try Units.boot([
      ("a.service", down + "Type=oneshot"), ("b.service", down + "Type=oneshot\nRemainAfterExit=yes"),
      ("c.service", "Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/d"), ("shutdown.target", ""),
    ])
    let order = StopOrder(boot.jobs)
    #expect(order.entries.map(\.unit) == ["b.service"])
    #expect(order.longest == 0)
    #expect(order.killed.isEmpty)
  }

  @Test func whatDoesNotConflictIsKilled() throws {
    let boot = try Units.boot([
      ("a.service", "ExecStart=/bin/d"), ("b.service", "PartOf=c.service\nExecStart=/bin/d"),
      ("c.service", down + "TimeoutStopSec=infinity"), ("shutdown.target", ""),
    ])
    let order = StopOrder(boot.jobs)
    #expect(order.killed == ["a.service"])
    #expect(order.entries.map(\.unit) == ["b.service", "c.service"])
    #expect(order.longest == nil)
    #expect(order.text.contains("may take for ever"))
  }
}

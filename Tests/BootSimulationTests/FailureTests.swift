import BootSimulation
import Testing
import UnitGraphs

/// What a failure does, dependency by dependency. That systemd does the same is ManagerTests' to say.
@Suite struct FailureTests {
  private static let step = "Type=oneshot\nExecStart=/bin/d\n"
  private static let daemon = "ExecStart=/bin/d\n"

  private func impact(_ lines: String, of failed: String = step) throws -> FailureImpact {
    let boot = try Units.boot([("f.service", failed), ("u.service", lines + "\n" + Self.daemon)])
    return try #require(FailureModel(boot.jobs).impact(of: "f.service"))
  }

  @Test(arguments: [
    ("Requires=f.service\nAfter=f.service", true), ("BindsTo=f.service\nAfter=f.service", true),
    ("Requisite=f.service\nAfter=f.service", true), ("BindsTo=f.service", true),
    ("Requires=f.service", false), ("Wants=f.service\nAfter=f.service", false), ("After=f.service", false),
    ("PartOf=f.service\nAfter=f.service", false),
  ])
  func whoNeedsItNeverStarts(_ lines: String, _ falls: Bool) throws {
    let impact = try impact(lines)
    #expect(impact.neverStart.map(\.unit) == (falls ? ["u.service"] : []))
    #expect(impact.isSeenInTime)
    #expect(!impact.isRetried)
  }

  @Test func withoutOrderARequirementIsARace() throws {
    #expect(try impact("Requires=f.service").startAnyway.map(\.unit) == ["u.service"])
  }

  @Test func whoWantsItDoesWithout() throws {
    let impact = try impact("Wants=f.service\nAfter=f.service")
    #expect(
      impact.doWithout == [.init(unit: "u.service", dependency: .wants, other: "f.service")])
  }

  /// Who starts a unit along with itself and comes before it does not need it.
  @Test func whoPullsItInBeforehandDoesNotNoticeIt() throws {
    let impact = try impact("Wants=f.service\nBefore=f.service")
    #expect(impact.doWithout.isEmpty)
    #expect(impact.isAlone)
  }

  /// A simple service counts as started before it can fail.
  @Test func aSimpleServiceFailsTooLate() throws {
    let impact = try impact("Requires=f.service\nAfter=f.service", of: Self.daemon)
    #expect(!impact.isSeenInTime)
    #expect(impact.neverStart.isEmpty)
    #expect(impact.startAnyway.map(\.unit) == ["u.service"])
  }

  @Test func failuresSpread() throws {
    let boot = try Units.boot([
      ("a.service", Self.step), ("b.service", "Requires=a.service\nAfter=a.service\n" + Self.step),
      ("c.service", "Requires=b.service\nAfter=b.service\nOnFailure=h.service\n" + Self.step),
      ("d.service", "Wants=b.service\nAfter=b.service\n" + Self.daemon), ("h.service", Self.daemon),
    ])
    let impact = try #require(FailureModel(boot.jobs).impact(of: "a.service"))
    #expect(
      impact.neverStart == [
        .init(unit: "b.service", dependency: .requires, other: "a.service"),
        .init(unit: "c.service", dependency: .requires, other: "b.service"),
      ])
    #expect(impact.comeBack.isEmpty)
    #expect(impact.doWithout.map(\.unit) == ["d.service"])
    #expect(impact.handlers == [.init(unit: "h.service", dependency: .onFailure, other: "c.service")])
    #expect(impact.text.contains("stay down until somebody starts them: b.service, c.service"))
  }

  /// Decision record 0005: a unit that wants those that require it brings them back.
  @Test func wantedDependantsComeBack() throws {
    let boot = try Units.boot([
      ("a.service", "Wants=b.service\nRestart=on-failure\n" + Self.step),
      ("b.service", "Requires=a.service\nAfter=a.service\nWants=c.service\n" + Self.step),
      ("c.service", "Requires=b.service\nAfter=b.service\n" + Self.step),
    ])
    let impact = try #require(FailureModel(boot.jobs).impact(of: "a.service"))
    #expect(impact.isRetried)
    #expect(impact.neverStart.map(\.unit) == ["b.service", "c.service"])
    #expect(impact.comeBack == ["b.service", "c.service"])
    #expect(impact.text.contains("all of them start when it succeeds at last"))
  }

  @Test(arguments: [
    ("Requires=f.service", [], ["u.service"], ["u.service"]),
    ("PartOf=f.service", [], ["u.service"], ["u.service"]),
    ("BindsTo=f.service", ["u.service"], [], ["u.service"]),
    ("StopPropagatedFrom=f.service", ["u.service"], [], ["u.service"]),
    ("Wants=f.service", [], [], []),
  ])
  func onceItRan(_ lines: String, _ stop: [String], _ restart: [String], _ along: [String]) throws {
    let impact = try impact(lines, of: "Restart=always\n" + Self.daemon)
    #expect(impact.stop.map(\.unit) == stop)
    #expect(impact.restart.map(\.unit) == restart)
    #expect(impact.stopAlong.map(\.unit) == along)
    #expect(try self.impact(lines, of: Self.daemon).restart.isEmpty)
  }

  /// A oneshot that is done cannot end.
  @Test func aStepThatIsDoneTakesNothingAlong() throws {
    let impact = try impact(
      "BindsTo=f.service\nAfter=f.service", of: "RemainAfterExit=yes\nRestart=on-failure\n" + Self.step)
    #expect(impact.stop.isEmpty)
    #expect(impact.restart.isEmpty)
    #expect(impact.neverStart.map(\.unit) == ["u.service"])
    #expect(impact.stopAlong.map(\.unit) == ["u.service"])
  }

  /// Of a root's units those that systemd ships have no rows, and targets cannot fail.
  @Test func theMatrixIsOfOwnUnits() throws {
    let boot = try Units.boot([
      ("a.service", Self.step), ("b.target", ""), ("c.slice", ""), ("systemd-networkd.service", Self.step),
    ])
    #expect(FailureModel(boot.jobs).matrix().map(\.unit) == ["a.service"])
  }

  @Test func whatItStopsStopsWithIt() throws {
    let impact = try impact("Description=none", of: "PropagatesStopTo=u.service\n" + Self.daemon)
    #expect(impact.stop.map(\.unit) == ["u.service"])
  }

  /// `Upholds=` starts it again and again.
  @Test func anUpheldUnitIsTriedAgain() throws {
    #expect(try impact("Upholds=f.service").isRetried)
  }

  @Test func theMatrixHasARowForEachUnit() throws {
    let boot = try Units.boot([
      ("a.service", Self.step), ("b.service", "Requires=a.service\nAfter=a.service\n" + Self.step),
      ("c.service", "Wants=a.service\nAfter=a.service\n" + Self.daemon),
    ])
    #expect(
      FailureMatrix.text(FailureModel(boot.jobs).matrix()) == """
        what falls with what: a row for the unit that fails, a column for the unit that notices
        first sign, at boot:   X does not start   ! starts all the same   ~ starts and does without   . nothing
        second, once it runs:  s stops            r restarts              . nothing
                       1  2  3
          1 a.service -- X. ~.
          2 b.service .. -- ..
          3 c.service .. .. --

        """)
  }

  @Test func whatIsNotStartedHasNoImpact() throws {
    let boot = try Units.boot([("a.service", Self.daemon)])
    #expect(FailureModel(boot.jobs).impact(of: "b.service") == nil)
  }
}

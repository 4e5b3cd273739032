import BootSimulation
import Testing

@Suite struct BootRecordTests {
  private func block(_ unit: String, _ start: Int, _ active: Int, _ inactive: Int = 0) -> String {
    """
    Id=\(unit)
    InactiveExitTimestampMonotonic=\(start)
    ActiveEnterTimestampMonotonic=\(active)
    InactiveEnterTimestampMonotonic=\(inactive)

    """
  }

  @Test func aRecordGivesTimes() throws {
    let text = [
      block("a.service", 1_000_000, 3_500_000), block("b.service", 0, 0),
      block("once.service", 2_000_000, 0, 2_250_000),
    ].joined(separator: "\n")
    #expect(TimesReader.isRecord(text))
    let record = try TimesReader.record(text)
    #expect(record.times.count == 2)
    #expect(record.estimates.milliseconds == ["a.service": 2500, "once.service": 250])
  }

  @Test func aTurnedEdgeIsReported() throws {
    let boot = try Units.boot([
      ("a.service", "Type=oneshot\nExecStart=/bin/d"), ("b.service", "After=a.service\nExecStart=/bin/d"),
    ])
    let kept = try TimesReader.record(
      block("a.service", 10, 20) + "\n" + block("b.service", 20, 20) + "\n" + block("all.target", 30, 30))
    #expect(kept.contradictions(to: boot.jobs).isEmpty)
    #expect(kept.comparablePairs(with: boot.jobs) == 3)
    let turned = try TimesReader.record(block("a.service", 10, 20) + "\n" + block("b.service", 15, 15))
    #expect(
      turned.contradictions(to: boot.jobs) == [
        .init(first: "a.service", second: "b.service", microseconds: 5)
      ])
  }

  @Test func aListGivesEstimates() throws {
    let estimates = try TimesReader.estimates(
      """
      # how long ours take
      a.service 10s
      b.service  1min 30s   # slow

      * 250ms
      """)
    #expect(estimates.milliseconds == ["a.service": 10_000, "b.service": 90_000])
    #expect(estimates.unsaid == 250)
  }

  @Test(arguments: [
    ("a.service", 1), ("a.service 3x", 1), ("\n\nnot-a-unit 3s", 3), ("a.service infinity", 1),
    ("a.service -1s", 1), ("a.service 1s\n\u{0} 2s", 2),
  ])
  func nonsenseHasALine(_ text: String, _ line: Int) {
    #expect {
      try TimesReader.estimates(text)
    } throws: { error in
      (error as? TimesError)?.line == line
    }
  }

  @Test func aRecordWithoutSignsIsNone() {
    #expect(throws: TimesError.self) { try TimesReader.record("Id=a.service\nnonsense") }
  }
}

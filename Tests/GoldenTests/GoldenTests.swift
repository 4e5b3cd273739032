import HostFiles
import Testing

/// Bad fleets, one in each folder of `Cases`, and the exact text that `imagegen check` says of them.
///
/// A case holds under `profiles/` what differs from `Base`; an empty file `X.deleted` takes X
/// away, and `X.link` makes X a link to the path in it.
/// `IMAGEGEN_UPDATE_GOLDENS=1` writes what is said now into `expected.txt` and fails all the same: what
/// was recorded has to be read by somebody before it counts.
@Suite struct GoldenTests {
  @Test(arguments: GoldenCase.all) func saysWhatIsWrong(with golden: GoldenCase) throws {
    let actual = try golden.answer().text
    let expected = try golden.expected()
    if HostEnvironment.value("IMAGEGEN_UPDATE_GOLDENS") == "1", actual != expected {
      try golden.record(actual)
      Issue.record("recorded: read \(golden.name)/expected.txt")
      return
    }
    #expect(!expected.isEmpty, "nothing is recorded, or nothing was found wrong")
    #expect(actual == expected, "\n\(LineDifference.text(expected: expected, actual: actual))")
  }

  @Test func hasCases() throws {
    #expect(GoldenCase.all.count >= 120)
  }

  /// The fleet that all cases differ from is right: whatever is found in a case is the case's doing.
  @Test func findsNothingInTheBase() throws {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-golden")
    defer { try? HostFile.removeTree(work) }
    try GoldenCase.copyBase(to: work)
    #expect(try FleetAnswer(folder: work).text == "")
  }
}

import HostFiles
import Testing

/// The first boot's verbs of the built installer, against servers that fail: Tests/FirstBoot, which has them in Python.
@Suite struct FirstBootTests {
  @Test func stepsEndAsTheirServersDo() throws {
    let run = try HostProgram.run([
      "env", "IMAGEGEN_INSTALL=" + (try BuiltProgram.path("imagegen-install")), "python3", "-IB", "-m",
      "unittest",
      "discover", "--start-directory", Checkout.root + "/Tests/FirstBoot",
    ])
    let said = String(decoding: run.errors, as: UTF8.self)
    #expect(run.status == 0, "\(said)")
    // None is no test at all.
    #expect(said.contains("Ran 1") && said.contains("\nOK\n"), "\(said)")
  }
}

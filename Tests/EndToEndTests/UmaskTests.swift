import HostFiles
import Testing

@Suite struct UmaskTests {
  /// Secrets are minted first, so that private modes are among those compared.
  @Test func resultsAreTheSameUnderAnyUmask() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "umask")
    defer { try? HostFile.removeTree(folder) }
    let inputs = try Inputs(folder + "/in")
    let mint = [
      inputs.program, "secrets", Inputs.fleet, "--profiles", inputs.folder, "--secrets",
      inputs.folder + "/secrets",
    ]
    let minted = try HostProgram.run(mint)
    try #require(minted.status == 0, "\(String(decoding: minted.errors, as: UTF8.self))")
    var prints: [[UInt8]] = []
    for mask in ["022", "000", "077", "027", "177"] {
      let out = folder + "/out-" + mask
      let script = "umask \(mask) && exec \"$@\""
      let result = try HostProgram.run(["sh", "-c", script, "sh"] + inputs.buildCommand(out: out))
      #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
      prints.append(try Fingerprint.of(out + "/" + Inputs.fleet))
      #expect(prints.last == prints.first, "umask \(mask)")
    }
    let lines = String(decoding: prints[0], as: UTF8.self).split(separator: "\n")
    #expect(lines.contains { $0.contains(" f 600") })
    #expect(lines.contains { $0.contains(" f 644") })
    #expect(lines.contains { $0.contains(" d 755") })
  }
}

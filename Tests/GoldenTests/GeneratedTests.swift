import HostFiles
import Testing

/// Bad fleets that are too large to be kept as files.
@Suite struct GeneratedTests {
  @Test func refusesAFileOverOneMebibyte() throws {
    let text = try answer(
      to: String(repeating: "# more than a profile ever is\n", count: 40_000), at: "nodes/node02.yaml")
    #expect(
      text == """
        nodes/node02.yaml:1:1: error[PR034]: the file has more than 1048576 bytes
          1 | # more than a profile ever is
            | ^
          help: check that it is the file you mean
        1 error

        """)
  }

  @Test func refusesAHundredThousandValues() throws {
    let list = Array(repeating: "1", count: 100_001).joined(separator: ",\n")
    let text = try answer(to: "role: server\nservices: [\n\(list)]\n", at: "roles/server.yaml")
    #expect(
      text.hasPrefix(
        "roles/server.yaml:99998:1: error[PR007]: the file has more than 100000 keys and values\n"))
    #expect(text.hasSuffix("\n1 error\n"), "one finding, none that follows from it")
  }

  @Test func refusesAPayloadOverOneGibibyte() throws {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-golden")
    defer { try? HostFile.removeTree(work) }
    try GoldenCase.copyBase(to: work)
    // Sparse: it has the size and takes no space.
    let result = try HostProgram.run(["truncate", "--size=1025M", work + "/payloads/server"])
    try #require(result.status == 0)
    let text = try FleetAnswer(folder: work).text
    #expect(text.contains("error[FL043]: payload payloads/server has more than 1 GiB\n"))
    #expect(text.hasSuffix("\n2 errors\n"), "one for each service that has it")
  }

  private func answer(to text: String, at path: String) throws -> String {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-golden")
    defer { try? HostFile.removeTree(work) }
    try GoldenCase.copyBase(to: work)
    try HostFile.write(Array(text.utf8), to: work + "/" + path, mode: 0o644)
    return try FleetAnswer(folder: work).text
  }
}

import HostFiles
import Testing

/// Inputs that a fuzzer found, and those it started from, are looked at in every run of the tests.
@Suite struct FuzzedUnitsTests {
  private static let corpus = "Tests/FuzzUnits/corpus"

  private static var root: String {
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/"
  }

  static func inputs() throws -> [String] { try HostFile.list(root + corpus).map(\.name) }

  @Test func `there are inputs`() throws {
    #expect(try Self.inputs().count >= 5)
    for name in try Self.inputs() {
      let bytes = try HostFile.read(Self.root + Self.corpus + "/" + name, limit: 1 << 20)
      #expect(!FuzzedUnits.entries(in: bytes).isEmpty, "\(name)")
    }
  }

  /// A broken promise ends the run.
  @Test(arguments: try FuzzedUnitsTests.inputs())
  func `promises are kept`(_ name: String) throws {
    let bytes = try HostFile.read(Self.root + Self.corpus + "/" + name, limit: 1 << 20)
    FuzzedUnits.check(bytes)
    // Cut anywhere it is an input as well.
    for part in 1..<4 { FuzzedUnits.check(Array(bytes.prefix(bytes.count * part / 4))) }
  }
}

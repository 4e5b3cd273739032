import Diagnostics
import FleetModel
import HostFiles
import Testing

@testable import Profiles

/// `check --explain`: each value with the place it comes from.
@Suite struct ExplanationTests {
  /// The text at the place is the value, quotes and all.
  @Test(arguments: [
    ("plasmacloud", "node02"), ("unibus", "homer"), ("examples/plasmacloud-growth", "node04"),
  ])
  func linesNameRealPlaces(_ fleet: String, _ node: String) throws {
    let fixture = try FleetFixture(fleet)
    let lines = Explanation.lines(for: try #require(Name(node)), in: fixture.context)
    #expect(lines.count > 30)
    var texts: [SourceID: [UInt8]] = [:]
    for line in lines {
      let path = try #require(fixture.registry.path(of: line.span.source))
      let bytes = try texts[line.span.source] ?? HostFile.read(path, limit: 1 << 20)
      texts[line.span.source] = bytes
      try #require(Int(line.span.end) <= bytes.count)
      var found = String(decoding: bytes[Int(line.span.start)..<Int(line.span.end)], as: UTF8.self)
      if found.hasPrefix("\""), found.hasSuffix("\"") { found = String(found.dropFirst().dropLast()) }
      #expect(found == line.value || ["[]", "{}"].contains(line.value), "\(line.path)")
    }
  }

  @Test func valuesComeFromTheLayerThatCounts() throws {
    let fixture = try FleetFixture("plasmacloud")
    let lines = Explanation.lines(for: try #require(Name("node01")), in: fixture.context)
    let files = Dictionary(
      lines.map { line in
        (
          line.path,
          fixture.registry.path(of: line.span.source)?.split(separator: "/").last.map(String.init) ?? ""
        )
      }, uniquingKeysWith: { first, _ in first })
    #expect(files["mac"] == "node01.yaml")
    #expect(files["services[0]"] == "control-plane.yaml")
    #expect(files["access.user"] == "fleet.yaml")
    #expect(files["services.chainfire.start.timeout"] == "chainfire.yaml")
    #expect(files["release.version"] == "fleet.yaml")
  }
}

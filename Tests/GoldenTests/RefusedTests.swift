import HostFiles
import Testing

/// Wrong layouts and configurations in a table, each refused at its line and column, and what disko and NixOS
/// make of the same mistake: `scripts/proofs/nix-evaluation` holds that against the real ones.
///
/// A case is `case NAME`, `said CODE FILE:LINE:COLUMN`, `disko` and `nixos` with accepts, refuses, or `-` where their
/// language has no words for it, and then indented texts: `profile FILE` laid over `Base`, `disks` in disko's
/// words, `module` in NixOS's. `IMAGEGEN_UPDATE_GOLDENS=1` writes what is said now, and fails all the same.
@Suite struct RefusedTests {
  @Test(arguments: ["layouts", "nodes", "units"]) func isRefusedAtItsLine(_ table: String) throws {
    var cases = try RefusedCase.all(in: table)
    #expect(Set(cases.map(\.name)).count == cases.count, "two cases of one name")
    for index in cases.indices {
      let said = try cases[index].answer()
      guard said != cases[index].said else { continue }
      Issue.record("\(cases[index].name): expected \(cases[index].said), said is \(said)")
      cases[index].said = said
    }
    guard HostEnvironment.value("IMAGEGEN_UPDATE_GOLDENS") == "1" else { return }
    let text = cases.map(\.text).joined(separator: "\n")
    try HostFile.write(Array(text.utf8), to: RefusedCase.path(table), mode: 0o644)
  }

  @Test func thereAreManyAndMostAreAcceptedElsewhere() throws {
    let cases = try ["layouts", "nodes", "units"].flatMap(RefusedCase.all)
    #expect(cases.count >= 120 && !cases.contains { $0.said.hasPrefix("warning ") })
    #expect(cases.allSatisfy { ["accepts", "refuses", "-"].contains($0.disko) }, "nothing is recorded")
    #expect(cases.allSatisfy { ["accepts", "refuses", "-"].contains($0.nixos) }, "nothing is recorded")
    #expect(cases.count { $0.nixos == "accepts" } >= 60)
  }
}

/// A wrong configuration.
private struct RefusedCase {
  let name: String
  /// The code of the first finding and its place.
  var said: String
  let disko: String
  let nixos: String
  /// The lines of each text, under the line that begins it.
  private var blocks: [(head: String, lines: [String])] = []

  static func path(_ table: String) -> String {
    let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    return parts.dropLast().joined(separator: "/") + "/Refused/\(table).cases"
  }

  static func all(in table: String) throws -> [RefusedCase] {
    let text = String(decoding: try HostFile.read(path(table), limit: 1 << 20), as: UTF8.self)
    var cases: [[Substring]] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("#") {
      if line.hasPrefix("case ") { cases.append([]) }
      if !line.isEmpty, !cases.isEmpty { cases[cases.count - 1].append(line) }
    }
    return try cases.map(RefusedCase.init)
  }

  private init(_ lines: [Substring]) throws {
    func word(_ index: Int, _ key: String) throws -> String {
      let line = try #require(lines.indices.contains(index) ? lines[index] : nil)
      try #require(line.hasPrefix(key + " "), "\(line) where \(key) is expected")
      return String(line.dropFirst(key.utf8.count + 1))
    }
    name = try word(0, "case")
    said = try word(1, "said")
    disko = try word(2, "disko")
    nixos = try word(3, "nixos")
    for line in lines.dropFirst(4) {
      if line.hasPrefix("  ") {
        try #require(!blocks.isEmpty)
        blocks[blocks.count - 1].lines.append(String(line.dropFirst(2)))
      } else {
        blocks.append((String(line), []))
      }
    }
  }

  /// As the table has it.
  var text: String {
    let head = ["case \(name)", "said \(said)", "disko \(disko)", "nixos \(nixos)"]
    let rest = blocks.flatMap { [$0.head] + $0.lines.map { "  " + $0 } }
    return (head + rest).joined(separator: "\n") + "\n"
  }

  /// The first error of `imagegen check`, else its first warning: what systemd itself would go on with.
  func answer() throws -> String {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-refused")
    defer { try? HostFile.removeTree(work) }
    try GoldenCase.copyBase(to: work)
    for block in blocks where block.head.hasPrefix("profile ") {
      let path = block.head.dropFirst("profile ".utf8.count)
      let bytes = Array((block.lines.joined(separator: "\n") + "\n").utf8)
      try HostFile.write(bytes, to: "\(work)/\(path)", mode: 0o644)
    }
    let lines = try FleetAnswer(folder: work).text.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    for (severity, word) in [("error", ""), ("warning", "warning ")] {
      for line in lines {
        guard let mark = line.firstRange(of: ": \(severity)[") else { continue }
        return "\(word)\(line[mark.upperBound...].prefix { $0 != "]" }) \(line[..<mark.lowerBound])"
      }
    }
    return "nothing"
  }
}

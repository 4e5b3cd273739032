import DiagnosticRendering
import HostFiles
import SeededRandom
import Testing

/// Differences are for `patch` and `git apply`, so these say what they are worth.
@Suite struct UnifiedDiffTests {
  /// Applies a difference to a file of that name with both programs and returns what they made of it.
  private func applied(_ diff: [UInt8], to old: [UInt8], path: String) throws -> [[UInt8]] {
    try [["patch", "-p1", "-s", "--no-backup-if-mismatch"], ["git", "apply", "-p1", "--whitespace=nowarn"]]
      .map { program in
        let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-diff")
        defer { try? HostFile.removeTree(folder) }
        let parent = (folder + "/" + path).split(separator: "/").dropLast().joined(separator: "/")
        try HostFile.makeDirectories("/" + parent, mode: 0o755)
        try HostFile.write(old, to: folder + "/" + path, mode: 0o644)
        let words = ["env", "-C", folder, "GIT_CEILING_DIRECTORIES=" + folder] + program
        let result = try HostProgram.run(words, input: diff)
        let output = String(decoding: result.output + result.errors, as: UTF8.self)
        #expect(result.status == 0, "\(program): \(output)\n\(String(decoding: diff, as: UTF8.self))")
        return try HostFile.read(folder + "/" + path, limit: 1 << 20)
      }
  }

  @Test func `nothing is nothing`() {
    #expect(UnifiedDiff.text(from: Array("a\n".utf8), to: Array("a\n".utf8), path: "x").isEmpty)
  }

  @Test func `it looks as people know it`() {
    let old = "[Unit]\nA=1\nB=2\nC=3\n[Service]\nD=4\nE=5\nF=6\nG=7\n"
    let new = "[Unit]\nA=1\nB=2\nC=3\n[Service]\nD=4\nE=6\nF=6\nG=7\nH=8\n"
    let diff = UnifiedDiff.text(from: Array(old.utf8), to: Array(new.utf8), path: "/etc/a.service")
    #expect(
      String(decoding: diff, as: UTF8.self) == """
        --- a/etc/a.service
        +++ b/etc/a.service
        @@ -4,6 +4,7 @@
         C=3
         [Service]
         D=4
        -E=5
        +E=6
         F=6
         G=7
        +H=8

        """)
  }

  @Test(arguments: [
    "plain.service", "u/two words.service", "u/q\"uo\\te.service", "ü.service", "a\tb.service",
  ])
  func `names arrive whole`(path: String) throws {
    let old = Array("a\nb\n".utf8)
    let new = Array("a\nc\n".utf8)
    let diff = UnifiedDiff.text(from: old, to: new, path: path)
    for result in try applied(diff, to: old, path: path) { #expect(result == new) }
  }

  /// Texts of few kinds of lines, with changes all over, ends without line feeds and stray bytes among them.
  @Test func `both programs make the new text of the old one`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    let kinds =
      ["", "a", "b", "[Unit]", "x=1", "x=2", "\\", "caf\u{e9}", "r\r", "# c"] + (0..<8).map { "u\($0)" }
    for _ in 0..<40 {
      var lines = (0..<Int(random.next() % 30)).map { _ in kinds[Int(random.next() % UInt64(kinds.count))] }
      let old = text(lines, endsWhole: random.next() % 4 != 0)
      for _ in 0...(random.next() % 5) {
        let place = lines.isEmpty ? 0 : Int(random.next() % UInt64(lines.count))
        switch random.next() % 3 {
        case 0: lines.insert(kinds[Int(random.next() % UInt64(kinds.count))], at: place)
        case 1 where !lines.isEmpty: lines.remove(at: place)
        default: lines.append("new \(random.next() % 10)")
        }
      }
      let new = text(lines, endsWhole: random.next() % 4 != 0)
      // `patch` removes a file that becomes empty, as POSIX has it.
      guard old != new, !new.isEmpty, !old.isEmpty else { continue }
      let diff = UnifiedDiff.text(from: old, to: new, path: "u/a.service")
      for result in try applied(diff, to: old, path: "u/a.service") {
        #expect(result == new, "seed \(seed): \(String(decoding: diff, as: UTF8.self))")
      }
    }
  }

  private func text(_ lines: [String], endsWhole: Bool) -> [UInt8] {
    Array((lines.joined(separator: "\n") + (endsWhole && !lines.isEmpty ? "\n" : "")).utf8)
  }
}

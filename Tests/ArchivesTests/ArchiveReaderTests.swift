import Archives
import Digests
import HostFiles
import Testing

@Suite struct ArchiveReaderTests {
  private func archive(_ arguments: [String]) throws -> [UInt8] {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-archive")
    try HostFile.makeDirectories("\(folder)/etc", mode: 0o755)
    try HostFile.write(Array("hello\n".utf8), to: "\(folder)/etc/motd", mode: 0o640)
    try HostFile.link("\(folder)/etc/link", to: "motd")
    let result = try HostProgram.run(
      ["bsdtar", "-C", folder, "--uid", "7", "--gid", "8", "-cf", "-"] + arguments + ["etc"])
    #expect(result.status == 0)
    try HostFile.removeTree(folder)
    return result.output
  }

  @Test(arguments: [("ustar", ArchiveFormat.tar), ("pax", .tar), ("newc", .cpio)])
  func membersAreListed(name: String, format: ArchiveFormat) throws {
    let entries = try ArchiveReader.entries(of: archive(["--format", name]), format: format)
      .sorted { $0.path < $1.path }
    #expect(
      entries.map { $0.path.hasSuffix("/") ? String($0.path.dropLast()) : $0.path } == [
        "etc", "etc/link", "etc/motd",
      ])
    #expect(entries.map(\.kind) == [.directory, .link, .file])
    #expect(entries[2].mode == 0o640 && entries[2].size == 6)
    #expect(entries[2].user == 7 && entries[2].group == 8 && entries[2].modified > 0)
    #expect(entries[2].digest == SHA256.digest(of: Array("hello\n".utf8)))
  }

  @Test func otherFormatsAndFiltersAreNotGuessed() throws {
    let tar = try archive([])
    #expect(throws: ArchiveError.self) { try ArchiveReader.entries(of: tar, format: .cpio) }
    let packed = try archive(["-z"])
    #expect(throws: ArchiveError.self) { try ArchiveReader.entries(of: packed, format: .tar) }
  }

  @Test func limitsHold() throws {
    let tar = try archive([])
    #expect(throws: ArchiveError.limit) {
      try ArchiveReader.entries(of: tar, format: .tar, entries: 2)
    }
    #expect(throws: ArchiveError.limit) {
      try ArchiveReader.entries(of: tar, format: .tar, bytes: 5)
    }
  }

  @Test func noCutIsReadAsWhole() throws {
    let tar = try archive(["--format", "ustar", "etc/motd"])
    let whole = try ArchiveReader.entries(of: tar, format: .tar)
    // Up to the end of the last member's content; behind it is only the end marker.
    for length in stride(from: 100, to: 512 * (whole.count + 1), by: 100) {
      let cut = Array(tar.prefix(length))
      let entries = try? ArchiveReader.entries(of: cut, format: .tar)
      #expect(entries != whole, "cut at \(length)")
    }
  }
}

import Archives
import Digests
import HostFiles
import Testing

@Suite struct ArchiveWriterTests {
  static let members = [
    ArchiveMember("usr/bin/tool", mode: 0o755, .file(Array("#!/bin/sh\n".utf8))),
    ArchiveMember("init", mode: 0o755, .file((0..<70_000).map { UInt8(truncatingIfNeeded: $0 * 7) })),
    ArchiveMember("bin/sh", mode: 0o777, .link("busybox")),
    ArchiveMember("root", mode: 0o700, .directory),
  ]

  @Test func membersAreReadBack() throws {
    let entries = try ArchiveReader.entries(of: ArchiveWriter.cpio(Self.members), format: .cpio)
    #expect(entries.map(\.path) == ["bin", "bin/sh", "init", "root", "usr", "usr/bin", "usr/bin/tool"])
    #expect(entries.map(\.mode) == [0o755, 0o777, 0o755, 0o700, 0o755, 0o755, 0o755])
    #expect(entries.allSatisfy { $0.user == 0 && $0.group == 0 && $0.modified == 0 })
    #expect(entries[2].size == 70_000)
  }

  @Test(arguments: [
    (ArchiveCompression.none, ["cat"]), (.gzip(level: 9), ["gzip", "-d"]), (.zstd(level: 3), ["zstd", "-d"]),
  ])
  func otherProgramsUnpackIt(compression: ArchiveCompression, unpacker: [String]) throws {
    let bytes = try ArchiveWriter.cpio(Self.members, compression: compression)
    let plain = try HostProgram.run(unpacker, input: bytes)
    let expected = try ArchiveWriter.cpio(Self.members)
    #expect(plain.status == 0 && plain.output == expected)
    let list = try HostProgram.run(["cpio", "-itv", "--quiet", "--numeric-uid-gid"], input: plain.output)
    #expect(list.status == 0)
    let lines = String(decoding: list.output, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 7 && lines[1].hasSuffix("bin/sh -> busybox"))
  }

  @Test func orderTimeAndLocaleDoNotShow() throws {
    for compression in [ArchiveCompression.none, .gzip(level: 6), .zstd(level: 3)] {
      let first = try ArchiveWriter.cpio(Self.members, compression: compression)
      let second = try ArchiveWriter.cpio(Self.members.reversed(), compression: compression)
      #expect(first == second)
    }
    // Bytes 4 to 7 of gzip's header are a time (RFC 1952, 2.3.1).
    let packed = try ArchiveWriter.cpio(Self.members, compression: .gzip(level: 6))
    #expect(packed[4..<8].allSatisfy { $0 == 0 })
  }

  @Test(arguments: ["", "/init", "../init", "a//b", "a/./b", "a b", "grün", "a/"])
  func pathsThatLeadElsewhereAreRefused(path: String) {
    #expect(throws: ArchiveError.name) {
      try ArchiveWriter.cpio([ArchiveMember(path, mode: 0o644, .file([]))])
    }
  }
}

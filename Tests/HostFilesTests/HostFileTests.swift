import HostFiles
import Testing

/// A folder for one test, removed afterwards.
func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = try HostFile.makeTemporaryDirectory(prefix: "hostfiles")
  defer { try? HostFile.removeTree(folder) }
  return try body(folder)
}

@Suite struct HostFileTests {
  @Test func writesAndReadsWithTheModeAskedFor() throws {
    try withFolder { folder in
      let path = folder + "/a"
      for mode: UInt16 in [0o600, 0o644, 0o666, 0o755, 0o777, 0o400] {
        try HostFile.write(Array("mode \(mode)".utf8), to: path, mode: mode)
        #expect(try HostFile.status(path)?.mode == mode)
        #expect(try HostFile.read(path, limit: 100) == Array("mode \(mode)".utf8))
      }
      #expect(try HostFile.list(folder).map(\.name) == ["a"])
    }
  }

  @Test func readsUpToTheLimitAndNotAByteMore() throws {
    try withFolder { folder in
      for size in [0, 1, 4095, 65536, 65537, 300_000] {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try HostFile.write(bytes, to: folder + "/f", mode: 0o644)
        #expect(try HostFile.read(folder + "/f", limit: size) == bytes)
        #expect(try HostFile.read(folder + "/f", limit: size + 1) == bytes)
        if size > 0 {
          let error = #expect(throws: HostError.self) { try HostFile.read(folder + "/f", limit: size - 1) }
          #expect(error?.isLackOfSpace == true)
        }
      }
      // A file that says it is empty and is not.
      #expect(try HostFile.read("/proc/self/status", limit: 1 << 20).count > 100)
      #expect(throws: HostError.self) { try HostFile.read("/proc/self/status", limit: 10) }
    }
  }

  @Test func refusesWhatIsNoRegularFile() throws {
    try withFolder { folder in
      let made = try HostProgram.run(["mkfifo", folder + "/pipe"])
      #expect(made.status == 0)
      #expect(throws: HostError.self) { try HostFile.read(folder + "/pipe", limit: 10) }
      #expect(throws: HostError.self) { try HostFile.read("/dev/zero", limit: 10) }
      #expect(throws: HostError.self) { try HostFile.read(folder, limit: 10) }
      #expect(throws: HostError.self) { try HostFile.read(folder + "/a\0b", limit: 10) }
      let absent = #expect(throws: HostError.self) { try HostFile.read(folder + "/none", limit: 10) }
      #expect(absent?.isAbsence == true)
      #expect(absent?.message == "cannot open \(folder)/none: No such file or directory")
    }
  }

  @Test func listsInOrderOfBytesAndTellsKinds() throws {
    try withFolder { folder in
      for name in ["b", "a", "Z", "é", "z"] { try HostFile.write([], to: folder + "/" + name, mode: 0o644) }
      try HostFile.makeDirectories(folder + "/d", mode: 0o755)
      try HostFile.link(folder + "/l", to: "nowhere")
      let entries = try HostFile.list(folder)
      #expect(entries.map(\.name) == ["Z", "a", "b", "d", "l", "z", "é"])
      #expect(entries.map(\.kind) == [.file, .file, .file, .directory, .link, .file, .file])
      #expect(try HostFile.target(of: folder + "/l") == "nowhere")
      #expect(try HostFile.status(folder + "/l")?.kind == .link)
      #expect(try HostFile.status(folder + "/none") == nil)
      #expect(try HostFile.status(folder + "/a/below") == nil)
    }
  }

  @Test func makesFoldersOnceAndRefusesAFileInTheWay() throws {
    try withFolder { folder in
      try HostFile.makeDirectories(folder + "/x/y/z", mode: 0o750)
      try HostFile.makeDirectories(folder + "/x/y/z", mode: 0o700)
      #expect(try HostFile.status(folder + "/x/y")?.mode == 0o750)
      #expect(try HostFile.status(folder + "/x/y/z")?.mode == 0o750)
      try HostFile.write([], to: folder + "/file", mode: 0o644)
      #expect(throws: HostError.self) { try HostFile.makeDirectories(folder + "/file/below", mode: 0o755) }
      #expect(throws: HostError.self) { try HostFile.makeDirectories(folder + "/file", mode: 0o755) }
    }
  }

  @Test func removesTreesWithoutFollowingLinks() throws {
    try withFolder { folder in
      try HostFile.makeDirectories(folder + "/tree/a/b", mode: 0o755)
      try HostFile.makeDirectories(folder + "/kept", mode: 0o755)
      try HostFile.write([1], to: folder + "/kept/file", mode: 0o644)
      try HostFile.link(folder + "/tree/a/out", to: folder + "/kept")
      try HostFile.link(folder + "/link", to: folder + "/kept")
      try HostFile.removeTree(folder + "/tree")
      try HostFile.removeTree(folder + "/link")
      try HostFile.removeTree(folder + "/never-there")
      #expect(try HostFile.list(folder).map(\.name) == ["kept"])
      #expect(try HostFile.read(folder + "/kept/file", limit: 1) == [1])
    }
  }

  @Test func aFailedWriteLeavesTheOldFileAndNothingElse() throws {
    try withFolder { folder in
      try HostFile.makeDirectories(folder + "/taken", mode: 0o755)
      // Renaming a file over a folder fails: the last step of all.
      #expect(throws: HostError.self) { try HostFile.write([1], to: folder + "/taken", mode: 0o644) }
      #expect(try HostFile.list(folder).map(\.name) == ["taken"])
    }
  }
}

@Suite struct HostFolderTests {
  @Test func namesAreSingleParts() throws {
    try withFolder { path in
      let folder = try HostFolder(path)
      for name in ["", ".", "..", "a/b", "/etc", "a\0"] {
        #expect(throws: HostError.self) { try folder.put(name, [], mode: 0o644) }
        #expect(throws: HostError.self) { _ = try folder.status(name) }
        #expect(throws: HostError.self) { try folder.removeTree(name) }
        #expect(throws: HostError.self) { try folder.rename("a", to: name) }
      }
    }
  }

  @Test func linksAreNeverFollowedInsideAFolder() throws {
    try withFolder { path in
      try HostFile.makeDirectories(path + "/in/real", mode: 0o755)
      try HostFile.write([1], to: path + "/secret", mode: 0o644)
      try HostFile.write([2], to: path + "/in/real/file", mode: 0o644)
      try HostFile.link(path + "/in/file", to: "../secret")
      try HostFile.link(path + "/in/folder", to: "real")
      let folder = try HostFolder(path + "/in")
      #expect(throws: HostError.self) { try folder.read("file", limit: 10) }
      #expect(throws: HostError.self) { _ = try folder.open("folder") }
      #expect(throws: HostError.self) { try folder.put("file", [3], mode: 0o644) }
      for below in ["file", "folder/file", "../secret", "/etc/passwd", "real/../../secret"] {
        #expect(throws: HostError.self) { _ = try folder.openBelow(below) }
      }
      #expect(try folder.openBelow("real/file").readAll(limit: 10) == [2])
    }
  }

  @Test func exchangesAndRefusesToReplace() throws {
    try withFolder { path in
      let folder = try HostFolder(path)
      try folder.put("a", [1], mode: 0o644)
      try folder.put("b", [2], mode: 0o644)
      try folder.exchange("a", with: "b")
      #expect(try folder.read("a", limit: 1) == [2])
      #expect(throws: HostError.self) { try folder.renameNew("a", to: "b") }
      #expect(throws: HostError.self) { try folder.exchange("a", with: "c") }
      #expect(throws: HostError.self) { try folder.put("a", [], mode: 0o644) }
      try folder.renameNew("a", to: "c")
      #expect(try folder.list().map(\.name) == ["b", "c"])
    }
  }

  @Test func aLockIsHeldOnceAndFreedAtTheEnd() throws {
    try withFolder { path in
      let folder = try HostFolder(path)
      do {
        let first = try HostLock.take("lock", in: folder)
        let answers = [isHeld(first), isHeld(try HostLock.take("lock", in: folder)), isHeld(first)]
        #expect(answers == [true, false, true])
      }
      let again = isHeld(try HostLock.take("lock", in: folder))
      #expect(again)
    }
  }

  private func isHeld(_ lock: borrowing HostLock?) -> Bool {
    switch lock {
    case .some: true
    case .none: false
    }
  }
}

import FleetModel
import Glibc
import HostFiles
import SecretStore
import Testing

/// A fleet's folder below a temporary one.
private func withFolder(_ body: (SecretFolder) throws -> Void) throws {
  let path = try HostFile.makeTemporaryDirectory(prefix: "secret-store")
  defer { try? HostFile.removeTree(path) }
  try body(SecretFolder(path + "/secrets/demo"))
}

private func file(_ path: String) throws -> SecretFile { try #require(SecretFile(path)) }

// The umask is the process's: these run one after the other.
@Suite(.serialized) struct SecretFolderTests {
  @Test func filesAreMadeWithTheirModes() throws {
    let former = umask(0)
    defer { umask(former) }
    try withFolder { folder in
      #expect(try folder.state(of: file("node01/node01.key")) == .missing)
      try folder.add([1, 2, 3], as: file("node01/node01.key"))
      try folder.add([4], as: file("node01/node01.crt"))
      #expect(try HostFile.status(folder.path)?.mode == 0o700)
      #expect(try HostFile.status(folder.path + "/node01")?.mode == 0o700)
      #expect(try HostFile.status(folder.path + "/node01/node01.key")?.mode == 0o600)
      #expect(try HostFile.status(folder.path + "/node01/node01.crt")?.mode == 0o644)
      #expect(try folder.state(of: file("node01/node01.key")) == .present(size: 3))
      #expect(try folder.read(file("node01/node01.key")) == [1, 2, 3])
      #expect(try HostFile.list(folder.path + "/node01").map(\.name) == ["node01.crt", "node01.key"])
    }
  }

  @Test func nothingIsReplaced() throws {
    try withFolder { folder in
      let key = try file("keys/release.key")
      try folder.add([1], as: key)
      #expect(throws: SecretError.taken(key)) { try folder.add([2], as: key) }
      #expect(try folder.read(key) == [1])
    }
  }

  @Test func theRemainsOfAKilledRunAreNoHindrance() throws {
    try withFolder { folder in
      try folder.add([1], as: file("keys/one"))
      try HostFile.write([9], to: folder.path + "/keys/.new", mode: 0o600)
      try folder.add([2], as: file("keys/two"))
      #expect(try folder.read(file("keys/two")) == [2])
      #expect(try HostFile.list(folder.path + "/keys").map(\.name) == ["one", "two"])
    }
  }

  @Test func missingFilesAreListedInOrder() throws {
    try withFolder { folder in
      let files = try ["node01/b.key", "keys/a", "node01/a.key"].map(file)
      #expect(try folder.missing(among: files) == files)
      try folder.add([1], as: files[1])
      #expect(try folder.missing(among: files) == [files[0], files[2]])
      #expect(throws: SecretError.missing(files[0])) { try folder.read(files[0]) }
    }
  }

  @Test(arguments: [
    (UInt16(0o640), SecretFlaw.exposed(mode: 0o640)), (0o604, .exposed(mode: 0o604)),
    (0o660, .exposed(mode: 0o660)), (0o700, .exposed(mode: 0o700)),
  ])
  func exposedKeysAreFlawed(mode: UInt16, flaw: SecretFlaw) throws {
    try withFolder { folder in
      let key = try file("node01/node01.key")
      try folder.add([1], as: key)
      try HostFile.setMode(mode, of: folder.path + "/node01/node01.key")
      #expect(try folder.state(of: key) == .flawed(flaw))
      #expect(throws: SecretError.flawed(key, flaw)) { try folder.read(key) }
    }
  }

  @Test func certificatesMayBeSeenButNotChanged() throws {
    try withFolder { folder in
      let certificate = try file("node01/node01.crt")
      try folder.add([1], as: certificate)
      try HostFile.setMode(0o600, of: folder.path + "/node01/node01.crt")
      #expect(try folder.state(of: certificate) == .present(size: 1))
      try HostFile.setMode(0o664, of: folder.path + "/node01/node01.crt")
      #expect(try folder.state(of: certificate) == .flawed(.exposed(mode: 0o664)))
    }
  }

  @Test func linksFoldersAndEmptyFilesAreFlawed() throws {
    try withFolder { folder in
      try folder.add([1], as: file("keys/real"))
      try HostFile.link(folder.path + "/keys/link", to: "real")
      try HostFile.makeDirectories(folder.path + "/keys/folder", mode: 0o700)
      try HostFile.write([], to: folder.path + "/keys/empty", mode: 0o600)
      let flaws: [(String, SecretFlaw)] = [
        ("keys/link", .notRegular), ("keys/folder", .notRegular), ("keys/empty", .empty),
      ]
      for (path, flaw) in flaws {
        #expect(try folder.state(of: file(path)) == .flawed(flaw))
        #expect(throws: SecretError.flawed(try file(path), flaw)) { try folder.read(file(path)) }
      }
    }
  }

  @Test func foldersOfOthersAreFlawed() throws {
    try withFolder { folder in
      let key = try file("node01/node01.key")
      try folder.add([1], as: key)
      try HostFile.setModeOfFolder(0o750, folder.path + "/node01")
      let flaw = SecretFlaw.folderExposed(path: folder.path + "/node01", mode: 0o750)
      #expect(try folder.state(of: key) == .flawed(flaw))
      #expect(throws: SecretError.flawed(key, flaw)) { try folder.read(key) }
      try HostFile.setModeOfFolder(0o700, folder.path + "/node01")
      try HostFile.setModeOfFolder(0o711, folder.path)
      let other = SecretFlaw.folderExposed(path: folder.path, mode: 0o711)
      #expect(try folder.state(of: key) == .flawed(other))
      #expect(throws: SecretError.flawed(key, other)) { try folder.read(key) }
    }
  }

  @Test func aNodesFolderIsNoLink() throws {
    try withFolder { folder in
      try folder.add([1], as: file("node01/node01.key"))
      try HostFile.link(folder.path + "/node02", to: "node01")
      let key = try file("node02/node01.key")
      let flaw = SecretFlaw.folderNotReal(path: folder.path + "/node02")
      #expect(try folder.state(of: key) == .flawed(flaw))
      #expect(throws: SecretError.flawed(key, flaw)) { try folder.read(key) }
      #expect(throws: SecretError.self) { try folder.add([2], as: file("node02/new.key")) }
      #expect(try HostFile.status(folder.path + "/node01/new.key") == nil)
    }
  }

  @Test func oneRunAtATime() throws {
    try withFolder { folder in
      try hold(folder.lock()) {
        #expect(throws: SecretError.busy(folder: folder.path)) { try hold(folder.lock()) {} }
      }
      try hold(folder.lock()) {}
    }
  }

  private func hold(_ lock: borrowing HostLock, _ body: () throws -> Void) rethrows { try body() }
}

extension HostFile {
  fileprivate static func setModeOfFolder(_ mode: UInt16, _ path: String) throws {
    try HostFolder(path).setMode(mode)
  }
}

import Digests
import HostFiles
import Publishing
import Synchronization
import Testing

/// Said by who publishes to who walks.
private final class End: Sendable {
  let isReached = Atomic(false)
}

@Suite struct BootRootTests {
  private func with<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "boot-root")
    defer { try? HostFile.removeTree(folder) }
    return try body(folder + "/pxe")
  }

  static func stored(_ bytes: [UInt8], _ name: String) -> String {
    let digest = SHA256.digest(of: bytes).description
    return "store/sha256/\(digest.prefix(2))/\(digest)/\(name)"
  }

  /// A generation whose files all say which one they are of.
  static func publish(_ number: Int, to path: String) throws {
    let root = try BootRoot(path)
    let kernel = Array("kernel \(number)".utf8)
    let place = stored(kernel, "kernel")
    try root.store([(place, kernel)])
    try root.publish(
      number,
      texts: [
        ("http/boot.ipxe", Array("\(folder(number))".utf8)),
        ("http/node.ipxe", Array("\(number) \(place)".utf8)),
        ("http/same.ipxe", Array("the same".utf8)),
      ], links: [("tftp/kernel", place)])
  }

  static func folder(_ number: Int) -> String { String(String(100_000_000 + number).dropFirst()) }

  @Test func whatIsPublishedIsServed() throws {
    try with { path in
      for number in 1...3 { try Self.publish(number, to: path) }
      let root = try BootRoot(path)
      #expect(try root.serving() == 3)
      #expect(try root.numbers() == [1, 2, 3])
      #expect(try root.read("http/boot.ipxe", of: 2) == Array("00000002".utf8))
      #expect(try root.read("http/none.ipxe", of: 2) == nil)
      let same = try HostFile.status(path + "/generations/00000003/http/same.ipxe")
      #expect(same?.links == 3, "what does not change has a name more")
      try root.serve(1)
      #expect(try HostFile.target(of: path + "/current") == "generations/00000001")
    }
  }

  @Test func aPathThatIsNotTheDigestIsRefused() throws {
    try with { path in
      let root = try BootRoot(path)
      #expect(throws: PublishingError.self) {
        try root.store([(Self.stored([1], "kernel"), [2])])
      }
      for stored in ["kernel", "store/sha256/ab/../kernel"] {
        #expect(throws: PublishingError.self) { try root.store([(stored, [1])]) }
      }
    }
  }

  @Test func aDamagedFileOfTheStoreIsMended() throws {
    try with { path in
      try Self.publish(1, to: path)
      let kernel = Array("kernel 1".utf8)
      let stored = Self.stored(kernel, "kernel")
      try HostFile.write(Array("kernel !".utf8), to: path + "/" + stored, mode: 0o644)
      let root = try BootRoot(path)
      try root.store([(stored, kernel)])
      #expect(try HostFile.read(path + "/" + stored, limit: 100) == kernel)
    }
  }

  @Test func aRootIsWrittenByOneAtATime() throws {
    try with { path in
      let first = try BootRoot(path)
      #expect(throws: PublishingError.self) { _ = try BootRoot(path, patience: 0) }
      _ = first.path
    }
  }

  @Test func whatAMachineMayReadIsNotCollected() throws {
    try with { path in
      for number in 1...4 { try Self.publish(number, to: path) }
      let root = try BootRoot(path)
      let now = 1_000_000
      // 1 was retired two hours ago, 2 a minute ago, of 3 nobody knows, 4 serves.
      let needs = { (number: Int) -> [String]? in [Self.stored(Array("kernel \(number)".utf8), "kernel")] }
      let first = try root.collect(
        keep: 1, hours: 1, now: now, retired: [1: now - 7200, 2: now - 60], needs: needs)
      #expect(first.generations == [1] && first.files == 1)
      #expect(try root.numbers() == [2, 3, 4])
      #expect(try HostFile.status(path + "/" + Self.stored(Array("kernel 1".utf8), "kernel")) == nil)
      #expect(try root.has(Self.stored(Array("kernel 2".utf8), "kernel"), size: 8))
      // A manifest that cannot be read: nothing of the store goes.
      let second = try root.collect(keep: 1, hours: 0, now: now, retired: [2: 0], needs: { _ in nil })
      #expect(second.generations == [2] && second.files == 0)
    }
  }

  /// Machines walk from the mutable name to what it names while generations come and go.
  @Test func noWalkMixesGenerations() async throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "boot-root")
    defer { try? HostFile.removeTree(folder) }
    let path = folder + "/pxe"
    try Self.publish(1, to: path)
    let end = End()
    let walks = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var walks = 0
          repeat {
            try Self.walk(path)
            walks += 1
            await Task.yield()
          } while !end.isReached.load(ordering: .relaxed)
          return walks
        }
      }
      group.addTask {
        for number in 2...200 {
          try Self.publish(number, to: path)
          await Task.yield()
        }
        end.isReached.store(true, ordering: .relaxed)
        return 0
      }
      return try await group.reduce(0, +)
    }
    #expect(walks >= 8)
  }

  private static func walk(_ path: String) throws {
    let text = { (place: String) in
      String(decoding: try HostFile.read(path + "/" + place, limit: 1000), as: UTF8.self)
    }
    let generation = try text("current/http/boot.ipxe")
    let words = try text("generations/\(generation)/http/node.ipxe").split(separator: " ").map(String.init)
    try #require(words.count == 2 && Int(generation) == Int(words[0]))
    #expect(try text(words[1]) == "kernel \(words[0])")
  }
}

import HostFiles
import Testing

/// What the installer's release has in the place of the C library's own: Sources/COnNode.
@Suite struct OnNodeTests {
  /// memory.c, its functions under other names, against Tests/OnNode/memory.c. The seed is told when it fails.
  @Test(arguments: [1, 2, 3, UInt64.random(in: 4...UInt64.max)])
  func memoryIsWhatItShouldBe(seed: UInt64) throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-memory")
    defer { try? HostFile.removeTree(folder) }
    let names = [
      "malloc", "free", "calloc", "posix_memalign", "memcpy", "memmove", "memset", "memcmp", "strlen",
      "strcspn",
    ].map { "-D\($0)=own_\($0)" }
    let sources = Checkout.root + "/Sources/COnNode"
    try compile(
      ["-DIMAGEGEN_ON_NODE", "-Os", "-fno-builtin"] + names
        + ["-I", sources + "/include", "-c", sources + "/memory.c", "-o", folder + "/memory.o"])
    try compile([
      "-O1", "-Wall", "-Werror", Checkout.root + "/Tests/OnNode/memory.c", folder + "/memory.o", "-o",
      folder + "/memory",
    ])
    let run = try HostProgram.run([folder + "/memory", String(seed)])
    #expect(run.status == 0 && run.output == Array("ok\n".utf8), "\(seed): \(run)")
  }

  private func compile(_ words: [String]) throws {
    let run = try HostProgram.run(["clang"] + words)
    try #require(run.status == 0, "\(String(decoding: run.errors, as: UTF8.self))")
  }
}

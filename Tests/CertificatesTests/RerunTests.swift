import Certificates
import Diagnostics
import FleetModel
import HostFiles
import SecretStore
import Testing

@Suite struct RerunTests {
  @Test func aSecondRunChangesNoByte() throws {
    let workshop = try Workshop()
    let request = try Demo().request()
    try workshop.mint(request)
    let before = try workshop.snapshot()
    let result = try workshop.mint(request, now: Workshop.now + 100 * Workshop.day)
    #expect(result.value?.isEmpty == true)
    #expect(result.report.diagnostics.isEmpty)
    #expect(try workshop.snapshot() == before)
  }

  @Test func aLookMakesNothing() throws {
    let workshop = try Workshop()
    let plan = try #require(
      try SecretMint.plan(Demo().request(), in: workshop.folder, now: Workshop.now).value)
    #expect(try HostFile.status(workshop.folder.path) == nil)
    #expect(plan.mintable.count == 9)
    #expect(plan.lacks.diagnostics.map(\.code.description) == Array(repeating: "CE012", count: 9))
    #expect(
      plan.lacks.diagnostics.first?.message
        == "authorities/clients.key and authorities/clients.crt are not minted yet")
    #expect(!plan.lacks.hasErrors)
  }

  /// Whichever files an interrupted run had written, in its order, the next one ends with the same
  /// set, and keeps every byte of the former.
  @Test func everyInterruptedRunIsGoneOnWith() throws {
    let whole = try Workshop()
    let request = try Demo().request()
    let made = try #require(try whole.mint(request).value)
    let files = made.flatMap(\.files)
    #expect(files.count == 15)
    for count in 0..<files.count {
      let workshop = try Workshop()
      for file in files.prefix(count) { try workshop.folder.add(try whole.folder.read(file), as: file) }
      let before = count == 0 ? [:] : try workshop.snapshot()
      let result = try workshop.mint(request)
      #expect(result.report.diagnostics.isEmpty, "after \(count) files")
      let after = try workshop.snapshot()
      #expect(after.count == 15)
      for (name, bytes) in before { #expect(after[name] == bytes, "\(name) after \(count) files") }
      #expect(try workshop.codes(request).isEmpty)
      #expect(try workshop.verifies("node01/node01-route.crt", under: "authorities/routes.crt"))
    }
  }

  @Test func anAuthoritysCertificateIsMadeAgainFromItsKey() throws {
    let workshop = try Workshop()
    let request = try Demo().request()
    try workshop.mint(request)
    try workshop.remove("authorities/routes.crt")
    let leaf = try workshop.bytes("node01/node01-route.crt")
    let result = try workshop.mint(request)
    #expect(result.value?.map(\.subject) == [.authority(try #require(Name("routes")))])
    #expect(try workshop.bytes("node01/node01-route.crt") == leaf)
    #expect(try workshop.codes(request).isEmpty)
    #expect(try workshop.verifies("node01/node01-route.crt", under: "authorities/routes.crt"))
  }

  @Test func newNodesGetTheirsAndOldOnesKeepTheirs() throws {
    let workshop = try Workshop()
    var request = try Demo().request()
    try workshop.mint(request)
    let before = try workshop.snapshot()
    var second = try Demo(names: ["node02"], addresses: ["10.0.0.2"]).node()
    second.node = sourced(try #require(Name("node02")))
    request.nodes.append(second)
    let result = try workshop.mint(request)
    #expect(result.value?.count == 5)
    let after = try workshop.snapshot()
    for (name, bytes) in before { #expect(after[name] == bytes) }
    #expect(
      try workshop.verifies(
        "node02/node01-route.crt", under: "authorities/routes.crt", "-verify_ip", "10.0.0.2"))
  }

  @Test func whileOneRunIsAtWorkAnotherMakesNothing() throws {
    let workshop = try Workshop()
    let request = try Demo().request()
    try hold(workshop.folder.lock()) {
      let result = try workshop.mint(request)
      #expect(result.report.diagnostics.map(\.code.description) == ["CE013"])
      #expect(result.value?.isEmpty == true)
      #expect(try workshop.snapshot().isEmpty)
    }
    #expect(try workshop.mint(request).value?.count == 9)
  }

  @Test func runsAtTheSameTimeLeaveOneWholeSet() async throws {
    let workshop = try Workshop()
    let request = try Demo().request()
    let folder = workshop.folder
    let reports = try await withThrowingTaskGroup(of: Checked<[MintingPlan.Item]>.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let plan = try #require(try SecretMint.plan(request, in: folder, now: Workshop.now).value)
          return try SecretMint.mint(plan, into: folder, now: Workshop.now)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    // Each piece was made once, by whichever run it was; a run that found another at work says so.
    #expect(reports.compactMap(\.value).map(\.count).reduce(0, +) == 9)
    #expect(reports.flatMap(\.report.diagnostics).allSatisfy { $0.code.description == "CE013" })
    #expect(try workshop.codes(request).isEmpty)
  }

  private func hold(_ lock: borrowing HostLock, _ body: () throws -> Void) rethrows { try body() }
}

import Certificates
import Diagnostics
import FleetModel
import HostFiles
import SecretStore
import Testing

/// A way to spoil a store that was minted for `Demo()`, and what a look then finds.
struct Spoiling: CustomTestStringConvertible, Sendable {
  var testDescription: String
  /// The codes that are found, in order.
  var codes: [String]
  /// What the profile says afterwards.
  var demo = Demo()
  /// When the look is taken.
  var now = Workshop.now
  /// What happens to the files.
  var spoil: @Sendable (borrowing Workshop) throws -> Void = { _ in }

  init(
    _ description: String, _ codes: [String], demo: Demo = Demo(), now: Int = Workshop.now,
    spoil: @escaping @Sendable (borrowing Workshop) throws -> Void = { _ in }
  ) {
    testDescription = description
    self.codes = codes
    self.demo = demo
    self.now = now
    self.spoil = spoil
  }

  static let ofRequests = [
    Spoiling("a comma in a name", ["CE001"], demo: Demo(names: ["node01,DNS:bank.example"])),
    Spoiling("an address for a name", ["CE001"], demo: Demo(names: ["10.0.0.1"])),
    Spoiling("a wildcard", ["CE001"], demo: Demo(names: ["*.plasma.local"])),
    Spoiling("a NUL in a name", ["CE001"], demo: Demo(names: ["node01\0.evil"])),
    Spoiling("an authority that is not declared", ["CE002"], demo: Demo(routeAuthority: "peers")),
    Spoiling("no usage", ["CE004"], demo: Demo(dataUsages: [])),
    Spoiling("neither name nor address", ["CE004"], demo: Demo(names: [], addresses: [])),
  ]

  static let ofFiles = [
    Spoiling("a key that others may read", ["CE010"]) {
      try HostFile.setMode(0o644, of: $0.path("node01/node01.key"))
    },
    Spoiling("a folder that others may read", ["CE010"]) {
      try HostFolder($0.path("node01")).setMode(0o755)
    },
    Spoiling("a link for a key", ["CE010"]) {
      let bytes = try $0.bytes("node01/node01.key")
      try $0.put(bytes, "authorities/elsewhere")
      try $0.remove("node01/node01.key")
      try HostFile.link($0.path("node01/node01.key"), to: "../authorities/elsewhere")
    },
    Spoiling("an empty key", ["CE010"]) { try $0.put("", "node01/node01.key") },
    Spoiling("an empty secret", ["CE010"]) { try $0.put("", "node01/admin") },
    Spoiling("a damaged key", ["CE011"]) { try $0.put("-----BEGIN PRIVATE KEY-----\n", "node01/node01.key") },
    Spoiling("a damaged certificate", ["CE011"]) { try $0.put("no", "node01/node01.crt", mode: 0o644) },
    Spoiling("a damaged authority", ["CE011"]) { try $0.put("no", "authorities/routes.crt", mode: 0o644) },
    Spoiling("an encrypted key", ["CE011"]) { workshop in
      let done = try workshop.openssl(
        "pkey", "-in", "node01/node01.key", "-aes256", "-passout", "pass:long enough", "-out", "locked")
      #expect(done.status == 0)
      try workshop.put(try workshop.bytes("locked"), "node01/node01.key")
    },
    Spoiling("a damaged host key", ["CE011"]) { try $0.put("no", "node01/ssh_host_ed25519_key") },
    Spoiling("a damaged release key", ["CE011"]) { try $0.put("no", "keys/release.key") },
    Spoiling("a release key of another kind", ["CE011"]) {
      try $0.put(try $0.bytes("node01/node01.key"), "keys/release.key")
    },
    Spoiling("a sealing key that is too short", ["CE011"]) { try $0.put("short", "node01/sealing") },
    Spoiling("a key without its certificate that is damaged", ["CE011"]) {
      try $0.remove("node01/node01.crt")
      try $0.put("no", "node01/node01.key")
    },
  ]

  static let ofPairs = [
    Spoiling("the key of the other plane", ["CE020"]) {
      try $0.put(try $0.bytes("node01/node01-route.key"), "node01/node01.key")
    },
    Spoiling("the key of the other authority", ["CE020"]) {
      try $0.put(try $0.bytes("authorities/clients.key"), "authorities/routes.key")
    },
    Spoiling("another release key", ["CE020"]) {
      try $0.put("ed25519 0000000000000000 AAAA\n", "keys/release.pub", mode: 0o644)
    },
    Spoiling("another host key", ["CE020"]) {
      try $0.put("ssh-ed25519 AAAA node01\n", "node01/ssh_host_ed25519_key.pub", mode: 0o644)
    },
    Spoiling("a certificate without its key", ["CE021"]) { try $0.remove("node01/node01.key") },
    Spoiling("a public host key alone", ["CE021"]) { try $0.remove("node01/ssh_host_ed25519_key") },
    Spoiling("a public release key alone", ["CE021"]) { try $0.remove("keys/release.key") },
    Spoiling("keys of another kind", ["CE022"], demo: Demo(keys: [.ed25519, .ecdsaP256])),
  ]

  static let ofCertificates = [
    Spoiling("a certificate of the other authority", ["CE030"], demo: Demo(routeAuthority: "clients")),
    Spoiling("a new name", ["CE031"], demo: Demo(names: Demo().names + ["node01.example"])),
    Spoiling(
      "another address", ["CE031", "CE032"], demo: Demo(addresses: ["10.0.0.1", "203.0.113.7", "fd00::2"])),
    Spoiling("a name less", ["CE032"], demo: Demo(names: ["node01"])),
    Spoiling("another usage", ["CE033"], demo: Demo(dataUsages: [.client])),
    Spoiling("one usage more", ["CE033"], demo: Demo(dataUsages: [.client, .server])),
    Spoiling("after the leaves' end", ["CE034"], now: Workshop.now + 825 * Workshop.day),
    Spoiling("a second before", ["CE035"], now: Workshop.now + 825 * Workshop.day - 1),
    Spoiling("29 days before the leaves' end", ["CE035"], now: Workshop.now + 796 * Workshop.day),
    Spoiling("31 days before the leaves' end", [], now: Workshop.now + 794 * Workshop.day),
    Spoiling("before the beginning", ["CE036"], now: Workshop.now - Workshop.day),
  ]

  static let ofAuthorities = [
    Spoiling("an authority without its key", ["CE040"]) { try $0.remove("authorities/routes.key") },
    Spoiling("an authority that is gone", ["CE040"]) {
      try $0.remove("authorities/routes.key", "authorities/routes.crt")
    },
    Spoiling("a server's certificate for an authority's", ["CE041"]) {
      try $0.put(try $0.bytes("node01/node01-route.crt"), "authorities/routes.crt", mode: 0o644)
      try $0.put(try $0.bytes("node01/node01-route.key"), "authorities/routes.key")
    },
  ]
}

@Suite struct FindingTests {
  @Test(
    arguments: Spoiling.ofRequests + Spoiling.ofFiles + Spoiling.ofPairs + Spoiling.ofCertificates
      + Spoiling.ofAuthorities)
  func isFoundAndNothingIsTouched(spoiling: Spoiling) throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    try spoiling.spoil(workshop)
    let before = try workshop.snapshot()
    let request = try spoiling.demo.request()
    #expect(try workshop.codes(request, now: spoiling.now) == spoiling.codes)
    // Minting makes what it can, and leaves every file that is there as it is.
    try workshop.mint(request, now: spoiling.now)
    let after = try workshop.snapshot()
    for (name, bytes) in before { #expect(after[name] == bytes, "\(name)") }
    let lost = ["authorities/routes.key 600", "node01/node01.key 600"].filter { before[$0] == nil }
    // A private key that is gone while its certificate is there stays gone.
    for name in lost where before[name.replacing(".key 600", with: ".crt 644")] != nil {
      #expect(after[name] == nil)
    }
  }

  @Test func everyRuleIsFoundByATest() throws {
    let found = Set(
      (Spoiling.ofRequests + Spoiling.ofFiles + Spoiling.ofPairs + Spoiling.ofCertificates
        + Spoiling.ofAuthorities)
        .flatMap(\.codes))
    // These have tests of their own.
    let others: Set = ["CE003", "CE012", "CE013", "CE014", "CE037", "CE042"]
    #expect(found.union(others) == Set(CertificateRules.all.map(\.code.description)))
    #expect(found.isDisjoint(with: others))
  }

  @Test func codesAndNamesAreUniqueAndManualsWhole() {
    let rules = CertificateRules.all
    #expect(Set(rules.map(\.code)).count == rules.count)
    #expect(Set(rules.map(\.name)).count == rules.count)
    #expect(rules.map(\.code) == rules.map(\.code).sorted())
    for rule in rules {
      #expect(rule.code.family == "CE")
      for text in [rule.finds, rule.why, rule.example, rule.instead] { #expect(!text.isEmpty) }
      if rule.severity == .warning, rule.code.description != "CE012" { #expect(!rule.ignoreWhen.isEmpty) }
    }
  }

  @Test func nothingIsMintedForANameThatIsNone() throws {
    let workshop = try Workshop()
    let result = try workshop.mint(Demo(names: ["node01,DNS:bank.example"]).request())
    #expect(result.report.hasErrors)
    #expect(try HostFile.status(workshop.path("node01/node01.crt")) == nil)
    #expect(try HostFile.status(workshop.path("node01/node01.key")) == nil)
  }

  @Test func foldersOfTheFleetAreNoNodes() throws {
    let workshop = try Workshop()
    var request = try Demo().request()
    request.nodes[0].node = sourced(try #require(Name("keys")))
    let result = try workshop.mint(request)
    #expect(result.report.diagnostics.map(\.code.description) == ["CE003"])
    #expect(try HostFile.status(workshop.path("keys/ssh_host_ed25519_key")) == nil)
  }

  @Test func oneFileForTwoRequestsIsRefused() throws {
    let workshop = try Workshop()
    var request = try Demo().request()
    var other = request.nodes[0].certificates[0].value
    other.usages = [.client]
    request.nodes[0].certificates += [sourced(other), request.nodes[0].certificates[0]]
    #expect(try workshop.codes(request) == ["CE003"])
    let name = "../authorities/clients"
    request.nodes[0].certificates[0].value.name = name
    #expect(try workshop.codes(request).contains("CE001"))
  }

  @Test func whatIsSaidToBeRemovedIsMintedAnew() throws {
    let workshop = try Workshop()
    try workshop.mint(Demo().request())
    let request = try Demo(names: Demo().names + ["node01.example"]).request()
    let plan = try SecretMint.plan(request, in: workshop.folder, now: Workshop.now)
    let help = try #require(plan.report.diagnostics.first?.help)
    #expect(
      help
        == "to have it minted anew, remove \(workshop.path("node01/node01.crt")) and run `imagegen secrets` again"
    )
    let key = try workshop.bytes("node01/node01.key")
    try workshop.remove("node01/node01.crt", "node01/node01-route.crt")
    #expect(try workshop.mint(request).report.diagnostics.isEmpty)
    #expect(try workshop.bytes("node01/node01.key") == key)
    #expect(try workshop.codes(request).isEmpty)
  }

  @Test func certificatesEndWithTheirAuthority() throws {
    let workshop = try Workshop()
    let result = try workshop.mint(Demo(days: 300, leafDays: 825).request())
    #expect(result.report.diagnostics.map(\.code.description) == ["CE042", "CE042"])
    #expect(!result.report.hasErrors)
    let facts = try ["authorities/routes", "node01/node01-route"].map {
      try CertificateFacts(pem: workshop.bytes("\($0).crt"))
    }
    #expect(facts[0].notAfter == facts[1].notAfter)
    #expect(try workshop.verifies("node01/node01-route.crt", under: "authorities/routes.crt"))
  }

  @Test func shortLivedCertificatesDoNotWarnAtOnce() throws {
    let workshop = try Workshop()
    let request = try Demo(leafDays: 9).request()
    try workshop.mint(request)
    #expect(try workshop.codes(request).isEmpty)
    #expect(try workshop.codes(request, now: Workshop.now + 5 * Workshop.day).isEmpty)
    #expect(try workshop.codes(request, now: Workshop.now + 7 * Workshop.day) == ["CE035"])
  }
}

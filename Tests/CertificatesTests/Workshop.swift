import Certificates
import Diagnostics
import FleetModel
import HostFiles
import SecretStore
import Testing

/// A temporary folder with a fleet's secrets, and the real openssl to judge them.
struct Workshop: ~Copyable {
  /// 2025-06-15T00:00:00Z.
  static let now = 1_749_945_600
  static let day = 86_400

  let root: String
  let folder: SecretFolder

  init() throws {
    root = try HostFile.makeTemporaryDirectory(prefix: "certificates")
    folder = SecretFolder(root + "/secrets/demo")
  }

  deinit { try? HostFile.removeTree(root) }

  func path(_ file: String) -> String { "\(folder.path)/\(file)" }

  func bytes(_ file: String) throws -> [UInt8] { try HostFile.read(path(file), limit: 1 << 20) }

  func text(_ file: String) throws -> String { String(decoding: try bytes(file), as: UTF8.self) }

  func remove(_ files: String...) throws {
    for file in files { try HostFile.removeTree(path(file)) }
  }

  func put(_ bytes: [UInt8], _ file: String, mode: UInt16 = 0o600) throws {
    try HostFile.write(bytes, to: path(file), mode: mode)
  }

  func put(_ text: String, _ file: String, mode: UInt16 = 0o600) throws {
    try put(Array(text.utf8), file, mode: mode)
  }

  /// Mints, and holds that no finding gives anything away.
  @discardableResult
  func mint(_ request: MintingRequest, now: Int = now) throws -> Checked<[MintingPlan.Item]> {
    let plan = try #require(try SecretMint.plan(request, in: folder, now: now).value)
    let result = try SecretMint.mint(plan, into: folder, now: now)
    try expectSilence(result.report)
    return result
  }

  /// The findings of a look, as codes.
  func codes(_ request: MintingRequest, now: Int = now) throws -> [String] {
    let plan = try SecretMint.plan(request, in: folder, now: now)
    try expectSilence(plan.report)
    for diagnostic in plan.report.diagnostics {
      #expect(diagnostic.help?.isEmpty == false)
      #expect(!diagnostic.message.hasSuffix("."))
    }
    return Set(plan.report.diagnostics.map(\.code.description)).sorted()
  }

  /// All files with their modes and contents.
  func snapshot() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for entry in try HostFile.list(folder.path) where entry.kind == .directory {
      for file in try HostFile.list(path(entry.name)) {
        let name = "\(entry.name)/\(file.name)"
        let mode = try #require(try HostFile.status(path(name))).mode
        files["\(name) \(String(mode, radix: 8))"] = try bytes(name)
      }
    }
    return files
  }

  /// Holds that no line of a private file, nor a long piece of one, stands in a finding.
  func expectSilence(_ report: Report) throws {
    guard try HostFile.status(folder.path) != nil else { return }
    let text = report.diagnostics.map { "\($0)" }.joined(separator: "\n")
    for (name, bytes) in try snapshot() where name.hasSuffix(" 600") {
      for line in bytes.split(separator: 10) where line.count >= 16 && line.first != 45 {
        let piece = String(decoding: line.prefix(16), as: UTF8.self)
        #expect(!text.contains(piece), "a finding holds bytes of \(name)")
      }
    }
  }

  /// Runs openssl and returns what it says and its status.
  func openssl(_ arguments: String...) throws -> (status: Int32, output: String) {
    let program = try #require(HostProgram.find("openssl"), "install openssl")
    let result = try HostProgram.run([program] + arguments, directory: folder.path)
    return (result.status, String(decoding: result.output + result.errors, as: UTF8.self))
  }

  /// Whether openssl accepts a certificate, strictly, at a time.
  func verifies(_ file: String, under root: String, at time: Int = now, _ more: String...) throws -> Bool {
    let program = try #require(HostProgram.find("openssl"), "install openssl")
    let words = [program, "verify", "-x509_strict", "-attime", String(time), "-CAfile", root] + more + [file]
    return try HostProgram.run(words, directory: folder.path).status == 0
  }
}

/// The fleet that the tests mint: two planes with an authority each.
struct Demo {
  var keys: [Authority.Key] = [.ecdsaP256, .ecdsaP256]
  var days = 3650
  var leafDays = 825
  var names = ["magnus.plasma.local", "node01", "node01.plasma.local"]
  var addresses = ["10.0.0.1", "203.0.113.7", "fd00::1"]
  var dataUsages: [CertificateUsage] = [.server]
  var routeAuthority = "routes"
  var hasReleaseKey = true

  func request() throws -> MintingRequest {
    let authorities = try zip(["clients", "routes"], keys).map { name, key in
      Authority(
        name: sourced(try #require(Name(name))), key: sourced(key), days: sourced(days),
        leafDays: sourced(leafDays))
    }
    let secrets = try [
      ("cluster-pass", SecretDeclaration.Kind.hex32, SecretDeclaration.Scope.fleet),
      ("admin", .password, .node), ("sealing", .key32, .node),
    ].map { name, kind, scope in
      SecretDeclaration(name: sourced(try #require(Name(name))), kind: sourced(kind), scope: sourced(scope))
    }
    return MintingRequest(
      fleet: try #require(Name("demo")), authorities: authorities, secrets: secrets,
      nodes: [try node()], hasReleaseKey: hasReleaseKey)
  }

  func node() throws -> NodeSecrets {
    let addresses = try addresses.map { try #require(IPAddress($0)) }.sorted()
    let certificates = [
      CertificateRequest(
        authority: try #require(Name("clients")), name: "node01", usages: dataUsages, names: names,
        addresses: addresses),
      CertificateRequest(
        authority: try #require(Name(routeAuthority)), name: "node01-route", usages: [.client, .server],
        names: names, addresses: addresses),
    ]
    return NodeSecrets(
      node: sourced(try #require(Name("node01"))), certificates: certificates.map(sourced),
      secrets: try ["admin", "sealing"].map { sourced(try #require(Name($0))) }, hasHostKey: true)
  }
}

func sourced<Value>(_ value: Value) -> Sourced<Value> { Sourced(value, .standard("test")) }

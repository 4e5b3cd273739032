import Diagnostics
import Digests
import FleetModel
import HostFiles
import JSONText
import NetbootEmission
import Testing

@Suite struct BootPlanTests {
  static let nonce = String(repeating: "0f", count: 16)

  static func file(_ name: String, _ bytes: [UInt8]) -> StoredFile {
    StoredFile(name: name, digest: SHA256.digest(of: bytes), size: bytes.count)
  }

  static func plan(_ state: BootState = .discover) throws -> BootPlan {
    let node = try Fixture().node
    let line = try #require(KernelCommandLine.checked(for: node, prefix: "kernel").value)
    let machine = try #require(
      BootMachine(
        node, kernel: file("vmlinuz", [1]),
        initrds: [("base", file("base.cpio", [2])), ("node", file("node01.cpio", [3]))], commandLine: line))
    var plan = BootPlan()
    plan.put(machine)
    plan.subnets = BootSubnet.all(of: node)
    plan.loaders = [
      "undionly.kpxe": file("undionly.kpxe", [4]), "snponly-x86_64.efi": file("snponly-x86_64.efi", [5]),
    ]
    plan.set(state, of: machine.node, in: machine.fleet)
    return plan
  }

  private func text(_ path: String, of plan: BootPlan) throws -> String {
    try #require(BootTree.files(of: plan, number: 7, root: "/srv/pxe").texts.first { $0.path == path }).text
  }

  @Test(arguments: [
    BootState.discover, .armed(nonce: nonce), .installed(nonce: nonce), .installed(nonce: nil),
  ])
  func aPlanIsReadBackFromItsManifest(state: BootState) throws {
    var plan = try Self.plan(state)
    plan.server = "192.168.100.1"
    let read = try #require(BootPlan(json: JSONReader.parse(plan.json.pretty)))
    #expect(read.json == plan.json && read.machines == plan.machines && read.subnets == plan.subnets)
    #expect(read.files == plan.files && read.files.count == 5)
  }

  @Test func whatIsNoPlanIsRefused() throws {
    let text = String(decoding: try Self.plan(.armed(nonce: Self.nonce)).json.compact, as: UTF8.self)
    for (old, new) in [
      ("\"armed\"", "\"discover\""), ("\"armed\"", "\"formatted\""), (Self.nonce, "0F"),
      ("vmlinuz", "../vmlinuz"),
      ("52:54:00:00:01:01", "52:54"), ("\"machines\"", "\"machine\""),
      ("192.168.100.0/24", "192.168.100.1/24"),
    ] {
      let changed = text.replacing(old, with: new)
      try #require(changed != text)
      #expect(BootPlan(json: try JSONReader.parse(Array(changed.utf8))) == nil, "\(new)")
    }
  }

  @Test func theNonceIsOnTheCommandLineOfAnArmedMachineAlone() throws {
    for state in [BootState.discover, .installed(nonce: Self.nonce)] {
      #expect(try !Self.plan(state).machines[0].commandLine.contains("nonce"))
    }
    let armed = try Self.plan(.armed(nonce: Self.nonce))
    #expect(armed.machines[0].commandLine.hasSuffix(" imagegen.nonce=\(Self.nonce)"))
    let script = try text("http/mac/52-54-00-00-01-01.ipxe", of: armed)
    #expect(script.contains("/vmlinuz \(armed.machines[0].commandLine) || goto retry\n"))
    let local = try text("http/mac/52-54-00-00-01-01.ipxe", of: Self.plan(.installed(nonce: Self.nonce)))
    #expect(!local.contains("kernel") && local.contains("sanboot"))
  }

  @Test func everyFetchIsRelative() throws {
    for (path, text) in BootTree.files(of: try Self.plan(), number: 7, root: "/srv/pxe").texts
    where path.hasPrefix("http/") {
      #expect(!text.contains("://") && !text.contains("/srv/pxe"), "\(path)")
    }
    #expect(try text("http/boot.ipxe", of: Self.plan()).contains("../../generations/00000007/http\n"))
  }

  @Test func aReportCountsForItsOwnNonceAlone() throws {
    let line = { (node: String, nonce: String) in
      "192.168.100.11 - - [x] \"GET /report/\(node)/installed?nonce=\(nonce) HTTP/1.1\" 204 0 \"-\" \"Wget\"\n"
    }
    let other = String(repeating: "a", count: 32)
    for log in [
      "", line("node01", other), line("node02", Self.nonce), line("node01", "none"),
      line("node01", Self.nonce).replacing("installed", with: "fit"),
      line("node01/..", Self.nonce), line("node01", Self.nonce + "0"),
    ] {
      var plan = try Self.plan(.armed(nonce: Self.nonce))
      #expect(plan.take(reports: InstallReport.all(in: log)).isEmpty, "\(log)")
      #expect(plan.machines[0].state == .armed(nonce: Self.nonce))
    }
    var plan = try Self.plan(.armed(nonce: Self.nonce))
    let log = line("node02", other) + line("node01", Self.nonce) + line("node01", Self.nonce)
    #expect(plan.take(reports: InstallReport.all(in: log)) == ["node01"])
    #expect(plan.machines[0].state == .installed(nonce: Self.nonce))
    #expect(plan.take(reports: InstallReport.all(in: log)).isEmpty, "once")
  }

  @Test func publishingAgainKeepsTheState() throws {
    var plan = try Self.plan(.installed(nonce: Self.nonce))
    var machine = plan.machines[0]
    machine.state = .discover
    machine.host = "renamed"
    plan.put(machine)
    #expect(plan.machines.count == 1 && plan.machines[0].host == "renamed")
    #expect(plan.machines[0].state == .installed(nonce: Self.nonce))
  }

  @Test func dnsmasqTakesItsConfiguration() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "dnsmasq")
    defer { try? HostFile.removeTree(folder) }
    var plan = try Self.plan()
    plan.server = "192.168.100.1"
    for (path, text) in BootTree.files(of: plan, number: 1, root: folder).texts where path.hasPrefix("dhcp/")
    {
      let place = folder + "/current/" + path
      try HostFile.makeDirectories(
        String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)]), mode: 0o755)
      try HostFile.write(Array(text.utf8), to: place, mode: 0o644)
    }
    let result = try HostProgram.run(["dnsmasq", "--test", "-C", folder + "/current/dhcp/dnsmasq.conf"])
    #expect(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
    #expect(
      try HostFile.read(folder + "/current/dhcp/hosts.d/plasmacloud-node01", limit: 1000)
        == Array("52:54:00:00:01:01,192.168.100.11,node01\n".utf8))
  }

  /// Firmware of 32 bits cannot run what is for 64; without a loader of its own it gets none.
  @Test func eachArchitectureHasItsOwnLoader() throws {
    var plan = try Self.plan()
    let lines = try text("dhcp/dnsmasq.conf", of: plan)
    #expect(!lines.contains("client-arch,6\n") && !lines.contains("client-arch,11\n"))
    #expect(!lines.contains("http://"), "no server address is known")
    plan.loaders["snponly-arm64.efi"] = Self.file("snponly-arm64.efi", [6])
    let more = try text("dhcp/dnsmasq.conf", of: plan)
    #expect(
      more.contains("set:arm64,option:client-arch,11\n")
        && more.contains("tag:arm64,tag:!ipxe,snponly-arm64.efi\n"))
  }
}

import Artifacts
import Diagnostics
import FleetModel
import JSONText
import NetbootEmission
import Testing

@Suite struct NetbootEmissionTests {
  private func emit(_ node: Node) throws -> [String: [UInt8]] {
    let checked = NetbootEmission.artifacts(for: node)
    #expect(checked.report.diagnostics.isEmpty)
    return try texts(of: #require(checked.value))
  }

  @Test func everyFileIsAtItsPath() throws {
    let files = try emit(Fixture().node)
    #expect(
      files.keys.sorted() == [
        "netboot/cmdline", "netboot/mac-52-54-00-00-01-01.ipxe", "netboot/node01.ipxe",
        "netboot/references.json",
      ])
    #expect(files["netboot/node01.ipxe"] == files["netboot/mac-52-54-00-00-01-01.ipxe"])
  }

  @Test func theScriptBootsWhatTheReferencesName() throws {
    var fixture = try Fixture()
    fixture.node.kernelArguments = [said("nohibernate")]
    let files = try emit(fixture.node)
    let text = String(decoding: try #require(files["netboot/node01.ipxe"]), as: UTF8.self)
    let script = try ScriptReader(text)
    #expect(script.booted == "kernel")
    #expect(script.labels == ["again", "retry", "fail"])
    #expect(
      script.images == ["kernel": "images/installer/bzImage", "initrd": "images/installer/initrd"])
    for uri in script.images.values {
      let references = String(decoding: try #require(files["netboot/references.json"]), as: UTF8.self)
      #expect(references.contains("\"uri\": \"\(uri)\""))
    }
    let line = String(decoding: try #require(files["netboot/cmdline"]), as: UTF8.self)
    #expect(script.kernelWords == ["initrd=initrd"] + line.dropLast().split(separator: " ").map(String.init))
    #expect(line.hasPrefix("console=ttyS0,115200 console=tty0 panic=30 nohibernate "))
    #expect(line.hasSuffix(" imagegen.node=node01\n"))
  }

  @Test func imagesOfAPublishedRootComeIn() throws {
    let fixture = try Fixture()
    var images = BootImages.installer(.x86_64)
    images.kernel.uri = "../../../../store/sha256/51/5100/bzImage"
    images.initPath = "/nix/store/abc-nixos-system/init"
    let files = try texts(
      of: #require(NetbootEmission.artifacts(for: fixture.node, images: images).value))
    let text = String(decoding: try #require(files["netboot/node01.ipxe"]), as: UTF8.self)
    let script = try ScriptReader(text)
    #expect(script.images["kernel"] == "../../../../store/sha256/51/5100/bzImage")
    #expect(script.kernelWords.prefix(2) == ["initrd=initrd", "init=/nix/store/abc-nixos-system/init"])
  }

  @Test func everyCardOfABondHasAScript() throws {
    var fixture = try Fixture()
    let members = try ["52:54:00:00:02:01", "52:54:00:00:02:02"].map {
      said(try #require(MACAddress($0)))
    }
    fixture.node.links[0].kind = .bond(members: members, mode: said("active-backup"))
    let files = try emit(fixture.node)
    #expect(files["netboot/mac-52-54-00-00-02-01.ipxe"] != nil)
    #expect(files["netboot/mac-52-54-00-00-02-02.ipxe"] != nil)
    #expect(files.count == 5)
  }

  @Test(arguments: [
    ("#late", "NB003"), ("a b", "NB003"), ("x=${mac}", "NB003"), ("||", "NB003"), ("naïve", "NB003"),
    ("init=/bin/sh", "NB004"), ("initrd=x", "NB004"), ("imagegen.node=other", "NB004"),
  ])
  func wordsThatDoNotArriveAreRefused(word: String, code: String) throws {
    var fixture = try Fixture()
    fixture.node.kernelArguments = [said(word)]
    let checked = NetbootEmission.artifacts(for: fixture.node)
    #expect(checked.value == nil)
    #expect(checked.report.diagnostics.map(\.code.description) == [code])
  }

  @Test func theCommandLineFitsTheKernel() throws {
    var fixture = try Fixture()
    let used =
      "bzImage initrd=initrd console=ttyS0,115200 console=tty0 panic=30  "
      + "imagegen.fleet=plasmacloud imagegen.node=node01"
    let room = KernelCommandLine.limit - KernelCommandLine.reserve - used.utf8.count
    fixture.node.kernelArguments = [said("a=" + String(repeating: "x", count: room - 2))]
    #expect(NetbootEmission.artifacts(for: fixture.node).value != nil)
    fixture.node.kernelArguments = [said("a=" + String(repeating: "x", count: room - 1))]
    let checked = NetbootEmission.artifacts(for: fixture.node)
    #expect(checked.report.diagnostics.map(\.code.description) == ["NB002"])
    #expect(checked.report.diagnostics.first?.help == "shorten kernel-arguments by 1 bytes")
  }

  @Test func aNodeWithoutCardsCannotBootFromTheNetwork() throws {
    var fixture = try Fixture()
    fixture.node.links = []
    let checked = NetbootEmission.artifacts(for: fixture.node)
    #expect(checked.report.diagnostics.map(\.code.description) == ["NB001"])
  }

  @Test func rulesAreInOrderAndUnique() {
    let codes = NetbootRules.all.map(\.code)
    #expect(codes == Set(codes).sorted())
  }
}

/// Paths and bytes of artifacts that hold bytes.
func texts(of artifacts: [Artifact]) -> [String: [UInt8]] {
  var files: [String: [UInt8]] = [:]
  for artifact in artifacts {
    if case .bytes(let bytes) = artifact.content { files[artifact.path.description] = bytes }
  }
  return files
}

import Archives
import Artifacts
import BundleEmission
import Bundles
import Diagnostics
import Digests
import FleetModel
import HostFiles
import JSONText
import Testing

@Suite struct BundleEmissionTests {
  @Test func twoOtherReadersSeeWhatWasWritten() throws {
    let fixture = try Fixture()
    let (path, bytes, _) = try fixture.bundle()
    #expect(path == "bundle/magnus-0.1.0.tar")
    let entries = try ArchiveReader.entries(of: bytes, format: .tar)
    #expect(
      entries.prefix(4).map(\.path) == [
        "imagegen-bundle", "manifest.json", "attest/provenance.json", "attest/sbom.spdx.json",
      ])
    let blobs = entries.dropFirst(4)
    #expect(blobs.count == 5)
    #expect(blobs.map(\.path) == blobs.map(\.path).sorted())
    for entry in entries {
      #expect(entry.kind == .file && entry.mode == 0o444 && entry.modified == 0)
      #expect(entry.user == 0 && entry.group == 0)
    }
    for blob in blobs { #expect(blob.path == "blobs/\(blob.digest)") }
    for tool in ["bsdtar", "tar"] {
      let listed = try HostProgram.run([tool, "-tf", "-"], input: bytes)
      #expect(listed.status == 0)
      #expect(listed.errors.isEmpty)
      let names = String(decoding: listed.output, as: UTF8.self).split(separator: "\n").map(String.init)
      #expect(names == entries.map(\.path))
      let taken = try HostProgram.run(
        [tool, "-xOf", "-", "blobs/\(SHA256.digest(of: fixture.payload))"], input: bytes)
      #expect(taken.output == fixture.payload)
    }
  }

  @Test func thereIsNothingButMembersAndTheEndMarker() throws {
    let (_, bytes, _) = try Fixture().bundle()
    let entries = try ArchiveReader.entries(of: bytes, format: .tar)
    var expected: [UInt8] = []
    var offset = 0
    for entry in entries {
      expected = try UstarHeader.encode(name: entry.path, size: entry.size)
      #expect(Array(bytes[offset..<(offset + 512)]) == expected)
      let end = offset + 512 + entry.size
      offset = end + BundleLayout.padding(after: entry.size)
      #expect(bytes[end..<offset].allSatisfy { $0 == 0 })
    }
    #expect(Array(bytes[offset...]) == [UInt8](repeating: 0, count: 1024))
  }

  @Test func theSameInputsGiveTheSameBytes() throws {
    #expect(try Fixture().bundle().bytes == Fixture().bundle().bytes)
    var later = try Fixture()
    later.fleet.release.sequence.value += 1
    #expect(try later.bundle().bytes != Fixture().bundle().bytes)
  }

  @Test func secretsAreNamedAndNotHeld() throws {
    let manifest = try manifest(of: Fixture())
    #expect(
      manifest.contains(
        #"{"mode":"0600","path":"opt/unibus/secrets/cluster.pass","private":true,"user":"root"}"#))
    #expect(
      manifest.contains(
        #"{"mode":"0644","path":"opt/unibus/tls/route-ca.crt","private":false,"user":"root"}"#))
    #expect(!manifest.contains("keys/cluster-pass"))
  }

  @Test func theManifestSaysWhatTheNodeNeeds() throws {
    let manifest = try manifest(of: Fixture())
    for piece in [
      #""activation":{"mode":"quorum-forming"}"#,
      #""arch":"x86_64""#, #""os":{"id":"debian","version_min":"12"}"#, #""systemd_min":252"#,
      #"{"bytes":10737418240,"path":"var/lib/unibus"}"#,
      #"{"create":false,"name":"unibus"}"#,
      #"{"port":8470,"proto":"tcp","unit":"membershipd-cluster.service"}"#,
      #"{"host":"homer.bus.example","name":"homer","port":6250,"proto":"tcp"}"#,
      #"{"group":"control","lone_node_serves":false,"need":2,"size":3,"unit":"membershipd-cluster.service","votes":true}"#,
      #"{"enable":true,"health":{"ready":{"fields":{"status":"ok"},"kind":"http","quorum":"control","url":"https://127.0.0.1:8470/healthz"}},"name":"membershipd-cluster.service"}"#,
      #""class":"env""#, #""path":"opt/unibus/cluster.env""#, #""user":"unibus""#,
      #""path":"etc/systemd/system/membershipd-cluster.service.d/10-limits.conf""#,
      #""directories":["etc","etc/imagegen","etc/systemd","etc/systemd/system","etc/systemd/system/membershipd-cluster.service.d","opt","opt/unibus"]"#,
      #""sequence":7,"set_digest":""#, #""source_date_epoch":1765497600"#, #""commands":["curl"]"#,
      #""kernel":{"modules":[],"sysctl":[]},"layout":[]"#,
    ] {
      #expect(manifest.contains(piece), "\(piece)")
    }
    #expect(!manifest.contains("magnus.bus.example"), "a node is not its own peer")
  }

  @Test func aFormedClusterIsNotFormedAgain() throws {
    var fixture = try Fixture()
    fixture.fleet.formed.value = true
    #expect(try manifest(of: fixture).contains(#""activation":{"mode":"rolling"}"#))
  }

  @Test func NixOSTakesProgramsAndStepsOnly() throws {
    var fixture = try Fixture()
    fixture.node.target.system = said(.nixos(stateVersion: "24.11"))
    let files = try #require(
      BundleContents.files(of: fixture.node, artifacts: fixture.artifacts()).value)
    #expect(files.map(\.path.description) == ["/opt/unibus/membershipd", "/etc/imagegen/steps.json"])
  }

  @Test func anUnsignedBundleIsSaid() throws {
    let (_, bytes, report) = try Fixture().bundle()
    #expect(report.diagnostics.map(\.code.description) == ["BU001"])
    let entries = try ArchiveReader.entries(of: bytes, format: .tar)
    #expect(!entries.contains { $0.path == "manifest.sig" })
  }

  /// OpenSSL signs and checks: the message and the file are what it understands.
  @Test func signaturesAreChecked() throws {
    let folder = try HostFile.makeTemporaryDirectory(prefix: "imagegen-sign")
    let key = "\(folder)/release.key"
    #expect(try HostProgram.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", key]).status == 0)
    let der = try HostProgram.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"]).output
    let signer = BundleEmission.Signer(publicKey: Array(der.suffix(32))) { message in
      // pkeyutl takes Ed25519 messages from files only.
      guard (try? HostFile.write(message, to: "\(folder)/message", mode: 0o600)) != nil,
        let result = try? HostProgram.run(
          ["openssl", "pkeyutl", "-sign", "-inkey", key, "-rawin", "-in", "\(folder)/message"])
      else { return nil }
      return result.output
    }
    let (_, bytes, report) = try Fixture().bundle(signer: signer)
    #expect(report.diagnostics.isEmpty)
    let entries = try ArchiveReader.entries(of: bytes, format: .tar)
    #expect(entries[2].path == "manifest.sig")
    let take = { (name: String) in
      try HostProgram.run(["tar", "-xOf", "-", name], input: bytes).output
    }
    let words = String(decoding: try take("manifest.sig"), as: UTF8.self)
      .split(separator: " ").map(String.init)
    #expect(words.count == 3 && words[0] == "ed25519" && words[2].hasSuffix("\n"))
    #expect(words[1] == SHA256.digest(of: Array(der.suffix(32))).description.prefix(16))
    let raw = try HostProgram.run(["base64", "-d"], input: Array(words[2].utf8)).output
    try HostFile.write(raw, to: "\(folder)/signature", mode: 0o600)
    try HostFile.write(
      Array("imagegen/bundle/v1\0".utf8) + take("manifest.json"), to: "\(folder)/checked", mode: 0o600)
    let check = try HostProgram.run([
      "openssl", "pkeyutl", "-verify", "-inkey", key, "-rawin", "-in", "\(folder)/checked",
      "-sigfile", "\(folder)/signature",
    ])
    #expect(check.status == 0)
    try HostFile.removeTree(folder)
  }

  @Test func conflictsAreRefused() throws {
    var fixture = try Fixture()
    let path = said(try #require(TargetPath("/opt/unibus/Membershipd")))
    fixture.node.deliveries[0].path = path
    let contents = try #require(
      BundleContents.files(of: fixture.node, artifacts: fixture.artifacts()).value)
    let build = BundleEmission.Build(toolVersion: "0.1.0", inputs: nil)
    let emit = {
      BundleEmission.artifacts(for: fixture.node, of: fixture.fleet, contents: contents, build: build)
    }
    #expect(emit().report.diagnostics.map(\.code.description) == ["BU002"])
    fixture.node.deliveries[0].path = said(try #require(TargetPath("/opt/unibus/membershipd/key")))
    #expect(emit().report.diagnostics.map(\.code.description) == ["BU002"])
    fixture.node.services[0].health.ready?.kind = .command([said("prüfen")])
    fixture.node.deliveries = []
    #expect(emit().report.diagnostics.map(\.code.description) == ["BU004"])
  }

  @Test func attestationsAreTheOnesTheManifestNames() throws {
    let fixture = try Fixture()
    let (_, bytes, _) = try fixture.bundle()
    let manifest = try manifest(of: fixture)
    for entry in try ArchiveReader.entries(of: bytes, format: .tar) where entry.path.hasPrefix("attest/") {
      #expect(manifest.contains(#"{"path":"\#(entry.path)","sha256":"\#(entry.digest)"}"#))
    }
    let read = { (name: String) in
      String(
        decoding: try HostProgram.run(["tar", "-xOf", "-", name], input: bytes).output, as: UTF8.self)
    }
    let bill = try read("attest/sbom.spdx.json")
    for piece in [
      #""spdxVersion": "SPDX-2.3""#, #""created": "2025-12-12T00:00:00Z""#,
      #""checksumValue": "\#(SHA256.digest(of: fixture.payload))""#, #""dataLicense": "CC0-1.0""#,
    ] {
      #expect(bill.contains(piece))
    }
    let provenance = try read("attest/provenance.json")
    #expect(provenance.contains(#""_type": "https://in-toto.io/Statement/v1""#))
    #expect(provenance.contains(#""name": "opt/unibus/cluster.env""#))
  }

  @Test func rulesAreInOrderAndUnique() {
    let codes = BundleRules.all.map(\.code)
    #expect(codes == Set(codes).sorted())
  }

  private func manifest(of fixture: Fixture) throws -> String {
    let (_, bytes, _) = try fixture.bundle()
    let result = try HostProgram.run(["tar", "-xOf", "-", "manifest.json"], input: bytes)
    return String(decoding: result.output, as: UTF8.self)
  }
}

import Diagnostics
import FleetModel
import HostFiles
import NodeUnits
import Testing

@Suite struct NodeDirectoryTests {
  private func node(_ fixture: inout Fixture) throws -> Node {
    var node = try fixture.node([try fixture.unibus(), try fixture.core()[0]])
    node.deliveries = [
      Delivery(
        reference: .hostKey, path: try fixture.path("/opt/unibus/tls/node.key"), mode: FileMode(0o600),
        owner: try #require(AccountName("unibus")))
    ]
    return node
  }

  @Test func whatUnitsCountOnIsMade() throws {
    var fixture = Fixture()
    let lines = NodeUnits.temporaryFiles(for: try node(&fixture))
    #expect(
      lines.map(\.text) == [
        "d /opt/unibus - - - -", "d /opt/unibus/local_files 0750 unibus unibus -",
        "z /opt/unibus/tls/node.key 0600 unibus unibus -",
      ])
  }

  /// systemd-tmpfiles makes of the lines what they say, odd names included.
  @Test func systemdReadsTheLines() throws {
    var fixture = Fixture()
    let odd = "/srv/a\"b'c\\d%e$f"
    var service = try fixture.service("odd", user: "root")
    service.writablePaths = [try fixture.path(odd)]
    let lines = NodeUnits.temporaryFiles(for: try fixture.node([service]))
    let root = try HostFile.makeTemporaryDirectory(prefix: "imagegen-tmpfiles")
    defer { try? HostFile.removeTree(root) }
    try HostFile.makeDirectories(root + "/etc", mode: 0o755)
    try HostFile.write(Array("root:x:0:0::/root:/bin/sh\n".utf8), to: root + "/etc/passwd", mode: 0o644)
    try HostFile.write(Array("root:x:0:\n".utf8), to: root + "/etc/group", mode: 0o644)
    let text = lines.map(\.text).joined(separator: "\n") + "\n"
    let result = try HostProgram.run(
      ["systemd-tmpfiles", "--create", "--root=" + root, "-"], input: Array(text.utf8))
    #expect(String(decoding: result.errors, as: UTF8.self) == "")
    #expect(try HostFile.status(root + odd)?.kind == .directory)
  }
}

internal import Artifacts
internal import FleetModel
internal import NodeUnits

/// What services need of the host itself, as files of systemd's own tools: accounts, directories,
/// names, kernel settings. Hosts with NixOS get the same from their modules.
enum HostConfiguration {
  static func artifacts(of node: Node) -> [Artifact] {
    [
      file("etc/hosts", hosts(of: node), node), file("etc/sysusers.d/imagegen.conf", accounts(of: node), node),
      file("etc/tmpfiles.d/imagegen.conf", directories(of: node), node),
      file("etc/sysctl.d/60-imagegen.conf", node.sysctl.map { "\($0.key) = \($0.value.value)" }, node),
      file("etc/modules-load.d/imagegen.conf", node.kernelModules.map(\.value), node),
      NodeFiles.artifact("files/etc/imagegen/first-boot.json", .configuration, FirstBootText.bytes(for: node), origin: node.firstBoot.isEnabled.origin),
    ].compactMap { $0 }
  }

  /// Nothing to say, no file.
  private static func file(_ path: String, _ lines: [String], _ node: Node) -> Artifact? {
    guard !lines.isEmpty else { return nil }
    let text = (["# Written by imagegen for \(node.fullName)."] + lines).joined(separator: "\n") + "\n"
    return NodeFiles.artifact("files/" + path, .configuration, Array(text.utf8), origin: node.name.origin)
  }

  private static func hosts(of node: Node) -> [String] {
    guard !node.hosts.isEmpty else { return [] }
    return ["127.0.0.1 localhost", "::1 localhost ip6-localhost ip6-loopback"]
      + node.hosts.map { "\($0.address.value) \($0.names.joined(separator: " "))" }
  }

  /// sysusers.d(5): `u` makes the account and its group.
  private static func accounts(of node: Node) -> [String] {
    node.accounts.map { "u \($0.name.value) - \"\(node.fleet) service\" \($0.home?.description ?? "-")" }
  }

  private static func directories(of node: Node) -> [String] {
    NodeUnits.temporaryFiles(for: node).map(\.text)
  }
}

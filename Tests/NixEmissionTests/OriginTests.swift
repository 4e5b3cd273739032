import Diagnostics
import DiskPlanning
import FleetModel
import Testing

@testable import NixEmission

@Suite struct OriginTests {
  /// All reasons in a tree.
  private func origins(_ expression: NixExpression) -> [Origin] {
    switch expression {
    case .set(let set): set.bindings.flatMap(origins)
    case .list(let elements): elements.flatMap(origins)
    case .function(_, let body): origins(body)
    case .local(let set, let body): set.bindings.flatMap(origins) + origins(body)
    case .apply(let callee, let arguments): origins(callee) + arguments.flatMap(origins)
    case .update(let left, let right), .concatenation(let left, let right): origins(left) + origins(right)
    default: []
    }
  }

  private func origins(_ binding: NixSet.Binding) -> [Origin] {
    guard case .value(_, let value) = binding.content else { return [binding.origin] }
    return [binding.origin] + origins(value)
  }

  @Test func `Every attribute knows the profile line or the default it comes from`() throws {
    let node = Fixture.node()
    var report = Report()
    let plan = try #require(DiskPlanner.plan(Fixture.disk).value)
    let trees = [
      ConfigurationModule(node, plan: plan, hasExtra: false).expression,
      HardwareModule(node, plan: plan).expression,
      NetworkModule(node).expression(&report), DiskoModule(plan).expression,
      ServicesModule(node, units: Fixture.units, contents: Fixture.contents).expression(&report),
    ]
    let found = Set(trees.flatMap(origins))
    for case .standard(let name) in found { #expect(name.contains(".")) }
    let lines = [
      "host", "hostid", "mac", "192.168.100.11", "192.168.100.1", "lan.ntp", "port 2379", "port 2380", "key",
      "sysctl",
      "core", "module", "argument", "vim", "architecture", "system", "firmware",
      "/dev/disk/by-id/virtio-node01", "size",
      "boot", "pool", "root.size", "root.format", "root.mount", "data.size", "chainfire.nix", "first-boot",
      "/etc/nixos/secrets/cluster-config.json", "/etc/plasmacloud/chainfire.toml",
      "chainfire.service ExecStart",
      "chainfire-cluster-join.service Type", "env-mode", "/etc/ssh/ssh_host_ed25519_key",
    ]
    for place in lines { #expect(found.contains(line(place)), "\(place)") }
  }
}

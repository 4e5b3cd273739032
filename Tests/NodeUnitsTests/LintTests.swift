import Diagnostics
import FleetModel
import NodeUnits
import SystemdUnits
import Testing
import UnitLint

@Suite struct LintTests {
  /// What the linter says of anyone's units it must not have to say of ours.
  @Test(arguments: ClusterMode.allCases)
  func ourOwnLinterFindsNothing(mode: ClusterMode) throws {
    var fixture = Fixture()
    var node = try fixture.everything()
    node.mode.value = mode
    let report = UnitLint.run(generated: try #require(NodeUnits.units(for: node).value))
    for found in report.sorted {
      Issue.record("\(found.code) \(found.severity) \(found.unit ?? ""): \(found.message)")
    }
  }
}

import Diagnostics
import FleetModel
import NodeUnits
import SystemdUnits
import Testing

/// A service that was not started because what it requires had failed comes up once that does; and an
/// operator can stop it. See the decision on dependants in docs/decisions.
@Suite(.serialized) struct DependantTests {
  private func units() throws -> [UnitFile] {
    var fixture = Fixture()
    return try #require(NodeUnits.units(for: try fixture.node(try fixture.core())).value)
  }

  private let all = """
    chainfire.service chainfire-cluster-join.service flaredb.service flaredb-cluster-join.service \
    iam.service iam-initial-setup.service
    """

  private func states(_ state: String) -> String {
    all.split(separator: " ").map { "\($0)=\(state) " }.joined()
  }

  @Test func aLateJoinBringsUpWhatWaitedForIt() throws {
    let commands = """
      touch "$folder/broken-chainfire-cluster-join.service"
      boot
      tried chainfire-cluster-join.service
      states flaredb.service iam.service
      rm "$folder/broken-chainfire-cluster-join.service"
      wait active \(all)
      states \(all)
      """
    #expect(
      try Manager.run(try units(), commands)
        == "flaredb.service=inactive iam.service=inactive \n\(states("active"))\n")
  }

  @Test func aLateDaemonBringsUpWhatWaitedForIt() throws {
    let commands = """
      touch "$folder/broken-chainfire.service"
      boot
      tried chainfire.service
      states flaredb.service chainfire-cluster-join.service
      rm "$folder/broken-chainfire.service"
      wait active \(all)
      states \(all)
      """
    #expect(
      try Manager.run(try units(), commands)
        == "flaredb.service=inactive chainfire-cluster-join.service=inactive \n\(states("active"))\n")
  }

  /// Stopped stays stopped, over failures and restarts of what depends on it too; starting the first
  /// of the chain brings back what was stopped along with it.
  @Test func anOperatorCanStopAService() throws {
    let commands = """
      boot
      wait active \(all)
      systemctl stop flaredb.service
      sleep 1
      states chainfire.service flaredb.service iam.service
      systemctl start flaredb.service
      wait active \(all)
      states \(all)
      """
    #expect(
      try Manager.run(try units(), commands)
        == "chainfire.service=active flaredb.service=inactive iam.service=inactive \n\(states("active"))\n")
  }

  /// Without the edges back, dependants stay down for ever: what the decision is about.
  @Test func plainRequirementsDoNotComeBack() throws {
    var plain = try units()
    for index in plain.indices {
      for section in plain[index].sections.indices {
        plain[index].sections[section].directives.removeAll { $0.key == "Wants" }
      }
    }
    let commands = """
      touch "$folder/broken-chainfire-cluster-join.service"
      boot
      tried chainfire-cluster-join.service
      given_up flaredb.service
      rm "$folder/broken-chainfire-cluster-join.service"
      wait active chainfire-cluster-join.service
      sleep 1
      states chainfire-cluster-join.service flaredb.service
      """
    #expect(
      try Manager.run(plain, commands) == "chainfire-cluster-join.service=active flaredb.service=inactive \n")
  }
}

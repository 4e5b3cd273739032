public import FleetModel

/// How long the units of a node take to start: what a simulated boot reckons with.
///
/// Services have estimates in the profile. The rest has the times of the timelines in PlasmaCloud's
/// first-boot architecture: the network is up five seconds after the manager began; a leader takes five
/// to add a member; first accounts and tokens take five. A node that forms the cluster asks nobody, one
/// that joins finds the accounts made.
public enum StartTimes {
  /// Until network-online.target is reached.
  static let network = 5000
  /// A leader's answer to a node that joins.
  static let join = 5000
  /// Accounts and tokens, where there are none yet.
  static let setup = 5000

  /// Milliseconds for each unit of a node, in order of name.
  public static func estimates(for node: Node) -> [(unit: String, milliseconds: Int)] {
    let plan = NodePlan(node, paths: .native)
    let isJoining = node.mode.value == .join
    var found: [(unit: String, milliseconds: Int)] = [("network-online.target", network)]
    for service in node.services {
      let estimate = service.start.estimate.value.milliseconds
      found += service.startedUnits.map { ($0, estimate) }
      // A step begins by waiting for the service's health, which nothing else has waited for where
      // the unit counts as started at once.
      let wait = service.start.kind.value == .simple || service.start.kind.value == .exec ? estimate : 0
      if let step = plan.join(of: service) {
        let own = isJoining ? join : 0
        found.append((NodePlan.joinUnit(service), plan.joinsBeforeStart(step) ? own : wait + own))
      }
      if plan.setup(of: service) != nil {
        found.append((NodePlan.setupUnit(service), wait + (isJoining ? 0 : setup)))
      }
    }
    if plan.hasFirstBoot, node.firstBoot.clusterHealth.value {
      found.append((FirstBootUnits.healthUnit, 0))
    }
    return found.sorted { $0.unit < $1.unit }
  }
}

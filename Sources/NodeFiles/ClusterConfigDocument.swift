import FleetModel
import JSONText

/// `cluster-config.json` of a node, as `nix/cluster-config.schema.json` describes it.
///
/// The facts of the primary service stand at the top, where the first schema had them; every service
/// has the same under `services`, as a leader and an address belong to one service each, not to a
/// node.
struct ClusterConfigDocument {
  let node: Node
  let config: ClusterConfig

  /// The document, with a line feed at the end.
  var bytes: [UInt8] { JSONValue.object(head + peers + tail).pretty }

  private var primary: ClusterConfig.Member? {
    config.members.first { $0.service == config.primary } ?? config.members.first
  }

  private var head: [JSONValue.Member] {
    var members = [
      JSONValue.Member("node_id", .string(node.name.value.description)),
      JSONValue.Member("node_role", .string(config.role.value)),
      JSONValue.Member("bootstrap", .bool(node.mode.value == .bootstrap)),
      JSONValue.Member("cluster_name", .string(config.clusterName.value)),
    ]
    if let primary { members += facts(of: primary) }
    return members
  }

  /// `flaredb_peers` and the like: the voters of every service but the primary.
  private var peers: [JSONValue.Member] {
    config.members.filter { $0.service != primary?.service }.map {
      JSONValue.Member("\($0.service)_peers", .strings($0.initialPeers.map(\.value)))
    }
  }

  private var tail: [JSONValue.Member] {
    let services = config.members.map { JSONValue.Member($0.service.description, .object(facts(of: $0))) }
    return [JSONValue.Member("services", .object(services)), JSONValue.Member("tls", tls)]
  }

  private func facts(of member: ClusterConfig.Member) -> [JSONValue.Member] {
    [
      JSONValue.Member("leader_url", .string(member.leaderURL.value)),
      JSONValue.Member("raft_addr", .string(member.raftAddress.value)),
      JSONValue.Member("initial_peers", .strings(member.initialPeers.map(\.value))),
    ]
  }

  private var tls: JSONValue {
    guard let tls = config.tls else { return .object(["enabled": .bool(false)]) }
    return .object([
      "enabled": .bool(true), "ca_cert_path": .string(tls.authorityPath.description),
      "node_cert_path": .string(tls.certificatePath.description),
      "node_key_path": .string(tls.keyPath.description),
    ])
  }
}

internal import FleetModel
internal import JSONText

/// `cluster-config.json`: read by first-boot units on the node, at run time.
///
/// The top level is the first-boot architecture's schema, with the primary service's facts; `services`
/// and `tls` are what that schema lacked: a leader and an address for each service, and where the
/// certificates are. nix/cluster-config.schema.json describes both.
enum ClusterConfigText {
  static func bytes(of config: ClusterConfig, node: Node) -> [UInt8] {
    let primary = config.members.first { $0.service == config.primary }
    var members: [JSONValue.Member] = [
      JSONValue.Member("node_id", .string(node.name.value.description)),
      JSONValue.Member("node_role", .string(config.role.value)),
      JSONValue.Member("bootstrap", .bool(node.mode.value == .bootstrap)),
      JSONValue.Member("cluster_name", .string(config.clusterName.value)),
    ]
    if let primary {
      members += [
        JSONValue.Member("leader_url", .string(primary.leaderURL.value)),
        JSONValue.Member("raft_addr", .string(primary.raftAddress.value)),
        JSONValue.Member("initial_peers", .strings(primary.initialPeers.map(\.value))),
      ]
    }
    for member in config.members where member.service != config.primary {
      members.append(JSONValue.Member("\(member.service)_peers", .strings(member.initialPeers.map(\.value))))
    }
    members.append(JSONValue.Member("services", .object(config.members.map(service))))
    members.append(JSONValue.Member("tls", tls(config.tls)))
    return JSONValue.object(members).pretty
  }

  private static func service(_ member: ClusterConfig.Member) -> JSONValue.Member {
    JSONValue.Member(
      member.service.description,
      .object([
        "leader_url": .string(member.leaderURL.value), "raft_addr": .string(member.raftAddress.value),
        "initial_peers": .strings(member.initialPeers.map(\.value)),
      ]))
  }

  private static func tls(_ tls: ClusterConfig.TLS?) -> JSONValue {
    guard let tls else { return .object(["enabled": .bool(false)]) }
    return .object([
      "enabled": .bool(true), "ca_cert_path": .string(tls.authorityPath.description),
      "node_cert_path": .string(tls.certificatePath.description), "node_key_path": .string(tls.keyPath.description),
    ])
  }
}

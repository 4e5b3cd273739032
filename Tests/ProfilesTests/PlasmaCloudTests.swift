import FleetModel
import Testing

@testable import Profiles

/// What the deployment guide says of PlasmaCloud, found again in the resolved nodes.
@Suite struct PlasmaCloudTests {
  @Test func portsAreThoseOfTheGuide() throws {
    let node = try FleetFixture("plasmacloud").node("node01")
    #expect(
      node.portTable == [
        "chainfire.api tcp/2379 peers,clients", "chainfire.raft tcp/2380@lan peers",
        "chainfire.gossip tcp/2381@lan peers", "fiberlb.api tcp/8084 peers", "fiberlb.http tcp/80 clients",
        "fiberlb.https tcp/443 clients", "flaredb.api tcp/2479 peers,clients",
        "flaredb.raft tcp/2480@lan peers",
        "flashdns.dns udp/8053 peers,clients", "flashdns.dns-tcp tcp/8053 peers,clients",
        "flashdns.dot tcp/853 peers,clients", "iam.api tcp/8080 peers,clients",
        "k8shost.kubelet tcp/8086 peers",
        "k8shost.health tcp/10256 peers", "lightningstor.api tcp/8085 peers",
        "lightningstor.replication tcp/9094@lan peers", "lightningstor.iscsi tcp/3260@lan peers",
        "plasmavmc.api tcp/8081 peers", "prismnet.api tcp/8082 peers", "prismnet.vxlan udp/4789@lan peers",
      ])
  }

  @Test(arguments: ["node01", "node02", "node03"]) func namesAreTheSameOnEveryNode(of name: String) throws {
    let node = try FleetFixture("plasmacloud").node(name)
    #expect(
      node.hostsTable == [
        "192.168.100.11 node01.plasma.local node01", "192.168.100.12 node02.plasma.local node02",
        "192.168.100.13 node03.plasma.local node03",
      ])
    #expect(node.fullName == "\(name).plasma.local")
  }

  @Test(arguments: ["node01", "node02", "node03"]) func firstMembersAreTheSameOnEveryNode(of name: String)
    throws
  {
    let node = try FleetFixture("plasmacloud").node(name)
    #expect(node.memberships.map(\.group.name.value.description) == ["chainfire", "flaredb"])
    for membership in node.memberships {
      #expect(membership.votes)
      #expect(membership.initialPeers.map(\.hostName) == ["node01", "node02", "node03"])
      #expect(membership.group.leader.value.description == "node01")
      #expect(membership.group.majority == 2)
    }
    #expect(node.mode.value == .bootstrap)
  }

  @Test func clusterConfigHasBothServices() throws {
    let config = try #require(try FleetFixture("plasmacloud").node("node02").clusterConfig)
    #expect(config.path.value.description == "/etc/nixos/secrets/cluster-config.json")
    #expect(config.primary.description == "chainfire")
    #expect(config.members.map(\.service.description) == ["chainfire", "flaredb"])
    #expect(
      config.members.map(\.leaderURL.value) == [
        "https://node01.plasma.local:2379", "https://node01.plasma.local:2479",
      ])
    #expect(config.members.map(\.raftAddress.value) == ["192.168.100.12:2380", "192.168.100.12:2480"])
    #expect(config.members[0].initialPeers.map(\.value) == ["node01:2380", "node02:2380", "node03:2380"])
    #expect(config.tls?.certificatePath.description == "/etc/nixos/secrets/node02.crt")
  }

  @Test func secretsAreDeliveredOnceAndClosed() throws {
    let node = try FleetFixture("plasmacloud").node("node01")
    #expect(
      node.deliveryTable == [
        "0644 root /etc/nixos/secrets/ca.crt", "0600 root /etc/nixos/secrets/iam-admin",
        "0644 root /etc/nixos/secrets/node01.crt", "0600 root /etc/nixos/secrets/node01.key",
        "0600 root /etc/ssh/ssh_host_ed25519_key", "0644 root /etc/ssh/ssh_host_ed25519_key.pub",
      ])
  }

  @Test func certificatesNameTheNodeAndItsAddress() throws {
    let node = try FleetFixture("plasmacloud").node("node03")
    let requests = Set(
      node.deliveries.compactMap { delivery in
        if case .certificate(let request) = delivery.reference { request } else { nil }
      })
    let request = try #require(requests.first)
    #expect(requests.count == 1)
    #expect(request.names == ["node03", "node03.plasma.local"])
    #expect(request.addresses.map(\.description) == ["192.168.100.13"])
    #expect(request.usages == [.client, .server])
  }

  @Test func dependenciesFollowTheDiagram() throws {
    let node = try FleetFixture("plasmacloud").node("node01")
    let edges = node.services.flatMap { service in
      service.dependencies.map { "\(service.name.value) \($0.strength.rawValue) \($0.unit)" }
    }
    #expect(
      edges == [
        "fiberlb wants chainfire.service", "fiberlb after iam.service",
        "flaredb requires chainfire-cluster-join.service", "flashdns wants chainfire.service",
        "iam requires flaredb-cluster-join.service", "k8shost wants chainfire.service",
        "k8shost wants prismnet.service", "k8shost after plasmavmc.service",
        "lightningstor wants chainfire.service",
        "lightningstor after flaredb.service", "plasmavmc wants chainfire.service",
        "plasmavmc wants iam.service",
        "prismnet wants chainfire.service", "prismnet after iam.service",
      ])
  }

  /// The fleet when the cluster exists and two more nodes join: everything else is as it was.
  @Test func growthJoinsWhatIsThere() throws {
    let fixture = try FleetFixture("examples/plasmacloud-growth")
    #expect(
      fixture.context.fleet.roster.map(\.name.value.description) == [
        "node01", "node02", "node03", "node04", "node05",
      ])
    let node = try fixture.node("node04")
    #expect(node.mode.value == .join)
    #expect(node.fleet.description == "plasmacloud")
    #expect(node.memberships.map(\.votes) == [false, false])
    #expect(node.memberships[0].initialPeers.map(\.hostName) == ["node01", "node02", "node03"])
    // What bootstrapped once joins from now on: nobody may form the cluster again.
    #expect(try fixture.node("node01").mode.value == .join)
    #expect(fixture.context.fleet.release.sequence.value == 2)
    let payload = try #require(node.services.first?.programs.first?.payload)
    #expect(payload.path.value == "../../plasmacloud/payloads/standin")
  }
}

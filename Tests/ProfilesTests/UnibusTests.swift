import FleetModel
import Testing

@testable import Profiles

/// What the corrections of the real deployment say of unibus, found again in the resolved nodes.
@Suite struct UnibusTests {
  static let nodes = ["datardos", "homer", "magnus"]
  static let addresses = ["datardos": "51.91.100.142", "homer": "141.94.69.66", "magnus": "203.0.113.10"]

  private func variables(of name: String) throws -> [(name: String, value: String)] {
    let service = try FleetFixture("unibus").service("membershipd", on: name)
    return try #require(service.environmentFile).entries.map { ($0.name.value.description, $0.value.value) }
  }

  @Test(arguments: nodes) func clusterEnvironmentHasAllFifteen(of name: String) throws {
    let routes = ["magnus", "homer", "datardos"].filter { $0 != name }.map { peer in
      "nats-route://\(Self.addresses[peer] ?? ""):6250"
    }
    let expected = [
      "NODE_NAME=\(name)", "CLUSTER_NAME=unibus", "HTTP_PORT=8470", "NATS_CLIENT_PORT=4250",
      "NATS_ROUTE_PORT=6250", "ROUTES=\(routes.joined(separator: ","))", "CLUSTER_USER=route",
      "CLUSTER_PASS_FILE=/opt/unibus/secrets/cluster.pass", "TLS_CERT=/opt/unibus/tls/server.crt",
      "TLS_KEY=/opt/unibus/tls/server.key", "ROUTE_TLS_CERT=/opt/unibus/tls/route.crt",
      "ROUTE_TLS_KEY=/opt/unibus/tls/route.key", "ROUTE_TLS_CA=/opt/unibus/tls/cluster-ca.crt",
      "INTERNAL_ID_FILE=/opt/unibus/local_files/internal.id", "KV_REPLICAS=3",
    ]
    #expect(try variables(of: name).map { "\($0.name)=\($0.value)" } == expected)
    #expect(expected.count == 15)
  }

  /// A route to itself is dropped by the daemon, and a missing one splits the cluster later.
  @Test(arguments: nodes) func routesAreExactlyTheOthers(of name: String) throws {
    let routes = try #require(try variables(of: name).first { $0.name == "ROUTES" }).value
    let others = Self.addresses.filter { $0.key != name }.values.map { "nats-route://\($0):6250" }
    #expect(Set(routes.split(separator: ",").map(String.init)) == Set(others))
    #expect(routes.split(separator: ",").count == 2)
  }

  @Test func environmentFileIsForRootAndItsGroup() throws {
    let service = try FleetFixture("unibus").service("membershipd", on: "homer")
    let file = try #require(service.environmentFile)
    #expect(file.path.value.description == "/opt/unibus/cluster.env")
    #expect(file.mode.value.description == "0640")
    #expect(file.owner.value.description == "root")
  }

  @Test func secretsAreTheServicesOwn() throws {
    let node = try FleetFixture("unibus").node("datardos")
    #expect(
      node.deliveryTable == [
        "0600 unibus /opt/unibus/secrets/cluster.pass", "0644 unibus /opt/unibus/tls/ca.crt",
        "0644 unibus /opt/unibus/tls/cluster-ca.crt", "0644 unibus /opt/unibus/tls/route.crt",
        "0600 unibus /opt/unibus/tls/route.key", "0644 unibus /opt/unibus/tls/server.crt",
        "0600 unibus /opt/unibus/tls/server.key",
      ])
    #expect(node.accounts.map(\.name.value.description) == ["unibus"])
  }

  /// Two planes, two authorities: a client's certificate must never open the route port.
  @Test func planesHaveCertificatesOfTheirOwn() throws {
    let node = try FleetFixture("unibus").node("homer")
    let requests = node.deliveries.compactMap { delivery -> String? in
      guard case .certificate(let request) = delivery.reference else { return nil }
      return "\(request.authority) \(request.name) \(request.usages.map(\.rawValue).joined(separator: ","))"
    }
    #expect(requests.sorted() == ["clients homer-clients server", "routes homer-routes client,server"])
  }

  @Test func portsAndProbesAreThoseOfTheRunbook() throws {
    let node = try FleetFixture("unibus").node("magnus")
    #expect(
      node.portTable == [
        "membershipd.http tcp/8470 clients,peers", "membershipd.client tcp/4250 clients,peers",
        "membershipd.route tcp/6250 peers",
      ])
    let health = try #require(node.services.first).health
    guard case .tcp(let port)? = health.live?.kind else {
      Issue.record("live is no TCP probe")
      return
    }
    #expect(port.value.value == 4250)
    #expect(health.live?.quorum == nil)
    guard case .http(let url, let isSecure, _, _)? = health.ready?.kind else {
      Issue.record("ready is no HTTP probe")
      return
    }
    #expect(url.value == "https://magnus:8470/healthz")
    #expect(isSecure)
    #expect(health.ready?.quorum?.description == "membershipd")
  }

  @Test(arguments: nodes) func namesAreTheSameOnEveryNode(of name: String) throws {
    let node = try FleetFixture("unibus").node(name)
    #expect(node.hostsTable == ["51.91.100.142 datardos", "141.94.69.66 homer", "203.0.113.10 magnus"])
    #expect(node.memberships.first?.initialPeers.map(\.hostName) == ["magnus", "homer", "datardos"])
  }

  @Test func postureIsTheSameEverywhere() throws {
    for name in Self.nodes {
      let posture = try FleetFixture("unibus").service("membershipd", on: name).posture
      #expect(
        posture.map { "\($0.key)=\($0.value.value)" } == [
          "acl=per-subject", "auth=enforce", "cluster-name=unibus", "replicas=3", "store=kv", "tls=true",
        ])
    }
  }

  @Test func aliasesOfSSHAreKept() throws {
    let fixture = try FleetFixture("unibus")
    #expect(try Self.nodes.map { try fixture.node($0).access.sshHost.value } == ["dd", "homer", "magnus"])
  }
}

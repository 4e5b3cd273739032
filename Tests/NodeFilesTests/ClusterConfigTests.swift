import Diagnostics
import FleetModel
import HostFiles
import JSONText
import NodeFiles
import Testing

@Suite struct ClusterConfigTests {
  private static let validate = """
    import json, jsonschema, sys
    case = json.load(sys.stdin)
    jsonschema.Draft7Validator.check_schema(case['schema'])
    validator = jsonschema.Draft7Validator(case['schema'])
    for instance in case['instances']:
        print(sorted('.'.join(map(str, e.path)) or e.validator for e in validator.iter_errors(instance)))
    """

  private func document(_ mode: ClusterMode = .join, isSecure: Bool = true) throws -> JSONValue {
    var fixture = Fixture()
    var node = try fixture.node()
    node.mode.value = mode
    node.clusterConfig = try fixture.clusterConfig(isSecure: isSecure)
    return try JSONReader.parse(try #require(NodeFiles.clusterConfig(of: node)))
  }

  private func schema() throws -> JSONValue {
    let here = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return try JSONReader.parse(
      HostFile.read("/\(here)/nix/cluster-config.schema.json", limit: 1 << 20))
  }

  private func problems(_ schema: JSONValue, _ instances: [JSONValue]) throws -> [String] {
    let input = JSONValue.object(["schema": schema, "instances": .array(instances)])
    return try Python.run(Self.validate, input).split(separator: "\n").map(String.init)
  }

  @Test func theDocumentAsItIs() throws {
    var fixture = Fixture()
    var node = try fixture.node()
    node.clusterConfig = try fixture.clusterConfig()
    let text = String(decoding: try #require(NodeFiles.clusterConfig(of: node)), as: UTF8.self)
    #expect(
      text.hasPrefix(#"{\#n  "node_id": "node02",\#n  "node_role": "control-plane",\#n  "bootstrap": false,"#)
    )
    let json = try document()
    #expect(
      json.members?.map(\.key) == [
        "node_id", "node_role", "bootstrap", "cluster_name", "leader_url", "raft_addr", "initial_peers",
        "flaredb_peers", "services", "tls",
      ])
    #expect(json["leader_url"]?.text == "https://node01.plasma.local:2379")
    #expect(json["services"]?["flaredb"]?["raft_addr"]?.text == "192.168.100.12:2480")
    #expect(json["flaredb_peers"]?.elements?.first?.text == "node01:2480")
    #expect(json["tls"]?["node_key_path"]?.text == "/etc/nixos/secrets/node02.key")
    #expect(try document(isSecure: false)["tls"] == .object(["enabled": .bool(false)]))
    #expect(try document(.bootstrap)["bootstrap"] == .bool(true))
  }

  @Test func bothSchemasTakeIt() throws {
    let documents = [try document(), try document(.bootstrap), try document(isSecure: false)]
    #expect(try problems(try schema(), documents) == ["[]", "[]", "[]"])
    let first = try JSONReader.parse(Array(Self.firstSchema.utf8))
    #expect(try problems(first, documents) == ["[]", "[]", "[]"])
  }

  /// What the first schema's own text shows: peers by host name, and paths of certificates.
  @Test func oursTakesTheFirstExamples() throws {
    let base: [JSONValue.Member] = [
      .init("node_id", .string("node01")), .init("node_role", .string("control-plane")),
      .init("cluster_name", .string("plasmacloud")),
    ]
    let bootstrap = JSONValue.object(
      base + [
        .init("bootstrap", .bool(true)), .init("leader_url", .string("https://node01.example.com:2379")),
        .init("raft_addr", .string("node01:2380")),
        .init("initial_peers", .strings(["node01:2380", "node02:2380", "node03:2380"])),
        .init("flaredb_peers", .strings(["node01:2480", "node02:2480", "node03:2480"])),
      ])
    let joining = JSONValue.object(
      base + [
        .init("bootstrap", .bool(false)), .init("leader_url", .string("https://node01.example.com:2379")),
        .init("raft_addr", .string("10.0.1.13:2380")),
        .init(
          "tls",
          .object([
            "enabled": .bool(true), "ca_cert_path": .string("/etc/nixos/secrets/ca.crt"),
            "node_cert_path": .string("/etc/nixos/secrets/node01.crt"),
            "node_key_path": .string("/etc/nixos/secrets/node01.key"),
          ])),
      ])
    #expect(try problems(try schema(), [bootstrap, joining]) == ["[]", "[]"])
  }

  /// A schema that takes everything would pass the tests above.
  @Test func oursRefusesWhatIsWrong() throws {
    let good = try document()
    func changed(_ key: String, _ value: JSONValue?) -> JSONValue {
      .object((good.members ?? []).compactMap { $0.key == key ? value.map { .init(key, $0) } : $0 })
    }
    let cases: [(JSONValue, String)] = [
      (changed("node_role", .string("master")), "['node_role']"), (changed("raft_addr", nil), "['required']"),
      (changed("raft_addr", .string("10.0.0.1")), "['raft_addr']"),
      (changed("raft_addr", .string("node01:port")), "['raft_addr']"),
      (changed("leader_url", .string("node01:2379")), "['leader_url']"),
      (changed("bootstrap", .string("true")), "['bootstrap']"),
      (changed("flaredb_peers", .strings(["a:1", "a:1"])), "['flaredb_peers']"),
      (
        changed("services", .object(["flaredb": .object([:])])),
        "['services.flaredb', 'services.flaredb', 'services.flaredb']"
      ),
      (changed("tls", .object(["enabled": .bool(true)])), "['tls', 'tls', 'tls']"),
      (changed("tls", .object(["enabled": .bool(false), "key": .string("x")])), "['tls']"),
    ]
    #expect(try problems(try schema(), cases.map(\.0)) == cases.map(\.1))
  }

  /// The schema that the first design of the first boot came with.
  private static let firstSchema = """
    {
      "$schema": "http://json-schema.org/draft-07/schema#",
      "type": "object",
      "required": ["node_id", "node_role", "bootstrap", "cluster_name", "leader_url", "raft_addr"],
      "properties": {
        "node_id": {"type": "string", "description": "Unique node identifier"},
        "node_role": {"type": "string", "enum": ["control-plane", "worker", "all-in-one"]},
        "bootstrap": {"type": "boolean", "description": "True for first 3 nodes, false for join"},
        "cluster_name": {"type": "string"},
        "leader_url": {"type": "string", "format": "uri"},
        "raft_addr": {"type": "string", "pattern": "^[0-9.]+:[0-9]+$"},
        "initial_peers": {"type": "array", "items": {"type": "string"}},
        "flaredb_peers": {"type": "array", "items": {"type": "string"}}
      }
    }
    """
}

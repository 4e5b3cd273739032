import HostFiles
import JSONText
import Testing

/// The files that services read on the node.
@Suite struct ServiceFileTests {
  private static let validate = """
    import json, jsonschema, sys
    case = json.load(sys.stdin)
    for schema in case['schemas']:
        jsonschema.Draft7Validator.check_schema(schema)
        validator = jsonschema.Draft7Validator(schema)
        for instance in case['instances']:
            for error in validator.iter_errors(instance):
                print('.'.join(map(str, error.path)), error.message)
    """

  @Test func clusterConfigSatisfiesBothSchemas() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      try place.require("build", "--all", "--profiles", "profiles/examples", "--out", "grown")
      let path = "extra-files/etc/nixos/secrets/cluster-config.json"
      var instances: [JSONValue] = []
      for node in ["node01", "node02", "node03"] {
        instances.append(try place.json("out/plasmacloud/\(node)/\(path)"))
      }
      for node in ["node01", "node04", "node05"] {
        instances.append(try place.json("grown/plasmacloud/\(node)/\(path)"))
      }
      #expect(
        instances.map { $0["node_id"]?.text } == ["node01", "node02", "node03", "node01", "node04", "node05"])
      let bootstrap = instances.map { $0["bootstrap"] == .bool(true) }
      #expect(bootstrap.prefix(3) == [true, true, true] && bootstrap.suffix(2) == [false, false])
      for (index, instance) in instances.enumerated() {
        #expect(instance["leader_url"]?.text == "https://node01.plasma.local:2379")
        let host = [11, 12, 13, 11, 14, 15][index]
        #expect(instance["raft_addr"]?.text == "192.168.100.\(host):2380")
      }
      let ours = try JSONReader.parse(
        HostFile.read(Checkout.root + "/nix/cluster-config.schema.json", limit: 1 << 20))
      let schemas = [ours, try JSONReader.parse(Array(Self.firstSchema.utf8))]
      let input = JSONValue.object(["schemas": .array(schemas), "instances": .array(instances)])
      let result = Outcome(try HostProgram.run(["python3", "-c", Self.validate], input: input.compact))
      try #require(result.status == 0, "\(result.errors)")
      #expect(result.output == "")
    }
  }

  /// What the first design of the first boot asks of the file.
  private static let firstSchema = """
    {
      "$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
      "required": ["node_id", "node_role", "bootstrap", "cluster_name", "leader_url", "raft_addr"],
      "properties": {
        "node_id": {"type": "string"}, "node_role": {"enum": ["control-plane", "worker", "all-in-one"]},
        "bootstrap": {"type": "boolean"}, "cluster_name": {"type": "string"},
        "leader_url": {"type": "string", "format": "uri"},
        "raft_addr": {"type": "string", "pattern": "^[0-9.]+:[0-9]+$"},
        "initial_peers": {"type": "array", "items": {"type": "string"}},
        "flaredb_peers": {"type": "array", "items": {"type": "string"}}
      }
    }
    """

  private static let variables = [
    "NODE_NAME", "CLUSTER_NAME", "HTTP_PORT", "NATS_CLIENT_PORT", "NATS_ROUTE_PORT", "ROUTES", "CLUSTER_USER",
    "CLUSTER_PASS_FILE", "TLS_CERT", "TLS_KEY", "ROUTE_TLS_CERT", "ROUTE_TLS_KEY", "ROUTE_TLS_CA",
    "INTERNAL_ID_FILE", "KV_REPLICAS",
  ]

  @Test func clusterEnvironmentHasWhatTheUnitUses() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      let addresses = ["datardos": "51.91.100.142", "homer": "141.94.69.66", "magnus": "203.0.113.10"]
      let password = try place.text("secrets/unibus/keys/cluster-pass").split(separator: "\n").joined()
      for (node, own) in addresses.sorted(by: { $0.key < $1.key }) {
        let text = try place.text("out/unibus/\(node)/files/opt/unibus/cluster.env")
        var values: [String: String] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
          let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
          #expect(parts.count == 2 && values.updateValue(parts[1], forKey: parts[0]) == nil, "\(line)")
        }
        #expect(values.keys.sorted() == Self.variables.sorted())
        let routes = Set(values["ROUTES"]?.split(separator: ",").map(String.init) ?? [])
        let others = addresses.values.filter { $0 != own }.map { "nats-route://\($0):6250" }
        #expect(routes == Set(others), "\(node)")
        #expect(values["ROUTES"]?.split(separator: ",").count == 2)
        #expect(values["NODE_NAME"] == node && values["KV_REPLICAS"] == "3")

        let unit = try place.text("out/unibus/\(node)/units/membershipd-cluster.service")
        #expect(unit.contains("\nEnvironmentFile=/opt/unibus/cluster.env\n"))
        #expect(unit.contains("\nRestart=always\n"))
        for name in Self.variables { #expect(unit.contains("${\(name)}"), "\(name)") }
        #expect(unit.split(separator: "${").dropFirst().count == Self.variables.count)
        // The password's file is named, never its text.
        #expect(password.utf8.count >= 32 && !text.contains(password) && !unit.contains(password))
        let delivered = try place.text("out/unibus/\(node)/extra-files\(values["CLUSTER_PASS_FILE"] ?? "")")
        #expect(delivered.split(separator: "\n").joined() == password)
        #expect(try place.mode("out/unibus/\(node)/files/opt/unibus/cluster.env") == 0o640)
      }
    }
  }

  /// The shell reads the file as systemd does: no word of it needs quotes.
  @Test func aShellReadsTheEnvironmentAlike() throws {
    try Workplace.with { place in
      try place.require("build", "magnus")
      let script = "set -eu; . \"$1\"; printf '%s %s' \"$ROUTES\" \"$NODE_NAME\""
      let path = place.out + "/unibus/magnus/files/opt/unibus/cluster.env"
      let result = Outcome(try HostProgram.run(["sh", "-c", script, "sh", path]))
      #expect(result.output.hasSuffix(" magnus") && result.output.hasPrefix("nats-route://"))
      #expect(result.errors == "")
    }
  }
}

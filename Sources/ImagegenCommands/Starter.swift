internal import FleetModel

/// The starter fleet: three nodes with one small clustered service, commented. It passes `check` and
/// `build` as it is; a test holds it to that.
enum Starter {
  static func isName(_ text: String) -> Bool { Name(text) != nil }

  static func files(fleet: String) -> [(path: String, text: String)] {
    let editor = "# yaml-language-server: $schema=imagegen.schema.json\n"
    let nested = "# yaml-language-server: $schema=../imagegen.schema.json\n"
    var files = [
      ("fleet.yaml", editor + fleetFile.replacing("FLEETNAME", with: fleet)),
      ("services/hello.yaml", nested + serviceFile),
      ("roles/server.yaml", nested + roleFile),
    ]
    for number in 1...3 {
      files.append(("nodes/node0\(number).yaml", nested + nodeFile.replacing("NUMBER", with: "\(number)")))
    }
    return files
  }

  private static let fleetFile = """
    # What all nodes share. `imagegen check` says what is wrong, with line and column;
    # `imagegen explain CODE` says why.
    fleet: {schema: 1, name: FLEETNAME, domain: example.internal, formed: false}

    # Grows with every release; the date is the only one that results carry.
    release: {version: 0.1.0, sequence: 1, epoch: 2026-01-01}

    networks:
      lan: {cidr: 10.10.0.0/24, gateway: 10.10.0.1, dns: [10.10.0.1], names: hosts-file}

    # `imagegen secrets FLEETNAME` mints the authority, and a certificate for each node.
    authorities:
      cluster: {key: ecdsa-p256}

    # Who votes. Three survive the loss of one.
    groups:
      hello: {service: hello, voters: [node01, node02, node03]}

    # Settings of every node; a role or a node may replace each of them.
    defaults:
      mode: bootstrap
      target: {distribution: debian, version: "12", systemd: 252}

    """

  private static let serviceFile = """
    # One service: units, firewall, bundle and certificates are made from this file.
    service: hello
    description: Example service
    program:
      # On these hosts the program is there already; to ship it, name payload and sha256.
      server: {path: /usr/local/bin/hello}
    command: [{program: server}, --config, {file: config}]
    start: {type: simple, estimate: 2s, restart: always}
    ports:
      api: {tcp: 7400, from: [peers, clients]}
      raft: {tcp: 7401, network: lan, from: [peers]}
    state: {data: 1GiB}
    credentials:
      tls: {certificate: cluster, usage: [server, client]}
    files:
      config:
        toml:
          node: {node: name}
          listen: {listen: api}
          # The same list on every node, made from the group.
          peers: {each: hello, port: raft, as: "{host}:{port}"}
          certificate: {certificate: tls}
          key: {key: tls}
    sandbox: {preset: network-daemon}
    health:
      live: {tcp: api}
      ready: {https: api, path: /health, quorum: hello}

    """

  private static let roleFile = """
    # What several nodes have in common.
    role: server
    services: [hello]

    """

  private static let nodeFile = """
    node: node0NUMBER
    roles: [server]
    mac: "52:54:00:10:00:0NUMBER"
    addresses: {lan: 10.10.0.1NUMBER}

    """
}

internal import JSONText

/// `cluster-config.json`, held against nix/cluster-config.schema.json by hand: a node has no validator.
struct ClusterFacts {
  /// A clustered service.
  struct Member {
    var leader: String
    var address: String
    var peers: [String]
  }

  /// Paths of certificates on the node.
  struct Certificates {
    var authority: String
    var certificate: String
    var key: String
  }

  var node: String
  var isBootstrap: Bool
  var cluster: String
  /// By service.
  var members: [String: Member] = [:]
  var certificates: Certificates?
  /// Where the report of `cluster-health` is posted, if the fleet says so: a key of the fleet's own, as a URL of this
  /// kind is a secret more often than not.
  var webhook: String?

  init(reading bytes: [UInt8]) throws(ConfigurationFault) {
    let row = try ConfigurationRow(parsing: bytes, "cluster-config.json")
    node = try row.text("node_id")
    let role = try row.text("node_role")
    guard ["control-plane", "worker", "all-in-one"].contains(role) else {
      throw ConfigurationFault("cluster-config.json: node_role is none of control-plane, worker, all-in-one")
    }
    isBootstrap = try row.flag("bootstrap")
    cluster = try row.text("cluster_name")
    _ = try Self.url(row, "leader_url")
    _ = try Self.endpoint(row.name, try row.text("raft_addr"))
    if row.value["initial_peers"] != nil { _ = try Self.peers(row, "initial_peers") }
    for member in row.value["services"]?.members ?? [] {
      let service = ConfigurationRow(member.value, "cluster-config.json: services.\(member.key)")
      members[member.key] = Member(
        leader: try Self.url(service, "leader_url"),
        address: try Self.endpoint(service.name, try service.text("raft_addr")),
        peers: try Self.peers(service, "initial_peers"))
    }
    webhook = row.value["webhook_url"] == nil ? nil : try Self.url(row, "webhook_url")
    guard let tls = row.row("tls"), try tls.flag("enabled") else { return }
    certificates = Certificates(
      authority: try Self.path(tls, "ca_cert_path"), certificate: try Self.path(tls, "node_cert_path"),
      key: try Self.path(tls, "node_key_path"))
  }

  private static func url(_ row: ConfigurationRow, _ key: String) throws(ConfigurationFault) -> String {
    let text = try row.text(key)
    guard WebAddress(text) != nil else { throw ConfigurationFault("\(row.name): \(key) is no URL") }
    return text
  }

  private static func path(_ row: ConfigurationRow, _ key: String) throws(ConfigurationFault) -> String {
    let text = try row.text(key)
    guard text.hasPrefix("/") else { throw ConfigurationFault("\(row.name): \(key) is no absolute path") }
    return text
  }

  private static func peers(_ row: ConfigurationRow, _ key: String) throws(ConfigurationFault) -> [String] {
    let peers = try row.texts(key)
    guard Set(peers).count == peers.count else {
      throw ConfigurationFault("\(row.name): \(key) names one twice")
    }
    for peer in peers { _ = try endpoint(row.name, peer) }
    return peers
  }

  private static func endpoint(_ name: String, _ text: String) throws(ConfigurationFault) -> String {
    guard WebAddress.hostAndPort(text) != nil else {
      throw ConfigurationFault("\(name): '\(text)' is no host and port")
    }
    return text
  }
}

/// An `http` or `https` URL, as far as anything here looks at one.
struct WebAddress {
  var scheme: String
  var host: String
  var port: Int?

  init?(_ text: String) {
    guard text.utf8.count <= 2048, text.utf8.allSatisfy({ (33...126).contains($0) && $0 != 34 && $0 != 92 })
    else {
      return nil
    }
    guard let scheme = ["https://", "http://"].first(where: { text.hasPrefix($0) }) else { return nil }
    let rest = Array(text.utf8.dropFirst(scheme.utf8.count))
    let authority = Array(rest.prefix { $0 != 47 && $0 != 63 && $0 != 35 })
    self.scheme = String(decoding: scheme.utf8.dropLast(3), as: UTF8.self)
    guard !authority.contains(64) else { return nil }
    let name = String(decoding: authority, as: UTF8.self)
    if let (host, port) = Self.hostAndPort(name) {
      (self.host, self.port) = (host, port)
    } else if let (host, _) = Self.hostAndPort(name + ":1") {
      (self.host, port) = (host, nil)
    } else {
      return nil
    }
  }

  /// `HOST:PORT`, an IPv6 address in brackets.
  static func hostAndPort(_ text: String) -> (host: String, port: Int)? {
    let bytes = Array(text.utf8)
    guard let colon = bytes.lastIndex(of: 58),
      let port = Int(String(decoding: bytes[(colon + 1)...], as: UTF8.self)),
      (1...65535).contains(port)
    else { return nil }
    var host = Array(bytes[..<colon])
    if host.first == 91 {
      guard host.last == 93, host.count > 2 else { return nil }
      host = Array(host.dropFirst().dropLast())
      guard
        host.allSatisfy({
          (48...58).contains($0) || (97...102).contains($0) || (65...70).contains($0) || $0 == 46
        })
      else { return nil }
    } else {
      let isName = host.allSatisfy {
        (97...122).contains($0) || (65...90).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 46
      }
      guard isName, let first = host.first, first != 45, first != 46, host.last != 45 else { return nil }
    }
    return (String(decoding: host, as: UTF8.self), port)
  }
}

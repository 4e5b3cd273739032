internal import FleetModel

/// `fleet.yaml`.
enum FleetSchema {
  static let document = ObjectSchema(
    "a fleet",
    [
      Field("fleet", .object(identity), required: true, "What the fleet is."),
      Field(
        "uses", .scalar(Grammar.sibling),
        "Another fleet's folder: its services, roles, nodes and settings come first."),
      Field("release", .object(release), required: true, "What is built: version, sequence and date."),
      Field("networks", .map(key: Grammar.name, value: .object(network)), "Networks, by name."),
      Field(
        "authorities", .map(key: Grammar.name, value: .object(authority)), "Certificate authorities, by name."
      ),
      Field("secrets", .map(key: Grammar.name, value: .object(secret)), "Secrets that are minted, by name."),
      Field("groups", .map(key: Grammar.name, value: .object(group)), "Quorum groups, by name."),
      Field(
        "inputs", .map(key: Grammar.name, value: .object(input)), "Inputs of the fleet's flake, by name."),
      Field("cluster-config", .object(clusterConfig), "The file that first-boot units read on the node."),
      Field("defaults", .object(ObjectSchema("a node", NodeSchema.settings)), "Settings of every node."),
    ])

  static let identity = ObjectSchema(
    "a fleet's identity",
    [
      Field(
        "schema", .scalar(Grammar.integer(1...1, "the schema version, 1")), required: true,
        "Version of the profile language."),
      Field("name", .scalar(Grammar.name), required: true, "Names the output folder and the cluster."),
      Field("domain", .scalar(Grammar.nodeDomain), "The nodes' DNS domain."),
      Field(
        "formed", .scalar(Grammar.boolean),
        "Whether the cluster exists already; then no node may bootstrap it."),
    ])

  static let release = ObjectSchema(
    "a release",
    [
      Field("version", .scalar(Grammar.version), required: true, "Three numbers."),
      Field(
        "sequence", .scalar(Grammar.integer(1...999_999_999, "a number from 1 to 999999999")), required: true,
        "Grows with every release; nodes refuse a lower one."),
      Field("epoch", .scalar(Grammar.date), required: true, "The date all outputs carry."),
    ])

  static let network = ObjectSchema(
    "a network",
    [
      Field("cidr", .scalar(Grammar.block), "Its addresses; left out for the public internet."),
      Field("gateway", .scalar(Grammar.address), "The default router."),
      Field("dns", .list(.scalar(Grammar.address), minimum: 0), "Resolvers, in order."),
      Field("ntp", .list(.scalar(Grammar.host), minimum: 0), "Time servers."),
      Field("names", .scalar(Grammar.choice(Network.NameResolution.self)), "Who resolves peers' names."),
      Field(
        "mtu", .scalar(Grammar.integer(576...9216, "a packet size from 576 to 9216")),
        "Largest packet in bytes."),
    ])

  static let authority = ObjectSchema(
    "a certificate authority",
    [
      Field("key", .scalar(Grammar.choice(Authority.Key.self)), "Kind of key."),
      Field(
        "days", .scalar(Grammar.integer(1...36500, "a number of days from 1 to 36500")),
        "How long its own certificate is valid."),
      Field(
        "leaf-days", .scalar(Grammar.integer(1...3650, "a number of days from 1 to 3650")),
        "How long certificates it signs are valid."),
    ])

  static let secret = ObjectSchema(
    "a secret",
    [
      Field(
        "kind", .scalar(Grammar.choice(SecretDeclaration.Kind.self)), required: true, "What it is made of."),
      Field("per", .scalar(Grammar.choice(SecretDeclaration.Scope.self)), "Who shares it."),
    ])

  static let group = ObjectSchema(
    "a quorum group",
    [
      Field("service", .scalar(Grammar.name), required: true, "The service that forms it."),
      Field(
        "voters", .list(.scalar(Grammar.name), minimum: 1), required: true,
        "The nodes that vote, first members of the cluster."),
      Field(
        "leader", .scalar(Grammar.name),
        "The node that joining members ask; the first voter unless said otherwise."),
    ])

  static let input = ObjectSchema(
    "a flake input",
    [
      Field("github", .scalar(repository), required: true, "Owner and repository."),
      Field("ref", .scalar(branch), "The branch or tag it follows."),
      Field("rev", .scalar(Grammar.revision), "The commit it stands at."),
      Field("nar-hash", .scalar(Grammar.narHash), "The digest of that commit's tree."),
      Field(
        "last-modified", .scalar(Grammar.integer(0...99_999_999_999, "seconds since 1970")),
        "When that commit was made."),
      Field(
        "follows", .list(.scalar(Grammar.name), minimum: 0),
        "Its own inputs that are this fleet's of the same name."),
    ])

  static let clusterConfig = ObjectSchema(
    "a cluster configuration",
    [
      Field("path", .scalar(Grammar.path), "Where it is on the node."),
      Field(
        "primary", .scalar(Grammar.name), required: true, "The group whose facts stand at the top level."),
      Field(
        "groups", .list(.scalar(Grammar.name), minimum: 1), required: true, "The groups described, in order."),
      Field("raft-port", .scalar(Grammar.name), "The port peers use; raft unless said otherwise."),
      Field("tls", .scalar(Grammar.name), "The authority of the certificates named."),
    ])

  private static let branch = ScalarType(
    "a branch or tag such as nixos-25.11", pattern: "^[A-Za-z0-9_][A-Za-z0-9_./-]*$"
  ) { text in
    text.utf8.count <= 200 && text.utf8.first != 45
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        Grammar.fileName.accepts(String($0)) && !$0.contains("+") && !$0.hasPrefix(".")
      }
  }

  private static let repository = ScalarType(
    "an owner and a repository such as NixOS/nixpkgs", pattern: "^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$"
  ) { text in
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { Grammar.fileName.accepts(String($0)) && !$0.contains("+") }
      && parts[0].utf8.allSatisfy { $0 != 46 && $0 != 95 }
  }
}

public import Diagnostics

/// Names that stand for something which must exist.
public enum MeaningRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [
    unknownService, unknownRole, unknownAuthority, unknownNetwork, unknownSecret, unknownGroup,
    unresolvablePeer,
    peerList, noGroup, payloadMissing, payloadDigest, conflictingDelivery, duplicateDisk,
    settingWithoutService, clusterConfig,
    wrongDisk,
  ]

  static let unknownService = Rule(
    "FL011", "unknown-service",
    finds: "A service that no file in services/ declares.", why: "The node would run without it.",
    example: "services: [chainfyre]", instead: "services: [chainfire]")
  static let unknownRole = Rule(
    "FL012", "unknown-role",
    finds: "A role that no file in roles/ declares.", why: "The node would lack all its settings.",
    example: "roles: [controlplane]", instead: "roles: [control-plane]")
  static let unknownAuthority = Rule(
    "FL013", "unknown-authority",
    finds: "A certificate authority that fleet.yaml does not declare.",
    why: "Nobody would sign the certificate.",
    example: "credentials: {tls: {certificate: clustr}}",
    instead: "credentials: {tls: {certificate: cluster}}")
  static let unknownNetwork = Rule(
    "FL015", "unknown-network",
    finds: "A network that fleet.yaml does not declare, or that the node has no address in.",
    why: "The address would be empty.", example: "addresses: {lna: 192.168.100.11}",
    instead: "addresses: {lan: 192.168.100.11}")
  static let unknownSecret = Rule(
    "FL018", "unknown-secret",
    finds: "A secret that fleet.yaml does not declare.",
    why: "Nothing would be minted and nothing delivered.",
    example: "credentials: {route: {secret: clusterpass}}",
    instead: "credentials: {route: {secret: cluster-pass}}")
  static let unknownGroup = Rule(
    "FL019", "unknown-group",
    finds: "A quorum group that fleet.yaml does not declare.", why: "There would be nobody to wait for.",
    example: "ready: {tcp: api, quorum: flardb}", instead: "ready: {tcp: api, quorum: flaredb}")
  static let unresolvablePeer = Rule(
    "FL020", "unresolvable-peer",
    finds: "A peer named by host name or address where the node can resolve neither.",
    why: "The cluster would never form, and the log would only say that a name is not known.",
    example: "a network with names: dns and no dns servers",
    instead: "names: hosts-file, or dns: [192.168.100.1]")
  static let payloadMissing = Rule(
    "FL043", "payload-missing",
    finds: "A program's payload that is not in the fleet's folder, or that has no digest beside it.",
    why: "The bundle would hold no program, or one that nobody vouches for.",
    example: "program: {server: {payload: bin/flaredb}}",
    instead: "program: {server: {payload: bin/flaredb, sha256: …}}")
  static let payloadDigest = Rule(
    "FL044", "payload-digest",
    finds: "A payload whose content has another SHA-256 digest than the profile says.",
    why: "It is not the program that was meant.",
    example: "sha256: 0000…", instead: "the digest that sha256sum prints, once you know why it changed")
  static let peerList = Rule(
    "FL028", "peer-list-differs",
    finds: "A list of peers that a node gives by hand and that is not exactly the others.",
    why: "A route to itself is dropped, a missing one splits the cluster as soon as another link fails.",
    example:
      "override: {membershipd: {environment-file: {entries: {ROUTES: \"nats-route://192.0.2.7:6250\"}}}}",
    instead: "leave the entry to the service: {each: membershipd, except: self, …}")
  static let noGroup = Rule(
    "FL029", "join-without-group",
    finds: "A service that joins a cluster while no quorum group names it.",
    why: "There is no leader to ask and no list of first members.",
    example: "join: {…} in services/flaredb.yaml and no group",
    instead: "groups: {flaredb: {service: flaredb, voters: […]}}")
  static let conflictingDelivery = Rule(
    "FL046", "conflicting-delivery",
    finds:
      "Two different secrets or certificates delivered to one path, or one where a file of a service goes.",
    why: "One would overwrite the other.",
    example: "two credentials with the same paths", instead: "a path for each")
  static let duplicateDisk = Rule(
    "FL049", "duplicate-disk",
    finds: "Two nodes that name one disk by its id.",
    why:
      "The id is the disk's own serial number: one of the two was copied, and its installation finds no disk.",
    example: "device: /dev/disk/by-id/virtio-node01 in nodes/node02.yaml",
    instead: "device: /dev/disk/by-id/virtio-node02")
  static let settingWithoutService = Rule(
    "FL050", "setting-without-service", .warning,
    finds: "A node's own override or parameter of a service that it does not run.",
    why: "It changes nothing: the service or its name is not the one that was meant.",
    example: "services: [flaredb], override: {iam: {…}}",
    instead: "services: [flaredb, iam], override: {iam: {…}}",
    ignoreWhen: "The service is to come back to the node.")
  static let clusterConfig = Rule(
    "FL052", "cluster-config",
    finds:
      "A cluster-config that first boot could not use: a primary that is not one of its groups, or a group whose service does not join.",
    why: "The node would get no cluster-config.json, or one that lacks a service.",
    example: "cluster-config: {primary: flaredb, groups: [chainfire]}",
    instead: "cluster-config: {primary: chainfire, groups: [chainfire]}")
  static let wrongDisk = Rule(
    "FL060", "wrong-disk",
    finds: "A device by id that is a partition, or that is not the disk with the serial number given.",
    why: "The installation would stop at the wrong disk, or find none.",
    example: "device: /dev/disk/by-id/virtio-node01, serial: node02",
    instead: "device: /dev/disk/by-id/virtio-node02, serial: node02")
}

public import Diagnostics

/// What must hold over a whole fleet, or over all services of one node.
public enum FleetRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [
    duplicateNode, duplicateHostName, duplicateMAC, duplicateHostID, portOwnedTwice, unknownMember,
    requirementMissing,
    serviceCycle, evenGroup, smallGroup, memberWithoutService, peersDisagree, joiningPeer, unknownLeader,
    postureDiffers, duplicateAddress, addressOutside, addressReserved, documentationAddress,
    overlappingNetworks, groupTwice,
    leafOutlivesAuthority, reservedNodeName, directoryShared, neverReady, unknownLink, vlanTwice, unusableMTU,
    networkOnTwoLinks, twoGateways, reservedLinkName,
  ].sorted { $0.code < $1.code }

  static let duplicateNode = Rule(
    "FL001", "duplicate-node", finds: "Two files that declare one node.",
    why: "One of them would be lost.", example: "nodes/node02.yaml: node: node01",
    instead: "nodes/node02.yaml: node: node02")
  static let duplicateHostName = Rule(
    "FL002", "duplicate-host-name", finds: "Two nodes with one host name.",
    why: "Peers would reach whichever the resolver names first.",
    example: "hostname: node01 in nodes/node02.yaml",
    instead: "a host name for each")
  static let duplicateMAC = Rule(
    "FL003", "duplicate-mac", finds: "Two cards with one Ethernet address.",
    why: "The PXE server would boot both as the same node, and wipe one for the other.",
    example: "mac: \"52:54:00:00:01:01\" in two nodes", instead: "the address printed on each card")
  static let duplicateHostID = Rule(
    "FL004", "duplicate-host-id", finds: "Two nodes with one host-id.",
    why: "ZFS takes the pool of one for the other's.", example: "host-id: 0a0b0c0d in two nodes",
    instead: "leave it out: it is derived from the name")
  static let portOwnedTwice = Rule(
    "FL010", "port-owned-twice",
    finds: "Two services of a node that listen on one port of one protocol, wildcard addresses included.",
    why: "The second fails to start, on the node, at some boots.",
    example: "flashdns: {tcp: 80} beside fiberlb: {tcp: 80}", instead: "a port for each")
  static let unknownMember = Rule(
    "FL014", "unknown-member", finds: "A voter of a quorum group that is no node of the fleet.",
    why: "The group would wait for it for ever.", example: "voters: [node01, node02, node30]",
    instead: "voters: [node01, node02, node03]")
  static let requirementMissing = Rule(
    "FL016", "requirement-missing",
    finds: "A service that requires another, or another's join step, that the node does not have.",
    why: "systemd starts a unit whose Requires= names nothing all the same at boot, and fails it by hand.",
    example: "services: [flaredb] where flaredb requires chainfire.joined",
    instead: "services: [chainfire, flaredb]")
  public static let serviceCycle = Rule(
    "FL017", "service-cycle", finds: "Services that wait for each other.",
    why: "systemd breaks the cycle by leaving one of them out, another at each boot.",
    example: "chainfire: requires: [iam]; iam: requires: [chainfire]", instead: "one direction")
  static let evenGroup = Rule(
    "FL021", "even-group", .warning, finds: "A quorum group with an even number of voters.",
    why: "Four voters survive no more losses than three, and are one more that can fail.",
    example: "voters: [node01, node02, node03, node04]",
    instead: "three or five voters; more nodes may join without a vote",
    ignoreWhen: "A voter is being replaced.")
  static let smallGroup = Rule(
    "FL022", "small-group", finds: "A quorum group with fewer than three voters.",
    why: "With two, either's loss stops the cluster; with one there is none.",
    example: "voters: [node01, node02]", instead: "voters: [node01, node02, node03]")
  static let memberWithoutService = Rule(
    "FL023", "member-without-service", finds: "A voter that does not run the group's service.",
    why: "Its vote is never cast: the group has less spare than it seems.",
    example: "a voter without the role that runs flaredb",
    instead: "give it the role, or take it off the list")
  static let peersDisagree = Rule(
    "FL024", "peers-disagree", finds: "Nodes whose bootstrap mode and lists of first members do not agree.",
    why: "Two clusters form, each sure to be the one.", example: "mode: bootstrap on a node that is no voter",
    instead: "mode: join")
  static let joiningPeer = Rule(
    "FL025", "joining-peer",
    finds: "A node that joins and is listed among the first members of a cluster not formed yet.",
    why: "The others wait for its vote; it waits for them to be a cluster.", example: "mode: join on a voter",
    instead: "mode: bootstrap, or take it off the list")
  static let unknownLeader = Rule(
    "FL026", "unknown-leader", finds: "A leader that is no node of the fleet, or that does not vote.",
    why: "Joining nodes would ask somebody who cannot add them.", example: "leader: node09",
    instead: "leader: node01")
  static let postureDiffers = Rule(
    "FL027", "posture-differs",
    finds:
      "Members of a cluster that differ in what must be the same: authentication, access control, TLS, store, replicas, cluster name.",
    why: "A cluster is as safe as its weakest member, and a store with other replicas loses data.",
    example: "parameters: {membershipd: {replicas: 1}} on one node", instead: "set it for the fleet")
  static let duplicateAddress = Rule(
    "FL031", "duplicate-address", finds: "Two nodes with one address in one network.",
    why: "Packets reach whichever answered ARP last.",
    example: "addresses: {lan: 192.168.100.11} in two nodes", instead: "a free address of the network")
  static let addressOutside = Rule(
    "FL032", "address-outside", finds: "An address that is not of its network.",
    why: "The node cannot reach its gateway.",
    example: "addresses: {lan: 192.168.101.11} in 192.168.100.0/24",
    instead: "addresses: {lan: 192.168.100.11}")
  static let addressReserved = Rule(
    "FL033", "address-reserved",
    finds:
      "An address that is the network's own, its gateway's, its broadcast address, or one that no machine can have.",
    why: "It belongs to somebody else, or to everybody.",
    example: "addresses: {lan: 192.168.100.1} where that is the gateway",
    instead: "a free address of the network")
  static let documentationAddress = Rule(
    "FL034", "documentation-address", .note,
    finds: "An address reserved for documentation (RFC 5737, RFC 3849).",
    why: "Examples carry them; no machine answers there, and deploying to one is refused.",
    example: "addresses: {public: 203.0.113.10}", instead: "the machine's address",
    ignoreWhen: "The profile is an example.")
  static let overlappingNetworks = Rule(
    "FL035", "overlapping-networks", finds: "A node in two networks whose address blocks overlap.",
    why: "Of two routes to one address the kernel takes one: peers of the other network are out of reach.",
    example: "lan: {cidr: 10.0.0.0/16}, mesh: {cidr: 10.0.1.0/24}", instead: "mesh: {cidr: 10.1.0.0/24}")
  static let groupTwice = Rule(
    "FL036", "group-twice", finds: "Two quorum groups of one service.",
    why: "A service joins one cluster: the other group's voters would never be asked.",
    example: "groups: {a: {service: flaredb, …}, b: {service: flaredb, …}}", instead: "one group")
  static let leafOutlivesAuthority = Rule(
    "FL037", "leaf-outlives-authority",
    finds: "An authority whose certificates are valid for longer than its own.",
    why: "On the authority's last day every certificate fails, whatever date it carries.",
    example: "authorities: {cluster: {days: 365, leaf-days: 825}}",
    instead: "authorities: {cluster: {days: 3650, leaf-days: 825}}")
  static let reservedNodeName = Rule(
    "FL038", "reserved-node-name",
    finds: "A node whose name or host name is taken: flake, keys, authorities, localhost.",
    why: "The folder of that name holds something else, or every machine calls itself so.",
    example: "node: flake", instead: "node: node01")
  static let directoryShared = Rule(
    "FL039", "directory-shared",
    finds: "Two services of a node with one state directory or one runtime directory.",
    why:
      "systemd gives it to the one that starts last, and takes a runtime directory away when either stops.",
    example: "state: {data: {path: shared}} in two services", instead: "a directory for each")
  static let neverReady = Rule(
    "FL051", "never-ready", .warning,
    finds: "A service that waits for another to be ready, whose type does not say when it is.",
    why:
      "With type simple, exec or oneshot `ready` is no more than `started`: the first requests fail at some boots.",
    example: "requires: [iam.ready] where iam is of type simple", instead: "start: {type: notify} in iam",
    ignoreWhen: "The service tries again by itself.")
  static let unknownLink = Rule(
    "FL053", "unknown-link", finds: "A VLAN on a link that the node does not have, or on itself.",
    why: "Nothing carries it: the interface never appears.", example: "links: {storage: {vlan: 20, on: lna}}",
    instead: "links: {storage: {vlan: 20, on: lan}}")
  static let vlanTwice = Rule(
    "FL054", "vlan-twice", finds: "Two VLANs of one number on one link.",
    why: "The kernel makes the first and refuses the second.",
    example: "links: {a: {vlan: 20, on: lan}, b: {vlan: 20, on: lan}}",
    instead: "a number for each")
  static let unusableMTU = Rule(
    "FL055", "unusable-mtu",
    finds:
      "An MTU that a link cannot have: a VLAN's above that of the link it is on, or one below 1280 with IPv6.",
    why: "The kernel refuses the first, and turns IPv6 off for the second (RFC 8200, 5).",
    example: "links: {lan: {mac: …}, storage: {vlan: 20, on: lan, mtu: 9000}}",
    instead: "links: {lan: {mac: …, mtu: 9000}, storage: {vlan: 20, on: lan, mtu: 9000}}")
  static let networkOnTwoLinks = Rule(
    "FL056", "network-on-two-links", finds: "A node with addresses of one network on two links.",
    why: "Answers leave by the first link whichever was asked, and peers know one of the addresses alone.",
    example: "links: {a: {mac: …, addresses: {lan: …}}, b: {mac: …, addresses: {lan: …}}}",
    instead: "a bond of both cards")
  static let twoGateways = Rule(
    "FL057", "two-gateways", .warning,
    finds: "A node in two networks that both have a gateway of one address family.",
    why: "There are two default routes of one weight: what is sent out may leave by either.",
    example: "networks: {lan: {gateway: 10.0.0.1}, public: {gateway: 203.0.113.1}}",
    instead: "a gateway for the network that leads out",
    ignoreWhen: "Both routers lead to the same places.")
  static let reservedLinkName = Rule(
    "FL059", "reserved-link-name", finds: "A bond or VLAN called lo, all or default.",
    why:
      "lo is the loopback, and all and default are no interfaces but settings of all of them (/proc/sys/net).",
    example: "links: {all: {vlan: 20, on: lan}}", instead: "links: {storage: {vlan: 20, on: lan}}")
}

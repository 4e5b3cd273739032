internal import Diagnostics

/// What all nodes of a fleet share, and a short entry for each of them.
///
/// A `Node` in full is made from it one at a time: a fleet of ten thousand nodes is never in memory
/// as a whole.
public struct Fleet: Sendable {
  /// Names the output folder and the cluster.
  public var name: Sourced<Name>
  /// The DNS domain of the nodes; without one a node's name is its host name alone.
  public var domain: Sourced<DomainName>?
  /// Whether the cluster exists already: then nothing may bootstrap it again.
  public var formed: Sourced<Bool>
  /// Version, anti-rollback number and date of what is built.
  public var release: Release
  /// By name.
  public var networks: [Name: Network]
  /// By name.
  public var authorities: [Name: Authority]
  /// By name.
  public var secrets: [Name: SecretDeclaration]
  /// By name.
  public var groups: [Name: QuorumGroup]
  /// Flake inputs, by name.
  public var inputs: [Name: FlakeInput]
  /// In order of name.
  public var roster: [NodeEntry]
  /// Services any node runs, by name; as declared, for what does not differ between nodes.
  public var services: [Name: ServiceFacts]

  /// Makes an empty fleet.
  public init(name: Sourced<Name>, release: Release) {
    self.name = name
    self.release = release
    formed = Sourced(false, .standard("fleet.formed"))
    networks = [:]
    authorities = [:]
    secrets = [:]
    groups = [:]
    inputs = [:]
    roster = []
    services = [:]
  }

  /// A node's host name with the fleet's domain behind it, if there is one.
  public func fullName(of entry: NodeEntry) -> String {
    domain.map { "\(entry.host.value).\($0.value)" } ?? entry.host.value
  }

  /// How a node becomes a member: a formed cluster is joined, whatever the node was when it was new.
  public func mode(of entry: NodeEntry) -> Sourced<ClusterMode> {
    formed.value ? Sourced(.join, formed.origin) : entry.mode
  }
}

/// Version, sequence and date of a release: the only date that outputs know.
public struct Release: Sendable {
  /// Three numbers with dots.
  public var version: Sourced<String>
  /// Grows with every release; a node refuses a lower one.
  public var sequence: Sourced<Int>
  /// Seconds since 1970-01-01T00:00:00Z, a midnight.
  public var epoch: Sourced<Int>

  /// Makes a release.
  public init(version: Sourced<String>, sequence: Sourced<Int>, epoch: Sourced<Int>) {
    self.version = version
    self.sequence = sequence
    self.epoch = epoch
  }
}

/// A network that nodes have addresses in.
public struct Network: Sendable {
  /// How peers' names resolve there.
  public enum NameResolution: String, CaseIterable, Sendable {
    /// Every node gets a hosts file.
    case hostsFile = "hosts-file"
    /// The network's DNS servers know them.
    case dns
  }

  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// Its addresses; `nil` for the public internet.
  public var block: Sourced<AddressBlock>?
  /// The default router.
  public var gateway: Sourced<IPAddress>?
  /// Resolvers, in order.
  public var dns: [Sourced<IPAddress>]
  /// Time servers, names or addresses.
  public var ntp: [Sourced<String>]
  /// How peers' names resolve.
  public var names: Sourced<NameResolution>
  /// Largest packet in bytes.
  public var mtu: Sourced<Int>?

  /// Makes a network with nothing but a name.
  public init(name: Sourced<Name>) {
    self.name = name
    dns = []
    ntp = []
    names = Sourced(.hostsFile, .standard("network.names"))
  }
}

/// A certificate authority of the fleet.
public struct Authority: Sendable {
  /// Kinds of key that the tool mints.
  public enum Key: String, CaseIterable, Sendable {
    /// NIST P-256 with SHA-256.
    case ecdsaP256 = "ecdsa-p256"
    /// NIST P-384 with SHA-384.
    case ecdsaP384 = "ecdsa-p384"
    /// RFC 8410.
    case ed25519
  }

  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// Kind of its key and of the keys it certifies.
  public var key: Sourced<Key>
  /// Days its own certificate is valid.
  public var days: Sourced<Int>
  /// Days the certificates it signs are valid.
  public var leafDays: Sourced<Int>

  /// Makes an authority.
  public init(
    name: Sourced<Name>, key: Sourced<Key>, days: Sourced<Int>, leafDays: Sourced<Int>
  ) {
    self.name = name
    self.key = key
    self.days = days
    self.leafDays = leafDays
  }
}

/// A secret that `imagegen secrets` mints. Profiles never hold its value.
public struct SecretDeclaration: Sendable {
  /// What the secret is made of.
  public enum Kind: String, CaseIterable, Sendable {
    /// 32 random bytes as 64 hexadecimal digits and a line feed.
    case hex32
    /// 24 random bytes in URL-safe base64 and a line feed.
    case password
    /// 32 random bytes, raw.
    case key32
  }

  /// Who shares it.
  public enum Scope: String, CaseIterable, Sendable {
    /// One for all nodes.
    case fleet
    /// One for each node.
    case node
  }

  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// What it is made of.
  public var kind: Sourced<Kind>
  /// Who shares it.
  public var scope: Sourced<Scope>

  /// Makes a declaration.
  public init(name: Sourced<Name>, kind: Sourced<Kind>, scope: Sourced<Scope>) {
    self.name = name
    self.kind = kind
    self.scope = scope
  }
}

/// The nodes whose majority a replicated service needs.
public struct QuorumGroup: Sendable {
  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// The service that forms it.
  public var service: Sourced<Name>
  /// The members that vote, in the order written.
  public var voters: [Sourced<Name>]
  /// The node that joining members ask; the first voter unless the profile names another.
  public var leader: Sourced<Name>

  /// Makes a group.
  public init(
    name: Sourced<Name>, service: Sourced<Name>, voters: [Sourced<Name>], leader: Sourced<Name>
  ) {
    self.name = name
    self.service = service
    self.voters = voters
    self.leader = leader
  }

  /// How many voters must be up: more than half.
  public var majority: Int { voters.count / 2 + 1 }
}

/// An input of the fleet's flake, pinned or not.
public struct FlakeInput: Sendable {
  /// A revision and the digest of its content, as `flake.lock` holds them.
  public struct Pin: Hashable, Sendable {
    /// Forty hexadecimal digits.
    public var revision: String
    /// `sha256-` and base64: of the tree's NAR.
    public var narHash: String
    /// Seconds since 1970.
    public var lastModified: Int

    /// Makes a pin.
    public init(revision: String, narHash: String, lastModified: Int) {
      self.revision = revision
      self.narHash = narHash
      self.lastModified = lastModified
    }
  }

  /// The input's name in `flake.nix`.
  public var name: Sourced<Name>
  /// The owner on GitHub.
  public var owner: Sourced<String>
  /// The repository on GitHub.
  public var repository: Sourced<String>
  /// The branch or tag it follows.
  public var reference: Sourced<String>?
  /// What it stands at; `nil` when nix resolves it anew each time.
  public var pin: Sourced<Pin>?
  /// Names of inputs of its own, by whose place in this fleet they follow.
  public var follows: [Sourced<Name>]

  /// Makes an input.
  public init(
    name: Sourced<Name>, owner: Sourced<String>, repository: Sourced<String>,
    reference: Sourced<String>?, pin: Sourced<Pin>?, follows: [Sourced<Name>]
  ) {
    self.name = name
    self.owner = owner
    self.repository = repository
    self.reference = reference
    self.pin = pin
    self.follows = follows
  }
}

/// What the whole fleet needs to know of one node. Kept small: there is one for each.
public struct NodeEntry: Sendable {
  /// An address in a network.
  public struct Address: Sendable {
    /// The network.
    public var network: Name
    /// The address and where it was written.
    public var address: Sourced<IPAddress>

    /// Makes an address.
    public init(network: Name, address: Sourced<IPAddress>) {
      self.network = network
      self.address = address
    }
  }

  /// The node.
  public var name: Sourced<Name>
  /// Its host name when it differs from its name.
  public var hostName: Sourced<DomainName>?
  /// Bootstrap or join, as written; `Fleet.mode(of:)` says what it comes to.
  public var mode: Sourced<ClusterMode>
  /// All Ethernet addresses.
  public var macs: [Sourced<MACAddress>]
  /// One for each network it is in.
  public var addresses: [Address]
  /// Eight hexadecimal digits, when the profile gives them.
  public var hostID: Sourced<String>?
  /// In the order given.
  public var roles: [Name]
  /// Names of the services it runs, in order of name.
  public var services: [Name]
  /// Node lists that override a group's voters, by group.
  public var initialPeers: [Name: [Sourced<Name>]]
  /// Facts that must be the same on all members, by service; only of services whose facts differ
  /// here from `ServiceFacts.posture`.
  public var posture: [Name: [PostureFact]]
  /// Port numbers that differ here from the service's own, by service and port.
  public var portOverrides: [Name: [Name: PortNumber]]

  /// Makes an entry with nothing but a name and a mode.
  public init(name: Sourced<Name>, mode: Sourced<ClusterMode>) {
    self.name = name
    self.mode = mode
    macs = []
    addresses = []
    roles = []
    services = []
    initialPeers = [:]
    posture = [:]
    portOverrides = [:]
  }

  /// What it is called on the network: its host name or, without one of its own, its name.
  public var host: Sourced<String> { hostName.map { $0.map(\.description) } ?? name.map(\.description) }

  /// The address in a network.
  public func address(in network: Name) -> Sourced<IPAddress>? {
    addresses.first { $0.network == network }?.address
  }
}

/// A fact of a service that must be the same on every node of its cluster.
public struct PostureFact: Sendable {
  /// For example `auth`, `store`, `replicas`.
  public var key: String
  /// Its value on this node, as text.
  public var value: Sourced<String>

  /// Makes a fact.
  public init(key: String, value: Sourced<String>) {
    self.key = key
    self.value = value
  }
}

/// How a node becomes a member.
public enum ClusterMode: String, CaseIterable, Sendable {
  /// One of the first members: they form the cluster together.
  case bootstrap
  /// Asks the leader of a cluster that exists.
  case join
}

/// What the fleet needs to know of a service as declared.
public struct ServiceFacts: Sendable {
  /// Its name and where it is declared.
  public var name: Sourced<Name>
  /// Services it names in `requires`, `wants` and `after`.
  public var dependencies: [Sourced<Name>]
  /// What must be the same on all members, as it is where no node overrides anything.
  public var posture: [PostureFact]

  /// Makes facts.
  public init(name: Sourced<Name>, dependencies: [Sourced<Name>], posture: [PostureFact]) {
    self.name = name
    self.dependencies = dependencies
    self.posture = posture
  }
}

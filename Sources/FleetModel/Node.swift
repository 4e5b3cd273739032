/// A node, resolved: every value is final, every reference replaced.
public struct Node: Sendable {
  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// Its host name, without the domain.
  public var hostName: Sourced<DomainName>
  /// Host name and domain.
  public var fullName: String
  /// The fleet's name.
  public var fleet: Name
  /// Eight hexadecimal digits: `networking.hostId`; from the profile or derived from the name.
  public var hostID: Sourced<String>
  /// In the order given.
  public var roles: [Sourced<Name>]
  /// `node_role` of `cluster-config.json`: `control-plane`, `worker` or `all-in-one`.
  public var clusterRole: String
  /// How it becomes a member.
  public var mode: Sourced<ClusterMode>
  /// The operating system it gets or has.
  public var target: Target
  /// What is written for it.
  public var outputs: Set<Output>
  /// In the order written.
  public var links: [Link]
  /// Its disk; `nil` when the host is not ours to partition.
  public var disk: DiskRequest?
  /// In order of name.
  public var services: [Service]
  /// First-boot units beyond the services' own.
  public var firstBoot: FirstBoot
  /// Names of peers and their addresses, for the hosts file, in order.
  public var hosts: [HostsEntry]
  /// Groups, in order of name, that this node is a member of or joins.
  public var memberships: [Membership]
  /// How operators reach it.
  public var access: Access
  /// `net.core.somaxconn` and the like, in order of key.
  public var sysctl: [(key: String, value: Sourced<String>)]
  /// Kernel modules loaded at boot.
  public var kernelModules: [Sourced<String>]
  /// Words added to the kernel's command line.
  public var kernelArguments: [Sourced<String>]
  /// Package names of the target.
  public var packages: [Sourced<String>]
  /// Accounts made for services that ask for a static one.
  public var accounts: [Account]
  /// Every secret file the node needs.
  public var deliveries: [Delivery]
  /// `cluster-config.json`, where the fleet has one.
  public var clusterConfig: ClusterConfig?
  /// A Nix module of the user's, by its path in the fleet folder: the raw way out.
  public var extraNix: Sourced<String>?
  /// Memory and processors of the QEMU node.
  public var machine: Machine

  /// Makes a node with nothing but names.
  public init(
    name: Sourced<Name>, hostName: Sourced<DomainName>, fullName: String, fleet: Name,
    hostID: Sourced<String>, mode: Sourced<ClusterMode>, target: Target, access: Access,
    firstBoot: FirstBoot, machine: Machine
  ) {
    self.name = name
    self.hostName = hostName
    self.fullName = fullName
    self.fleet = fleet
    self.hostID = hostID
    self.mode = mode
    self.target = target
    self.access = access
    self.firstBoot = firstBoot
    self.machine = machine
    roles = []
    clusterRole = "control-plane"
    outputs = []
    links = []
    services = []
    hosts = []
    memberships = []
    sysctl = []
    kernelModules = []
    kernelArguments = []
    packages = []
    accounts = []
    deliveries = []
  }

  /// All addresses of all links, in order.
  public var addresses: [LinkAddress] { links.flatMap(\.addresses) }
}

/// The operating system of a node.
public struct Target: Sendable {
  /// Who writes the system's configuration.
  public enum System: Hashable, Sendable {
    /// NixOS with this `system.stateVersion`.
    case nixos(stateVersion: String)
    /// A distribution that is there already, `debian 12`.
    case distribution(id: String, version: String)
  }

  /// The system.
  public var system: Sourced<System>
  /// The systemd version units are written for.
  public var systemdVersion: Sourced<Int>
  /// The processor architecture.
  public var architecture: Sourced<Architecture>

  /// Makes a target.
  public init(
    system: Sourced<System>, systemdVersion: Sourced<Int>, architecture: Sourced<Architecture>
  ) {
    self.system = system
    self.systemdVersion = systemdVersion
    self.architecture = architecture
  }

  /// Whether Nix writes the system.
  public var isNixOS: Bool {
    if case .nixos = system.value { true } else { false }
  }
}

/// Processor architectures the tool builds for.
public enum Architecture: String, CaseIterable, Sendable {
  /// AMD64.
  case x86_64
  /// ARM64.
  case aarch64
}

/// Parts of `out/FLEET/NODE`, and the node's place in the flake.
public enum Output: String, CaseIterable, Comparable, Sendable {
  case nixos, units, files, bundle, netboot, vm, report
  case extraFiles = "extra-files"

  public static func < (left: Output, right: Output) -> Bool { left.rawValue < right.rawValue }
}

/// A network interface of a node.
public struct Link: Sendable {
  /// What the interface is made of.
  public enum Kind: Sendable {
    /// A card, matched by its address.
    case ethernet(Sourced<MACAddress>)
    /// Several cards as one; the mode is systemd.netdev(5)'s.
    case bond(members: [Sourced<MACAddress>], mode: Sourced<String>)
    /// A tagged network on another link.
    case vlan(id: Sourced<Int>, on: Sourced<Name>)
    /// A card that the host's own configuration brings up: only its addresses are known.
    case unmanaged
  }

  /// Its name: `lan`. systemd-networkd's file and, for bonds and VLANs, the interface.
  public var name: Sourced<Name>
  /// What it is made of.
  public var kind: Kind
  /// One for each network on it.
  public var addresses: [LinkAddress]
  /// Largest packet in bytes.
  public var mtu: Sourced<Int>?

  /// Makes a link.
  public init(name: Sourced<Name>, kind: Kind, addresses: [LinkAddress], mtu: Sourced<Int>?) {
    self.name = name
    self.kind = kind
    self.addresses = addresses
    self.mtu = mtu
  }
}

/// An address of a node with what belongs to its network.
public struct LinkAddress: Sendable {
  /// The network.
  public var network: Network
  /// The address.
  public var address: Sourced<IPAddress>

  /// Makes an address.
  public init(network: Network, address: Sourced<IPAddress>) {
    self.network = network
    self.address = address
  }

  /// Length of the prefix: the network's, or the whole address where it has none.
  public var prefix: Int { network.block?.value.prefix ?? address.value.width }
}

/// One line of a hosts file.
public struct HostsEntry: Sendable {
  /// The address.
  public var address: Sourced<IPAddress>
  /// Full name first.
  public var names: [String]

  /// Makes an entry.
  public init(address: Sourced<IPAddress>, names: [String]) {
    self.address = address
    self.names = names
  }
}

/// A quorum group as one node sees it.
public struct Membership: Sendable {
  /// A voter with what others need to reach it.
  public struct Peer: Sendable {
    /// The node.
    public var node: Name
    /// Its host name, without the domain.
    public var hostName: String

    /// Makes a peer.
    public init(node: Name, hostName: String) {
      self.node = node
      self.hostName = hostName
    }
  }

  /// The group.
  public var group: QuorumGroup
  /// Whether this node is one of the voters.
  public var votes: Bool
  /// The voters that form the cluster, in the group's order.
  public var initialPeers: [Peer]

  /// Makes a membership.
  public init(group: QuorumGroup, votes: Bool, initialPeers: [Peer]) {
    self.group = group
    self.votes = votes
    self.initialPeers = initialPeers
  }
}

/// How operators reach a node.
public struct Access: Sendable {
  /// The name or alias ssh connects to.
  public var sshHost: Sourced<String>
  /// The account that acts.
  public var user: Sourced<AccountName>
  /// Public keys that may log in, as in authorized_keys.
  public var authorizedKeys: [Sourced<String>]

  /// Makes an access.
  public init(
    sshHost: Sourced<String>, user: Sourced<AccountName>, authorizedKeys: [Sourced<String>]
  ) {
    self.sshHost = sshHost
    self.user = user
    self.authorizedKeys = authorizedKeys
  }
}

/// A static account.
public struct Account: Sendable {
  /// The account and its group of the same name.
  public var name: Sourced<AccountName>
  /// Its home; services have none of their own.
  public var home: TargetPath?

  /// Makes an account.
  public init(name: Sourced<AccountName>, home: TargetPath?) {
    self.name = name
    self.home = home
  }
}

/// A virtual machine's size, for the launch script.
public struct Machine: Sendable {
  /// Memory.
  public var memory: Sourced<ByteCount>
  /// Processors.
  public var processors: Sourced<Int>

  /// Makes a size.
  public init(memory: Sourced<ByteCount>, processors: Sourced<Int>) {
    self.memory = memory
    self.processors = processors
  }
}

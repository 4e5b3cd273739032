public import Digests

/// What a bundle installs and what it needs: the only thing a node trusts, once its signature holds.
///
/// Paths are relative to the node's root directory. A secret is named and never held.
public struct BundleManifest: Sendable {
  /// Which machine the bundle is for. A node that differs refuses it.
  public struct Target: Sendable {
    /// The node's name in the fleet.
    public var node: String
    /// The fleet.
    public var fleet: String
    /// As `uname -m` says it.
    public var architecture: String
    /// `ID=` of os-release(5).
    public var system: String
    /// Lowest `VERSION_ID=` of os-release(5).
    public var systemVersion: String
    /// Lowest version of systemd.
    public var systemdVersion: Int

    /// Makes a target.
    public init(
      node: String, fleet: String, architecture: String, system: String, systemVersion: String,
      systemdVersion: Int
    ) {
      self.node = node
      self.fleet = fleet
      self.architecture = architecture
      self.system = system
      self.systemVersion = systemVersion
      self.systemdVersion = systemdVersion
    }
  }

  /// What a file is for; decides how the node checks it.
  public enum FileClass: String, CaseIterable, Sendable {
    /// An executable.
    case program = "bin"
    /// A systemd unit or drop-in.
    case unit
    /// Configuration.
    case configuration = "config"
    /// Variables of a unit.
    case environment = "env"
  }

  /// How a blob holds its file.
  public enum Encoding: Hashable, Sendable {
    /// As it is.
    case raw
    /// One zstd frame of so many bytes, with its content's size and a window within the limit.
    case zstd(size: Int)
  }

  /// A file to be installed.
  public struct File: Sendable {
    /// Where: `opt/unibus/membershipd`.
    public var path: String
    /// What it is for.
    public var fileClass: FileClass
    /// Permission bits.
    public var mode: UInt16
    /// Its owner; the group is the owner's of the same name.
    public var owner: String
    /// Bytes.
    public var size: Int
    /// Of its content: names the blob.
    public var digest: SHA256Digest
    /// How the blob holds it.
    public var encoding: Encoding

    /// Makes a file.
    public init(
      path: String, fileClass: FileClass, mode: UInt16, owner: String, size: Int,
      digest: SHA256Digest, encoding: Encoding = .raw
    ) {
      self.encoding = encoding
      self.path = path
      self.fileClass = fileClass
      self.mode = mode
      self.owner = owner
      self.size = size
      self.digest = digest
    }
  }

  /// A secret the node must have got another way.
  public struct Secret: Sendable {
    /// Where.
    public var path: String
    /// Permission bits it must have.
    public var mode: UInt16
    /// The owner it must have.
    public var owner: String
    /// Whether reading it gives a power; certificates are public.
    public var isPrivate: Bool
    /// SHA-256 of a certificate's DER, where it was minted when the bundle was built.
    public var fingerprint: SHA256Digest?

    /// Makes a secret.
    public init(
      path: String, mode: UInt16, owner: String, isPrivate: Bool, fingerprint: SHA256Digest?
    ) {
      self.path = path
      self.mode = mode
      self.owner = owner
      self.isPrivate = isPrivate
      self.fingerprint = fingerprint
    }
  }

  /// A unit to be enabled and watched.
  public struct Unit: Sendable {
    /// Its name.
    public var name: String
    /// Whether it starts at boot: it has an [Install] section.
    public var isEnabled: Bool
    /// Instances, where the unit is a template.
    public var instances: [String]
    /// True on a lone node as well.
    public var live: Probe?
    /// May need a quorum.
    public var ready: Probe?

    /// Makes a unit.
    public init(name: String, isEnabled: Bool, instances: [String], live: Probe?, ready: Probe?) {
      self.name = name
      self.isEnabled = isEnabled
      self.instances = instances
      self.live = live
      self.ready = ready
    }
  }

  /// How health is asked for.
  public struct Probe: Sendable {
    /// What is asked.
    public enum Kind: Sendable {
      /// The port takes connections.
      case tcp(port: Int)
      /// GET answers 200; the JSON object has the fields, the text is in the body.
      case http(url: String, fields: [(key: String, value: String)], body: String?)
      /// An A query has this answer.
      case dns(port: Int, name: String, answer: String?)
      /// The command exits 0.
      case command([String])
    }

    /// What is asked.
    public var kind: Kind
    /// The group whose majority must be up before it can hold.
    public var quorum: String?

    /// Makes a probe.
    public init(_ kind: Kind, quorum: String?) {
      self.kind = kind
      self.quorum = quorum
    }
  }

  /// A port that must be free.
  public struct Port: Sendable {
    /// `tcp` or `udp`.
    public var transport: String
    /// The number.
    public var number: Int
    /// The address it is bound to; `nil` for all.
    public var address: String?
    /// The unit that binds it.
    public var unit: String

    /// Makes a port.
    public init(transport: String, number: Int, address: String?, unit: String) {
      self.transport = transport
      self.number = number
      self.address = address
      self.unit = unit
    }
  }

  /// An account that must be there.
  public struct User: Sendable {
    /// Its name.
    public var name: String
    /// Whether the installer makes it.
    public var isMade: Bool

    /// Makes a user.
    public init(name: String, isMade: Bool) {
      self.name = name
      self.isMade = isMade
    }
  }

  /// Room that services will take.
  public struct Space: Sendable {
    /// The directory.
    public var path: String
    /// Bytes.
    public var bytes: UInt64

    /// Makes room.
    public init(path: String, bytes: UInt64) {
      self.path = path
      self.bytes = bytes
    }
  }

  /// Another node that a service talks to.
  public struct Peer: Sendable {
    /// The node.
    public var node: String
    /// The name to be resolved.
    public var host: String
    /// `tcp` or `udp`.
    public var transport: String
    /// The number.
    public var port: Int

    /// Makes a peer.
    public init(node: String, host: String, transport: String, port: Int) {
      self.node = node
      self.host = host
      self.transport = transport
      self.port = port
    }
  }

  /// A group whose majority a unit needs.
  public struct Quorum: Sendable {
    /// The group.
    public var group: String
    /// The unit.
    public var unit: String
    /// Voters in all.
    public var size: Int
    /// Voters that must be up.
    public var need: Int
    /// Whether this node votes.
    public var votes: Bool

    /// Makes a group.
    public init(group: String, unit: String, size: Int, need: Int, votes: Bool) {
      self.group = group
      self.unit = unit
      self.size = size
      self.need = need
      self.votes = votes
    }
  }

  /// A file system that must be mounted.
  public struct Mount: Sendable {
    /// Where.
    public var path: String
    /// Its type, as mount(8) names it.
    public var format: String
    /// Fewest bytes it has in all; 0 where it takes what others leave.
    public var bytes: UInt64

    /// Makes a mount.
    public init(path: String, format: String, bytes: UInt64) {
      self.path = path
      self.format = format
      self.bytes = bytes
    }
  }

  /// An attestation, by digest.
  public struct Attestation: Sendable {
    /// Name of the member.
    public var name: String
    /// Of its content.
    public var digest: SHA256Digest

    /// Makes an attestation.
    public init(name: String, digest: SHA256Digest) {
      self.name = name
      self.digest = digest
    }
  }

  /// The release's version.
  public var version: String
  /// Grows with every release; a node refuses a lower one.
  public var sequence: Int
  /// The release's date, seconds since 1970.
  public var epoch: Int
  /// The version of the generator.
  public var toolVersion: String
  /// Of all that the fleet's nodes must agree in: bundles of two sets do not mix.
  public var setDigest: SHA256Digest
  /// Which machine it is for.
  public var target: Target
  /// Whether its members must be started together: the cluster is new and this node one of the first.
  public var formsQuorum: Bool
  /// In any order.
  public var files: [File] = []
  /// In any order.
  public var secrets: [Secret] = []
  /// In any order.
  public var units: [Unit] = []
  /// In any order.
  public var ports: [Port] = []
  /// In any order.
  public var users: [User] = []
  /// In any order.
  public var spaces: [Space] = []
  /// In any order.
  public var peers: [Peer] = []
  /// In any order.
  public var quorums: [Quorum] = []
  /// Programs that must be there, by name or by absolute path; in any order.
  public var commands: [String] = []
  /// Kernel modules that must be loadable; in any order.
  public var kernelModules: [String] = []
  /// Kernel settings that must exist, as sysctl(8) names them; in any order.
  public var kernelSettings: [String] = []
  /// The disk layout; in any order.
  public var mounts: [Mount] = []
  /// In any order.
  public var attestations: [Attestation] = []

  /// Makes a manifest of nothing.
  public init(
    version: String, sequence: Int, epoch: Int, toolVersion: String, target: Target,
    formsQuorum: Bool, setDigest: SHA256Digest = .zero
  ) {
    self.setDigest = setDigest
    self.version = version
    self.sequence = sequence
    self.epoch = epoch
    self.toolVersion = toolVersion
    self.target = target
    self.formsQuorum = formsQuorum
  }
}

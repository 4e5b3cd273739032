public import Diagnostics

/// How a service shows that it is well.
public struct Health: Sendable {
  /// One way to ask.
  public struct Probe: Sendable {
    /// What is asked.
    public enum Kind: Sendable {
      /// The port takes connections.
      case tcp(Sourced<PortNumber>)
      /// GET answers 200; where fields are given, the JSON object has them.
      case http(url: Sourced<String>, secure: Bool, fields: [(key: String, value: String)], body: String?)
      /// An A query has this answer.
      case dns(port: Sourced<PortNumber>, name: String, answer: IPAddress?)
      /// The command exits 0.
      case command([Sourced<String>])
    }

    /// What is asked.
    public var kind: Kind
    /// Where it was written.
    public var origin: Origin
    /// The group whose majority it waits for: such a probe is no proof of one node's life.
    public var quorum: Name?

    /// Makes a probe.
    public init(kind: Kind, origin: Origin, quorum: Name?) {
      self.kind = kind
      self.origin = origin
      self.quorum = quorum
    }
  }

  /// The process answers: true on a lone node as well.
  public var live: Probe?
  /// It can do its work: may need a quorum.
  public var ready: Probe?

  /// Makes a service without probes.
  public init() {}
}

/// How often and how long a step tries.
public struct RetryPolicy: Sendable {
  /// Tries.
  public var attempts: Sourced<Int>
  /// First and longest pause between tries; doubled each time.
  public var firstDelay: Sourced<TimeSpan>
  /// The longest pause.
  public var longestDelay: Sourced<TimeSpan>

  /// Makes a policy.
  public init(
    attempts: Sourced<Int>, firstDelay: Sourced<TimeSpan>, longestDelay: Sourced<TimeSpan>
  ) {
    self.attempts = attempts
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }

  /// All pauses together, the worst case.
  public var total: TimeSpan {
    var sum = 0
    var delay = firstDelay.value.milliseconds
    for _ in 1..<max(attempts.value, 1) {
      sum += min(delay, longestDelay.value.milliseconds)
      delay = min(delay * 2, longestDelay.value.milliseconds)
    }
    return TimeSpan(milliseconds: sum)
  }
}

/// A request that makes a node a member.
public struct JoinStep: Sendable {
  /// When the request is made.
  public enum Moment: String, CaseIterable, Sendable {
    /// Once the service lives.
    case afterLive = "after-live"
    /// Before the service starts, as etcd wants it.
    case beforeStart = "before-start"
  }

  /// When.
  public var moment: Sourced<Moment>
  /// The path that is posted to.
  public var path: Sourced<String>
  /// The port of the leader that is asked.
  public var leaderPort: Sourced<PortNumber>
  /// `https://node01.plasma.local:2379`.
  public var leaderURL: Sourced<String>
  /// This node's own address and port among its peers: `192.168.100.11:2380`.
  public var raftAddress: Sourced<String>
  /// The body.
  public var body: ConfigurationValue
  /// Statuses that mean done.
  public var accepted: [Sourced<Int>]
  /// Statuses that mean: is a member already.
  public var alreadyMember: [Sourced<Int>]
  /// How often.
  public var retry: RetryPolicy
  /// How long the service's own health is waited for.
  public var healthTimeout: Sourced<TimeSpan>
  /// The group joined.
  public var group: Name

  /// Makes a step.
  public init(
    moment: Sourced<Moment>, path: Sourced<String>, leaderPort: Sourced<PortNumber>,
    leaderURL: Sourced<String>, raftAddress: Sourced<String>, body: ConfigurationValue,
    accepted: [Sourced<Int>], alreadyMember: [Sourced<Int>], retry: RetryPolicy,
    healthTimeout: Sourced<TimeSpan>, group: Name
  ) {
    self.moment = moment
    self.path = path
    self.leaderPort = leaderPort
    self.leaderURL = leaderURL
    self.raftAddress = raftAddress
    self.body = body
    self.accepted = accepted
    self.alreadyMember = alreadyMember
    self.retry = retry
    self.healthTimeout = healthTimeout
    self.group = group
  }
}

/// Requests made once, when the cluster is new: first accounts and tokens.
public struct SetupStep: Sendable {
  /// The port of this node that is asked.
  public var port: Sourced<PortNumber>
  /// The path that is posted to.
  public var path: Sourced<String>
  /// The body; secrets in it are named by credential.
  public var body: ConfigurationValue
  /// Statuses that mean done.
  public var accepted: [Sourced<Int>]
  /// Statuses that mean: was done already.
  public var alreadyDone: [Sourced<Int>]
  /// How often.
  public var retry: RetryPolicy
  /// How long the service's own health is waited for.
  public var healthTimeout: Sourced<TimeSpan>

  /// Makes a step.
  public init(
    port: Sourced<PortNumber>, path: Sourced<String>, body: ConfigurationValue,
    accepted: [Sourced<Int>], alreadyDone: [Sourced<Int>], retry: RetryPolicy,
    healthTimeout: Sourced<TimeSpan>
  ) {
    self.port = port
    self.path = path
    self.body = body
    self.accepted = accepted
    self.alreadyDone = alreadyDone
    self.retry = retry
    self.healthTimeout = healthTimeout
  }
}

/// First boot as a whole.
public struct FirstBoot: Sendable {
  /// Whether the node has first-boot units.
  public var isEnabled: Sourced<Bool>
  /// `/var/lib/first-boot-automation`: markers with an ISO 8601 time.
  public var stateDirectory: Sourced<String>
  /// The on-node executable.
  public var executable: Sourced<TargetPath>
  /// Whether every endpoint is asked at the end.
  public var clusterHealth: Sourced<Bool>
  /// How long the last check waits.
  public var clusterHealthTimeout: Sourced<TimeSpan>

  /// Makes a policy.
  public init(
    isEnabled: Sourced<Bool>, stateDirectory: Sourced<String>, executable: Sourced<TargetPath>,
    clusterHealth: Sourced<Bool>, clusterHealthTimeout: Sourced<TimeSpan>
  ) {
    self.isEnabled = isEnabled
    self.stateDirectory = stateDirectory
    self.executable = executable
    self.clusterHealth = clusterHealth
    self.clusterHealthTimeout = clusterHealthTimeout
  }
}

/// `cluster-config.json`: what the first-boot units read on the node, at run time.
public struct ClusterConfig: Sendable {
  /// One clustered service.
  public struct Member: Sendable {
    /// The service.
    public var service: Name
    /// Whom to ask.
    public var leaderURL: Sourced<String>
    /// This node among its peers, `ADDRESS:PORT`.
    public var raftAddress: Sourced<String>
    /// `HOST:PORT` of all voters, the same on every node.
    public var initialPeers: [Sourced<String>]

    /// Makes a member.
    public init(
      service: Name, leaderURL: Sourced<String>, raftAddress: Sourced<String>,
      initialPeers: [Sourced<String>]
    ) {
      self.service = service
      self.leaderURL = leaderURL
      self.raftAddress = raftAddress
      self.initialPeers = initialPeers
    }
  }

  /// Certificate paths on the node.
  public struct TLS: Sendable {
    /// The authority's certificate.
    public var authorityPath: TargetPath
    /// The node's.
    public var certificatePath: TargetPath
    /// Its key.
    public var keyPath: TargetPath

    /// Makes paths.
    public init(authorityPath: TargetPath, certificatePath: TargetPath, keyPath: TargetPath) {
      self.authorityPath = authorityPath
      self.certificatePath = certificatePath
      self.keyPath = keyPath
    }
  }

  /// Where it is on the node.
  public var path: Sourced<TargetPath>
  /// `control-plane`, `worker` or `all-in-one`.
  public var role: Sourced<String>
  /// The cluster's name.
  public var clusterName: Sourced<String>
  /// The service whose facts stand at the top level, as the first schema had it.
  public var primary: Name
  /// In the order written; the primary is one of them.
  public var members: [Member]
  /// Where certificates are; `nil` without TLS.
  public var tls: TLS?

  /// Makes a configuration.
  public init(
    path: Sourced<TargetPath>, role: Sourced<String>, clusterName: Sourced<String>, primary: Name,
    members: [Member], tls: TLS?
  ) {
    self.path = path
    self.role = role
    self.clusterName = clusterName
    self.primary = primary
    self.members = members
    self.tls = tls
  }
}

public import Diagnostics
public import Digests

/// A service as one node runs it. Units, NixOS modules, firewall, bundle and runbook are views of it.
public struct Service: Sendable {
  /// Its name in the fleet.
  public var name: Sourced<Name>
  /// The unit's name without `.service`; the service's own unless the profile says otherwise.
  public var unitName: Sourced<String>
  /// One line for people.
  public var description: Sourced<String>
  /// URIs for `Documentation=`.
  public var documentation: [Sourced<String>]
  /// By name, in order.
  public var programs: [Program]
  /// The words of ExecStart, program first.
  public var command: [CommandWord]
  /// How it starts and restarts.
  public var start: StartPolicy
  /// In the order written: `requires`, then `wants`, then `after`.
  public var dependencies: [Dependency]
  /// In the order written.
  public var ports: [Port]
  /// Directories below /var/lib that it owns.
  public var state: [StateDirectory]
  /// Whether it gets a directory below /run.
  public var runtimeDirectory: Sourced<String>?
  /// Paths outside /var/lib and /run that it writes.
  public var writablePaths: [Sourced<TargetPath>]
  /// Where it runs; `nil` for `/`.
  public var workingDirectory: Sourced<TargetPath>?
  /// Whose rights it has.
  public var identity: Identity
  /// Secrets and certificates systemd hands over (LoadCredential=).
  public var credentials: [Credential]
  /// Variables set in the unit, in order.
  public var environment: [EnvironmentEntry]
  /// Variables kept in a file, in order; `nil` when the service has no such file.
  public var environmentFile: EnvironmentFile?
  /// Its sandbox.
  public var sandbox: Sandbox
  /// `nofile` and the like, in order of name: systemd's Limit… directives.
  public var limits: [(name: String, value: Sourced<String>)]
  /// Configuration files, in order of name.
  public var files: [ConfigurationFile]
  /// How its health shows.
  public var health: Health
  /// How it joins its cluster.
  public var join: JoinStep?
  /// What happens once when the cluster is new.
  public var setup: SetupStep?
  /// Must be the same on all members.
  public var posture: [PostureFact]
  /// Directives added as they are: the raw way out, marked in the report.
  public var rawDirectives: [RawDirective]
  /// Instances of a template unit; empty for an ordinary one.
  public var instances: [Sourced<String>]

  /// Makes a service with what every one has.
  public init(
    name: Sourced<Name>, unitName: Sourced<String>, description: Sourced<String>,
    start: StartPolicy, identity: Identity, sandbox: Sandbox
  ) {
    self.name = name
    self.unitName = unitName
    self.description = description
    self.start = start
    self.identity = identity
    self.sandbox = sandbox
    documentation = []
    programs = []
    command = []
    dependencies = []
    ports = []
    state = []
    writablePaths = []
    credentials = []
    environment = []
    limits = []
    files = []
    health = Health()
    posture = []
    rawDirectives = []
    instances = []
  }

  /// The unit that others order themselves after.
  public var unit: String { unitName.value + ".service" }
}

/// An executable of a service.
public struct Program: Sendable {
  /// A file of the fleet folder that is the program.
  public struct Payload: Sendable {
    /// Path relative to the fleet folder; may lead to the fleet that it uses.
    public var path: Sourced<String>
    /// What its content must hash to.
    public var digest: Sourced<SHA256Digest>
    /// Its size in bytes, as found.
    public var size: Int

    /// Makes a payload.
    public init(path: Sourced<String>, digest: Sourced<SHA256Digest>, size: Int) {
      self.path = path
      self.digest = digest
      self.size = size
    }
  }

  /// An attribute of a flake, `self#flaredb-server`.
  public struct FlakeAttribute: Hashable, Sendable {
    /// The flake input, or `self` for packages the fleet's flake makes of payloads.
    public var input: String
    /// The package.
    public var attribute: String

    /// Makes an attribute.
    public init(input: String, attribute: String) {
      self.input = input
      self.attribute = attribute
    }
  }

  /// `server`: how the command names it.
  public var name: Sourced<Name>
  /// File name of the executable.
  public var executable: Sourced<String>
  /// Where a host without NixOS has it: `/opt/unibus/membershipd`.
  public var path: Sourced<TargetPath>
  /// Where NixOS takes it from.
  public var nix: Sourced<FlakeAttribute>?
  /// Where bundles take it from.
  public var payload: Payload?

  /// Makes a program.
  public init(
    name: Sourced<Name>, executable: Sourced<String>, path: Sourced<TargetPath>,
    nix: Sourced<FlakeAttribute>?, payload: Payload?
  ) {
    self.name = name
    self.executable = executable
    self.path = path
    self.nix = nix
    self.payload = payload
  }
}

/// A word of a command line.
public struct CommandWord: Sendable {
  /// What the word is.
  public enum Content: Hashable, Sendable {
    /// The path of a program of the service, by name: it differs between NixOS and others.
    case program(Name)
    /// This text, one argument; systemd's `%` and `$` are to be escaped when written.
    case text(String)
    /// The value of a variable of the unit, one argument: `${NAME}`.
    case variable(VariableName)
    /// Text before the path of a credential: `${CREDENTIALS_DIRECTORY}/NAME`.
    case credential(String)
  }

  /// What the word is, and why.
  public var content: Sourced<Content>

  /// Makes a word.
  public init(_ content: Sourced<Content>) { self.content = content }
}

/// How a service starts, restarts and stops.
public struct StartPolicy: Sendable {
  /// systemd.service(5) `Type=`.
  public enum Kind: String, CaseIterable, Sendable {
    case simple, exec, notify, forking, oneshot
  }

  /// systemd.service(5) `Restart=`.
  public enum Restart: String, CaseIterable, Sendable {
    case always, no
    case onFailure = "on-failure"
  }

  /// When systemd takes it for started.
  public var kind: Sourced<Kind>
  /// How long it takes, for the simulation.
  public var estimate: Sourced<TimeSpan>
  /// How long it may take.
  public var timeout: Sourced<TimeSpan>
  /// How long stopping may take.
  public var stopTimeout: Sourced<TimeSpan>
  /// When it is started again.
  public var restart: Sourced<Restart>
  /// The pause before that.
  public var restartDelay: Sourced<TimeSpan>
  /// The file with the main process's number; for `forking`.
  public var pidFile: Sourced<TargetPath>?

  /// Makes a policy.
  public init(
    kind: Sourced<Kind>, estimate: Sourced<TimeSpan>, timeout: Sourced<TimeSpan>,
    stopTimeout: Sourced<TimeSpan>, restart: Sourced<Restart>, restartDelay: Sourced<TimeSpan>,
    pidFile: Sourced<TargetPath>?
  ) {
    self.kind = kind
    self.estimate = estimate
    self.timeout = timeout
    self.stopTimeout = stopTimeout
    self.restart = restart
    self.restartDelay = restartDelay
    self.pidFile = pidFile
  }
}

/// What a service needs of another.
public struct Dependency: Sendable {
  /// systemd.unit(5).
  public enum Strength: String, CaseIterable, Sendable {
    /// Requires= and After=: no start without it.
    case requires
    /// Wants= and After=: better with it.
    case wants
    /// After= alone.
    case after
  }

  /// What must have happened.
  public enum Point: String, CaseIterable, Sendable {
    /// Its unit is active.
    case started
    /// The same, where its type says when it is ready (notify, forking).
    case ready
    /// Its join step is done.
    case joined
  }

  /// How strong.
  public var strength: Strength
  /// The other service.
  public var service: Sourced<Name>
  /// What must have happened there.
  public var point: Point
  /// The unit that stands for it: `chainfire-cluster-join.service`.
  public var unit: String

  /// Makes a dependency.
  public init(strength: Strength, service: Sourced<Name>, point: Point, unit: String) {
    self.strength = strength
    self.service = service
    self.point = point
    self.unit = unit
  }
}

/// A port a service listens on.
public struct Port: Sendable {
  /// Transport protocols.
  public enum TransportProtocol: String, CaseIterable, Sendable {
    case tcp, udp
  }

  /// Who may reach it.
  public enum Scope: String, CaseIterable, Sendable {
    /// The node itself.
    case local
    /// The other nodes of the fleet.
    case peers
    /// Users of the service.
    case clients
  }

  /// `api`, `raft`: unique in the service.
  public var name: Sourced<Name>
  /// The protocol.
  public var transport: TransportProtocol
  /// The number.
  public var number: Sourced<PortNumber>
  /// The network it is bound to; `nil` for all.
  public var network: Sourced<Name>?
  /// Who may reach it.
  public var scopes: [Sourced<Scope>]

  /// Makes a port.
  public init(
    name: Sourced<Name>, transport: TransportProtocol, number: Sourced<PortNumber>,
    network: Sourced<Name>?, scopes: [Sourced<Scope>]
  ) {
    self.name = name
    self.transport = transport
    self.number = number
    self.network = network
    self.scopes = scopes
  }
}

/// A directory of a service below /var/lib.
public struct StateDirectory: Sendable {
  /// `data`: unique in the service.
  public var name: Sourced<Name>
  /// Path relative to /var/lib.
  public var path: Sourced<String>
  /// How much it is expected to hold.
  public var size: Sourced<ByteCount>?

  /// Makes a directory.
  public init(name: Sourced<Name>, path: Sourced<String>, size: Sourced<ByteCount>?) {
    self.name = name
    self.path = path
    self.size = size
  }
}

/// Whose rights a service has.
public enum Identity: Sendable {
  /// A transient account (DynamicUser=), named like the service.
  case dynamic(Origin)
  /// An account that exists or is made.
  case account(Sourced<AccountName>)
}

/// A directive written as it is.
public struct RawDirective: Sendable {
  /// `Unit`, `Service`, `Install`.
  public var section: String
  /// The directive.
  public var key: String
  /// Its value.
  public var value: Sourced<String>

  /// Makes a directive.
  public init(section: String, key: String, value: Sourced<String>) {
    self.section = section
    self.key = key
    self.value = value
  }
}

/// A service's sandbox: a preset, and what is different.
public struct Sandbox: Sendable {
  /// A deviation from the preset, with its reason.
  public struct Exception: Sendable {
    /// The directive.
    public var directive: Sourced<String>
    /// Its value here; several lines where the directive is a list.
    public var values: [Sourced<String>]
    /// Why.
    public var reason: Sourced<String>

    /// Makes an exception.
    public init(directive: Sourced<String>, values: [Sourced<String>], reason: Sourced<String>) {
      self.directive = directive
      self.values = values
      self.reason = reason
    }
  }

  /// The preset's name: a row of `Hardening`.
  public var preset: Sourced<String>
  /// In order of directive.
  public var exceptions: [Exception]

  /// Makes a sandbox.
  public init(preset: Sourced<String>, exceptions: [Exception]) {
    self.preset = preset
    self.exceptions = exceptions
  }
}

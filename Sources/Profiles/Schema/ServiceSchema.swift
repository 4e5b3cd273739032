internal import FleetModel

/// `services/NAME.yaml`.
enum ServiceSchema {
  static let document = ObjectSchema(
    "a service",
    [
      Field(
        "service", .scalar(Grammar.name), required: true, "The service's name; the file is named like it.")
    ]
      + fields)

  /// What `override` may change: everything but the name.
  static let partial = ObjectSchema("a service", fields)

  static let word = SchemaType.value(Grammar.text)

  static let fields: [Field] = [
    Field("description", .scalar(Grammar.text), "One line for people."),
    Field("documentation", .list(.scalar(Grammar.url), minimum: 0), "Documentation=."),
    Field("unit-name", .scalar(Grammar.serviceUnit), "The unit's name, when it is not the service's."),
    Field(
      "parameters", .map(key: Grammar.name, value: .object(parameter)), "What fleet, role or node may set."),
    Field(
      "program", .map(key: Grammar.name, value: .object(program)), required: true, "Executables, by name."),
    Field("command", .list(word, minimum: 1), required: true, "The command line, word by word."),
    Field("start", .object(start), "How it starts and restarts."),
    Field(
      "requires", .list(.scalar(Grammar.dependency), minimum: 0), "Services without which it cannot start."),
    Field("wants", .list(.scalar(Grammar.dependency), minimum: 0), "Services it is better with."),
    Field(
      "after", .list(.scalar(Grammar.dependency), minimum: 0), "Services it starts after, if they start."),
    Field("ports", .map(key: Grammar.name, value: .variants(ports)), "Ports it listens on, by name."),
    Field(
      "state", .map(key: Grammar.name, value: .either(.scalar(Grammar.size), .object(state))),
      "Directories below /var/lib, with their expected size."),
    Field("writes", .list(.scalar(Grammar.path), minimum: 0), "Paths elsewhere that it writes."),
    Field("runtime-directory", .scalar(Grammar.fileName), "A directory below /run."),
    Field("working-directory", .scalar(Grammar.path), "Where it runs."),
    Field("user", .scalar(Grammar.account), "A static account; a transient one unless given."),
    Field(
      "credentials", .map(key: Grammar.name, value: .variants(credentials)),
      "Certificates and secrets, by name."),
    Field("environment", .map(key: Grammar.variable, value: word), "Variables set in the unit."),
    Field("environment-file", .object(environmentFile), "Variables in a file of their own."),
    Field("sandbox", .object(sandbox), "The sandbox."),
    Field(
      "limits", .map(key: Grammar.choice(limitNames), value: .scalar(Grammar.resourceLimit)),
      "Limit… directives."),
    Field("files", .map(key: Grammar.name, value: .object(file)), "Configuration files, by name."),
    Field(
      "health",
      .object(
        ObjectSchema(
          "health",
          [
            Field("live", .variants(probes), "The process answers, on a lone node too."),
            Field("ready", .variants(probes), "It can do its work."),
          ])), "How its health shows."),
    Field("join", .object(join), "How a node becomes a member."),
    Field("setup", .object(setup), "What is done once when the cluster is new."),
    Field("posture", .map(key: Grammar.name, value: word), "Facts that must be the same on every member."),
    Field("instances", .list(.scalar(Grammar.fileName), minimum: 0), "Instances of a template unit."),
    Field("unit", .object(raw), "Directives written as they are: the way out."),
  ]

  static let parameter = ObjectSchema(
    "a parameter",
    [
      Field("type", .scalar(Grammar.choice(ParameterType.self)), required: true, "What it may be."),
      Field("default", .scalar(Grammar.text), "Its value when nobody sets it."),
    ])

  static let program = ObjectSchema(
    "a program",
    [
      Field(
        "nix", .scalar(Grammar.flakeAttribute),
        "Where NixOS takes it from; self# for what the fleet's flake makes of the payload."),
      Field("payload", .scalar(Grammar.relativePath), "The file that bundles carry."),
      Field("sha256", .scalar(Grammar.digest), "That file's digest."),
      Field("path", .scalar(Grammar.path), "Where hosts without NixOS have it."),
      Field(
        "executable", .scalar(Grammar.fileName), "The executable's file name; the payload's unless given."),
    ])

  static let start = ObjectSchema(
    "a start",
    [
      Field("type", .scalar(Grammar.choice(StartPolicy.Kind.self)), "Type=."),
      Field("estimate", .scalar(Grammar.duration), "How long it takes."),
      Field("timeout", .scalar(Grammar.limit), "TimeoutStartSec=."),
      Field("stop-timeout", .scalar(Grammar.limit), "TimeoutStopSec=."),
      Field("restart", .scalar(Grammar.choice(StartPolicy.Restart.self)), "Restart=."),
      Field("restart-delay", .scalar(Grammar.limit), "RestartSec=."),
      Field("pid-file", .scalar(Grammar.path), "PIDFile=, for type forking."),
    ])

  static let ports = Port.TransportProtocol.allCases.map { transport in
    ObjectSchema(
      "a \(transport.rawValue.uppercased()) port",
      [
        Field(transport.rawValue, .value(Grammar.port), required: true, "The number."),
        Field("network", .scalar(Grammar.name), "The network it is bound to; all unless given."),
        Field("from", .list(.scalar(Grammar.choice(Port.Scope.self)), minimum: 1), "Who may reach it."),
      ])
  }

  static let state = ObjectSchema(
    "a state directory",
    [
      Field("path", .scalar(Grammar.relativePath), "Path below /var/lib; the service's name unless given."),
      Field("size", .scalar(Grammar.size), "How much it is expected to hold."),
    ])

  static let credentials = [
    ObjectSchema(
      "a certificate",
      [
        Field("certificate", .scalar(Grammar.name), required: true, "The authority."),
        Field("usage", .list(.scalar(Grammar.choice(CertificateUsage.self)), minimum: 1), "What it is for."),
        Field(
          "paths",
          .object(
            ObjectSchema(
              "a set of certificate paths",
              [
                Field("certificate", .scalar(Grammar.path), required: true, "The certificate."),
                Field("key", .scalar(Grammar.path), required: true, "Its key."),
                Field("authority", .scalar(Grammar.path), required: true, "The authority's certificate."),
              ])), "Where the files go; then the service reads them itself."),
      ]),
    ObjectSchema(
      "a secret",
      [
        Field("secret", .scalar(Grammar.name), required: true, "The fleet's secret."),
        Field("path", .scalar(Grammar.path), "Where the file goes; then the service reads it itself."),
      ]),
  ]

  static let environmentFile = ObjectSchema(
    "an environment file",
    [
      Field("path", .scalar(Grammar.path), required: true, "Where it is."),
      Field("mode", .scalar(Grammar.mode), "Its permissions."),
      Field("owner", .scalar(Grammar.account), "Its owner."),
      Field("entries", .map(key: Grammar.variable, value: word), required: true, "The variables, in order."),
    ])

  static let sandbox = ObjectSchema(
    "a sandbox",
    [
      Field("preset", .scalar(Grammar.name), "The preset."),
      Field(
        "except",
        .map(
          key: Grammar.directive,
          value: .object(
            ObjectSchema(
              "an exception",
              [
                Field(
                  "value", .either(.scalar(Grammar.text), .list(.scalar(Grammar.text), minimum: 0)),
                  required: true, "The directive's value here."),
                Field("reason", .scalar(Grammar.text), required: true, "Why the service needs it."),
              ]))), "Directives that differ, each with a reason."),
    ])

  static let file = ObjectSchema(
    "a file",
    [
      Field("path", .scalar(Grammar.path), "Where it is; /etc/SERVICE/NAME.FORMAT unless given."),
      Field("mode", .scalar(Grammar.mode), "Its permissions."),
      Field("owner", .scalar(Grammar.account), "Its owner."),
      Field("toml", .content, "A table."),
      Field("json", .content, "A value."),
      Field("env", .map(key: Grammar.variable, value: word), "Variables."),
      Field("text", .value(Grammar.lines), "Text."),
    ])

  private static let probeCommon = [
    Field("quorum", .scalar(Grammar.name), "The group whose majority it waits for.")
  ]

  static let probes =
    [
      ObjectSchema(
        "a TCP probe", [Field("tcp", .scalar(Grammar.name), required: true, "The port.")] + probeCommon)
    ]
    + ["http", "https"].map { scheme in
      ObjectSchema(
        "an HTTP probe",
        [
          Field(scheme, .scalar(Grammar.name), required: true, "The port."),
          Field("path", .scalar(Grammar.urlPath), "The path; / unless given."),
          Field("json", .map(key: Grammar.fileName, value: .scalar(Grammar.text)), "Fields the answer has."),
          Field("body", .scalar(Grammar.text), "The whole answer."),
        ] + probeCommon)
    } + [
      ObjectSchema(
        "a DNS probe",
        [
          Field("dns", .scalar(Grammar.name), required: true, "The port."),
          Field("name", .scalar(Grammar.domain), required: true, "The name asked for."),
          Field("answer", .scalar(Grammar.address), "The address expected."),
        ] + probeCommon),
      ObjectSchema(
        "a command probe",
        [Field("command", .list(.scalar(Grammar.text), minimum: 1), required: true, "Exits 0 when well.")]
          + probeCommon),
    ]

  static let retry = ObjectSchema(
    "a retry policy",
    [
      Field("attempts", .scalar(Grammar.integer(1...100, "a number from 1 to 100")), "Tries."),
      Field(
        "backoff", .list(.scalar(Grammar.limit), minimum: 2, maximum: 2),
        "First and longest pause; doubled between."),
    ])

  private static let statuses = SchemaType.list(
    .scalar(Grammar.integer(100...599, "an HTTP status")), minimum: 1)

  static let join = ObjectSchema(
    "a join step",
    [
      Field("when", .scalar(Grammar.choice(JoinStep.Moment.self)), "Before or after the service starts."),
      Field("post", .scalar(Grammar.urlPath), required: true, "The path posted to."),
      Field("to", .scalar(Grammar.dependencyPort), "leader and the port asked: leader.api."),
      Field("json", .content, required: true, "The body."),
      Field("address", .scalar(Grammar.name), "The port by which peers reach this node; raft unless given."),
      Field("ok", statuses, "Statuses that mean done."),
      Field("member", statuses, "Statuses that mean: is a member already."),
      Field("retry", .object(retry), "How often."),
      Field("health-timeout", .scalar(Grammar.limit), "How long the service's own health is waited for."),
    ])

  static let setup = ObjectSchema(
    "a setup step",
    [
      Field("post", .scalar(Grammar.urlPath), required: true, "The path posted to."),
      Field("port", .scalar(Grammar.name), "The port asked; api unless given."),
      Field("json", .content, required: true, "The body."),
      Field("ok", statuses, "Statuses that mean done."),
      Field("done", statuses, "Statuses that mean: was done already."),
      Field("retry", .object(retry), "How often."),
      Field("health-timeout", .scalar(Grammar.limit), "How long the service's own health is waited for."),
    ])

  private static let rawSection = SchemaType.map(
    key: Grammar.directive, value: .either(.scalar(Grammar.text), .list(.scalar(Grammar.text), minimum: 0)))

  static let raw = ObjectSchema(
    "a unit",
    [
      Field("Unit", rawSection, "Directives of [Unit]."),
      Field("Service", rawSection, "Directives of [Service]."),
      Field("Install", rawSection, "Directives of [Install]."),
    ])

  private static let limitNames = [
    "cpu", "fsize", "data", "stack", "core", "rss", "nofile", "as", "nproc", "memlock", "locks", "sigpending",
    "msgqueue", "nice", "rtprio", "rttime",
  ]
}

/// Types of parameters.
enum ParameterType: String, CaseIterable {
  case integer, string, boolean, network, address, size, duration

  var grammar: ScalarType {
    switch self {
    case .integer: Grammar.integer(Int.min...Int.max, "a whole number")
    case .string: Grammar.text
    case .boolean: Grammar.boolean
    case .network: Grammar.name
    case .address: Grammar.address
    case .size: Grammar.size
    case .duration: Grammar.duration
    }
  }
}

extension Grammar {
  static let dependencyPort = ScalarType(
    "leader and a port: leader.api", pattern: "^leader\\.[a-z][a-z0-9-]*$"
  ) {
    $0.hasPrefix("leader.") && Name(String($0.dropFirst(7))) != nil
  }
}

public import Diagnostics

/// What is checked of a profile's form. Its YAML is checked before (PR001…), its meaning after (FL…).
public enum ProfileRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [
    unknownKey, wrongType, invalidValue, missingKey, elementCount, misplacedOperator, fileName, wrongKind,
    unreadable, unknownReference, unknownParameter, exclusiveKeys, missingFleet, unknownPlaceholder, tooMany,
    nothingToRemove, listedTwice, ambiguousValue, commandStart, contradiction, variableTwice, unreadableFile,
    wrongTransport, postureOfOneNode, directoryTwice, reservedPath,
  ]

  static let unknownKey = Rule(
    "PR020", "unknown-key",
    finds: "A key that the profile language does not have at this place.",
    why: "A misspelt key would be ignored, and the node would get a default that nobody chose.",
    example: "adresses: {lan: 192.168.100.11}", instead: "addresses: {lan: 192.168.100.11}")
  static let wrongType = Rule(
    "PR021", "wrong-type",
    finds: "A list, a mapping or a single value where another of the three is expected.",
    why: "The value cannot be read as what the key means.",
    example: "roles: control-plane", instead: "roles: [control-plane]")
  static let invalidValue = Rule(
    "PR022", "invalid-value",
    finds: "A value that does not follow its key's grammar, or lies outside its range.",
    why: "It would fail on the node, or mean something else there.",
    example: "disk: {size: 100GB}", instead: "disk: {size: 100GiB}")
  static let missingKey = Rule(
    "PR023", "missing-key",
    finds: "A key that must be there and is not, once fleet, roles and node are put together.",
    why: "There is no sensible default for it.",
    example: "disk: {layout: lvm, size: 100GiB}",
    instead: "disk: {layout: lvm, device: /dev/disk/by-id/virtio-node01, size: 100GiB}")
  static let elementCount = Rule(
    "PR024", "element-count",
    finds: "A list with fewer or more elements than make sense.",
    why: "An empty command or an empty group cannot be meant, and an element too many would be ignored.",
    example: "command: []", instead: "command: [{program: server}]")
  static let misplacedOperator = Rule(
    "PR025", "misplaced-list-operator",
    finds: "`key+` or `key-` on what is no list, or where nothing is composed.",
    why: "Only lists can be added to; elsewhere the operator would be lost.",
    example: "mode+: join", instead: "mode: join")
  static let fileName = Rule(
    "PR026", "file-name",
    finds: "A file whose name is not the name it declares.",
    why: "A reader looks for nodes/node02.yaml to change node02; two files could declare the same node.",
    example: "nodes/node2.yaml: node: node02", instead: "nodes/node02.yaml: node: node02")
  static let wrongKind = Rule(
    "PR027", "wrong-kind",
    finds: "A file that does not start with the key its folder is for.",
    why: "A service file in nodes/ would be neither.",
    example: "nodes/node01.yaml: service: node01", instead: "nodes/node01.yaml: node: node01")
  static let unreadable = Rule(
    "PR028", "unreadable",
    finds: "A file or folder of the profiles that cannot be read, or that is no plain file.",
    why: "Links that leave the folder and devices are refused: a build must not depend on what lies outside.",
    example: "nodes/node01.yaml -> /etc/shadow", instead: "a plain file")
  static let unknownReference = Rule(
    "PR029", "unknown-reference",
    finds:
      "A reference to a port, file, program, credential, state directory or posture the service does not have.",
    why: "The value would be empty.",
    example: "{port: rafft}", instead: "{port: raft}")
  static let unknownParameter = Rule(
    "PR030", "unknown-parameter",
    finds: "A parameter that is used, or set, without being declared; or one without a value.",
    why: "Setting it would change nothing, or its value is unknown.",
    example: "parameters: {membershipd: {replica: 3}}", instead: "parameters: {membershipd: {replicas: 3}}")
  static let exclusiveKeys = Rule(
    "PR031", "exclusive-keys",
    finds: "Keys that exclude each other, or none of several of which one is needed.",
    why: "It is unclear which is meant.",
    example: "files: {config: {toml: {}, json: {}}}", instead: "files: {config: {toml: {}}}")
  static let missingFleet = Rule(
    "PR032", "missing-fleet",
    finds: "A folder of profiles without fleet.yaml, a fleet without nodes, or no fleet of that name.",
    why: "There is nothing to build.",
    example: "profiles/plasmacloud without fleet.yaml", instead: "imagegen init profiles/plasmacloud")
  static let unknownPlaceholder = Rule(
    "PR033", "unknown-placeholder",
    finds: "Braces in `as` around something else than name, host, fqdn, address or port.",
    why: "It would stand in the output as it is.",
    example: "as: \"{ip}:{port}\"", instead: "as: \"{address}:{port}\"")
  static let tooMany = Rule(
    "PR034", "too-many",
    finds: "More files, nodes or bytes than the tool takes.",
    why: "Limits keep a wrong folder from taking all memory.",
    example: "a folder with 200,000 files", instead: "a fleet's own folder")
  static let nothingToRemove = Rule(
    "PR035", "nothing-to-remove",
    finds: "`key-` with a word that is not in the list.",
    why: "The word is misspelt or the list has changed: what was to go is still there.",
    example: "services-: [fibrelb]", instead: "services-: [fiberlb]")
  static let listedTwice = Rule(
    "PR036", "listed-twice",
    finds: "A list that names a thing twice.",
    why: "The second one is mostly a slip for another name.",
    example: "voters: [node01, node02, node02]", instead: "voters: [node01, node02, node03]")
  static let ambiguousValue = Rule(
    "PR037", "ambiguous-value",
    finds: "A value of a configuration file that readers of YAML disagree on: 0640, 1.50, 0x1f, True.",
    why: "A number would lose its digits or become a text, and nobody would see it in the profile.",
    example: "files: {config: {toml: {version: 1.10}}}",
    instead: "files: {config: {toml: {version: \"1.10\"}}}")
  static let commandStart = Rule(
    "PR038", "command-without-program",
    finds: "A command whose first word is neither a program of the service nor an absolute path.",
    why: "systemd starts programs by their path: variables and shells have no say in the first word.",
    example: "command: [--config, {file: config}]",
    instead: "command: [{program: server}, --config, {file: config}]")
  static let contradiction = Rule(
    "PR039", "contradiction",
    finds: "Two settings that cannot both be meant, such as an estimate longer than the timeout.",
    why: "One of them would be ignored, or the step fails however well everything works.",
    example: "start: {estimate: 2min, timeout: 90s}", instead: "start: {estimate: 2min, timeout: 5min}")
  static let variableTwice = Rule(
    "PR040", "variable-twice",
    finds: "A variable that is set in environment and in environment-file.",
    why: "systemd takes the file's value, wherever the other one stands.",
    example: "environment: {PORT: 1}, environment-file: {entries: {PORT: 2}}",
    instead: "environment-file: {entries: {PORT: 2}}")
  static let unreadableFile = Rule(
    "PR041", "unreadable-file",
    finds: "A file or secret that the service is to read itself and that its account may not open.",
    why: "The service fails with `Permission denied` at its first start on the node.",
    example: "credentials: {pass: {secret: pass, path: /opt/x/pass}} without user",
    instead: "user: x\ncredentials: {pass: {secret: pass, path: /opt/x/pass}}")
  static let wrongTransport = Rule(
    "PR042", "wrong-transport",
    finds: "A UDP port where something connects by TCP: a probe, a join or a setup step.",
    why: "Nobody answers there, and the step waits until its time is up.",
    example: "ports: {dns: {udp: 53}}, health: {live: {tcp: dns}}",
    instead: "health: {live: {dns: dns, name: health.local}}")
  static let postureOfOneNode = Rule(
    "PR043", "posture-of-one-node",
    finds: "A fact of the posture that is made of what differs from node to node.",
    why: "It is compared between the members of a cluster, and could never be equal.",
    example: "posture: {name: {node: name}}", instead: "posture: {cluster-name: {node: fleet}}")
  static let directoryTwice = Rule(
    "PR044", "directory-twice",
    finds: "Two state directories of a service with one path.",
    why: "They are one directory: what was meant to be apart is not, and its size is counted twice.",
    example: "state: {data: 10GiB, logs: 1GiB}",
    instead: "state: {data: {path: flaredb/data, size: 10GiB}, logs: {path: flaredb/logs, size: 1GiB}}")
  static let reservedPath = Rule(
    "PR045", "reserved-path",
    finds: "A file or secret of a service at a path that belongs to the system or does not last.",
    why: "The node would lose its accounts or names, or the file would be gone after the next boot.",
    example: "files: {users: {path: /etc/passwd}}", instead: "files: {users: {path: /etc/flaredb/users}}")
}

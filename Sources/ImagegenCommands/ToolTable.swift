internal import CommandLineKit
internal import FleetModel

/// The one table of verbs: parsing, help, completions and the manual page all come from it.
enum ToolTable {
  static let version = "0.1.0"

  static let tool = ToolSpec(
    name: "imagegen", version: version,
    summary: "turns YAML node profiles into everything a node needs to come to life",
    commands: [
      initialize, check, build, diff, lint, explain, graph, simulate, secrets, publish,
      schema, completions, man,
    ],
    common: [
      OptionSpec(
        "profiles", .one("DIR"), standard: "profiles",
        help: "where fleets are: a folder with one folder for each, or a fleet's own"),
      OptionSpec("out", .one("DIR"), standard: "out", help: "where results go"),
      OptionSpec("secrets", .one("DIR"), standard: "secrets", help: "where secret material is kept"),
      OptionSpec(
        "format",
        .choice(["text", "json", "sarif", "github", "junit", "dot", "mermaid", "svg"]), standard: "text",
        help: """
          form of the findings; sarif, github and junit are for lint, dot, mermaid and svg for graph, svg for simulate \
          as well
          """),
      OptionSpec(
        "jobs", short: "j", .one("N"),
        help: "how many nodes are built at once; as many as there are processors unless given"),
      OptionSpec("quiet", short: "q", help: "say nothing but findings and results"),
      OptionSpec(
        "color", .choice(["auto", "always", "never"]), standard: "auto",
        help: "whether findings have colours; NO_COLOR is honoured"),
    ],
    exitStatus: [
      .init(0, "done, and nothing found at error level"), .init(1, "the input is wrong, or findings stand"),
      .init(2, "the command line is wrong"),
      .init(3, "the environment failed: I/O, a missing program, no space"),
    ])

  private static let nodes = OperandSpec(
    "NODE", .any, help: "a node, or FLEET/NODE where two fleets have one of that name")

  private static let initialize = CommandSpec(
    "init", summary: "write a commented starter fleet that passes check and build as it is",
    discussion:
      "Writes a fleet of three nodes into DIR (profiles/starter unless given). A folder that has files in it is left alone.",
    operands: [OperandSpec("DIR", .optional, help: "the new fleet's folder")],
    examples: [.init("imagegen init profiles/mycluster", "start a fleet called mycluster")])

  private static let check = CommandSpec(
    "check", summary: "load, resolve and validate profiles; write nothing",
    discussion:
      "Without NODE all nodes of all fleets are checked. All problems of all files are reported in one run.",
    operands: [nodes],
    options: [OptionSpec("explain", .one("NODE"), help: "show where each value of a node came from")],
    examples: [
      .init("imagegen check", "check everything in profiles/"),
      .init("imagegen check --explain node01", "show each value of node01 with the line it comes from"),
      .init("imagegen check --format json", "the findings for a program"),
    ])

  private static let build = CommandSpec(
    "build", summary: "write out/FLEET with all that its nodes need",
    discussion: """
      The fleet's folder is exchanged as a whole once everything is written: a build that fails or is \
      killed leaves the former one as it was. Nothing is minted: secret material that is not there yet is \
      listed in manifest.json.
      """, usage: "NODE... | --all", operands: [nodes],
    options: [OptionSpec("all", short: "a", help: "build all nodes of all fleets")],
    examples: [
      .init("imagegen build node01", "build one node"),
      .init("imagegen build --all --jobs 4", "build everything, four nodes at once"),
      .init("imagegen build unibus/homer --out /srv/build", "build a node of a named fleet elsewhere"),
    ])

  private static let diff = CommandSpec(
    "diff", summary: "show what build would change, and what it means",
    discussion: """
      Compares what build would write with what is in out/, or with another tree. Each file that differs has a \
      class: content, restart, port, reboot, wipe. Exit status 1 when something of the class given by --fail-on, \
      or of a heavier one, would change.
      """, operands: [nodes],
    options: [
      OptionSpec("against", .one("DIR"), help: "the tree to compare with, instead of out/"),
      OptionSpec(
        "fail-on", .choice(["content", "restart", "port", "reboot", "wipe"]),
        help: "exit with 1 when such a change is found"),
    ],
    examples: [
      .init("imagegen diff node01", "what would build node01 change?"),
      .init("imagegen diff --fail-on wipe node01", "fail when a disk would be wiped"),
    ])

  private static let lint = CommandSpec(
    "lint", summary: "find what is wrong with systemd units",
    discussion: """
      Takes unit files, folders of units, a root tree (--root), or the units generated for nodes of a profile \
      (--node); the root of a boot server is checked as one. Only the files asked about are reported on; what they refer to is read too. Settings are taken \
      from .imagegen.yaml in the folder of PATH or the nearest above it, as far as the repository.
      """, operands: [OperandSpec("PATH", .any, help: "a unit file or a folder of units")],
    options: [
      OptionSpec("node", .many("NODE"), help: "lint the units generated for a node"),
      OptionSpec("root", .one("DIR"), help: "take DIR for a file system root"),
      OptionSpec("select", .many("CODE"), help: "only these rules, or families: GR"),
      OptionSpec("ignore", .many("CODE"), help: "not these rules, or families"),
      OptionSpec(
        "fail-on", .choice(["note", "warning", "error"]), standard: "error",
        help: "exit with 1 at this severity or above"),
      OptionSpec("fix", help: "write the fixes that are safe; nothing else of a file is touched"),
      OptionSpec("diff", help: "print what --fix would write, for patch -p1 or git apply; write nothing"),
      OptionSpec("baseline", .one("FILE"), help: "leave out findings that FILE knows; say what is mended"),
      OptionSpec("write-baseline", help: "write all findings to the baseline; report none"),
      OptionSpec("security", help: "show how exposed each service is, and what would help most"),
      OptionSpec(
        "systemd-version", .one("N"), help: "the systemd that the units are for; 252 unless given"),
      OptionSpec("closed", help: "the folder is all there is: know no stock units"),
    ],
    examples: [
      .init("imagegen lint out/plasmacloud/node01/units", "lint a folder of units"),
      .init("imagegen lint --node node01 --format sarif", "lint a node's units for a code scanner"),
      .init("imagegen lint --diff units", "show what --fix would change"),
      .init("imagegen lint --baseline known.json --write-baseline units", "start with what is there"),
      .init("imagegen lint --security units/a.service", "what would make a service safer, the best first"),
    ])

  private static let explain = CommandSpec(
    "explain", summary: "explain a rule: what it finds, why it matters, how to fix it",
    operands: [OperandSpec("CODE", .oneOrMore, help: "a code as findings show it, or the rule's name")],
    examples: [.init("imagegen explain FL031", "why two nodes may not have one address")])

  private static let graph = CommandSpec(
    "graph", summary: "draw the unit graph of a node, a folder or a root",
    discussion: """
      Units stand in the order they start, with what files say of their dependencies. --format dot, which is text as \
      well, is for Graphviz, mermaid for Markdown pages, json for programs, svg for browsers. Units that systemd ships \
      are left out unless they are part of a ring, and what order leads through them is kept.
      """,
    operands: [
      OperandSpec("NODE|PATH", .optional, help: "a node, a unit or a folder of units")
    ],
    options: [
      OptionSpec("root", .one("DIR"), help: "draw the unit folders below this file system root"),
      OptionSpec("closed", help: "the folder or root is all there is: know no stock units"),
      OptionSpec("focus", .one("UNIT"), help: "draw this unit and its neighbours only"),
      OptionSpec("depth", .one("N"), standard: "1", help: "how far from the focus, in dependencies"),
      OptionSpec("stock", help: "draw units that systemd ships as well"),
      OptionSpec("implied", help: "draw default and implicit dependencies as well"),
      OptionSpec(
        "layout", .choice(["own", "graphviz"]), standard: "own",
        help: "who places units in an SVG; what Graphviz makes of it depends on its version"),
    ],
    examples: [
      .init("imagegen graph --format svg node01 > node01.svg", "a picture of node01's units"),
      .init("imagegen graph --format mermaid node01", "the same for a Markdown page"),
      .init(
        "imagegen graph --root / --focus dbus.service --depth 2", "Graphviz text of a unit's surroundings"),
    ])

  private static let simulate = CommandSpec(
    "simulate", summary: "boot a node or a folder of units as systemd would",
    discussion: """
      Says which units are started, when each is ready and what decides over the length of the boot. Estimates come \
      from profiles or from --estimates; services without one take 1 s. --fail, --matrix, --stop, --compare and \
      --recorded ask something else of the same boot. Exit status 1 when systemd would refuse to start anything, or \
      when a record contradicts the simulation.
      """,
    operands: [OperandSpec("NODE|PATH", .optional, help: "a node, a unit or a folder of units")],
    options: [
      OptionSpec("root", .one("DIR"), help: "boot the units of the unit folders below this file system root"),
      OptionSpec("target", .one("UNIT"), standard: "multi-user.target", help: "what is started"),
      OptionSpec(
        "mode", .choice(["auto", "isolate", "replace"]), standard: "auto",
        help: "how: auto isolates targets that allow it, as a boot does"),
      OptionSpec("closed", help: "the folder or root is all there is: know no stock units"),
      OptionSpec("systemd-version", .one("N"), help: "whose rules count; the node's, else 252"),
      OptionSpec(
        "estimates", .one("FILE"), help: "how long units take: lines UNIT TIME, or what systemctl show prints"
      ),
      OptionSpec("fail", .one("UNIT"), help: "what stops, never starts or restarts when UNIT fails"),
      OptionSpec("matrix", help: "what falls with what, for every unit"),
      OptionSpec("stop", help: "in which order units stop at shutdown"),
      OptionSpec(
        "compare", .one("OTHER"), help: "what differs from the boot of another node, folder or unit"),
      OptionSpec(
        "recorded", .one("FILE"), help: "hold a boot that took place against this one: systemctl show '*'"),
    ] + netboot,
    examples: [
      .init("imagegen simulate node01", "when is each unit of node01 ready, and what makes it wait?"),
      .init("imagegen simulate --fail flaredb node01", "what does node01 lose with FlareDB?"),
      .init("imagegen simulate --matrix node01", "the same for every unit"),
      .init("imagegen simulate --compare node02 node01", "do two nodes boot alike?"),
      .init("imagegen simulate --format svg node01 > boot.svg", "a picture of node01's boot"),
      .init(
        "imagegen simulate --netboot --from /srv/pxe --nodes 50 node01", "what 50 like node01 fetch at once"),
    ])

  private static let secrets = CommandSpec(
    "secrets", summary: "mint what secret material is missing",
    discussion: """
      Authorities, node certificates, host keys, passwords and the key that signs bundles. Nothing that is there \
      is replaced. The only command that makes secrets.
      """, operands: [OperandSpec("FLEET", .one, help: "the fleet")],
    options: [OptionSpec("check", help: "only say what lacks or is unfit; exit with 1 when something is")],
    examples: [
      .init("imagegen secrets plasmacloud", "mint what plasmacloud lacks"),
      .init("imagegen secrets --check plasmacloud", "say what it lacks"),
    ])

  private static let schema = CommandSpec(
    "schema", summary: "print the JSON Schema of profiles",
    examples: [.init("imagegen schema > profiles/imagegen.schema.json", "give editors what they complete by")]
  )

  private static let completions = CommandSpec(
    "completions", summary: "print completions for a shell",
    operands: [
      OperandSpec("SHELL", .one, choices: CompletionShell.allCases.map(\.rawValue), help: "bash, zsh or fish")
    ],
    examples: [.init("imagegen completions bash > /etc/bash_completion.d/imagegen", "install them for bash")])

  private static let man = CommandSpec(
    "man", summary: "print the manual page",
    examples: [.init("imagegen man | man -l -", "read it")])
}

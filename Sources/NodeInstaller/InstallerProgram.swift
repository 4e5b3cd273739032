internal import BundleReading
internal import JSONText
public import NodeCalls

/// The program `imagegen-install`: one verb, its words, an exit status.
public enum InstallerProgram {
  /// The program's version: that of the tool it comes with.
  public static let version = "0.1.0"

  static let verbs: [(name: String, words: Int, text: String)] = [
    ("verify", 1, "BUNDLE       signature, manifest, every digest; writes nothing"),
    ("check", 1, "BUNDLE        is this node fit for it; writes nothing"),
    ("plan", 1, "BUNDLE         what install would change; writes nothing"),
    ("install", 1, "BUNDLE      verify, check, stage, switch, start, watch; back if that fails"),
    ("rollback", 0, "            the release before"),
    ("status", 0, "              what is active"),
    ("attest", 0, "              what differs from what was signed"),
    ("recover", 0, "             finish or undo what was cut off"),
    ("gc", 0, "                  drop releases that are neither active nor the one before"),
    ("detect", 0, "              first boot: 0 bootstrap, 1 join, 2 configuration error"),
    ("health", 1, "STEP         waits for a service's health: 0 healthy, 1 timed out"),
    ("join", 1, "STEP           joins its cluster: 0 done, 1 gave up, 2 already a member"),
    ("bootstrap", 1, "STEP      waits for the cluster that it forms: as join"),
    ("setup", 1, "STEP          first accounts and tokens, once"),
    ("cluster-health", 0, "      every endpoint, membership and quorum"),
  ]

  /// Runs a command line, the words behind the program's name. `isJournal`: what is said goes to the journal, so as
  /// JSON lines. `credentials`: the folder of the unit's credentials.
  public static func run(
    _ words: [String], calls: any NodeCalls, isJournal: Bool = false, credentials: String? = nil,
    write: @escaping ([UInt8], Bool) -> Void
  ) -> Int32 {
    var console = Console(calls: calls, write: write)
    if words.contains("--help") || words.first == "help" {
      for line in help { console.result(line) }
      return ExitCode.done.rawValue
    }
    if words.contains("--version") {
      console.result("imagegen-install \(version)")
      return ExitCode.done.rawValue
    }
    console.isJSON = isJournal || words.contains("--json")
    // Who waits for a step of the first boot knows its own statuses alone.
    let step = words.lazy.compactMap { FirstBootVerb($0) }.first
    let faulty = step?.faulty ?? ExitCode.usage.rawValue
    switch InstallOptions.read(words) {
    case .failure(let error): return usage(error.message, console, faulty)
    case .success(let options):
      guard let name = options.words.first else { return usage("say what to do", console, faulty) }
      guard let verb = verbs.first(where: { $0.name == name }) else {
        return usage("there is no verb '\(name)'", console, faulty)
      }
      guard options.words.count == verb.words + 1 else {
        let word = FirstBootVerb(name) == nil ? "one bundle" : "one step"
        return usage("\(name) takes \(verb.words == 0 ? "no word" : word)", console, faulty)
      }
      console.operation = name
      return run(name, options, calls, console, credentials)
    }
  }

  private static func run(
    _ verb: String, _ options: InstallOptions, _ calls: any NodeCalls, _ console: Console,
    _ credentials: String?
  ) -> Int32 {
    let root = calls.openNamed(options.root, isFolder: true)
    guard root >= 0 else {
      return usage(
        "cannot open the root \(options.root): \(NodeErrno(-root).text)", console,
        FirstBootVerb(verb)?.faulty ?? ExitCode.usage.rawValue)
    }
    defer { _ = calls.close(root) }
    if let step = FirstBootVerb(verb) {
      var run = FirstBootRun(
        tree: NodeTree(calls: calls, root: root), options: options, credentials: credentials, console: console
      )
      return run.run(step)
    }
    let session = Session(tree: NodeTree(calls: calls, root: root), options: options, console: console)
    do throws(Refusal) {
      return try session.run(verb).rawValue
    } catch {
      console.refuse(error)
      return error.code.rawValue
    }
  }

  private static func usage(_ message: String, _ console: Console, _ status: Int32) -> Int32 {
    console.say("ERROR", "\(message); see imagegen-install --help")
    return status
  }

  private static var help: [String] {
    ["Usage: imagegen-install VERB [BUNDLE|STEP] [OPTION]...", ""]
      + verbs.map { "  \($0.name) \($0.text)" } + [
        "", "  --root DIR             another root than /",
        "  --keys DIR             trusted keys, instead of ROOT/etc/imagegen/keys.d",
        "  --secrets DIR          what the bundle names but does not hold, at the node's paths below it",
        "  --no-start             start, stop and reload nothing",
        "  --skip RULE            pass over a rule that may be: "
          + InstallOptions.waivable.sorted().joined(separator: " "),
        "  --allow-downgrade SEQ  install this sequence though a higher one was active",
        "  --timeout SECONDS      how long health and cluster-health wait",
        "  --live                 health: whether it lives, not whether it is ready",
        "  --leader-srv NAME      join: ask the leaders that these records of the DNS name",
        "  --json                 JSON lines", "  --help, --version",
      ]
  }
}

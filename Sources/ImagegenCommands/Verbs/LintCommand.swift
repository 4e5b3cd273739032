internal import Baselines
internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import JSONText
internal import NodeUnits
internal import Pipeline
internal import Profiles
internal import SystemdUnits
internal import UnitGraphs
internal import UnitLint

/// `imagegen lint`.
enum LintCommand {
  /// What is linted, and what was found so far.
  private struct Work {
    var registry = SourceRegistry()
    var report = Report()
    /// The units of each host that were read from files.
    var targets: [LintTarget] = []
    /// Those that the generator made, by node.
    var generated: [GeneratedUnits] = []

    /// The files of the hosts as they were read.
    var texts: [SourceID: [UInt8]] {
      var texts: [SourceID: [UInt8]] = [:]
      for entry in targets.lazy.flatMap(\.entries) {
        if case .file(let bytes) = entry.content { texts[entry.source] = bytes }
      }
      return texts
    }

    var count: Int {
      targets.reduce(0) { $0 + $1.entries.count } + generated.reduce(0) { $0 + $1.units.count }
    }
  }

  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    if let root = arguments.operands.first, arguments.operands.count == 1, TreeReading.isRoot(root) {
      return try NetworkBoot.lint(session, root: root)
    }
    try checkWords(session)
    var work = Work()
    let nodes = arguments.values("node")
    let paths = arguments.operands + arguments.values("root") + (nodes.isEmpty ? [] : [session.profiles])
    var setup = try LintSetup(arguments, paths: paths, &work.registry)
    if !nodes.isEmpty { try readNodes(nodes, session, &work) }
    if !arguments.operands.isEmpty || arguments.flag("root") { try readFolders(arguments, &setup, &work) }
    var baseline = Checked<Baseline>(nil)
    if !arguments.flag("write-baseline") { baseline = try readBaseline(setup, &work.registry) }
    let stock = arguments.flag("closed") ? StockKnowledge.none : .standard
    let run = LintRun(setup: setup, stock: stock, registry: work.registry)
    let repair = LintRepair(run)
    var fixed: LintRepair.Outcome?
    if arguments.flag("diff") {
      try repair.printDifference(of: work.targets)
    } else if arguments.flag("fix") {
      fixed = try repair.write(work.targets)
      work.targets = fixed?.targets ?? work.targets
    }
    var found = Report()
    for target in work.targets { found.merge(run.findings(in: target)) }
    for item in work.generated { found.merge(run.findings(in: item)) }
    if arguments.flag("write-baseline") { return try write(found, setup, session, work.registry) }
    if let baseline = baseline.value {
      found = run.unknown(found, baseline, asked: try scope(arguments, setup, work.targets))
    }
    work.report.merge(setup.report)
    work.report.merge(baseline.report)
    work.report.merge(found)
    work.report.merge(run.unusedExceptions(in: work.targets))
    let security = arguments.flag("security") ? SecurityTable(work.targets, work.generated) : nil
    let summary = [("units", work.count)] + (fixed.map { [("fixed", $0.count)] } ?? [])
    session.show(
      work.report, sources: work.registry, known: work.texts, summary: summary,
      members: security.map { [.init("security", $0.json)] } ?? [])
    if let security, session.format == .text { Console.print(security.text) }
    if let fixed, fixed.count > 0 {
      session.tell("fixed \(counted(fixed.count, "finding")) in \(counted(fixed.files, "file"))")
    }
    return work.report.diagnostics.contains { $0.severity >= setup.failOn } ? .findings : .done
  }

  /// "1 file", "2 files".
  private static func counted(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  private static func checkWords(_ session: Session) throws(CommandFailure) {
    let arguments = session.arguments
    guard !arguments.operands.isEmpty || arguments.flag("root") || arguments.flag("node") else {
      throw .usage(
        "lint needs something to lint",
        help: "imagegen lint PATH, imagegen lint --root DIR, or imagegen lint --node NODE")
    }
    if arguments.flag("node"), arguments.flag("fix") || arguments.flag("diff") {
      throw .usage(
        "the units of a node are made from its profile and cannot be fixed",
        help: "change the lines of the profile that the findings point at")
    }
    if arguments.flag("diff"), session.format != .text {
      throw .usage(
        "--diff prints a difference, and no \(session.format.rawValue)", help: "leave --format away")
    }
    if arguments.flag("write-baseline"), arguments.flag("fix") || arguments.flag("diff") {
      throw .usage("--write-baseline goes with neither --fix nor --diff", help: "fix first, then write it")
    }
  }

  // MARK: Reading

  private static func readNodes(
    _ nodes: [String], _ session: Session, _ work: inout Work
  ) throws(CommandFailure) {
    let selection = try FleetSelection(session, operands: nodes, registry: work.registry)
    work.registry = selection.registry
    work.report.merge(selection.report)
    for part in selection.parts {
      for name in part.nodes {
        let resolved = FleetLoading.node(name, in: part.context)
        work.report.merge(resolved.report)
        guard let node = resolved.value?.node else { continue }
        let units = NodeUnits.units(for: node)
        work.report.merge(units.report)
        work.generated.append(
          GeneratedUnits(
            node: name.description, units: units.value ?? [], files: NodeKnowledge.files(of: node)))
      }
    }
  }

  private static func readFolders(
    _ arguments: ParsedArguments, _ setup: inout LintSetup, _ work: inout Work
  ) throws(CommandFailure) {
    var folders = UnitFolders(work.registry)
    if let root = arguments.value("root") { try folders.addRoot(root) }
    for path in arguments.operands { try folders.add(path) }
    work.registry = folders.registry
    let asked = arguments.operands.isEmpty ? nil : folders.asked
    work.targets = folders.hosts.map { LintTarget($0, asked: asked) }
    guard let root = arguments.value("root") else { return }
    var survey = RootSurvey(root: root)
    var files = survey.files(for: UnitSet(entries: folders.entries))
    files.unitFiles = folders.modes()
    setup.know(files)
  }

  // MARK: What is known

  private static func readBaseline(
    _ setup: LintSetup, _ registry: inout SourceRegistry
  ) throws(CommandFailure) -> Checked<Baseline> {
    guard let path = setup.baseline else { return Checked(nil) }
    do throws(HostError) {
      let bytes = try HostFile.read(path, limit: Baseline.maximumBytes)
      return Baseline.read(bytes, source: registry.register(setup.place.shown(path)))
    } catch {
      throw CommandFailure(
        status: .environment, message: error.message,
        help: error.isAbsence ? "write it with --write-baseline" : nil)
    }
  }

  /// Whether a file of the baseline was looked at, or would have been if it were still there.
  private static func scope(
    _ arguments: ParsedArguments, _ setup: LintSetup, _ targets: [LintTarget]
  ) throws(CommandFailure) -> LintRun.Scope {
    var scope = LintRun.Scope()
    for target in targets {
      for entry in target.entries where target.asked?.contains(entry.source) ?? true {
        scope.sources.insert(entry.source)
      }
    }
    for path in arguments.operands + arguments.values("root") {
      do throws(HostError) {
        if try HostFile.status(path)?.kind == .directory { scope.folders.append(setup.place.absolute(path)) }
      } catch {
        throw .environment(error)
      }
    }
    scope.isOfNodes = arguments.flag("node")
    return scope
  }

  private static func write(
    _ found: Report, _ setup: LintSetup, _ session: Session, _ registry: SourceRegistry
  ) throws(CommandFailure) -> ExitStatus {
    guard let path = setup.baseline else {
      throw .usage("--write-baseline needs --baseline FILE", help: "or baseline: FILE in .imagegen.yaml")
    }
    let names = BaselineNames(setup, registry)
    let baseline = Baseline(found, sources: Session.sources(registry)) { names[$0] }
    do throws(HostError) {
      try HostFile.write(baseline.bytes, to: path, mode: 0o644)
    } catch {
      throw .environment(error)
    }
    session.show(setup.report, sources: registry)
    session.tell("wrote \(counted(baseline.count, "known finding")) to \(path)")
    return setup.report.hasErrors ? .findings : .done
  }
}

internal import Artifacts
internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import Digests
internal import FleetModel
internal import HostFiles
internal import JSONText
internal import Pipeline
internal import Profiles
internal import Publishing

/// `imagegen build`: the main job.
enum BuildCommand {
  static func run(_ session: Session) async throws(CommandFailure) -> ExitStatus {
    let operands = session.arguments.operands
    let isAll = session.arguments.flag("all")
    guard isAll != !operands.isEmpty else {
      throw .usage(
        isAll ? "--all builds everything: name no node beside it" : "build needs a node, or --all",
        help: "imagegen build node01, or imagegen build --all")
    }
    let selection = try FleetSelection(session, operands: operands)
    var report = selection.report
    var built = 0
    if !report.hasErrors {
      for part in selection.parts {
        let result = try await FleetBuild(session, part, registry: selection.registry).run()
        report.merge(result.report)
        built += result.count
      }
    }
    session.show(
      report, sources: selection.registry, summary: [("nodes", built), ("fleets", selection.parts.count)])
    return report.hasErrors ? .findings : .done
  }
}

/// The build of one fleet: its nodes side by side into a stage, then the stage into place.
private struct FleetBuild {
  let session: Session
  let part: FleetSelection.Part
  let registry: SourceRegistry

  init(_ session: Session, _ part: FleetSelection.Part, registry: SourceRegistry) {
    self.session = session
    self.part = part
    self.registry = registry
  }

  func run() async throws(CommandFailure) -> (report: Report, count: Int) {
    let fleet = part.context.fleet.name.value.description
    let origins = OriginTexts(part.context.profiles, registry: registry)
    let environment = BuildSetup.environment(session, part.context, origins: origins)
    let inputs = InputIdentity.fleet(part.context.profiles)
    let sources = ArtifactSources(
      profiles: part.context.profiles.folder, secrets: session.secrets + "/" + fleet)
    do throws(PublishingError) {
      let stage = try FleetStage(out: session.out, fleet: fleet, sources: sources)
      let progress = Progress(
        total: part.nodes.count, what: "building \(fleet)",
        isShown: !session.isQuiet && session.format == .text)
      let job = NodeJob(
        context: part.context, inputs: inputs, environment: environment, writer: stage.writer,
        origins: origins)
      var gathering = FleetGathering(part.context.fleet)
      var (report, missing) = try await build(job, progress, &gathering)
      progress.finish()
      if report.hasErrors { return (report, 0) }
      report.merge(try keepOthers(in: stage, &gathering))
      report.merge(try writeFleet(gathering, job))
      if report.hasErrors { return (report, 0) }
      try stage.commit()
      tellResult(fleet, missing: missing)
      return (report, part.nodes.count)
    } catch {
      throw CommandFailure(status: .environment, message: error.message, help: error.help)
    }
  }

  // MARK: Nodes

  /// Builds nodes, `--jobs` at a time. What several report alike is kept once; the order in which they
  /// end does not show, since findings are sorted before anybody sees them.
  /// A node is let go as soon as what the fleet needs of it is gathered.
  private func build(
    _ job: NodeJob, _ progress: Progress, _ gathering: inout FleetGathering
  ) async throws(PublishingError) -> (Report, Int) {
    let nodes = part.nodes
    var report = Report()
    var seen = Set<Diagnostic>()
    var missing = 0
    var failure: PublishingError?
    await withTaskGroup(of: Result<NodeJob.Outcome, PublishingError>.self) { group in
      var next = 0
      let start = { (group: inout TaskGroup<Result<NodeJob.Outcome, PublishingError>>) in
        let node = nodes[next]
        next += 1
        group.addTask { job.run(node) }
      }
      while next < min(session.jobs, nodes.count) { start(&group) }
      for await result in group {
        switch result {
        case .success(let outcome):
          for diagnostic in outcome.report.diagnostics where seen.insert(diagnostic).inserted {
            report.add(diagnostic)
          }
          missing += outcome.missing
          if let node = outcome.node { gathering.add(node) }
        case .failure(let error): failure = failure ?? error
        }
        progress.advance()
        if next < nodes.count, failure == nil { start(&group) }
      }
    }
    if let failure { throw failure }
    return (report, missing)
  }

  /// What is there of nodes that are not built now stays as it is.
  private func keepOthers(
    in stage: borrowing FleetStage, _ gathering: inout FleetGathering
  ) throws(PublishingError) -> Report {
    guard !part.isWhole else { return Report() }
    var report = Report()
    let chosen = Set(part.nodes)
    let former = Set(try stage.former())
    for name in part.context.fleet.roster.map(\.name.value) where !chosen.contains(name) {
      var hasFlakeFolder = false
      if former.contains(name.description) {
        if let path = ArtifactPath(name.description) { _ = try stage.keep(path) }
        if let path = ArtifactPath("flake/nodes/\(name)") { hasFlakeFolder = try stage.keep(path) }
      }
      guard gathering.needs(name, hasFlakeFolder: hasFlakeFolder) else { continue }
      let resolved = FleetLoading.node(name, in: part.context)
      if let node = resolved.value?.node { gathering.add(node, isBuilt: hasFlakeFolder) }
      report.merge(resolved.report)
    }
    return report
  }

  private func writeFleet(_ gathering: FleetGathering, _ job: NodeJob) throws(PublishingError) -> Report {
    let fleet = part.context.fleet
    var report = try write(gathering.flake(for: fleet), job)
    if !report.hasErrors { report.merge(try write(gathering.documents(for: fleet), job)) }
    return report
  }

  private func write(_ files: Checked<[Artifact]>, _ job: NodeJob) throws(PublishingError) -> Report {
    var report = files.report
    guard let artifacts = files.value else { return report }
    var collisions: [ArtifactPath] = []
    let tree = ArtifactTree(artifacts, collisions: &collisions)
    for path in collisions {
      report.add(PipelineRules.pathTwice(path, at: part.context.fleet.name.span))
    }
    if !report.hasErrors { _ = try job.writer.write(tree) }
    return report
  }

  private func tellResult(_ fleet: String, missing: Int) {
    let count = part.nodes.count
    session.tell(
      "built \(count == 1 ? "\(fleet)/\(part.nodes[0])" : "\(count) nodes of \(fleet)") in \(session.out)/\(fleet)"
    )
    if missing > 0 {
      session.tell(
        "  note: \(missing) secret file\(missing == 1 ? " is" : "s are") not minted yet, manifest.json lists them: imagegen secrets \(fleet)"
      )
    }
  }
}

/// What every node's task needs; it changes nothing of it.
private struct NodeJob: Sendable {
  struct Outcome: Sendable {
    let report: Report
    let node: Node?
    let missing: Int
  }

  let context: FleetContext
  let inputs: SHA256Digest
  let environment: BuildEnvironment
  let writer: StageWriter
  let origins: OriginTexts

  func run(_ name: Name) -> Result<Outcome, PublishingError> {
    let built = NodeBuilding.build(name, in: context, inputs: inputs, environment: environment)
    guard let products = built.value, !built.report.hasErrors else {
      return .success(Outcome(report: built.report, node: nil, missing: 0))
    }
    do throws(PublishingError) {
      let texts = origins.adding(products.source)
      let staged = try writer.write(
        products.tree, node: name.description, header: header(of: products), origin: texts.text)
      var collisions: [ArtifactPath] = []
      _ = try writer.write(ArtifactTree(products.flake, collisions: &collisions))
      return .success(Outcome(report: built.report, node: products.node, missing: staged.missing.count))
    } catch {
      return .failure(error)
    }
  }

  private func header(of products: NodeProducts) -> [JSONValue.Member] {
    let release = context.fleet.release
    return [
      JSONValue.Member("fleet", .string(context.fleet.name.value.description)),
      JSONValue.Member("node", .string(products.node.name.value.description)),
      JSONValue.Member(
        "release",
        .object([
          "version": .string(release.version.value), "sequence": .integer(release.sequence.value),
          "epoch": .integer(release.epoch.value),
        ])), JSONValue.Member("inputs", .string(products.inputs.description)),
      JSONValue.Member("tool", .string("imagegen \(ToolTable.version)")),
    ]
  }
}

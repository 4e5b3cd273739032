internal import Certificates
internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import Pipeline
internal import Profiles
internal import SecretStore

/// `imagegen secrets`: the only verb that makes secrets.
enum SecretsCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let word = session.arguments.operands.first ?? ""
    let selection = try FleetSelection(session, fleet: word)
    guard let part = selection.parts.first, !selection.report.hasErrors else {
      session.show(selection.report, sources: selection.registry)
      return .findings
    }
    var report = selection.report
    var nodes: [NodeSecrets] = []
    for name in part.nodes {
      let resolved = FleetLoading.node(name, in: part.context)
      report.merge(resolved.report)
      if let node = resolved.value?.node { nodes.append(NodeSecrets(node)) }
    }
    guard !report.hasErrors else {
      session.show(report, sources: selection.registry)
      return .findings
    }
    let request = MintingRequest(fleet: part.context.fleet, nodes: nodes, hasReleaseKey: true)
    let folder = SecretFolder(session.secrets + "/" + part.context.fleet.name.value.description)
    do throws(HostError) {
      let findings = try work(request, folder, session)
      report.merge(findings)
    } catch {
      throw .environment(error)
    }
    session.show(report, sources: selection.registry)
    return report.hasErrors ? .findings : .done
  }

  private static func work(
    _ request: MintingRequest, _ folder: SecretFolder, _ session: Session
  ) throws(HostError) -> Report {
    let now = HostClock.secondsSince1970
    let planned = try SecretMint.plan(request, in: folder, now: now)
    guard let plan = planned.value else { return planned.report }
    if session.arguments.flag("check") {
      var report = planned.report
      report.merge(plan.lacks)
      if !report.hasErrors, plan.mintable.isEmpty { session.tell("nothing lacks in \(folder.path)") }
      return report
    }
    guard !plan.mintable.isEmpty else {
      session.tell("nothing lacks in \(folder.path)")
      return planned.report
    }
    let minted = try SecretMint.mint(plan, into: folder, now: now)
    let made = minted.value ?? []
    for item in made {
      session.tell("minted " + item.files.map { "\(folder.path)/\($0.path)" }.joined(separator: ", "))
    }
    session.tell("\(made.count) minted, \(plan.items.count - made.count) kept")
    return minted.report
  }
}

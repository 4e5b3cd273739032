public import FleetModel

/// Writes `RUNBOOK.md`: how this fleet comes up, is checked, grows, fails and recovers, with its own
/// names and addresses in every command.
public enum Runbook {
  /// Names of the nodes that `text` wants in full, in order: voters, leaders, and the first node of
  /// each kind. A few, however large the fleet is.
  public static func exemplars(of fleet: Fleet) -> [Name] {
    var wanted = Set<Name>()
    for group in fleet.groups.values {
      wanted.formUnion(group.voters.prefix(RunbookFacts.listLimit).map(\.value))
      wanted.insert(group.leader.value)
    }
    var kinds = Set<[String]>()
    for entry in fleet.roster {
      guard kinds.count < 3 * RunbookFacts.listLimit else { break }
      let kind = [fleet.mode(of: entry).value.rawValue] + entry.services.map(\.description)
      if kinds.insert(kind).inserted { wanted.insert(entry.name.value) }
    }
    return fleet.roster.map(\.name.value).filter(wanted.contains)
  }

  /// The runbook.
  ///
  /// - Parameters:
  ///   - nodes: the nodes that `exemplars` named; of others only the name is known.
  ///   - notes: Markdown of the fleet's own, by service, put after what the model says of it.
  public static func text(
    for fleet: Fleet, nodes: [Node], notes: [Name: String] = [:]
  ) -> [UInt8] {
    let facts = RunbookFacts(fleet: fleet, nodes: nodes)
    var page = Markdown()
    RunbookOverview(facts: facts).write(to: &page)
    RunbookBringUp(facts: facts).write(to: &page)
    RunbookVerification(facts: facts).write(to: &page)
    RunbookAccounts(facts: facts, notes: notes).write(to: &page)
    RunbookGrowth(facts: facts).write(to: &page)
    RunbookChaos(facts: facts).write(to: &page)
    RunbookTroubleshooting(facts: facts).write(to: &page)
    RunbookRecovery(facts: facts).write(to: &page)
    return Array(page.text.utf8) + [UInt8(ascii: "\n")]
  }
}

/// What the fleet is: nodes, services, groups.
struct RunbookOverview {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    let fleet = facts.fleet
    page.heading(1, "Runbook of \(fleet.name.value)")
    page.paragraph(
      "Release \(fleet.release.version.value), sequence \(fleet.release.sequence.value). Written by "
        + "imagegen from the fleet's profiles: change those, not this page. Commands run on the "
        + "operator's machine, in the folder that holds `out/` and `secrets/`; what changes a node is "
        + "for a person to run.")
    page.heading(2, "Topology")
    nodes(&page)
    services(&page)
    for group in facts.groups {
      let voters = RunbookFacts.names(group.voters.map(\.value.description))
      page.paragraph(
        "Group **\(group.name.value)** (service \(group.service.value)): \(group.voters.count) voters "
          + "(\(voters)), majority \(group.majority); it stands the loss of "
          + "\(group.voters.count - group.majority). Joining nodes ask \(group.leader.value).")
    }
  }

  private func nodes(_ page: inout Markdown) {
    let roster = facts.fleet.roster
    let limit = 4 * RunbookFacts.listLimit
    page.table(
      ["Node", "Addresses", "ssh", "Mode", "Services"],
      roster.prefix(limit).map { entry in
        [
          entry.name.value.description,
          entry.addresses.map { "\($0.address.value) (\($0.network))" }.joined(separator: ", "),
          facts.node(entry.name.value)?.sshTarget ?? "",
          facts.fleet.mode(of: entry).value.rawValue,
          RunbookFacts.names(entry.services.map(\.description)),
        ]
      })
    if roster.count > limit {
      let bootstrap = roster.count { $0.mode.value == .bootstrap }
      page.paragraph(
        "…and \(roster.count - limit) more, \(roster.count) in all: \(bootstrap) bootstrap, "
          + "\(roster.count - bootstrap) join. `fleet.json` lists each of them.")
    }
  }

  private func services(_ page: inout Markdown) {
    page.table(
      ["Service", "Unit", "Ports", "Needs"],
      facts.services.map { service, _ in
        [
          service.name.value.description, "`\(service.startedUnit)`",
          service.ports.map { "\($0.name.value) \($0.transport.rawValue)/\($0.number.value)" }
            .joined(separator: ", "),
          service.dependencies.map { "\($0.service.value) \($0.point.rawValue)" }
            .joined(separator: ", "),
        ]
      })
  }
}

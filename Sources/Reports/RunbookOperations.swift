import FleetModel

/// How to see that all is well.
struct RunbookVerification {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    page.heading(2, "Verify")
    page.paragraph(
      "Every check names the authority it trusts. `curl -k` proves nothing and is not used here.")
    for (service, _) in facts.services {
      let nodes = facts.nodes.filter { node in
        node.services.contains { $0.name.value == service.name.value }
      }
      write(service.name.value, on: Array(nodes.prefix(RunbookFacts.listLimit)), &page)
    }
    guard let node = facts.founders.first ?? facts.nodes.first else { return }
    page.paragraph("Units that failed, on any node:")
    page.commands([node.remote("systemctl --failed --no-legend")])
  }

  private func write(_ name: Name, on nodes: [Node], _ page: inout Markdown) {
    let lines = nodes.compactMap { node -> String? in
      guard let service = node.services.first(where: { $0.name.value == name }),
        let probe = service.health.ready ?? service.health.live
      else { return nil }
      return node.remote(service.command(for: probe, on: node))
    }
    guard !lines.isEmpty else { return }
    page.heading(3, name.description)
    let group = facts.group(of: name)
    if let group, group.majority > 1 {
      page.paragraph(
        "Answers only while \(group.majority) of \(group.voters.count) voters are up.")
    }
    page.commands(lines)
    if let service = facts.services.first(where: { $0.service.name.value == name })?.service,
      !service.posture.isEmpty
    {
      let facts = service.posture.map { "\($0.key)=\($0.value.value)" }.joined(separator: ", ")
      page.paragraph("Must be the same on every member: \(facts).")
    }
  }
}

/// First accounts, and those added later.
struct RunbookAccounts {
  let facts: RunbookFacts
  let notes: [Name: String]

  func write(to page: inout Markdown) {
    for (service, node) in facts.services {
      if service.setup != nil { setup(service, node, &page) }
      if let store = service.posture.first(where: { $0.key == "store" })?.value.value {
        users(service, node, store: store, &page)
      }
      if let note = notes[service.name.value], !note.isEmpty {
        page.heading(2, "Notes on \(service.name.value)")
        page.paragraph(note)
      }
    }
  }

  private func setup(_ service: Service, _ node: Node, _ page: inout Markdown) {
    guard let step = service.setup, let unit = service.setupUnit else { return }
    page.heading(2, "First accounts of \(service.name.value)")
    let done = step.alreadyDone.map { String($0.value) }.joined(separator: ", ")
    page.paragraph(
      "`\(unit)` posts to `\(step.path.value)` on port \(step.port.value) once, when the cluster is "
        + "new, and leaves a marker. Run again it changes nothing"
        + (done.isEmpty ? "." : ": \(done) means it was done already."))
    page.commands([node.remote("journalctl -u \(unit)")])
  }

  /// The live path, for services whose users are in a replicated store.
  private func users(
    _ service: Service, _ node: Node, store: String, _ page: inout Markdown
  ) {
    guard let program = service.programs.first?.path.value else { return }
    page.heading(2, "Add a user while the cluster runs: `user add --store \(store)`")
    let majority = facts.group(of: service.name.value)?.majority ?? 1
    page.paragraph(
      "Users of \(service.name.value) are in its replicated store. They are added through a running "
        + "member; stopping a node, seeding its store and starting it again costs a voter and is not "
        + "the way any more.")
    page.commands([node.remote("\(program) user add --store \(store) --help")])
    let deliveries = node.deliveries.filter(\.reference.isPrivate).map { "`\($0.path.value)`" }
    let internalID = service.environmentFile?.entries.first {
      $0.name.value.description.hasSuffix("_ID_FILE")
    }
    var items = [
      "**Who may.** Whoever reads the node's own identity acts as the node"
        + (internalID.map { " (`\($0.value.value)`, kept across restarts)" } ?? "")
        + ": log in as \(node.access.user.value), never copy it elsewhere.",
      "**Again.** Adding a user who is there already changes nothing: the command may be repeated.",
      "**High availability.** Any member takes it; \(majority) voters must be up, or it is refused.",
      "**No deletion.** This path only adds. To take a right away is another command, on purpose.",
    ]
    if !deliveries.isEmpty {
      items.append("Private files of the node: \(RunbookFacts.names(deliveries)).")
    }
    page.list(items)
  }
}

/// New members.
struct RunbookGrowth {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    page.heading(2, "Growth")
    let joining = facts.joining.map(\.name.value.description)
    if joining.isEmpty {
      page.paragraph("No node of this fleet joins yet: all of them form the cluster.")
    } else {
      page.paragraph("Nodes that join: \(RunbookFacts.names(joining)).")
    }
    let leaders = facts.groups.map { "\($0.name.value): \($0.leader.value)" }.joined(separator: ", ")
    page.steps([
      "Give the node a profile with `mode: join`. Voters and initial peers of the others stay as they "
        + "are: a joining node is no founder.",
      "When the cluster has formed, set `formed: true` in the fleet's profile: then no profile can form "
        + "it a second time.",
      "`imagegen secrets \(facts.fleet.name.value)` and `imagegen build --all`; publish what others need "
        + "to know of it (hosts entries, routes) before it starts.",
      "Install it like the first ones, one node at a time. It asks the leader"
        + (leaders.isEmpty ? "" : " (\(leaders))") + ", which must be up.",
      "Verify it, then go on with the next. A voter is added to a group only once it has caught up.",
    ])
    let installed = facts.nodes.first { $0.mode.value == .join && $0.target.isNixOS }
    if let installed {
      page.paragraph("To install \(installed.name.value), whose disk this wipes:")
      page.commands(RunbookBringUp.installation(of: [installed], fleet: facts.fleet.name.value))
      RunbookBringUp.passphrases(of: [installed], fleet: facts.fleet.name.value, &page)
    }
    if let service = facts.services.first(where: { $0.service.join != nil })?.service,
      let step = service.join, let unit = service.joinUnit
    {
      let member = step.alreadyMember.map { String($0.value) }.joined(separator: ", ")
      page.paragraph(
        "For example `\(unit)` posts to `\(step.leaderURL.value)\(step.path.value)`, up to "
          + "\(step.retry.attempts.value) times"
          + (member.isEmpty ? "." : "; \(member) means the node is a member already."))
    }
  }
}

/// What the fleet must stand, and what it must refuse.
struct RunbookChaos {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    guard !facts.groups.isEmpty else { return }
    page.heading(2, "Chaos drill")
    for group in facts.groups { write(group, &page) }
  }

  private func write(_ group: QuorumGroup, _ page: inout Markdown) {
    let voters = facts.voters(of: group)
    let tolerance = group.voters.count - group.majority
    page.heading(3, group.name.value.description)
    guard tolerance > 0, voters.count == group.voters.count else {
      page.paragraph(
        tolerance > 0
          ? "Take \(tolerance) of \(group.voters.count) voters away: it keeps serving. One more: it must "
            + "fail closed."
          : "\(group.voters.count) voters stand the loss of none: stopping one must fail closed.")
      return
    }
    let survivor = voters[0]
    guard let service = survivor.services.first(where: { $0.name.value == group.service.value }),
      let probe = service.health.ready ?? service.health.live
    else { return }
    let check = survivor.remote(service.command(for: probe, on: survivor))
    let others = voters.dropFirst()
    let stop = { (nodes: ArraySlice<Node>, verb: String) in
      nodes.map { $0.remote("systemctl \(verb) \(service.startedUnit)") }
    }
    page.paragraph(
      "Stop \(tolerance) of \(voters.count): the group **keeps serving**, and clients go over to "
        + "another member.")
    page.commands(stop(others.suffix(tolerance), "stop") + [check])
    page.paragraph(
      "Stop \(tolerance + 1): the quorum is lost. The group must **fail closed**: requests are refused, "
        + "none is served silently. The check has to fail.")
    page.commands(stop(others.suffix(tolerance + 1).prefix(1), "stop") + ["! \(check)"])
    page.paragraph("Start them again, together; they catch up by themselves:")
    page.commands(
      stop(others.suffix(tolerance + 1), "start --no-block").map { $0 + " &" } + [
        "wait", "until \(check); do sleep 2; done",
      ])
  }
}

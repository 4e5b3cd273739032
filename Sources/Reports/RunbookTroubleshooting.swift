import FleetModel

/// What goes wrong, how it shows and what to do.
struct RunbookTroubleshooting {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    page.heading(2, "Troubleshooting")
    guard let node = facts.founders.first ?? facts.nodes.first else { return }
    if let entry = facts.services.first(where: { $0.service.join != nil }),
      let step = entry.service.join, let unit = entry.service.joinUnit
    {
      joining(entry.node, entry.service, step, unit: unit, &page)
    }
    for (service, owner) in facts.services.prefix(1) { unhealthy(service, owner, &page) }
    for group in facts.groups.prefix(1) where group.majority > 1 { forming(group, &page) }
    page.heading(3, "Installation fails")
    page.steps([
      "Is the node there? `\(node.remote("true"))`",
      "Is everything minted? `imagegen secrets \(facts.fleet.name.value) --check`",
      "Is what was built what is on disk? `cd out/\(facts.fleet.name.value)/\(node.name.value) && "
        + "sha256sum -c --quiet SHA256SUMS`",
      "Does the disk have the name the profile says? "
        + "`\(node.remote("ls -l /dev/disk/by-id && lsblk -o NAME,SIZE,SERIAL"))`",
    ])
    page.heading(3, "Logs")
    page.paragraph("First-boot units write JSON lines `{timestamp, level, service, operation, message}`.")
    page.commands([
      node.remote("journalctl -b -p warning --no-pager"),
      node.remote("journalctl -b -o cat -u '*-cluster-join.service' -u '*-initial-setup.service'"),
    ])
  }

  private func joining(
    _ node: Node, _ service: Service, _ step: JoinStep, unit: String, _ page: inout Markdown
  ) {
    let state = Self.stateDirectory(of: node)
    page.heading(3, "The leader is not reached")
    page.paragraph("`{\"level\":\"ERROR\",\"message\":\"Join request failed: connection error\"}`")
    page.commands([
      node.remote("getent hosts \(Self.host(of: step.leaderURL.value))"),
      node.remote("systemctl status \(service.unit)"), node.remote("nft list ruleset"),
    ])
    page.paragraph("Mend name, network or firewall; then:")
    page.commands([node.remote("systemctl reset-failed \(unit); systemctl restart \(unit)")])
    if let config = node.clusterConfig {
      page.heading(3, "The configuration is not valid")
      page.paragraph(
        "`{\"level\":\"ERROR\",\"message\":\"Configuration file not found\"}`. The file is delivered, "
          + "not built into the system; deliver it again from `extra-files`.")
      page.commands([
        node.remote("ls -l \(config.path.value)"), node.remote("jq . \(config.path.value)"),
      ])
    }
    page.heading(3, "The node is a member already")
    page.paragraph(
      "`{\"level\":\"WARN\",\"message\":\"Node already member of cluster\"}`. Normal after the node was "
        + "installed again; the marker is written and the unit succeeds (status 2).")
    page.heading(3, "A step does not run again")
    page.paragraph(
      "Markers in `\(state)` say what was done and when. Take one away only where the cluster has "
        + "forgotten the node too.")
    page.commands([node.remote("head \(state)/.*-joined \(state)/.*-initialized")])
  }

  private func unhealthy(_ service: Service, _ node: Node, _ page: inout Markdown) {
    page.heading(3, "A service is not healthy")
    page.paragraph("`{\"level\":\"ERROR\",\"message\":\"Health check timeout\"}`")
    var lines = [
      node.remote("systemctl status \(service.startedUnit)"),
      node.remote("journalctl -b -u \(service.startedUnit)"),
    ]
    if let probe = service.health.live ?? service.health.ready {
      lines.append(node.remote(service.command(for: probe, on: node)))
    }
    page.commands(lines)
    page.paragraph("Its certificate may have run out, or name another host:")
    let certificates = node.deliveries.filter {
      if case .certificate = $0.reference { true } else { false }
    }
    page.commands(
      certificates.prefix(2).map {
        node.remote("openssl x509 -noout -dates -ext subjectAltName -in \($0.path.value)")
      })
  }

  private func forming(_ group: QuorumGroup, _ page: inout Markdown) {
    page.heading(3, "The cluster does not form")
    let voters = facts.voters(of: group)
    var steps = [
      "Are \(group.majority) of \(group.voters.count) voters up at the same time? One alone waits for "
        + "ever, and says nothing wrong.",
      "Do all of them have the same peers? `sha256sum` over the lists of initial peers, or build again "
        + "and compare `files/` and `extra-files/`.",
    ]
    if let service = voters.first?.services.first(where: { $0.name.value == group.service.value }),
      voters.count > 1
    {
      let ports = service.ports.filter { port in
        port.transport == .tcp && port.scopes.contains { $0.value == .peers }
      }
      let other = voters[1].addresses.first?.address.value.description ?? voters[1].fullName
      for port in ports {
        let reach = voters[0].remote("nc -zv \(other) \(port.number.value)")
        steps.append("Is \(port.name.value) (\(port.number.value)) reachable? `\(reach)`")
      }
      steps.append("What does it say? `\(voters[0].remote("journalctl -b -u \(service.startedUnit)"))`")
    }
    page.steps(steps)
  }

  /// The host of a URL, for a name to be looked up.
  private static func host(of url: String) -> String {
    guard let start = url.firstRange(of: "://")?.upperBound else { return url }
    let authority = url[start...].prefix { $0 != "/" }
    if authority.hasPrefix("[") { return String(authority.dropFirst().prefix { $0 != "]" }) }
    return String(authority.prefix { $0 != ":" })
  }

  /// Where markers are: a name below /var/lib, or a path.
  static func stateDirectory(of node: Node) -> String {
    let directory = node.firstBoot.stateDirectory.value
    return directory.hasPrefix("/") ? directory : "/var/lib/\(directory)"
  }
}

/// Back to what was, and what must stay secret.
struct RunbookRecovery {
  let facts: RunbookFacts

  func write(to page: inout Markdown) {
    page.heading(2, "Rollback")
    let fleet = facts.fleet
    page.paragraph(
      "State below /var/lib is not touched by any of these. A release has a sequence number "
        + "(\(fleet.release.sequence.value) here) and nodes refuse a bundle with a lower one: go back by "
        + "building the former profiles with a higher sequence.")
    let nixos = facts.nodes.filter(\.target.isNixOS)
    if let node = nixos.first {
      page.paragraph(
        "NixOS nodes keep former systems; the boot menu offers them too. One node at a time, and never "
          + "more than the group stands:")
      page.commands([node.remote("nixos-rebuild switch --rollback")])
    }
    if let node = facts.nodes.first(where: { !$0.target.isNixOS }) {
      let units = node.services.map(\.startedUnit).joined(separator: " ")
      page.paragraph(
        "Other nodes: check the former revision of the profiles out, raise `sequence`, build, stage as in "
          + "Bring up, and restart one node at a time:")
      page.commands([node.remote("systemctl restart \(units)")])
    }
    page.paragraph(
      "On the operator's side `out/\(fleet.name.value)` is replaced as a whole by every build: the same "
        + "profiles, payloads and secrets give the same bytes again.")
    secrets(&page)
  }

  private func secrets(_ page: inout Markdown) {
    page.heading(2, "Secrets")
    let name = facts.fleet.name.value
    page.paragraph(
      "They live in `secrets/\(name)/{authorities,NODE,keys}/` and enter outputs only below "
        + "`extra-files/`, which goes to the node by ssh. Keep both folders off shared disks. Flake, "
        + "bundle, netboot files and reports name secrets and never hold one.")
    guard let node = facts.founders.first ?? facts.nodes.first else { return }
    page.table(
      ["On \(node.name.value)", "Mode", "Owner", "What"],
      node.deliveries.sorted { $0.path.value < $1.path.value }.map {
        ["`\($0.path.value)`", $0.mode.description, $0.owner.description, $0.reference.summary]
      })
    page.paragraph(
      "Certificates are renewed by `imagegen secrets \(name)` when they are due; build and deliver "
        + "afterwards. A new authority has to reach every node before any certificate of it does.")
  }
}

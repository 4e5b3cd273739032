import FleetModel

/// From nothing to a cluster: build, deliver, and a start that forms a quorum.
struct RunbookBringUp {
  let facts: RunbookFacts
  private var fleet: Name { facts.fleet.name.value }

  func write(to page: inout Markdown) {
    page.heading(2, "Bring up")
    if facts.fleet.formed.value {
      page.paragraph(
        "The cluster is formed (`formed: true` in the fleet's profile): nothing may form it again. New "
          + "nodes join it (see Growth); a node that is installed again joins too.")
    }
    page.heading(3, "Prepare")
    page.commands([
      "imagegen check", "imagegen secrets \(fleet)    # mints what is missing", "imagegen build --all",
      "imagegen secrets \(fleet) --check",
    ])
    page.paragraph(
      "`imagegen build` says which secrets are still missing; go on only when none is.")
    let isNew = !facts.fleet.formed.value
    let installed = facts.founders.filter(\.target.isNixOS)
    let staged = facts.founders.filter { !$0.target.isNixOS }
    // Installing wipes disks: a page on a living cluster has no such command for its founders.
    if isNew, !installed.isEmpty { install(installed, &page) }
    if !staged.isEmpty { stage(staged, &page) }
    order(&page)
    if isNew, !staged.isEmpty { start(staged, &page) }
    expectations(&page)
  }

  /// NixOS: disk and system by nixos-anywhere, all founders at once.
  private func install(_ nodes: [Node], _ page: inout Markdown) {
    page.heading(3, "Install, all bootstrap nodes at once")
    page.paragraph(
      "**This wipes the disks.** Boot the nodes from the network, or from any Linux that ssh reaches as "
        + "root: \(nodes.map(\.sshTarget).joined(separator: ", ")). `install.json` of each node holds the "
        + "words of its nixos-anywhere command, the disk it expects and how long each phase may take. They "
        + "run side by side, because the nodes form the cluster together.")
    page.commands(Self.installation(of: nodes, fleet: fleet))
    Self.passphrases(of: nodes, fleet: fleet, &page)
  }

  /// Which secret the console of an encrypted machine asks for.
  static func passphrases(of nodes: [Node], fleet: Name, _ page: inout Markdown) {
    let encrypted = nodes.compactMap { node -> String? in
      guard let encryption = node.disk?.encryption, let scope = encryption.scope else { return nil }
      let folder = scope == .node ? node.name.value.description : "keys"
      return "\(node.name.value): `secrets/\(fleet)/\(folder)/\(encryption.secret.value)`"
    }
    guard !encrypted.isEmpty else { return }
    page.paragraph(
      "At every start the console asks for the passphrase of an encrypted disk: "
        + encrypted.joined(separator: ", ") + ".")
  }

  /// Runs the words of `install.json` as they are: no shell sees them.
  static func installation(of nodes: [Node], fleet: Name) -> [String] {
    [
      "cd out",
      "for node in \(nodes.map(\.name.value.description).joined(separator: " ")); do",
      "  jq -j '.argv[] + \"\\u0000\"' \"\(fleet)/$node/install.json\" | xargs -0 env &",
      "done", "wait", "cd ..",
    ]
  }

  /// A distribution: files, secrets and programs go there; nothing starts yet.
  private func stage(_ nodes: [Node], _ page: inout Markdown) {
    page.heading(3, "Stage the nodes")
    page.paragraph(
      "Copies programs, configuration, secrets and units; nothing starts. Secrets travel over ssh and "
        + "arrive with their modes.")
    let users = Set(
      nodes.flatMap { node in
        node.services.compactMap { service -> String? in
          if case .account(let account) = service.identity, account.value != .root {
            return account.value.description
          }
          return nil
        }
      }
    ).sorted()
    var lines = ["for node in \(nodes.map(\.name.value.description).joined(separator: " ")); do"]
    lines.append("  case $node in")
    for node in nodes { lines.append("    \(node.name.value)) host=\(shellWord(node.sshTarget)) ;;") }
    lines.append("  esac")
    for user in users {
      lines.append(
        "  ssh \"$host\" 'id -u \(user) >/dev/null 2>&1 || useradd --system --user-group "
          + "--no-create-home --shell /usr/sbin/nologin \(user)'")
    }
    lines += programs(of: nodes)
    lines += [
      "  for part in files extra-files; do",
      "    tar -C \"out/\(fleet)/$node/$part\" --owner=0 --group=0 -cf - . |",
      "      ssh \"$host\" 'tar -C / --no-overwrite-dir -xpf -'",
      "  done",
      "  tar -C \"out/\(fleet)/$node/units\" --owner=0 --group=0 -cf - . |",
      "    ssh \"$host\" 'tar -C /etc/systemd/system --no-overwrite-dir -xpf -'",
      "  ssh \"$host\" 'systemd-tmpfiles --create && systemctl daemon-reload'",
      "done",
    ]
    page.commands(lines)
  }

  /// Programs come out of the bundle by their digests, so that what runs is what the manifest names.
  private func programs(of nodes: [Node]) -> [String] {
    let version = facts.fleet.release.version.value
    var seen = Set<TargetPath>()
    var lines: [String] = []
    for program in nodes.flatMap(\.services).flatMap(\.programs) {
      guard let payload = program.payload, seen.insert(program.path.value).inserted else { continue }
      lines += [
        "  tar -xOf \"out/\(fleet)/$node/bundle/$node-\(version).tar\" blobs/\(payload.digest.value) |",
        "    ssh \"$host\" 'install -D -m 0755 /dev/stdin \(program.path.value)'",
      ]
    }
    return lines
  }

  /// Why the order matters.
  private func order(_ page: inout Markdown) {
    let groups = facts.groups.filter { $0.majority > 1 }
    guard !groups.isEmpty else { return }
    page.heading(3, "Start a quorum, never one node")
    page.paragraph(
      "**A lone node never serves**: it has no quorum, and its health check stays unanswered until enough "
        + "others are up. Starting one node and waiting for its health before the next one is a deadlock, "
        + "not caution. Start at least a majority of each group together:")
    page.list(
      groups.map { group in
        let voters = RunbookFacts.names(group.voters.map(\.value.description))
        let entry = facts.services.first { $0.service.name.value == group.service.value }
        let replicas = entry?.service.posture.first { $0.key == "replicas" }
        return "**\(group.name.value)**: \(group.majority) of \(group.voters.count) voters (\(voters))"
          + (replicas.map { ", \($0.value.value) replicas from the start" } ?? "")
      })
    page.paragraph(
      "One replica is no step on the way: it puts all state on a single node, and when that node is away "
        + "every request is refused.")
  }

  /// One command for all founders.
  private func start(_ nodes: [Node], _ page: inout Markdown) {
    page.heading(3, "Start, together")
    var lines: [String] = []
    for node in nodes {
      let units = node.services.map(\.startedUnit).joined(separator: " ")
      lines.append(node.remote("systemctl enable --now --no-block \(units)") + " &")
    }
    page.commands(lines + ["wait"])
  }

  private func expectations(_ page: inout Markdown) {
    let joins = facts.services.compactMap { service, _ in
      service.join.map { (service, $0.healthTimeout.value) }
    }
    guard let longest = joins.map({ $0.1 }).max() else { return }
    page.paragraph(
      "First boot waits up to \(longest) for each service, then leaves its markers. Follow it:")
    if let node = facts.founders.first {
      let units = joins.compactMap { $0.0.joinUnit }.map { "-u \($0)" }.joined(separator: " ")
      page.commands([node.remote("journalctl -f \(units)")])
    }
  }
}

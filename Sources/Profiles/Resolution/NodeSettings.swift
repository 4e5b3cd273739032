internal import Diagnostics
internal import Digests
internal import FleetModel
internal import YAMLSources

/// The parts of a node that follow from its composed settings alone.
struct NodeSettings {
  let tree: YAMLNode
  let entry: NodeEntry
  let fleet: Fleet
  let fullName: String

  /// What the settings say against each other.
  var report: Report {
    var report = Report()
    let target = tree["target"]
    let exclude = { (key: YAMLNode?, other: YAMLNode?, message: String, help: String) in
      guard let key, let other else { return }
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, message, at: key.span,
          related: [Label("the other one", at: other.span)], help: help))
    }
    exclude(
      target?["distribution"], target?["nixos"], "a target is NixOS or a distribution, not both",
      "set nixos: null where the node differs from its role")
    let links = tree["links"]
    for key in ["mac", "addresses"] {
      exclude(tree[key], links, "\(key) is for a node without links", "write it under the link it belongs to")
    }
    if let version = target?["version"], target?["distribution"] == nil {
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, "version is for a distribution", at: version.span,
          help: "name the distribution too"))
    }
    exclude(
      tree["nix"], target?["distribution"], "nix is for nodes that run NixOS",
      "take it away, or set distribution: null")
    let nixos = tree["outputs"]?.elements.first { $0.scalarText == Output.nixos.rawValue }
    exclude(
      nixos, target?["distribution"], "output nixos is for nodes that run NixOS",
      "take it away, or set distribution: null")
    if let directory = tree["secrets-directory"], let path = directory.scalarText,
      let owner = ReservedPath.owner(of: path)
    {
      report.add(
        Diagnostic(
          ProfileRules.reservedPath, "\(path) is \(owner)", at: directory.span,
          help: "keep secrets below /etc or /var/lib"))
    }
    return report
  }

  var hostID: Sourced<String> {
    if let hostID = entry.hostID { return hostID }
    let digest = SHA256.digest(of: Array("imagegen host-id \(fleet.name.value)/\(entry.name.value)".utf8))
    return Sourced(String(digest.description.prefix(8)), .standard("node.host-id"))
  }

  var target: Target {
    let node = tree["target"]
    let isDistribution = node?["distribution"] != nil
    let system: Sourced<Target.System> =
      if let id = node?.text("distribution") {
        id.map { .distribution(id: $0, version: node?["version"]?.scalarText ?? "") }
      } else {
        node?.text("nixos")?.map { .nixos(stateVersion: $0) }
          ?? Sourced(.nixos(stateVersion: "25.11"), .standard("target.nixos"))
      }
    return Target(
      system: system,
      systemdVersion: node?.integer("systemd")
        ?? Sourced(isDistribution ? 252 : 258, .standard("target.systemd")),
      architecture: node?.sourced("architecture", Architecture.init(rawValue:))
        ?? Sourced(.x86_64, .standard("target.architecture")))
  }

  var access: Access {
    let node = tree["access"]
    return Access(
      sshHost: node?.text("ssh") ?? Sourced(fullName, .standard("access.ssh")),
      user: node?.sourced("user", AccountName.init) ?? Sourced(.root, .standard("access.user")),
      authorizedKeys: node?.list("authorized-keys") { $0 } ?? [])
  }

  var machine: Machine {
    let node = tree["machine"]
    return Machine(
      memory: node?.sourced("memory", ByteCount.init)
        ?? Sourced(ByteCount(bytes: 4 << 30), .standard("machine.memory")),
      processors: node?.integer("processors") ?? Sourced(2, .standard("machine.processors")))
  }

  var firstBoot: FirstBoot {
    let node = tree["first-boot"] ?? YAMLNode(content: .mapping([]), span: tree.span)
    let path =
      tree["target"]?["distribution"] == nil
      ? "/run/current-system/sw/bin/imagegen-install" : "/usr/local/bin/imagegen-install"
    return FirstBoot(
      isEnabled: node.boolean("enable", default: true, named: "first-boot.enable"),
      stateDirectory: node.text("state-directory")
        ?? Sourced("first-boot-automation", .standard("first-boot.state-directory")),
      executable: node.sourced("executable", TargetPath.init)
        ?? Sourced(TargetPath(path) ?? .root, .standard("first-boot.executable")),
      clusterHealth: node.boolean("cluster-health", default: true, named: "first-boot.cluster-health"),
      clusterHealthTimeout: node.sourced(
        "cluster-health-timeout", TimeSpan.init, default: .seconds(300),
        named: "first-boot.cluster-health-timeout"))
  }

  var sysctl: [(key: String, value: Sourced<String>)] {
    (tree["sysctl"]?.entries ?? []).compactMap { entry in entry.value.sourced { $0 }.map { (entry.key, $0) } }
      .sorted { $0.key < $1.key }
  }

  /// The setting, else the first role that is called so, else all in one.
  func clusterRole(of roles: [Sourced<Name>]) -> String {
    let words = ["control-plane", "worker", "all-in-one"]
    return tree["cluster-role"]?.scalarText ?? roles.map(\.value.description).first(where: words.contains)
      ?? "all-in-one"
  }

  func outputs(isNixOS: Bool) -> Set<Output> {
    guard tree["outputs"] == nil else {
      return Set(tree.list("outputs", Output.init(rawValue:)).map(\.value))
    }
    return isNixOS ? Set(Output.allCases) : [.units, .files, .extraFiles, .bundle, .report]
  }

  func secretsDirectory(isNixOS: Bool) -> TargetPath {
    tree.sourced("secrets-directory", TargetPath.init)?.value
      ?? TargetPath(isNixOS ? "/etc/nixos/secrets" : "/etc/imagegen/secrets") ?? .root
  }
}

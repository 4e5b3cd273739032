internal import Artifacts
internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import FleetModel
internal import JSONText
internal import Pipeline
internal import Profiles
internal import Publishing

/// `imagegen diff`: what a build would change, and what that means for the node.
enum DiffCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let selection = try FleetSelection(session, operands: session.arguments.operands)
    var report = selection.report
    var changes: [NodeChanges] = []
    if !report.hasErrors {
      for part in selection.parts {
        let origins = OriginTexts(part.context.profiles, registry: selection.registry)
        let environment = BuildSetup.environment(session, part.context, origins: origins)
        let inputs = InputIdentity.fleet(part.context.profiles)
        for name in part.nodes {
          let built = NodeBuilding.build(name, in: part.context, inputs: inputs, environment: environment)
          report.merge(built.report)
          if let products = built.value { changes.append(try compare(products, part.context, session)) }
        }
      }
    }
    if report.hasErrors {
      session.show(report, sources: selection.registry)
      return .findings
    }
    Console.print(session.format == .json ? json(changes) : Array(text(changes).utf8))
    guard let limit = session.arguments.value("fail-on").flatMap(ChangeClass.init(rawValue:)) else {
      return .done
    }
    return changes.contains { $0.entries.contains { $0.kind >= limit } } ? .findings : .done
  }

  private static func compare(
    _ products: NodeProducts, _ context: FleetContext, _ session: Session
  ) throws(CommandFailure) -> NodeChanges {
    let fleet = context.fleet.name.value.description
    let node = products.node.name.value.description
    let former = (session.arguments.value("against") ?? session.out) + "/" + fleet
    let sources = ArtifactSources(profiles: context.profiles.folder, secrets: session.secrets + "/" + fleet)
    let prefix = "flake/nodes/\(node)/"
    let modules = products.flake.compactMap { artifact -> Artifact? in
      guard artifact.path.description.hasPrefix(prefix),
        let path = ArtifactPath(String(artifact.path.description.dropFirst(prefix.utf8.count)))
      else { return nil }
      return Artifact(
        path, mode: artifact.mode, kind: artifact.kind, content: artifact.content, origin: artifact.origin)
    }
    var collisions: [ArtifactPath] = []
    do throws(PublishingError) {
      let own = try TreeDifference(of: products.tree, against: former + "/" + node, sources: sources)
      var entries = own.entries.map { NodeChanges.Entry(path: $0.path, change: $0.change) }
      let flake = try TreeDifference(
        of: ArtifactTree(modules, collisions: &collisions), against: former + "/" + prefix.dropLast(),
        sources: sources)
      entries += flake.entries.map { NodeChanges.Entry(path: prefix + $0.path, change: $0.change) }
      return NodeChanges(node: "\(fleet)/\(node)", entries: entries)
    } catch {
      throw CommandFailure(status: .environment, message: error.message, help: error.help)
    }
  }

  private static func text(_ changes: [NodeChanges]) -> String {
    var lines: [String] = []
    for node in changes {
      if node.entries.isEmpty {
        lines.append("\(node.node): nothing changes")
        continue
      }
      let counts = ChangeClass.allCases.reversed().compactMap { kind -> String? in
        let count = node.entries.count { $0.kind == kind }
        return count == 0 ? nil : "\(count) \(kind.rawValue)"
      }
      lines.append("\(node.node): \(counts.joined(separator: ", "))")
      for entry in node.entries { lines.append("  \(entry.sign) \(entry.path)  (\(entry.meaning))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func json(_ changes: [NodeChanges]) -> [UInt8] {
    let nodes = changes.map { node in
      JSONValue.object([
        "node": .string(node.node),
        "changes": .array(
          node.entries.map { entry in
            .object([
              "path": .string(entry.path), "change": .string(entry.word),
              "class": .string(entry.kind.rawValue),
              "meaning": .string(entry.meaning),
            ])
          }),
      ])
    }
    return JSONValue.object(["version": .integer(1), "command": .string("diff"), "nodes": .array(nodes)])
      .pretty
  }
}

/// How heavy a change is, lightest first.
private enum ChangeClass: String, CaseIterable, Comparable {
  case content, restart, port, reboot, wipe

  static func < (left: ChangeClass, right: ChangeClass) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What changes for one node.
private struct NodeChanges {
  struct Entry {
    let path: String
    let change: TreeDifference.Change

    var kind: ChangeClass {
      let file = path.split(separator: "/").last.map(String.init) ?? path
      if file == "disko.nix" || path == "vm/create-disk" { return .wipe }
      if file == "hardware.nix" || path == "netboot/cmdline" || path.hasPrefix("files/etc/modules-load.d/") {
        return .reboot
      }
      if file == "network.nix" { return .port }
      let restarts = ["units/", "files/", "extra-files/"].contains { path.hasPrefix($0) }
      return restarts || file == "services.nix" ? .restart : .content
    }

    var word: String {
      switch change {
      case .added: "added"
      case .removed: "removed"
      default: "changed"
      }
    }

    var sign: String { word == "added" ? "+" : word == "removed" ? "-" : "~" }

    var meaning: String {
      switch kind {
      case .wipe: "the disk layout differs: only a new installation, which wipes the disk, brings it"
      case .reboot: "takes effect at the next boot"
      case .port: "network and firewall are set up anew"
      case .restart:
        path.hasPrefix("units/") ? "\(path.dropFirst(6)) is restarted" : "services that read it are restarted"
      case .content: "nothing on the node changes by itself"
      }
    }
  }

  let node: String
  let entries: [Entry]
}

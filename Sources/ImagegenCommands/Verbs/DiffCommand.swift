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
        let found = try FleetDifference(session, part, registry: selection.registry).nodes()
        report.merge(found.report)
        changes += found.value ?? []
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
    return changes.contains { $0.entries.contains { $0.meaning.kind >= limit } } ? .findings : .done
  }

  private static func text(_ changes: [NodeChanges]) -> String {
    var lines: [String] = []
    for node in changes {
      if node.entries.isEmpty {
        lines.append("\(node.node): nothing changes")
        continue
      }
      let counts = ChangeClass.allCases.reversed().compactMap { kind -> String? in
        let count = node.entries.count { $0.meaning.kind == kind }
        return count == 0 ? nil : "\(count) \(kind.rawValue)"
      }
      lines.append("\(node.node): \(counts.joined(separator: ", "))")
      lines += sentences(node).map { "  \($0)" }
      for entry in node.entries { lines.append("  \(entry.sign) \(entry.path)  (\(entry.meaning.words))") }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What all changes of a node come to.
  private static func sentences(_ node: NodeChanges) -> [String] {
    var lines: [String] = []
    if node.wipes { lines.append("wipes \(node.disks.joined(separator: ", ")), by a new installation") }
    if node.entries.contains(where: { $0.meaning.kind == .reboot }) { lines.append("reboots") }
    for (word, names) in [("opens", node.opens), ("closes", node.closes), ("restarts", node.restarts)]
    where !names.isEmpty {
      lines.append("\(word) \(names.joined(separator: ", "))")
    }
    return lines
  }

  private static func json(_ changes: [NodeChanges]) -> [UInt8] {
    let nodes = changes.map { node in
      JSONValue.object([
        "node": .string(node.node),
        "wipes": .strings(node.wipes ? node.disks : []),
        "reboots": .bool(node.entries.contains { $0.meaning.kind == .reboot }),
        "opens": .strings(node.opens),
        "closes": .strings(node.closes),
        "restarts": .strings(node.restarts),
        "changes": .array(
          node.entries.map { entry in
            .object([
              "path": .string(entry.path), "change": .string(entry.word),
              "class": .string(entry.meaning.kind.rawValue),
              "meaning": .string(entry.meaning.words),
            ])
          }),
      ])
    }
    return JSONValue.object(["version": .integer(1), "command": .string("diff"), "nodes": .array(nodes)])
      .pretty
  }
}

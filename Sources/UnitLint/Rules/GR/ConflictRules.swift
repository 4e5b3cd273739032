import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR030, GR031, GR043, GR044
enum ConflictRules {
  static let required = Rule(
    "GR030", "required-and-conflicting", .error,
    finds: "Two units that exclude each other and that one start requires both.",
    why: "The start fails: \"Transaction contains conflicting jobs\".",
    example: "# a.service\n[Unit]\nRequires=b.service\nConflicts=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nConflicts=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true")

  static let enabled = Rule(
    "GR031", "enabled-units-conflict", .warning,
    finds: "Two units that exclude each other and are both started at boot.",
    why: "One of them is left out, and nothing is said.",
    example: "# a.service\n[Unit]\nConflicts=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + install + "# b.service\n[Service]\nExecStart=/bin/true\n" + install,
    instead: "# a.service\n[Unit]\nConflicts=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + install + "# b.service\n[Service]\nExecStart=/bin/true")

  static let wanted = Rule(
    "GR043", "wanted-and-conflicting", .warning,
    finds: "A unit that pulls another in and conflicts with it.",
    why:
      "With Wants= the start of the other is dropped; with Upholds= the two start and stop each other for ever.",
    example: "# a.service\n[Unit]\nWants=b.service\nConflicts=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nWants=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true")

  static let unordered = Rule(
    "GR044", "conflict-without-order", .note,
    finds: "Conflicts= between two services without an order.",
    why: "The one is stopped while the other starts: for a moment both hold the port, the lock, the device.",
    example: "# a.service\n[Unit]\nConflicts=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nConflicts=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The two share nothing that only one may hold.")

  private static let install = "[Install]\nWantedBy=multi-user.target\n"

  static let rules = [
    UnitRule(
      required,
      nearMisses: [
        "# a.service\n[Unit]\nRequires=c.service\nAfter=c.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Unit]\nConflicts=c.service\nAfter=c.service\n[Service]\nExecStart=/bin/true\n"
          + "# c.service\n[Service]\nExecStart=/bin/true",
        "# a.service\n[Unit]\nRequires=sysinit.target\nConflicts=shutdown.target\n[Service]\nExecStart=/bin/true",
      ],
      .unit { item, report in
        item.eachConflict { other, setting in
          guard let own = item.node, let anchor = anchor(own, other, item.context) else { return }
          let names = "\(item.unit.name) and \(item.context.name(of: Int32(other)))"
          report.add(
            item.finding(
              required,
              "\(names) exclude each other, and \(item.context.name(of: Int32(anchor))) requires both",
              at: setting, related: reasons(item, other),
              help: "take the conflict or one of the requirements out"))
        }
      }),
    UnitRule(
      enabled,
      nearMisses: [
        "# a.service\n[Unit]\nConflicts=rescue.service\n[Service]\nExecStart=/bin/true\n" + install
      ],
      .unit { item, report in
        item.eachConflict { other, setting in
          let index = item.context.index
          guard let own = item.node, index.isStartedAtBoot(own), index.isStartedAtBoot(other),
            !index.pullsIn(own, other), !index.pullsIn(other, own), anchor(own, other, item.context) == nil
          else { return }
          let name = item.context.name(of: Int32(other))
          report.add(
            item.finding(
              enabled, "excludes \(name), and both are started at boot", at: setting,
              related: reasons(item, other), help: "disable one of the two"))
        }
      }),
    UnitRule(
      wanted,
      nearMisses: [
        "# a.service\n[Unit]\nWants=b.service\nAfter=b.service\nConflicts=c.service\nBefore=c.service\n[Service]\n"
          + "ExecStart=/bin/true\n# b.service\n[Service]\nExecStart=/bin/true\n# c.service\n[Service]\n"
          + "ExecStart=/bin/true"
      ],
      .unit { item, report in
        item.eachConflict { other, setting in
          let edge = item.dependencies.first {
            Int($0.to) == other && ($0.kind == .wants || $0.kind == .upholds)
          }
          guard let edge else { return }
          let name = item.context.name(of: edge.to)
          report.add(
            item.finding(
              wanted,
              edge.kind == .upholds
                ? "\(name) is upheld and excluded: the two stop each other for ever"
                : "\(name) is wanted and excluded: it is not started", at: setting,
              help: "take one of the two out", severity: edge.kind == .upholds ? .error : nil))
        }
      }),
    UnitRule(
      unordered,
      nearMisses: [
        "# a.service\n[Unit]\nConflicts=b.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true",
        "# a.service\n[Unit]\nConflicts=rescue.target\n[Service]\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard item.unit.name.type == .service else { return }
        item.eachConflict { other, setting in
          let node = item.context.graph.nodes[other]
          guard let own = item.node, node.name.type == .service, node.state == .loaded,
            !item.context.index.isOrdered(own, before: other),
            !item.context.index.isOrdered(other, before: own)
          else { return }
          report.add(
            item.finding(
              unordered, "\(node.name) may still run while this one starts", at: setting,
              help: "add After=\(node.name)",
              fix: setting.flatMap { item.insertion("After=\(node.name)", after: $0) }))
        }
      }),
  ]

  /// The first unit by name whose start requires both of two units.
  private static func anchor(_ first: Int, _ second: Int, _ context: LintContext) -> Int? {
    let common = requirers(of: first, context).intersection(requirers(of: second, context))
    return common.min { context.graph.nodes[$0].name < context.graph.nodes[$1].name }
  }

  /// A unit and all that require it; enough of them in a huge graph.
  private static func requirers(of unit: Int, _ context: LintContext) -> Set<Int> {
    var seen = Set([unit])
    var open = [unit]
    while let node = open.popLast(), seen.count < 500 {
      for edge in context.index.dependants(on: node) where edge.kind.isMandatory {
        if seen.insert(Int(edge.from)).inserted { open.append(Int(edge.from)) }
      }
    }
    return seen
  }

  /// Why the other unit is started, as far as a line says so.
  private static func reasons(_ item: UnitCase, _ other: Int) -> [Label] {
    let graph = item.context.graph
    let edges = item.context.index.dependants(on: other).filter(\.kind.pullsIn)
    return edges.prefix(3).compactMap { edge in
      graph.span(of: edge).map { Label(graph.describe(edge), at: $0) }
    }
  }
}

extension UnitCase {
  /// The units that this one's own lines exclude, with the line.
  fileprivate func eachConflict(_ body: (Int, Int?) -> Void) {
    guard unit.has(.conflicts) else { return }
    for edge in dependencies where edge.kind == .conflicts {
      guard case .file(let setting) = edge.origin, Int(edge.owner) == node,
        context.graph.nodes[Int(edge.to)].canStart
      else { continue }
      body(Int(edge.to), setting >= 0 ? Int(setting) : nil)
    }
  }
}

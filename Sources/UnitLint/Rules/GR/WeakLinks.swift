import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR022, GR034, GR047
enum WeakLinks {
  static let unordered = Rule(
    "GR022", "wanted-without-order", .note,
    finds: "A service that is wanted but not waited for, by a unit that waits for the others it wants.",
    why: "It may well start later than the unit that uses it.",
    example: unit("Wants=a.service b.service\nAfter=a.service") + others,
    instead: unit("Wants=a.service b.service\nAfter=a.service b.service") + others,
    ignoreWhen: "The unit does without it at first.")

  static let partOf = Rule(
    "GR034", "part-of-starts-nothing", .warning,
    finds: "A unit whose only tie to others is PartOf=.",
    why: "PartOf= passes on stops and restarts, but no start: the unit never runs.",
    example:
      "# app.target\n[Install]\nWantedBy=multi-user.target\n# a.service\n[Unit]\nPartOf=app.target\n[Service]\n"
      + "ExecStart=/bin/true",
    instead:
      "# app.target\n[Install]\nWantedBy=multi-user.target\n# a.service\n[Unit]\nPartOf=app.target\n[Service]\n"
      + "ExecStart=/bin/true\n[Install]\nWantedBy=app.target")

  static let unpulled = Rule(
    "GR047", "ordered-not-wanted", .note,
    finds:
      "A service that is waited for but not wanted, by a unit that wants the others it waits for; and that no "
      + "boot starts.",
    why: "Where nothing else happens to start it the unit runs without it, which looks like a slip.",
    example: unit("Wants=a.service\nAfter=a.service b.service") + rare,
    instead: unit("Wants=a.service b.service\nAfter=a.service b.service") + rare,
    ignoreWhen: "The unit works without it and has to come second only where both are.")

  private static func unit(_ lines: String) -> String {
    "# app.service\n[Unit]\n\(lines)\n[Service]\nExecStart=/bin/true\n"
  }

  private static let others = ["a", "b"].map {
    "# \($0).service\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n"
  }.joined()

  private static let rare =
    "# a.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Service]\nExecStart=/bin/true\n"
    + "# rare.target\n[Unit]\nWants=b.service\n"

  static let rules = [
    UnitRule(
      unordered,
      nearMisses: [
        unit("Wants=a.service b.service") + others,
        unit("Wants=a.service b.service\nAfter=a.service\nBefore=b.service") + others,
      ],
      .unit { item, report in
        for (name, setting) in item.odd(.wants, ties: { $0 == .after }) {
          report.add(
            item.finding(
              unordered, "\(name) is wanted, but not waited for as the others are", at: setting,
              help: "add After=\(name)", fix: item.insertion("After=\(name)", after: setting, .unsafe)))
        }
      }),
    UnitRule(
      partOf,
      nearMisses: [
        "# app.target\n[Unit]\nWants=a.service\n[Install]\nWantedBy=multi-user.target\n# a.service\n[Unit]\n"
          + "PartOf=app.target\n[Service]\nExecStart=/bin/true",
        "# a@.service\n[Unit]\nPartOf=app.target\n[Service]\nExecStart=/bin/true",
      ],
      .unit { item, report in
        guard let index = item.unit.indices(of: .partOf).first, item.unit.hasFile, let node = item.node,
          !item.unit.name.isTemplate, !item.unit.has(.busName), !item.context.index.isStarted(node),
          !item.context.isAlso(item.unit.name)
        else { return }
        let owner = item.unit.settings[index].value
        report.add(
          item.finding(
            partOf, "nothing starts \(item.unit.name): PartOf=\(owner) only stops it", at: index,
            help: "add [Install] with WantedBy=\(owner), or let \(owner) want it"))
      }),
    UnitRule(
      unpulled,
      nearMisses: [
        unit("After=a.service b.service") + rare,
        unit("Wants=a.service\nAfter=a.service b.service") + others,
        unit("Wants=a.service\nAfter=a.service b.service") + "# a.service\n[Service]\nExecStart=/bin/true",
      ],
      .unit { item, report in
        for (name, setting) in item.odd(.after, ties: \.pullsIn) {
          let node = item.context.graph.node(named: name)
          guard let node, !item.context.index.isStartedAtBoot(node) else { continue }
          report.add(
            item.finding(
              unpulled, "\(name) is waited for, but not wanted as the others are", at: setting,
              help: "add Wants=\(name), if the unit needs it",
              fix: item.insertion("Wants=\(name)", after: setting, .unsafe)))
        }
      }),
  ]
}

extension UnitCase {
  /// The services that the unit names with `kind` but ties in no other way, while it ties others.
  fileprivate func odd(
    _ kind: DependencyKind, ties: (DependencyKind) -> Bool
  ) -> [(name: String, setting: Int)] {
    guard unit.name.type == .service, unit.has(.wants) || unit.has(.requires), unit.has(.after) else {
      return []
    }
    let own = dependencies.filter { edge in
      let node = context.graph.nodes[Int(edge.to)]
      return node.name.type == .service && node.state == .loaded
    }
    let asked = own.filter { $0.kind == kind }
    let tied = Set(own.filter { ties($0.kind) }.map(\.to))
    // The other side may say it as well.
    let known = tied.union(own.filter { $0.kind == .before }.map(\.to)).union(
      dependants.filter { $0.kind.isOrdering || $0.kind.pullsIn }.map(\.from))
    guard asked.contains(where: { tied.contains($0.to) }) else { return [] }
    return asked.compactMap { edge in
      guard !known.contains(edge.to), case .file(let setting) = edge.origin, setting >= 0 else { return nil }
      return (context.name(of: edge.to), Int(setting))
    }
  }
}

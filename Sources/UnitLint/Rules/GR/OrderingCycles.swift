import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR001 to GR006
enum OrderingCycleRules {
  static let unbreakable = Rule(
    "GR001", "ordering-cycle-unbreakable", .error,
    finds: "Units that wait for one another in a ring and are all required by what starts them.",
    why: "systemd cannot leave any of them out, so the whole start fails: \"Transaction order is cyclic\".",
    example: "# a.service\n[Unit]\nRequires=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Unit]\nRequires=a.service\nAfter=a.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nRequires=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true")

  static let breakable = Rule(
    "GR002", "ordering-cycle", .error,
    finds: "Units that wait for one another in a ring of Before= and After= that files say.",
    why:
      "systemd leaves one of them out to break the ring, at random: each boot another unit may be missing.",
    example: "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n" + wanted
      + "# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true\n" + wanted,
    instead: "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n" + wanted
      + "# b.service\n[Service]\nExecStart=/bin/true\n" + wanted)

  static let standard = Rule(
    "GR003", "ordering-cycle-by-default", .error,
    finds: "A ring that default dependencies close: mostly a unit with Before=sysinit.target or "
      + "basic.target, local-fs.target, sockets.target, and without DefaultDependencies=no.",
    why: "By default a service comes after sysinit.target and basic.target, so it cannot come before them as "
      + "well. systemd leaves out one of the ring, at random; when that is the target, most of the boot is gone.",
    example: "[Unit]\nBefore=sysinit.target\n[Service]\nType=oneshot\nExecStart=/bin/true\n"
      + "[Install]\nWantedBy=sysinit.target",
    instead: "[Unit]\nDefaultDependencies=no\nBefore=sysinit.target\nConflicts=shutdown.target\n"
      + "[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target")

  static let implied = Rule(
    "GR004", "ordering-cycle-implied", .error,
    finds: "A ring that an order closes which no file says: a socket or timer comes before its service, a "
      + "target after what it wants, PrivateTmp=, StateDirectory= and Type=dbus come after what they need.",
    why: "No line shows the ring. systemd leaves out one of its units, at random.",
    example:
      "# a.socket\n[Unit]\nAfter=a.service\n[Socket]\nListenStream=80\n[Install]\nWantedBy=sockets.target\n"
      + "# a.service\n[Service]\nExecStart=/bin/true\n" + wanted,
    instead: "# a.socket\n[Socket]\nListenStream=80\n[Install]\nWantedBy=sockets.target\n"
      + "# a.service\n[Service]\nExecStart=/bin/true\n" + wanted)

  static let early = Rule(
    "GR005", "early-unit-after-network", .error,
    finds: "A ring through the early boot and the network: a unit that has to be done before sysinit.target "
      + "waits for the network, and what brings the network up waits for sysinit.target.",
    why: "The firewall, the network or the early unit is left out, another one at each boot. Such rings span "
      + "packages that are right on their own, as cloud-init, ifupdown and firewalld are.",
    example:
      "# seed.service\n[Unit]\nDefaultDependencies=no\nConflicts=shutdown.target\nAfter=network.target\n"
      + "Before=sysinit.target shutdown.target\n[Service]\nType=oneshot\nExecStart=/bin/true\n[Install]\n"
      + "WantedBy=sysinit.target\n# net.service\n[Unit]\nBefore=network.target\nWants=network.target\n[Service]\n"
      + "Type=oneshot\nExecStart=/bin/true\n" + wanted,
    instead: "# seed.service\n[Unit]\nAfter=network.target\n[Service]\nType=oneshot\nExecStart=/bin/true\n"
      + wanted + "# net.service\n[Unit]\nBefore=network.target\nWants=network.target\n[Service]\n"
      + "Type=oneshot\nExecStart=/bin/true\n" + wanted)

  static let latent = Rule(
    "GR006", "ordering-cycle-latent", .note,
    finds: "Units that wait for one another in a ring, but that nothing starts together.",
    why: "The ring is closed the day another unit is enabled or wanted, far from the lines at fault.",
    example: "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n" + wanted
      + "# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n" + wanted
      + "# b.service\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The units exclude each other, and none is ever started with the other.")

  private static let wanted = "[Install]\nWantedBy=multi-user.target\n"

  static let rules = [
    UnitRule(
      unbreakable,
      nearMisses: [
        "# a.service\n[Unit]\nRequires=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Unit]\nPartOf=a.service\n[Service]\nExecStart=/bin/true",
        "# a.service\n[Unit]\nWants=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Unit]\nWants=a.service\nAfter=a.service\n[Service]\nExecStart=/bin/true",
      ], check(unbreakable)),
    UnitRule(
      breakable,
      nearMisses: [
        "# t.target\n[Unit]\nDescription=target\n# a.service\n[Unit]\nAfter=t.target\n[Service]\n"
          + "ExecStart=/bin/true\n[Install]\nWantedBy=t.target"
      ], check(breakable)),
    UnitRule(
      standard,
      nearMisses: [
        "[Unit]\nBefore=multi-user.target\n[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target",
        "# a.socket\n[Unit]\nBefore=sockets.target\n[Socket]\nListenStream=80\n[Install]\n"
          + "WantedBy=sockets.target\n# a.service\n[Service]\nExecStart=/bin/true",
      ], check(standard)),
    UnitRule(
      implied,
      nearMisses: [
        "# a.socket\n[Unit]\nBefore=a.service\n[Socket]\nListenStream=80\n[Install]\nWantedBy=sockets.target\n"
          + "# a.service\n[Unit]\nAfter=a.socket\n[Service]\nExecStart=/bin/true",
        "[Service]\nExecStart=/bin/true\nPrivateTmp=yes\nStateDirectory=a\n[Install]\nWantedBy=multi-user.target",
      ], check(implied)),
    UnitRule(
      early,
      nearMisses: [
        "# seed.service\n[Unit]\nDefaultDependencies=no\nConflicts=shutdown.target\nBefore=network-pre.target "
          + "sysinit.target shutdown.target\nWants=network-pre.target\n[Service]\nType=oneshot\n"
          + "ExecStart=/bin/true\n[Install]\nWantedBy=sysinit.target"
      ], check(early)),
    UnitRule(
      latent,
      nearMisses: [
        "# a.service\n[Unit]\nAfter=b.service\nConflicts=b.service\n[Service]\nExecStart=/bin/true\n"
          + "# b.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true"
      ],
      .host { context, report in
        for cycle in context.latentCycles where !CycleText(cycle, context).isExclusive {
          report.addCycle(cycle, latent, context)
        }
      }),
  ]

  private static func check(_ rule: Rule) -> UnitRule.Check {
    .host { context, report in
      for cycle in context.cycles where Self.rule(for: cycle, context).code == rule.code {
        report.addCycle(cycle, rule, context)
      }
    }
  }

  /// Each ring is told of once: by what closes it.
  private static func rule(for cycle: OrderingCycle, _ context: LintContext) -> Rule {
    guard cycle.isBreakable else { return unbreakable }
    let text = CycleText(cycle, context)
    if text.isEarly, text.hasNetwork { return early }
    if text.isEarly, text.hasStandardEdge { return standard }
    if text.hasImpliedEdge { return implied }
    return text.hasStandardEdge ? standard : breakable
  }
}

extension Report {
  /// A finding on a cycle: at the first line of a file asked about, every edge among the related.
  fileprivate mutating func addCycle(_ cycle: OrderingCycle, _ rule: Rule, _ context: LintContext) {
    let graph = context.graph
    let spans = cycle.edges.map { graph.span(of: $0) }
    let isOurs = cycle.edges.contains { edge in graph.unit(of: edge).map { context.isAsked($0) } ?? false }
    guard isOurs else { return }
    let first = spans.firstIndex { span in
      span.map { context.asked?.contains($0.source) ?? true } ?? false
    }
    let text = CycleText(cycle, context)
    let owner = first.map { cycle.edges[$0] }.flatMap { graph.unit(of: $0) }
    // Edges that no line makes are told at the place of the finding, so that none is left out.
    let fallback = first.flatMap { spans[$0] } ?? owner?.span
    let related = zip(cycle.edges, spans).compactMap { edge, span in
      (span ?? fallback).map { Label(graph.describe(edge), at: $0) }
    }
    let effect = rule == OrderingCycleRules.latent ? "nothing starts all of them together yet" : text.effect
    add(
      Diagnostic(
        rule, "ordering cycle: \(text.ring) (each starts before the next); \(effect)", at: fallback,
        related: related, help: text.help, unit: owner?.name.description ?? text.names[0]))
  }
}

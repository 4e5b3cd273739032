import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR001 and GR002
enum OrderingCycleRules {
  static let unbreakable = Rule(
    "GR001", "ordering-cycle-unbreakable", .error,
    finds: "Units that wait for one another in a ring and are all required by what starts them.",
    why: "systemd cannot leave any of them out, so the whole start fails: \"Transaction order is cyclic\".",
    example: """
      # a.service
      [Unit]
      Requires=b.service
      After=b.service
      [Service]
      ExecStart=/bin/true
      # b.service
      [Unit]
      Requires=a.service
      After=a.service
      [Service]
      ExecStart=/bin/true
      """,
    instead: """
      # a.service
      [Unit]
      Requires=b.service
      After=b.service
      [Service]
      ExecStart=/bin/true
      # b.service
      [Service]
      ExecStart=/bin/true
      """)

  static let breakable = Rule(
    "GR002", "ordering-cycle", .error,
    finds:
      "Units that wait for one another in a ring of Before= and After=, default and implied ones included.",
    why:
      "systemd leaves one of them out to break the ring, at random: each boot another unit may be missing.",
    example: """
      # a.service
      [Unit]
      After=b.service
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=multi-user.target
      # b.service
      [Unit]
      After=a.service
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=multi-user.target
      """,
    instead: """
      # a.service
      [Unit]
      After=b.service
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=multi-user.target
      # b.service
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=multi-user.target
      """)

  static let unbreakableRule = UnitRule(
    unbreakable,
    nearMisses: [
      """
      # a.service
      [Unit]
      Requires=b.service
      After=b.service
      [Service]
      ExecStart=/bin/true
      # b.service
      [Unit]
      PartOf=a.service
      [Service]
      ExecStart=/bin/true
      """
    ],
    .host { context, report in
      for cycle in context.cycles where !cycle.isBreakable { report.addCycle(cycle, unbreakable, context) }
    })

  static let breakableRule = UnitRule(
    breakable,
    nearMisses: [
      """
      # t.target
      [Unit]
      Description=target
      # a.service
      [Unit]
      After=t.target
      [Service]
      ExecStart=/bin/true
      [Install]
      WantedBy=t.target
      """
    ],
    .host { context, report in
      for cycle in context.cycles where cycle.isBreakable { report.addCycle(cycle, breakable, context) }
    })
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
    let names = cycle.units.map { graph.nodes[$0].name.description }
    let ring = (names + [names[0]]).joined(separator: " -> ")
    let owner = first.map { cycle.edges[$0] }.flatMap { graph.unit(of: $0) }
    let anchor = graph.nodes[cycle.anchor].name
    // Edges that no line makes are told at the place of the finding, so that none is left out.
    let fallback = first.flatMap { spans[$0] } ?? owner?.span
    let related = zip(cycle.edges, spans).compactMap { edge, span in
      (span ?? fallback).map { Label(graph.describe(edge), at: $0) }
    }
    let victims = cycle.victims.map { graph.nodes[$0].name.description }.sorted()
    let effect =
      victims.isEmpty
      ? "all are required, so a start of \(anchor) fails"
      : "a start of \(anchor) leaves out one of: \(victims.joined(separator: ", "))"
    add(
      Diagnostic(
        rule, "ordering cycle: \(ring) (each starts before the next); \(effect)", at: fallback,
        related: related,
        help: help(for: cycle), unit: owner?.name.description ?? names[0]))
  }

  private func help(for cycle: OrderingCycle) -> String {
    cycle.edges.contains { $0.origin == .standard }
      ? "remove one of these lines, or set DefaultDependencies=no in a unit of the early boot"
      : "remove one of these lines"
  }
}

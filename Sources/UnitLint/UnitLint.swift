public import Diagnostics
public import SystemdUnits
public import UnitGraphs

/// The linter of systemd units. It sees units and nothing of profiles, so it serves anyone's.
public enum UnitLint {
  /// Lints the files of unit folders.
  public static func run(
    _ target: LintTarget, _ settings: LintSettings = LintSettings(), stock: StockKnowledge = .standard
  ) -> Report {
    run(UnitSet(entries: target.entries), asked: target.asked, settings, stock: stock)
  }

  /// Lints what the generator made for one host. Findings point at the lines of profiles that the
  /// settings came from and name the unit.
  public static func run(
    generated units: [UnitFile], _ settings: LintSettings = LintSettings(), stock: StockKnowledge = .standard
  ) -> Report {
    run(UnitSet(generated: units), asked: nil, settings, stock: stock)
  }

  /// Lints a set of units that is loaded already.
  public static func run(
    _ set: UnitSet, asked: Set<SourceID>?, _ settings: LintSettings, stock: StockKnowledge = .standard
  ) -> Report {
    let graph = UnitGraph(set, stock: stock)
    return run(graph, asked: asked, settings, stock: stock)
  }

  /// Lints the units of a graph that is built already.
  public static func run(
    _ graph: UnitGraph, asked: Set<SourceID>?, _ settings: LintSettings, stock: StockKnowledge = .standard
  ) -> Report {
    let context = LintContext(graph, asked: asked, settings, stock: stock)
    var report = Report()
    let active = UnitLintRules.rules.filter { settings.isReported($0.rule.code) }
    let checks = LintChecks(active)
    var seen = Set<SourceID>()
    for unit in context.set.units where context.isAsked(unit) && !unit.isMasked {
      checks.run(unit, context, &seen, &report)
    }
    for check in checks.host { check(context, &report) }
    return Suppressions.apply(to: context.cycles.isEmpty ? report : markingPaths(in: report), context)
  }

  /// Rules on cycles, whose related places are the way round.
  private static let cycles: Set<String> = ["GR001", "GR002", "GR003", "GR004", "GR005", "GR006"]

  private static func markingPaths(in report: Report) -> Report {
    var marked = Report()
    for finding in report.diagnostics {
      var finding = finding
      finding.isPath = cycles.contains(finding.code.description) && finding.related.count > 1
      marked.add(finding)
    }
    return marked
  }
}

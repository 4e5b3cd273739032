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
    let checks = Checks(active)
    var seen = Set<SourceID>()
    for unit in context.set.units where context.isAsked(unit) && !unit.isMasked {
      checks.run(unit, context, &seen, &report)
    }
    for check in checks.host { check(context, &report) }
    return Suppressions.apply(to: report, context)
  }
}

/// The checks of the rules that are on, by what they look at.
private struct Checks {
  var setting: [@Sendable (SettingCase, inout Report) -> Void] = []
  var file: [@Sendable (FileCase, inout Report) -> Void] = []
  var unit: [@Sendable (UnitCase, inout Report) -> Void] = []
  var host: [@Sendable (LintContext, inout Report) -> Void] = []

  init(_ rules: [UnitRule]) {
    for rule in rules {
      switch rule.check {
      case .setting(let check): setting.append(check)
      case .file(let check): file.append(check)
      case .unit(let check): unit.append(check)
      case .host(let check): host.append(check)
      }
    }
  }

  /// `seen` holds the files whose lines are checked: a template's and a type's drop-ins belong to many
  /// units and are told of once.
  func run(_ unit: LoadedUnit, _ context: LintContext, _ seen: inout Set<SourceID>, _ report: inout Report) {
    let item = UnitCase(context, unit)
    var index = 0
    for fragment in unit.fragments {
      let end = index + fragment.settings.count
      defer { index = end }
      guard context.isAsked(fragment) else { continue }
      if let source = fragment.source {
        guard seen.insert(source.source).inserted else { continue }
        let item = FileCase(context: context, unit: unit, fragment: fragment, source: source)
        for check in file { check(item, &report) }
      }
      for number in index..<end {
        let one = SettingCase(owner: item, index: number, setting: unit.settings[number])
        for check in setting { check(one, &report) }
      }
    }
    for check in self.unit { check(item, &report) }
  }
}

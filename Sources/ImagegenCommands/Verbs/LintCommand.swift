internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import NodeUnits
internal import Pipeline
internal import Profiles
internal import UnitGraphs
internal import UnitLint

/// `imagegen lint`.
enum LintCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    let settings = try settings(arguments)
    var registry = SourceRegistry()
    var report = Report()
    var units = 0
    let nodes = arguments.values("node")
    if !nodes.isEmpty {
      let selection = try FleetSelection(session, operands: nodes)
      registry = selection.registry
      report.merge(selection.report)
      for part in selection.parts {
        for name in part.nodes {
          let found = lint(name, in: part.context, settings)
          report.merge(found.report)
          units += found.count
        }
      }
    }
    if !arguments.operands.isEmpty || arguments.flag("root") {
      var folders = UnitFolders(registry)
      if let root = arguments.value("root") { try folders.addRoot(root) }
      for path in arguments.operands { try folders.add(path) }
      registry = folders.registry
      let asked = arguments.operands.isEmpty ? nil : folders.asked
      let stock = arguments.flag("closed") ? StockKnowledge.none : .standard
      let set = UnitSet(entries: folders.entries)
      var settings = settings
      if let root = arguments.value("root") {
        var survey = RootSurvey(root: root)
        settings.files = survey.files(for: set)
        settings.files.unitFiles = folders.modes()
      }
      report.merge(UnitLint.run(set, asked: asked, settings, stock: stock))
      units += folders.entries.count
    } else if nodes.isEmpty {
      throw .usage(
        "lint needs something to lint",
        help: "imagegen lint PATH, imagegen lint --root DIR, or imagegen lint --node NODE")
    }
    session.show(report, sources: registry, summary: [("units", units)])
    let limit = arguments.value("fail-on").flatMap(Severity.init(rawValue:)) ?? .error
    return report.diagnostics.contains { $0.severity >= limit } ? .findings : .done
  }

  private static func lint(_ name: Name, in context: FleetContext, _ settings: LintSettings) -> (
    report: Report, count: Int
  ) {
    let resolved = FleetLoading.node(name, in: context)
    var report = resolved.report
    guard let node = resolved.value?.node else { return (report, 0) }
    let units = NodeUnits.units(for: node)
    report.merge(units.report)
    var settings = settings
    settings.files = NodeKnowledge.files(of: node)
    report.merge(UnitLint.run(generated: units.value ?? [], settings))
    return (report, units.value?.count ?? 0)
  }

  private static func settings(_ arguments: ParsedArguments) throws(CommandFailure) -> LintSettings {
    var settings = LintSettings()
    settings.selected = arguments.values("select")
    settings.ignored = arguments.values("ignore")
    let known = RuleCatalogue.all.map(\.code)
    for word in settings.selected + settings.ignored
    where !known.contains(where: { $0.description.hasPrefix(word) }) {
      throw .usage(
        "\(word) is neither a rule nor a family",
        help: "families: " + Set(known.map(\.family)).sorted().joined(separator: ", "))
    }
    return settings
  }
}

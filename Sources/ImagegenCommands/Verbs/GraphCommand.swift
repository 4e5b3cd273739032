internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import NodeUnits
internal import Pipeline
internal import Profiles
internal import UnitGraphs

/// `imagegen graph`.
enum GraphCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let word = session.arguments.operands.first ?? ""
    let format = session.arguments.value("as").flatMap(GraphFormat.init(rawValue:)) ?? .dot
    let stock = session.arguments.flag("closed") ? StockKnowledge.none : .standard
    let set: UnitSet
    if try isPath(word) {
      var folders = UnitFolders()
      try folders.add(word)
      set = UnitSet(entries: folders.entries)
    } else {
      let selection = try FleetSelection(session, operands: [word])
      var report = selection.report
      guard let part = selection.parts.first, let name = part.nodes.first else {
        session.show(report, sources: selection.registry)
        return .findings
      }
      let resolved = FleetLoading.node(name, in: part.context)
      report.merge(resolved.report)
      guard let node = resolved.value?.node, let units = NodeUnits.units(for: node).value, !report.hasErrors
      else {
        session.show(report, sources: selection.registry)
        return .findings
      }
      set = UnitSet(generated: units)
    }
    let text = format.render(UnitGraph(set, stock: stock), GraphViewOptions())
    return Console.print(text) ? .done : .environment
  }

  /// What is there in the file system is a path; everything else is a node.
  private static func isPath(_ word: String) throws(CommandFailure) -> Bool {
    do throws(HostError) {
      return try HostFile.status(word) != nil
    } catch {
      throw .environment(error)
    }
  }
}

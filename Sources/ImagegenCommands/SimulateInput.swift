internal import BootSimulation
internal import BootTransactions
internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import NodeUnits
internal import Pipeline
internal import Profiles
internal import SystemdUnits
internal import UnitGraphs

/// What is to be booted: the units of a node, of a folder or of a root.
struct SimulateInput {
  private let set: UnitSet
  private let stock: StockKnowledge
  let registry: SourceRegistry
  /// What people call it.
  let title: String
  /// How long its units take, as far as its profile says.
  private(set) var estimates = StartEstimates()
  /// The version of systemd it runs, where its profile says.
  private(set) var systemdVersion: Int?

  /// Reads what a word of the command line names; `nil` when findings say why there is nothing to boot.
  init?(_ session: Session, _ operand: String?) throws(CommandFailure) {
    stock = session.arguments.flag("closed") ? StockKnowledge.none : .standard
    if let root = session.arguments.value("root"), operand == nil {
      var folders = UnitFolders()
      try folders.addRoot(root)
      set = UnitSet(entries: folders.entries)
      registry = folders.registry
      title = root
      return
    }
    guard let operand else {
      throw .usage(
        "simulate needs something to boot",
        help: "imagegen simulate NODE, imagegen simulate PATH, or --root DIR")
    }
    if try Self.isPath(operand) {
      var folders = UnitFolders()
      try folders.add(operand)
      set = UnitSet(entries: folders.entries)
      registry = folders.registry
      title = operand
      return
    }
    let selection = try FleetSelection(session, operands: [operand])
    var report = selection.report
    guard let part = selection.parts.first, let name = part.nodes.first else {
      session.show(report, sources: selection.registry)
      return nil
    }
    let resolved = FleetLoading.node(name, in: part.context)
    report.merge(resolved.report)
    guard let node = resolved.value?.node, let units = NodeUnits.units(for: node).value, !report.hasErrors
    else {
      session.show(report, sources: selection.registry)
      return nil
    }
    set = UnitSet(generated: units)
    registry = selection.registry
    title = "\(node.fleet)/\(node.name.value)"
    estimates = BootForecast.estimates(for: node)
    systemdVersion = node.target.systemdVersion.value
  }

  /// The boot of this to the target that the command line names.
  func boot(_ session: Session, _ estimates: StartEstimates) throws(CommandFailure) -> Boot {
    let word = session.arguments.value("target") ?? "multi-user.target"
    // As systemctl has it: a name without a type is a service.
    guard let name = UnitName(word) ?? UnitName(word + ".service") else {
      throw .usage("--target: \(word) is no name of a unit", help: nil)
    }
    // In a folder that is all there is nothing is enabled but what links enable.
    let graph = UnitGraph(loading: name, of: set, stock: stock, countsInstall: !stock.isClosed)
    guard let target = graph.node(named: name.description), graph.nodes[target].state != .missing else {
      let names = set.units.map(\.name.description) + stock.names
      throw .usage(
        "\(title) has no unit \(name)",
        help: Suggestion.nearest(to: word, in: names).map { "did you mean \($0)?" })
    }
    let mode = session.arguments.value("mode").flatMap(TransactionMode.init(rawValue:)) ?? .auto
    return Boot(
      graph,
      outcomes: BootTransaction.outcomes(
        of: graph, target: target, mode: mode, systemdVersion: try version(session)),
      estimates: estimates)
  }

  /// The version whose rules count: what the command line says, else the node's, else Debian 12's.
  func version(_ session: Session) throws(CommandFailure) -> Int {
    guard let text = session.arguments.value("systemd-version") else { return systemdVersion ?? 252 }
    guard let number = Int(text), (200...999).contains(number) else {
      throw .usage("--systemd-version needs a number such as 252, not \(text)")
    }
    return number
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

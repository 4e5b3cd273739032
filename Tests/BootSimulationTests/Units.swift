import BootSimulation
import BootTransactions
import Diagnostics
import SystemdUnits
import Testing
import UnitGraphs

/// Small sets of units, a closed world each.
enum Units {
  /// A boot of `all.target`, which wants every unit. `units` are names with the lines of their files;
  /// lines without a section belong to `[Unit]` or, where they are known, to `[Service]`.
  static func boot(_ units: [(String, String)], _ estimates: [String: Int] = [:]) throws -> Boot {
    let graph = UnitGraph(UnitSet(entries: entries(units)), stock: .none)
    let target = try #require(graph.node(named: "all.target"))
    return Boot(
      graph, outcomes: BootTransaction.outcomes(of: graph, target: target),
      estimates: StartEstimates(estimates))
  }

  static func entries(_ units: [(String, String)]) -> [UnitFolderEntry] {
    let all = "[Unit]\nDefaultDependencies=no\n" + units.map { "Wants=\($0.0)\nAfter=\($0.0)\n" }.joined()
    return ([("all.target", all)] + units.map { ($0.0, text($0.1)) }).enumerated().map { index, unit in
      UnitFolderEntry(
        path: unit.0, content: .file(Array(unit.1.utf8)), source: SourceID(index: UInt32(index)))
    }
  }

  static func text(_ lines: String) -> String {
    let service = ["Type", "ExecStart", "Restart", "RemainAfterExit", "BusName", "TimeoutStopSec"]
    let words = lines.split(separator: "\n").map(String.init)
    let isService = { (line: String) in service.contains { line.hasPrefix($0 + "=") } }
    let head = ["[Unit]", "DefaultDependencies=no"] + words.filter { !isService($0) }
    let body = words.filter(isService)
    return (head + (body.isEmpty ? [] : ["[Service]"] + body)).joined(separator: "\n") + "\n"
  }
}

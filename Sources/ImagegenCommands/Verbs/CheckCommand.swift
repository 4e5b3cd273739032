internal import CommandLineKit
internal import DiagnosticRendering
internal import Diagnostics
internal import FleetModel
internal import JSONText
internal import Pipeline
internal import Profiles

/// `imagegen check`.
enum CheckCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    if let word = session.arguments.value("explain") { return try explain(word, session) }
    let selection = try FleetSelection(session, operands: session.arguments.operands)
    var report = selection.report
    var count = 0
    for part in selection.parts {
      report.merge(FleetChecking.report(on: part.nodes, in: part.context))
      count += part.nodes.count
    }
    session.show(
      report, sources: selection.registry, summary: [("nodes", count), ("fleets", selection.parts.count)])
    if report.hasErrors { return .findings }
    let fleets = selection.parts.map { "\($0.context.fleet.name.value) (\($0.nodes.count))" }
    session.tell("checked: " + fleets.joined(separator: ", "))
    return .done
  }

  private static func explain(_ word: String, _ session: Session) throws(CommandFailure) -> ExitStatus {
    let selection = try FleetSelection(session, operands: [word])
    guard let part = selection.parts.first, let name = part.nodes.first else {
      session.show(selection.report, sources: selection.registry)
      return .findings
    }
    let lines = Explanation.lines(for: name, in: part.context)
    let places = PlaceNames(registry: selection.registry)
    let rows = lines.map { line in (line: line, place: places.text(of: line.span)) }
    if session.format == .json {
      let values = rows.map { row in
        JSONValue.object([
          "path": .string(row.line.path), "value": .string(row.line.value), "file": .string(row.place.file),
          "line": .integer(row.place.line), "column": .integer(row.place.column),
        ])
      }
      Console.print(
        JSONValue.object([
          "version": .integer(1), "command": .string("check"), "node": .string(name.description),
          "values": .array(values),
        ]).pretty)
      return .done
    }
    var text = ""
    for row in rows {
      text +=
        "\(row.line.path): \(shortened(row.line.value))\n    \(row.place.file):\(row.place.line):\(row.place.column)\n"
    }
    Console.print(text)
    if selection.report.hasErrors { session.show(selection.report, sources: selection.registry) }
    return selection.report.hasErrors ? .findings : .done
  }

  private static func shortened(_ text: String) -> String {
    let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? "\"\""
    return line.utf8.count > 100 ? line.prefix(97) + "…" : line
  }
}

internal import CommandLineKit
internal import Diagnostics
internal import FleetModel
internal import HostFiles
internal import NodeUnits
internal import Pictures
internal import Pipeline
internal import Profiles
internal import SystemdUnits
internal import UnitGraphs

/// `imagegen graph`.
enum GraphCommand {
  static func run(_ session: Session) throws(CommandFailure) -> ExitStatus {
    let arguments = session.arguments
    guard let input = try GraphInput(session) else { return .findings }
    let stock = arguments.flag("closed") ? StockKnowledge.none : .standard
    let graph = UnitGraph(input.set, stock: stock)
    var options = GraphViewOptions()
    options.showsStock = arguments.flag("stock") || arguments.flag("closed")
    options.showsImplied = arguments.flag("implied")
    options.folded = options.showsStock ? [] : input.shippedUnits
    options.focus = try focus(arguments, graph)
    let word = arguments.value("format") ?? "text"
    guard word == "svg" else {
      let format = GraphFormat(rawValue: word) ?? .dot
      if format != .json { options.fullOrderLimit = fullOrderLimit }
      return Console.print(format.render(graph, options)) ? .done : .environment
    }
    options.fullOrderLimit = fullOrderLimit
    return try draw(graph, options, input, arguments)
  }

  /// With more units than this a picture is full of order that follows from other order.
  private static let fullOrderLimit = 60

  private static func focus(
    _ arguments: ParsedArguments, _ graph: UnitGraph
  ) throws(CommandFailure) -> GraphViewOptions.Focus? {
    let text = arguments.value("depth") ?? "1"
    guard let depth = Int(text), (0...1000).contains(depth) else {
      throw .usage("--depth needs a number from 0 to 1000, not \(text)")
    }
    guard let word = arguments.value("focus") else { return nil }
    // As systemctl has it: a name without a type is a service.
    guard let node = graph.node(named: word) ?? graph.node(named: word + ".service") else {
      let names = graph.nodes.map { word.contains(".") ? $0.name.description : $0.name.withoutType }
      throw .usage(
        "--focus: no unit here is called \(word) or named by one",
        help: Suggestion.nearest(to: word, in: names).map { "did you mean \($0)?" })
    }
    return GraphViewOptions.Focus(node: node, depth: depth)
  }

  private static func draw(
    _ graph: UnitGraph, _ options: GraphViewOptions, _ input: GraphInput, _ arguments: ParsedArguments
  ) throws(CommandFailure) -> ExitStatus {
    let places = PlaceNames(registry: input.registry)
    let picture = UnitPicture(GraphView(graph, options), title: input.title) { span in
      let (file, line, _) = places.text(of: span)
      return line > 0 ? "\(file):\(line)" : file
    }
    guard picture.fits else {
      throw .usage(
        "a picture of so many units would show nothing (more than \(UnitPicture.unitLimit) units, or "
          + "\(UnitPicture.lineLimit) dependencies)",
        help: "--focus UNIT draws a part, --format json has it all")
    }
    guard arguments.value("layout") == "graphviz" else {
      return Console.print(picture.svg) ? .done : .environment
    }
    let answer: HostProgram.Result
    do throws(HostError) {
      answer = try HostProgram.run(
        ["dot", "-Tplain"], input: Array(picture.graphvizInput.utf8), seconds: 120)
    } catch {
      throw CommandFailure(
        status: .environment, message: error.message, help: "--layout own needs no Graphviz")
    }
    guard answer.status == 0, let svg = picture.svg(graphviz: String(decoding: answer.output, as: UTF8.self))
    else {
      throw CommandFailure(
        status: .environment, message: "Graphviz's answer is no layout of this graph",
        help: "--layout own needs no Graphviz")
    }
    return Console.print(svg) ? .done : .environment
  }
}

/// The units that a graph is drawn of.
private struct GraphInput {
  let set: UnitSet
  let registry: SourceRegistry
  let title: String
  /// Units that systemd ships and nobody has put in place of its own.
  private(set) var shippedUnits: Set<UnitName> = []

  /// Reads what the command line names; `nil` when findings say why there is nothing to draw.
  init?(_ session: Session) throws(CommandFailure) {
    let operand = session.arguments.operands.first
    if let root = session.arguments.value("root") {
      guard operand == nil else { throw .usage("--root and \(operand ?? "") are two things to draw") }
      var folders = UnitFolders()
      try folders.addRoot(root)
      set = UnitSet(entries: folders.entries)
      registry = folders.registry
      title = root
      findShipped(below: root)
      return
    }
    guard let operand else {
      throw .usage(
        "graph needs something to draw", help: "imagegen graph NODE, imagegen graph PATH, or --root DIR")
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
  }

  /// A unit of systemd's own that lies where packages put theirs: what the administrator has put in its
  /// place, or added to it, is worth seeing.
  private mutating func findShipped(below root: String) {
    let own = [root + "/etc/", root + "/run/", root + "/usr/local/"]
    for unit in set.units where StockKnowledge.standard.has(unit.name) {
      let paths = unit.fragments.compactMap { $0.span.flatMap { registry.path(of: $0.source) } }
      if !paths.contains(where: { path in own.contains { path.hasPrefix($0) } }) {
        shippedUnits.insert(unit.name)
      }
    }
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

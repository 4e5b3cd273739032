public import JSONText
import SystemdUnits

/// A picture of a unit graph as text. The same graph gives the same bytes.
public enum GraphFormat: String, CaseIterable, Sendable {
  /// For Graphviz.
  case dot
  /// For Mermaid, which many forges draw.
  case mermaid
  /// For programs.
  case json

  /// The text.
  public func render(_ graph: UnitGraph, _ options: GraphViewOptions = GraphViewOptions()) -> String {
    let view = GraphView(graph, options)
    switch self {
    case .dot: return DotRenderer(view: view).text
    case .mermaid: return MermaidRenderer(view: view).text
    case .json: return String(decoding: view.json.pretty, as: UTF8.self)
    }
  }

  /// The graph for programs.
  public static func json(_ graph: UnitGraph, _ options: GraphViewOptions = GraphViewOptions()) -> JSONValue {
    GraphView(graph, options).json
  }
}

extension GraphView {
  fileprivate func name(_ node: Int) -> String { graph.nodes[node].name.description }

  var json: JSONValue {
    .object([
      "version": .integer(1),
      "units": .array(
        nodes.map { node in
          .object([
            "name": .string(name(node)), "state": .string(graph.nodes[node].state.word),
            "level": .integer(levels[node] ?? 0), "cyclic": cyclic.contains(node) ? .bool(true) : nil,
          ])
        }),
      "dependencies": .array(
        lines.map { line in
          .object([
            "from": .string(name(line.from)), "to": .string(name(line.to)),
            "kinds": .strings(line.kinds.map(\.rawValue)), "cyclic": line.isCyclic ? .bool(true) : nil,
            "way": line.way.isEmpty ? nil : .strings(line.way.map(name)),
          ])
        }),
      "cycles": .array(
        cycles.map { cycle in
          .object([
            "units": .strings(cycle.units.map(name)), "victims": .strings(cycle.victims.map(name).sorted()),
            "edges": .array(
              cycle.edges.map { edge in
                .object([
                  "from": .string(name(Int(edge.from))), "to": .string(name(Int(edge.to))),
                  "dependency": .string(edge.kind.rawValue), "origin": .string(edge.origin.word),
                ])
              }),
          ])
        }),
    ])
  }
}

extension UnitNode.State {
  /// The word that stands for it in output.
  var word: String {
    switch self {
    case .loaded: "loaded"
    case .stock: "stock"
    case .dynamic: "dynamic"
    case .masked: "masked"
    case .missing: "missing"
    case .refused: "refused"
    }
  }
}

/// Units from top to bottom in the order they start; arrows lead from a unit to those that follow it.
private struct DotRenderer {
  let view: GraphView

  var text: String {
    var lines = [
      "digraph units {", "  rankdir=TB;", "  newrank=true;", "  nodesep=0.35;", "  ranksep=0.6;",
      "  graph [fontname=\"Helvetica\", fontsize=11, labelloc=b, labeljust=l, label=\(quoted(legend))];",
      "  node [fontname=\"Helvetica\", fontsize=11, shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", color=\"#555555\"];",
      "  edge [fontname=\"Helvetica\", fontsize=9, color=\"#555555\"];",
    ]
    lines += view.nodes.map(node)
    lines += ranks
    lines += view.lines.map(edge)
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  private var legend: String {
    "solid: requires   bold: binds to   dashed: wants   dotted: order only   grey: part of   "
      + "red: conflicts, or a ring of units that wait for one another"
  }

  private func node(_ node: Int) -> String {
    let unit = view.graph.nodes[node]
    var attributes: [String] = []
    switch unit.name.type {
    case .target: attributes.append("shape=octagon")
    case .socket, .timer, .path, .automount: attributes.append("shape=cds")
    case .mount, .swap, .device: attributes.append("shape=cylinder")
    default: break
    }
    switch unit.state {
    case .loaded: break
    case .stock: attributes.append("fillcolor=\"#eeeeee\"")
    case .dynamic: attributes.append("fillcolor=\"#f4f4ff\"")
    case .masked: attributes.append("fillcolor=\"#dddddd\", fontcolor=\"#777777\"")
    case .missing, .refused: attributes.append("style=\"rounded,dashed\", fontcolor=\"#aa0000\"")
    }
    if view.cyclic.contains(node) { attributes.append("color=\"#cc0000\", penwidth=2") }
    let suffix = attributes.isEmpty ? "" : " [\(attributes.joined(separator: ", "))]"
    return "  \(quoted(view.name(node)))\(suffix);"
  }

  /// Units that may start at the same time stand side by side.
  private var ranks: [String] {
    Dictionary(grouping: view.nodes) { view.levels[$0] ?? 0 }.sorted { $0.key < $1.key }.compactMap {
      _, nodes in
      guard nodes.count > 1 else { return nil }
      return "  { rank=same; \(nodes.map { quoted(view.name($0)) + ";" }.joined(separator: " ")) }"
    }
  }

  private func edge(_ line: GraphView.Line) -> String {
    var attributes = [style(of: line.kinds)]
    if line.isCyclic { attributes.append("color=\"#cc0000\", penwidth=2") }
    let isOrdered = line.earlier != nil
    // What follows stands below; a need without an order points at what is needed and moves nothing.
    if !isOrdered { attributes.append("constraint=false") }
    let label = line.kinds.filter { !$0.isOrdering }.map(\.rawValue).joined(separator: ", ")
    if !label.isEmpty {
      attributes.append("tooltip=\(quoted(line.kinds.map(\.rawValue).joined(separator: ", ")))")
    }
    if !line.isSaid, !line.isCyclic { attributes.append("color=\"#aaaaaa\"") }
    let (tail, head) = (line.earlier ?? line.from, line.later ?? line.to)
    return
      "  \(quoted(view.name(tail))) -> \(quoted(view.name(head))) [\(attributes.joined(separator: ", "))];"
  }

  private func style(of kinds: [DependencyKind]) -> String {
    if kinds.contains(.conflicts) { return "color=\"#cc0000\", arrowhead=odot" }
    if kinds.contains(.bindsTo) { return "style=bold, color=\"#000000\"" }
    if kinds.contains(.requires) || kinds.contains(.requisite) { return "style=solid, color=\"#000000\"" }
    if kinds.contains(.wants) || kinds.contains(.upholds) { return "style=dashed" }
    if kinds.contains(.triggers) { return "style=solid, color=\"#0055aa\"" }
    if kinds.contains(.after) { return "style=dotted" }
    return "style=solid, color=\"#aaaaaa\", arrowhead=odiamond"
  }

  private func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

/// The same for Mermaid, whose names are letters and digits: units are numbered in the order shown.
private struct MermaidRenderer {
  let view: GraphView

  var text: String {
    let numbers = Dictionary(uniqueKeysWithValues: view.nodes.enumerated().map { ($1, $0) })
    var lines = ["flowchart TB"]
    for (index, node) in view.nodes.enumerated() {
      lines.append("  u\(index)\(shape(node))")
    }
    var cyclic: [Int] = []
    for (index, line) in view.lines.enumerated() {
      guard let tail = numbers[line.earlier ?? line.from], let head = numbers[line.later ?? line.to] else {
        continue
      }
      let label = line.kinds.filter { !$0.isOrdering }.map(\.rawValue).joined(separator: ", ")
      lines.append("  u\(tail) \(arrow(line.kinds))\(label.isEmpty ? "" : "|\(label)|") u\(head)")
      if line.isCyclic { cyclic.append(index) }
    }
    lines.append("  classDef stock fill:#eee,stroke:#999")
    lines.append("  classDef missing stroke-dasharray:4,color:#a00")
    lines.append("  classDef ring stroke:#c00,stroke-width:3px")
    lines += classes
    if !cyclic.isEmpty {
      lines.append(
        "  linkStyle \(cyclic.map(String.init).joined(separator: ",")) stroke:#c00,stroke-width:3px")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private var classes: [String] {
    var found: [(String, [Int])] = [("stock", []), ("missing", []), ("ring", [])]
    for (index, node) in view.nodes.enumerated() {
      if view.graph.nodes[node].state == .stock { found[0].1.append(index) }
      if view.graph.nodes[node].state == .missing { found[1].1.append(index) }
      if view.cyclic.contains(node) { found[2].1.append(index) }
    }
    return found.filter { !$0.1.isEmpty }.map { name, nodes in
      "  class \(nodes.map { "u\($0)" }.joined(separator: ",")) \(name)"
    }
  }

  private func shape(_ node: Int) -> String {
    // Mermaid reads # as the start of an entity and \ as itself.
    let name = view.name(node).replacing("\"", with: "#quot;")
    switch view.graph.nodes[node].name.type {
    case .target: return "{{\"\(name)\"}}"
    case .mount, .swap, .device: return "[(\"\(name)\")]"
    case .socket, .timer, .path, .automount: return "[/\"\(name)\"/]"
    default: return "(\"\(name)\")"
    }
  }

  private func arrow(_ kinds: [DependencyKind]) -> String {
    if kinds.contains(.conflicts) { return "x--x" }
    if kinds.contains(.bindsTo) { return "==>" }
    if kinds.contains(.requires) || kinds.contains(.requisite) || kinds.contains(.triggers) { return "-->" }
    return "-.->"
  }
}

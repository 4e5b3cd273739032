public import Diagnostics
public import FleetModel
internal import YAMLSources

/// Where each value of a node came from: what `imagegen check --explain` prints.
public enum Explanation {
  /// A value after composition.
  public struct Line: Sendable {
    /// The keys that lead to it: `disk.volumes.root`.
    public let path: String
    /// The value as written.
    public let value: String
    /// Where it was written.
    public let span: Span
  }

  /// All values of a node: its settings, then its services as they are on it.
  public static func lines(for name: Name, in context: FleetContext) -> [Line] {
    guard let file = context.profiles.file(of: name),
      let tree = ProfileDocument.read(file).tree,
      let node = ComposedNode.compose(tree, in: context.profiles).value
    else { return [] }
    var lines: [Line] = []
    for key in ["fleet", "release"] {
      if let part = context.profiles.fleet[key] { collect(part, path: key, into: &lines) }
    }
    collect(node.tree, path: "", into: &lines)
    for service in node.services {
      guard let template = NodeTemplates.template(of: service.value, on: node, context)?.value else {
        continue
      }
      collect(template.tree, path: "services.\(service.value)", into: &lines)
    }
    return lines
  }

  private static func collect(_ node: YAMLNode, path: String, into lines: inout [Line]) {
    switch node.content {
    case .scalar(let text, _): lines.append(Line(path: path, value: text, span: node.span))
    case .sequence(let elements):
      if elements.isEmpty { lines.append(Line(path: path, value: "[]", span: node.span)) }
      for (index, element) in elements.enumerated() {
        collect(element, path: "\(path)[\(index)]", into: &lines)
      }
    case .mapping(let entries):
      if entries.isEmpty { lines.append(Line(path: path, value: "{}", span: node.span)) }
      for entry in entries {
        collect(entry.value, path: path.isEmpty ? entry.key : "\(path).\(entry.key)", into: &lines)
      }
    }
  }
}

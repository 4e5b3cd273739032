internal import Diagnostics
internal import YAMLSources

/// Looks for required keys once everything is put together: a part of a composition may lack what
/// another part has.
struct Completeness {
  private var report = Report()

  static func report(on node: YAMLNode, as schema: ObjectSchema) -> Report {
    var completeness = Completeness()
    completeness.visit(node, as: schema)
    return completeness.report
  }

  private mutating func visit(_ node: YAMLNode, as schema: ObjectSchema) {
    guard case .mapping(let entries) = node.content else { return }
    for field in schema.fields {
      if let entry = entries.first(where: { $0.key == field.key }) {
        visit(entry.value, as: field.type, key: field.key)
      } else if field.isRequired, !Self.isMisspelt(field, entries, schema.fields) {
        report.add(.missingKey(field, of: schema, at: node.span))
      }
    }
  }

  private mutating func visit(_ node: YAMLNode, as type: SchemaType, key: String) {
    switch type {
    case .scalar, .value, .content: break
    case .list(let element, _, _): for item in node.elements { visit(item, as: element, key: key) }
    case .map(_, let value): for entry in node.entries { visit(entry.value, as: value, key: entry.key) }
    case .object(let schema): visit(node, as: schema)
    case .variants(let schemas): visitVariant(node, schemas, key: key)
    case .either(_, let long): if case .mapping = node.content { visit(node, as: long, key: key) }
    }
  }

  private mutating func visitVariant(_ node: YAMLNode, _ schemas: [ObjectSchema], key: String) {
    guard case .mapping(let entries) = node.content else { return }
    let telling = schemas.compactMap { $0.fields.first?.key }
    let schema = schemas.first { schema in entries.contains { $0.key == schema.fields.first?.key } }
    if let schema { return visit(node, as: schema) }
    let isKnown = entries.allSatisfy { entry in schemas.contains { $0.field(entry.key) != nil } }
    if isKnown { report.add(.missingOneOf(telling, of: key, at: node.span)) }
  }

  /// Whether a key that nobody knows is most likely this one: then that has been said.
  private static func isMisspelt(_ field: Field, _ entries: [YAMLEntry], _ fields: [Field]) -> Bool {
    let known = fields.map(\.key)
    return entries.contains {
      !known.contains($0.key) && Suggestion.nearest(to: $0.key, in: known) == field.key
    }
  }
}

extension Diagnostic {
  static func missingKey(_ field: Field, of schema: ObjectSchema, at span: Span) -> Diagnostic {
    Diagnostic(
      ProfileRules.missingKey, "\(schema.title) needs \(field.key)", at: span, help: field.summary.asHelp)
  }

  static func missingOneOf(_ keys: [String], of name: String, at span: Span) -> Diagnostic {
    Diagnostic(
      ProfileRules.missingKey, "\(name) needs one of \(keys.joined(separator: ", "))", at: span,
      help: "which of them it has says what it is")
  }
}

extension String {
  /// A summary as the help of a finding: lower case where it starts with an ordinary word, no full stop.
  fileprivate var asHelp: String {
    var text = self
    if text.hasSuffix(".") { text.removeLast() }
    guard let first = text.first, text.dropFirst().first?.isUppercase != true, !text.hasSuffix("=") else {
      return text
    }
    return first.lowercased() + text.dropFirst()
  }
}

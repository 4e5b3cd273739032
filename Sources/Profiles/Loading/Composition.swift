internal import YAMLSources

/// Puts a document over another, key by key, as the schema says.
///
/// Mappings are merged, everything else is replaced: lists, values, references and the contents of
/// files as a whole. `key+` adds to a list, `key-` takes away from it, null unsets.
enum Composition {
  static func merge(_ base: YAMLNode?, _ over: YAMLNode, as schema: ObjectSchema) -> YAMLNode {
    mergeEntries(base, over) { key in schema.field(key)?.type }
  }

  private static func merge(_ base: YAMLNode?, _ over: YAMLNode, as type: SchemaType?) -> YAMLNode {
    switch type {
    case .object(let schema)?: merge(base, over, as: schema)
    case .map(_, let value)?: mergeEntries(base, over) { _ in value }
    case .variants(let schemas)? where !startsVariant(over, schemas):
      mergeEntries(base, over) { key in schemas.lazy.compactMap { $0.field(key)?.type }.first }
    case .either(_, let long)?:
      if case .mapping = over.content { merge(base, over, as: long) } else { over }
    default: over
    }
  }

  private static func startsVariant(_ node: YAMLNode, _ schemas: [ObjectSchema]) -> Bool {
    node.entries.contains { entry in schemas.contains { $0.fields.first?.key == entry.key } }
  }

  private static func mergeEntries(
    _ base: YAMLNode?, _ over: YAMLNode, type: (String) -> SchemaType?
  ) -> YAMLNode {
    guard case .mapping(let changes) = over.content else { return over }
    var entries = base?.entries ?? []
    for change in changes {
      let (key, listOperator) = ListOperator.split(change.key)
      let index = entries.firstIndex { $0.key == key }
      let former = index.map { entries[$0].value }
      if change.value.isNull, listOperator == nil {
        if let index { entries.remove(at: index) }
        continue
      }
      let value =
        listOperator.map { apply($0, change.value, to: former) }
        ?? merge(former, change.value, as: type(key))
      let entry = YAMLEntry(key: key, keySpan: change.keySpan, value: value)
      if let index { entries[index] = entry } else { entries.append(entry) }
    }
    return YAMLNode(content: .mapping(entries), span: over.span)
  }

  private static func apply(_ listOperator: ListOperator, _ change: YAMLNode, to former: YAMLNode?) -> YAMLNode {
    let elements = former?.elements ?? []
    switch listOperator {
    case .add:
      let known = Set(elements.compactMap(\.scalarText))
      let added = change.elements.filter { $0.scalarText.map { !known.contains($0) } ?? true }
      return YAMLNode(content: .sequence(elements + added), span: change.span)
    case .remove:
      let removed = Set(change.elements.compactMap(\.scalarText))
      let kept = elements.filter { $0.scalarText.map { !removed.contains($0) } ?? true }
      return YAMLNode(content: .sequence(kept), span: change.span)
    }
  }
}

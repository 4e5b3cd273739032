internal import Diagnostics
internal import YAMLSources

/// Puts a document over another, key by key, as the schema says.
///
/// Mappings are merged, everything else is replaced: lists, values, references and the contents of
/// files as a whole. `key+` adds to a list, `key-` takes away from it, null unsets.
struct Composition {
  /// Words that were to be taken away and were not there.
  private(set) var report = Report()

  mutating func merge(_ base: YAMLNode?, _ over: YAMLNode, as schema: ObjectSchema) -> YAMLNode {
    mergeEntries(base, over) { key in schema.field(key)?.type }
  }

  private mutating func merge(_ base: YAMLNode?, _ over: YAMLNode, as type: SchemaType?) -> YAMLNode {
    switch type {
    case .object(let schema)?: merge(base, over, as: schema)
    case .map(_, let value)?: mergeEntries(base, over) { _ in value }
    case .variants(let schemas)?:
      // Another telling key makes it another thing: nothing of the old one is left.
      mergeEntries(Self.isOther(over, schemas, than: base) ? nil : base, over) { key in
        schemas.lazy.compactMap { $0.field(key)?.type }.first
      }
    case .either(_, let long)?:
      if case .mapping = over.content { merge(Self.mapping(base), over, as: long) } else { over }
    default: over
    }
  }

  private static func isOther(_ over: YAMLNode, _ schemas: [ObjectSchema], than base: YAMLNode?) -> Bool {
    let telling = Set(schemas.compactMap { $0.fields.first?.key })
    let keys = { (node: YAMLNode) in Set(node.entries.map(\.key)).intersection(telling) }
    return base.map { !keys(over).isEmpty && keys($0) != keys(over) } ?? false
  }

  /// A long form over a short one: only a mapping can be added to.
  private static func mapping(_ node: YAMLNode?) -> YAMLNode? {
    if case .mapping? = node?.content { node } else { nil }
  }

  private mutating func mergeEntries(
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
        if let listOperator { apply(listOperator, change.value, to: former) } else {
          merge(former, change.value, as: type(key))
        }
      let entry = YAMLEntry(key: key, keySpan: change.keySpan, value: value)
      if let index { entries[index] = entry } else { entries.append(entry) }
    }
    return YAMLNode(content: .mapping(entries), span: over.span)
  }

  private mutating func apply(_ listOperator: ListOperator, _ change: YAMLNode, to former: YAMLNode?)
    -> YAMLNode
  {
    let elements = former?.elements ?? []
    let known = Set(elements.compactMap(\.scalarText))
    switch listOperator {
    case .add:
      let added = change.elements.filter { $0.scalarText.map { !known.contains($0) } ?? true }
      return YAMLNode(content: .sequence(elements + added), span: change.span)
    case .remove:
      for element in change.elements {
        if let word = element.scalarText, !known.contains(word) { reportAbsence(of: word, element, known) }
      }
      let removed = Set(change.elements.compactMap(\.scalarText))
      let kept = elements.filter { $0.scalarText.map { !removed.contains($0) } ?? true }
      return YAMLNode(content: .sequence(kept), span: change.span)
    }
  }

  private mutating func reportAbsence(of word: String, _ element: YAMLNode, _ known: Set<String>) {
    let nearest = Suggestion.nearest(to: word, in: known.sorted())
    report.add(
      Diagnostic(
        ProfileRules.nothingToRemove, "\(word) is not in the list it is taken from", at: element.span,
        help: nearest.map { "did you mean \($0)?" } ?? "take the word away, or add it where the list is made")
    )
  }
}

internal import Diagnostics
internal import YAMLSources

/// Holds a document against its schema: every key, type and value, all problems at once.
struct SchemaValidation {
  /// Whether `key+`, `key-` and null mean something here.
  let isComposed: Bool
  private(set) var report = Report()

  init(isComposed: Bool) {
    self.isComposed = isComposed
  }

  mutating func validate(_ node: YAMLNode, as type: SchemaType, key: String) {
    switch type {
    case .scalar(let scalar): validate(node, as: scalar, key: key, takesReference: false)
    case .value(let scalar): validate(node, as: scalar, key: key, takesReference: true)
    case .content: validateContent(node, key: key)
    case .list(let element, let minimum): validateList(node, of: element, minimum: minimum, key: key)
    case .map(let keyType, let value): validateMap(node, key: keyType, value: value, name: key)
    case .object(let schema): validate(node, as: schema, key: key)
    case .variants(let schemas): validateVariants(node, schemas, key: key)
    case .either(let short, let long):
      if case .scalar = node.content { validate(node, as: short, key: key) } else { validate(node, as: long, key: key) }
    }
  }

  mutating func validate(_ node: YAMLNode, as schema: ObjectSchema, key: String) {
    guard case .mapping(let entries) = node.content else {
      return wrongType(node, expected: "a mapping that describes \(schema.title)", key: key)
    }
    for entry in entries {
      let (name, listOperator) = ListOperator.split(entry.key)
      guard let field = schema.field(name) else {
        unknownKey(entry, name: name, schema: schema)
        continue
      }
      if listOperator != nil {
        guard isComposed, case .list = field.type else {
          report.add(
            Diagnostic(
              ProfileRules.misplacedOperator, "\(entry.key) is for lists that are composed", at: entry.keySpan,
              help: "write \(name)"))
          continue
        }
      } else if isComposed, entry.value.isNull {
        continue
      }
      validate(entry.value, as: field.type, key: name)
    }
  }

  private mutating func validate(
    _ node: YAMLNode, as scalar: ScalarType, key: String, takesReference: Bool
  ) {
    switch node.content {
    case .scalar(let text, let isPlain):
      if scalar.jsonType != .string, !isPlain {
        wrongType(node, expected: "\(scalar.expected), without quotes", key: key)
      } else if isPlain, text.isEmpty {
        invalid(node, "\(key) has no value", scalar)
      } else if !scalar.accepts(text) {
        invalid(node, "\(quoted(text)) is not \(scalar.expected)", scalar)
      }
    case .mapping where takesReference: validateReference(node)
    case .mapping, .sequence: wrongType(node, expected: scalar.expected, key: key)
    }
  }

  private mutating func validateReference(_ node: YAMLNode) {
    guard case .mapping(let entries) = node.content, let first = entries.first else {
      return wrongType(node, expected: "a reference", key: "value")
    }
    let leading = entries.first { ReferenceSchema.variant(startedBy: $0.key) != nil && isLeading($0.key, entries) }
    guard let leading, let schema = ReferenceSchema.variant(startedBy: leading.key) else {
      let known = ReferenceSchema.variants.compactMap { $0.fields.first?.key }
      report.add(
        Diagnostic(
          ProfileRules.unknownKey, "there is no reference \(quoted(first.key))", at: first.keySpan,
          help: suggestion(for: first.key, among: known)))
      return
    }
    validate(node, as: schema, key: leading.key)
    requireKeys(node, entries, schema)
  }

  /// `port` starts a reference only when `each` and `leader`, which have a port of their own, do not.
  private func isLeading(_ key: String, _ entries: [YAMLEntry]) -> Bool {
    key != "port" || !entries.contains { $0.key == "each" || $0.key == "leader" }
  }

  private mutating func validateContent(_ node: YAMLNode, key: String) {
    switch node.content {
    case .scalar: break
    case .sequence(let elements): for element in elements { validateContent(element, key: key) }
    case .mapping(let entries):
      if Reference.isReference(entries) {
        validateReference(node)
      } else {
        for entry in entries { validateContent(entry.value, key: entry.key) }
      }
    }
  }

  private mutating func validateList(_ node: YAMLNode, of element: SchemaType, minimum: Int, key: String) {
    guard case .sequence(let elements) = node.content else {
      return wrongType(node, expected: "a list", key: key)
    }
    if elements.count < minimum {
      let least = minimum == 1 ? "one element" : "\(minimum) elements"
      report.add(Diagnostic(ProfileRules.emptyList, "\(key) needs at least \(least)", at: node.span))
    }
    for item in elements { validate(item, as: element, key: key) }
  }

  private mutating func validateMap(_ node: YAMLNode, key: ScalarType, value: SchemaType, name: String) {
    guard case .mapping(let entries) = node.content else { return wrongType(node, expected: "a mapping", key: name) }
    for entry in entries {
      let (entryName, listOperator) = ListOperator.split(entry.key)
      if listOperator != nil {
        guard isComposed, case .list = value, key.accepts(entryName) else {
          report.add(
            Diagnostic(
              ProfileRules.misplacedOperator, "\(entry.key) is for lists that are composed", at: entry.keySpan))
          continue
        }
      } else if !key.accepts(entry.key) {
        report.add(
          Diagnostic(
            ProfileRules.invalidValue, "\(quoted(entry.key)) is not \(key.expected)", at: entry.keySpan,
            help: suggestion(for: entry.key, among: key.choices)))
      }
      if isComposed, entry.value.isNull { continue }
      validate(entry.value, as: value, key: entry.key)
    }
  }

  private mutating func validateVariants(_ node: YAMLNode, _ schemas: [ObjectSchema], key: String) {
    guard case .mapping(let entries) = node.content else {
      return wrongType(node, expected: "a mapping", key: key)
    }
    let leading = schemas.compactMap { $0.fields.first?.key }
    let present = entries.filter { leading.contains($0.key) }
    guard let first = present.first, let schema = schemas.first(where: { $0.fields.first?.key == first.key }) else {
      if isComposed { return validatePartialVariant(entries, schemas) }
      report.add(
        Diagnostic(
          ProfileRules.missingKey, "\(key) needs one of \(leading.joined(separator: ", "))", at: node.span))
      return
    }
    if present.count > 1 {
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, "\(present[1].key) excludes \(first.key)", at: present[1].keySpan,
          related: [Label("\(first.key) is here", at: first.keySpan)]))
    }
    let named = Set(present.dropFirst().map(\.key))
    let rest = YAMLNode(content: .mapping(entries.filter { !named.contains($0.key) }), span: node.span)
    validate(rest, as: schema, key: key)
    if !isComposed { requireKeys(node, entries, schema) }
  }

  /// A part of a variant whose telling key stands where it is composed with.
  private mutating func validatePartialVariant(_ entries: [YAMLEntry], _ schemas: [ObjectSchema]) {
    for entry in entries {
      guard let field = schemas.compactMap({ $0.field(entry.key) }).first else {
        unknownKey(entry, name: entry.key, schema: schemas[0])
        continue
      }
      if !entry.value.isNull { validate(entry.value, as: field.type, key: entry.key) }
    }
  }

  /// Names the required keys a mapping lacks.
  mutating func requireKeys(_ node: YAMLNode, _ entries: [YAMLEntry], _ schema: ObjectSchema) {
    for field in schema.fields where field.isRequired && !entries.contains(where: { $0.key == field.key }) {
      report.add(
        Diagnostic(
          ProfileRules.missingKey, "\(schema.title) needs \(field.key)", at: node.span, help: field.summary.lowercasedFirst))
    }
  }

  private mutating func unknownKey(_ entry: YAMLEntry, name: String, schema: ObjectSchema) {
    let known = schema.fields.map(\.key)
    report.add(
      Diagnostic(
        ProfileRules.unknownKey, "\(schema.title) has no key \(quoted(name))", at: entry.keySpan,
        help: suggestion(for: name, among: known)))
  }

  private mutating func wrongType(_ node: YAMLNode, expected: String, key: String) {
    report.add(
      Diagnostic(ProfileRules.wrongType, "\(key) is \(node.kindName); expected \(expected)", at: node.span))
  }

  private mutating func invalid(_ node: YAMLNode, _ message: String, _ scalar: ScalarType) {
    var help = scalar.choices.isEmpty ? nil : suggestion(for: node.scalarText ?? "", among: scalar.choices)
    if let range = scalar.range, let text = node.scalarText, Grammar.decimal(text) != nil, range.lowerBound > Int.min {
      help = "give a number from \(range.lowerBound) to \(range.upperBound)"
    }
    report.add(Diagnostic(ProfileRules.invalidValue, message, at: node.span, help: help))
  }

  private func suggestion(for word: String, among known: [String]) -> String? {
    if let nearest = Suggestion.nearest(to: word, in: known) { return "did you mean \(nearest)?" }
    return known.isEmpty ? nil : "known: " + known.joined(separator: ", ")
  }

  private func quoted(_ text: String) -> String {
    text.utf8.count > 60 ? "\"\(text.prefix(57))…\"" : "\"\(text)\""
  }
}

/// `key+` adds to a list that was composed so far, `key-` takes away from it.
enum ListOperator {
  case add, remove

  /// The key without its operator.
  static func split(_ key: String) -> (name: String, listOperator: ListOperator?) {
    switch key.utf8.last {
    case UInt8(ascii: "+"): (String(key.dropLast()), .add)
    case UInt8(ascii: "-"): (String(key.dropLast()), .remove)
    default: (key, nil)
    }
  }
}

extension YAMLNode {
  /// How messages call what stands there.
  var kindName: String {
    switch content {
    case .scalar: "a single value"
    case .sequence: "a list"
    case .mapping: "a mapping"
    }
  }

  var scalarText: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  subscript(key: String) -> YAMLNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  var entries: [YAMLEntry] {
    if case .mapping(let entries) = content { entries } else { [] }
  }

  var elements: [YAMLNode] {
    if case .sequence(let elements) = content { elements } else { [] }
  }
}

extension String {
  fileprivate var lowercasedFirst: String {
    guard let first, dropFirst().first?.isUppercase != true else { return self }
    return first.lowercased() + dropFirst()
  }
}

internal import Diagnostics
internal import YAMLSources

/// Holds a document against its schema: every key, type and value, all problems at once. What lacks
/// is looked for once the document is composed, by `Completeness`.
struct SchemaValidation {
  /// Whether `key+`, `key-` and null mean something here.
  let isComposed: Bool
  var report = Report()

  init(isComposed: Bool) {
    self.isComposed = isComposed
  }

  mutating func validate(_ node: YAMLNode, as type: SchemaType, key: String) {
    switch type {
    case .scalar(let scalar): validate(node, as: scalar, key: key, takesReference: false)
    case .value(let scalar): validate(node, as: scalar, key: key, takesReference: true)
    case .content: validateContent(node, key: key)
    case .list(let element, let minimum, let maximum):
      validateList(node, of: element, minimum: minimum, maximum: maximum, key: key)
    case .map(let keyType, let value): validateMap(node, key: keyType, value: value, name: key)
    case .object(let schema): validate(node, as: schema, key: key)
    case .variants(let schemas): validateVariants(node, schemas, key: key)
    case .either(let short, let long):
      if case .scalar = node.content {
        validate(node, as: short, key: key)
      } else {
        validate(node, as: long, key: key)
      }
    }
  }

  mutating func validate(_ node: YAMLNode, as schema: ObjectSchema, key: String) {
    guard case .mapping(let entries) = node.content else {
      return wrongType(node, expected: "a mapping that describes \(schema.title)", key: key)
    }
    for entry in entries {
      let (name, listOperator) = ListOperator.split(entry.key)
      guard let field = schema.field(name) else {
        unknownKey(entry, name: name, known: schema.fields.map(\.key), title: schema.title)
        continue
      }
      if listOperator != nil {
        guard isComposed, field.isAdded, case .list(let element, _, _) = field.type else {
          misplacedOperator(entry, name: name)
          continue
        }
        validate(entry.value, as: .list(element, minimum: 1), key: entry.key)
      } else if !(isComposed && entry.value.isUnset && !field.isRequired) {
        validate(entry.value, as: field.type, key: name)
      }
    }
    reportTwoWays(entries)
  }

  private mutating func validate(
    _ node: YAMLNode, as scalar: ScalarType, key: String, takesReference: Bool
  ) {
    switch node.content {
    case .scalar(let text, let isPlain):
      if scalar.jsonType != .string, !isPlain {
        report.add(
          Diagnostic(
            ProfileRules.wrongType, "\(key) is a text; expected \(scalar.expected), without quotes",
            at: node.span,
            help: scalar.accepts(text) ? "take the quotes away" : nil))
      } else if node.isNull {
        invalid(node, "\(key) has no value", help: help(onAbsence: text), scalar)
      } else if !scalar.accepts(text) {
        invalid(node, "\(quoted(text)) is not \(scalar.expected)", help: nil, scalar)
      }
    case .mapping where takesReference: validateReference(node)
    case .mapping, .sequence: wrongType(node, expected: scalar.expected, key: key)
    }
  }

  private func help(onAbsence text: String) -> String {
    if !text.isEmpty { return "quote it to mean the word" }
    return isComposed ? "write null to unset what was set before" : "write one, or take the key away"
  }

  // MARK: Lists and mappings

  private mutating func validateList(
    _ node: YAMLNode, of element: SchemaType, minimum: Int, maximum: Int?, key: String
  ) {
    guard case .sequence(let elements) = node.content else {
      return wrongType(node, expected: "a list", key: key)
    }
    if elements.count < minimum || elements.count > maximum ?? Int.max {
      let count = { (number: Int) in number == 1 ? "one element" : "\(number) elements" }
      let wanted = maximum == minimum ? count(minimum) : "at least " + count(minimum)
      report.add(Diagnostic(ProfileRules.elementCount, "\(key) needs \(wanted)", at: node.span))
    }
    for item in elements { validate(item, as: element, key: key) }
    if element.isUnique { reportRepeated(elements, key: key) }
  }

  private mutating func reportRepeated(_ elements: [YAMLNode], key: String) {
    var first: [String: Span] = [:]
    for element in elements {
      guard let word = element.scalarText else { continue }
      if let span = first[word] {
        report.add(
          Diagnostic(
            ProfileRules.listedTwice, "\(quoted(word)) is in \(key) already", at: element.span,
            related: [Label("first listed here", at: span)], help: "take one of the two away"))
      } else {
        first[word] = element.span
      }
    }
  }

  private mutating func validateMap(_ node: YAMLNode, key: ScalarType, value: SchemaType, name: String) {
    guard case .mapping(let entries) = node.content else {
      return wrongType(node, expected: "a mapping", key: name)
    }
    for entry in entries {
      let (entryName, listOperator) = ListOperator.split(entry.key)
      if listOperator != nil, key.accepts(entryName) {
        guard isComposed, case .list = value else {
          misplacedOperator(entry, name: entryName)
          continue
        }
      } else if !key.accepts(entry.key) {
        report.add(
          Diagnostic(
            ProfileRules.invalidValue, "\(quoted(entry.key)) is not \(key.expected)", at: entry.keySpan,
            help: suggestion(for: entry.key, among: key.choices)))
      }
      if isComposed, listOperator == nil, entry.value.isUnset { continue }
      validate(entry.value, as: value, key: entry.key)
    }
    reportTwoWays(entries)
  }

  /// A key beside its own `key+`: which of them is first is no question anybody should have.
  private mutating func reportTwoWays(_ entries: [YAMLEntry]) {
    guard isComposed else { return }
    for entry in entries {
      let (name, listOperator) = ListOperator.split(entry.key)
      guard listOperator != nil, let plain = entries.first(where: { $0.key == name }) else { continue }
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, "\(entry.key) excludes \(name)", at: entry.keySpan,
          related: [Label("\(name) is here", at: plain.keySpan)],
          help: "write the whole list, or only what is added"))
    }
  }

  private mutating func validateVariants(_ node: YAMLNode, _ schemas: [ObjectSchema], key: String) {
    guard case .mapping(let entries) = node.content else {
      return wrongType(node, expected: "a mapping", key: key)
    }
    let leading = schemas.compactMap { $0.fields.first?.key }
    let present = entries.filter { leading.contains($0.key) && !(isComposed && $0.value.isUnset) }
    guard let first = present.first, let schema = schemas.first(where: { $0.fields.first?.key == first.key })
    else {
      return validatePartialVariant(entries, schemas)
    }
    if present.count > 1 {
      report.add(
        Diagnostic(
          ProfileRules.exclusiveKeys, "\(present[1].key) excludes \(first.key)", at: present[1].keySpan,
          related: [Label("\(first.key) is here", at: first.keySpan)], help: "keep one of them"))
    }
    let others = Set(leading).subtracting([first.key])
    let rest = YAMLNode(content: .mapping(entries.filter { !others.contains($0.key) }), span: node.span)
    validate(rest, as: schema, key: key)
  }

  /// A part of a variant whose telling key stands where it is composed with.
  private mutating func validatePartialVariant(_ entries: [YAMLEntry], _ schemas: [ObjectSchema]) {
    for entry in entries {
      let (name, listOperator) = ListOperator.split(entry.key)
      guard let field = schemas.compactMap({ $0.field(name) }).first else {
        let known = schemas.flatMap { $0.fields.map(\.key) }
        unknownKey(
          entry, name: name, known: known.uniqued, title: schemas.map(\.title).joined(separator: " or "))
        continue
      }
      if listOperator != nil {
        guard isComposed, case .list = field.type else {
          misplacedOperator(entry, name: name)
          continue
        }
      }
      if !(isComposed && entry.value.isUnset) { validate(entry.value, as: field.type, key: name) }
    }
  }

  // MARK: Findings

  mutating func unknownKey(_ entry: YAMLEntry, name: String, known: [String], title: String) {
    report.add(
      Diagnostic(
        ProfileRules.unknownKey, "\(title) has no key \(quoted(name))", at: entry.keySpan,
        help: suggestion(for: name, among: known)))
  }

  private mutating func misplacedOperator(_ entry: YAMLEntry, name: String) {
    report.add(
      Diagnostic(
        ProfileRules.misplacedOperator, "\(quoted(entry.key)) is for lists that are composed",
        at: entry.keySpan,
        help: "write \(name)"))
  }

  mutating func wrongType(_ node: YAMLNode, expected: String, key: String) {
    let found = node.isNull ? "\(key) has no value" : "\(key) is \(node.kindName)"
    report.add(Diagnostic(ProfileRules.wrongType, "\(found); expected \(expected)", at: node.span))
  }

  private mutating func invalid(_ node: YAMLNode, _ message: String, help: String?, _ scalar: ScalarType) {
    var help =
      help
      ?? (scalar.choices.isEmpty || node.isNull
        ? nil : suggestion(for: node.scalarText ?? "", among: scalar.choices))
    if let range = scalar.range, let text = node.scalarText, Grammar.decimal(text) != nil,
      range.lowerBound > Int.min
    {
      help = "give a number from \(range.lowerBound) to \(range.upperBound)"
    }
    report.add(Diagnostic(ProfileRules.invalidValue, message, at: node.span, help: help))
  }

  func suggestion(for word: String, among known: [String]) -> String? {
    if let nearest = Suggestion.nearest(to: word, in: known) { return "did you mean \(nearest)?" }
    return known.isEmpty ? nil : "known: " + known.joined(separator: ", ")
  }

  func quoted(_ text: String) -> String {
    text.utf8.count > 60 ? "\"\(text.prefix(57))…\"" : "\"\(text)\""
  }
}

extension [String] {
  /// Each element once, in order.
  fileprivate var uniqued: [String] {
    var seen = Set<String>()
    return filter { seen.insert($0).inserted }
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
  /// Whether this is null, written out: a value left out is mostly a forgotten one.
  var isUnset: Bool { isNull && scalarText != "" }

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

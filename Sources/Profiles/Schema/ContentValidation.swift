internal import Diagnostics
internal import YAMLSources

/// References, and the content of configuration files, which has no schema of its own.
extension SchemaValidation {
  mutating func validateReference(_ node: YAMLNode) {
    guard case .mapping(let entries) = node.content, let first = entries.first else {
      return wrongType(node, expected: "a value or a reference to one", key: "the mapping")
    }
    guard let leading = Reference.leadingEntry(entries),
      let schema = ReferenceSchema.variant(startedBy: leading.key)
    else {
      let known = ReferenceSchema.variants.compactMap { $0.fields.first?.key }
      report.add(
        Diagnostic(
          ProfileRules.unknownKey, "there is no reference \(quoted(first.key))", at: first.keySpan,
          help: suggestion(for: first.key, among: known)))
      return
    }
    validate(node, as: schema, key: leading.key)
    report.merge(Completeness.report(on: node, as: schema))
    if let form = node["as"] { validateForm(form) }
  }

  /// What stands between braces in `as`, whether or not there is a peer to put in its place.
  private mutating func validateForm(_ node: YAMLNode) {
    guard let form = node.scalarText else { return }
    guard let word = Reference.unknownPlaceholder(in: form) else { return }
    report.add(
      Diagnostic(
        ProfileRules.unknownPlaceholder, "\(quoted(word)) means nothing here", at: node.span,
        help: "known: " + ReferenceSchema.placeholders.map { "{\($0)}" }.joined(separator: ", ")))
  }

  mutating func validateContent(_ node: YAMLNode, key: String) {
    switch node.content {
    case .scalar(let text, let isPlain): if isPlain { validatePlain(text, node, key: key) }
    case .sequence(let elements): for element in elements { validateContent(element, key: key) }
    case .mapping(let entries):
      if Reference.isReference(entries) {
        validateReference(node)
      } else {
        for entry in entries { validateContent(entry.value, key: entry.key) }
      }
    }
  }

  /// Without quotes a number or a truth keeps its type. What readers of YAML take for another value
  /// than is written here is refused.
  private mutating func validatePlain(_ text: String, _ node: YAMLNode, key: String) {
    if node.isNull {
      report.add(
        Diagnostic(
          ProfileRules.invalidValue, "\(key) has no value", at: node.span,
          help: "leave the key out, or write \"\" for an empty text"))
    } else if PlainScalar.isAmbiguous(text) {
      report.add(
        Diagnostic(
          ProfileRules.ambiguousValue, "\(quoted(text)) is read in more than one way", at: node.span,
          help: "quote it to mean the text; numbers are whole and decimal, truths are true and false"))
    }
  }
}

/// Texts without quotes that YAML 1.1, YAML 1.2 and JSON do not agree on, or that would lose their type.
enum PlainScalar {
  static func isAmbiguous(_ text: String) -> Bool {
    if ["True", "TRUE", "False", "FALSE", "Null", "NULL"].contains(text) { return true }
    if Grammar.decimal(text) != nil { return false }
    let bytes = Array(text.utf8)
    let unsigned = bytes.first == 43 || bytes.first == 45 ? bytes.dropFirst() : bytes[...]
    let word = String(decoding: unsigned, as: UTF8.self)
    if [".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN"].contains(word) { return true }
    if word.hasPrefix("0x") || word.hasPrefix("0o") {
      return word.utf8.count > 2 && word.utf8.dropFirst(2).allSatisfy(\.isHexadecimal)
    }
    return isNumber(unsigned)
  }

  /// Digits with at most one point and an exponent, a digit among them.
  private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
    let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == 101 || $0 == 69 }
    guard let mantissa = parts.first, mantissa.contains(where: \.isDigit),
      mantissa.count(where: { $0 == 46 }) <= 1,
      mantissa.allSatisfy({ $0.isDigit || $0 == 46 })
    else { return false }
    guard parts.count == 2 else { return true }
    let exponent = parts[1].first == 43 || parts[1].first == 45 ? parts[1].dropFirst() : parts[1]
    return !exponent.isEmpty && exponent.allSatisfy(\.isDigit)
  }
}

extension UInt8 {
  fileprivate var isDigit: Bool { (48...57).contains(self) }
  fileprivate var isHexadecimal: Bool { isDigit || (65...70).contains(self) || (97...102).contains(self) }
}

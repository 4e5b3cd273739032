internal import YAMLSources

/// A one-key map that stands for a value.
enum Reference {
  /// Whether a mapping is a reference: its telling key is one, and it has no key but that one's.
  static func isReference(_ entries: [YAMLEntry]) -> Bool {
    guard let leading = leadingEntry(entries), let schema = ReferenceSchema.variant(startedBy: leading.key)
    else {
      return false
    }
    return leading.value.scalarText != nil && entries.allSatisfy { schema.field($0.key) != nil }
  }

  /// The entry that tells which reference it is: `each` and `leader` before `port`, which they have too.
  static func leadingEntry(_ entries: [YAMLEntry]) -> YAMLEntry? {
    entries.first { $0.key == "each" || $0.key == "leader" }
      ?? entries.first { ReferenceSchema.variant(startedBy: $0.key) != nil }
  }

  /// Puts words in place of `{name}` and its like; `nil` when there is no word for one.
  static func fill(_ form: String, _ words: [String: String]) -> String? {
    var text = ""
    var rest = form[...]
    while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
      guard let value = words[String(rest[rest.index(after: open)..<close])] else { return nil }
      text += rest[..<open] + value
      rest = rest[rest.index(after: close)...]
    }
    return text + rest
  }

  /// The first thing with a brace that `fill` has no word for; a brace without its other half too.
  static func unknownPlaceholder(in form: String) -> String? {
    var rest = form[...]
    while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
      guard rest[brace] == "{", let close = rest[brace...].firstIndex(of: "}") else {
        return String(rest[brace])
      }
      let word = String(rest[rest.index(after: brace)..<close])
      guard ReferenceSchema.placeholders.contains(word) else { return "{\(word)}" }
      rest = rest[rest.index(after: close)...]
    }
    return nil
  }
}

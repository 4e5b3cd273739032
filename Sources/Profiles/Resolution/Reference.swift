internal import YAMLSources

/// A one-key map that stands for a value.
enum Reference {
  /// Whether a mapping is a reference: its telling key is one, names something, and there is no key but that
  /// one's.
  static func isReference(_ entries: [YAMLEntry]) -> Bool {
    guard let leading = leadingEntry(entries), let schema = ReferenceSchema.variant(startedBy: leading.key)
    else {
      return false
    }
    guard let word = leading.value.scalarText, entries.allSatisfy({ schema.field($0.key) != nil }) else {
      return false
    }
    // `{port: 8080}` and `{file: /etc/x}` are what a program reads: no name looks like that.
    return word.utf8.first.map(Self.isLetter) ?? true
      && word.utf8.allSatisfy { Self.isLetter($0) || Self.isInner($0) }
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (65...90).contains(byte) || (97...122).contains(byte)
  }

  private static func isInner(_ byte: UInt8) -> Bool { (48...57).contains(byte) || byte == 45 || byte == 95 }

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

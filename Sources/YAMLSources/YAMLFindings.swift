import Diagnostics

/// What each rule says.
extension YAMLRules {
  static func notUTF8(at span: Span) -> Diagnostic {
    Diagnostic(notUTF8, "the text is not UTF-8 here", at: span, help: "save the file as UTF-8")
  }

  static func byteOrderMark(_ encoding: String, at span: Span) -> Diagnostic {
    Diagnostic(
      byteOrderMark, "the file starts with a byte order mark of \(encoding)", at: span,
      help: "save the file as UTF-8 without byte order mark",
      fix: encoding == "UTF-8" ? Fix(.safe, [.init(span, "")]) : nil)
  }

  static func controlCharacter(_ value: UInt32, at span: Span) -> Diagnostic {
    let digits = String(value, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    if value == 0x0d {
      return Diagnostic(
        controlCharacter, "carriage return without line feed", at: span, help: "end lines by LF or CRLF")
    }
    return Diagnostic(
      controlCharacter, "invisible character \(name)", at: span,
      help: value == 0 ? "remove it" : "remove it, or write \"\\u\(name.dropFirst(2))\" in double quotes")
  }

  static func nulEscape(at span: Span) -> Diagnostic {
    Diagnostic(
      controlCharacter, "the value holds the character NUL", at: span,
      help: "remove the escape: no file, argument or unit can hold a NUL")
  }

  static func tooLarge(_ size: Int, _ limit: Int, _ source: SourceID) -> Diagnostic {
    Diagnostic(
      tooLarge, "the file has \(size) bytes, more than \(limit)", at: Span(source: source, start: 0, end: 0),
      help: "split it, or check that it is the file you mean")
  }

  static func tooDeep(_ limit: Int, at span: Span) -> Diagnostic {
    Diagnostic(
      tooDeep, "lists and mappings are nested more than \(limit) levels", at: span,
      help: "flatten the value; no key of a profile needs such depth")
  }

  static func tooManyNodes(_ limit: Int, at span: Span) -> Diagnostic {
    Diagnostic(
      tooManyNodes, "the file has more than \(limit) keys and values", at: span,
      help: "split it into several files")
  }

  static func keyTooLong(at span: Span) -> Diagnostic {
    Diagnostic(
      keyTooLong, "the key is longer than \(YAMLLimits.keyLength) characters", at: span,
      help: "shorten it; if it is meant as a text, put the whole value into quotes")
  }

  static func emptyDocument(at span: Span) -> Diagnostic {
    Diagnostic(
      emptyDocument, "the file is empty", at: span, help: "write at least one key, or remove the file")
  }

  static func severalDocuments(at span: Span) -> Diagnostic {
    Diagnostic(
      severalDocuments, "a second document starts here", at: span, help: "move it to a file of its own")
  }

  static func tabIndentation(at span: Span) -> Diagnostic {
    Diagnostic(tabIndentation, "tab where only spaces may indent", at: span, help: "indent by two spaces")
  }

  static func duplicateKey(_ name: String, at span: Span, first: Span) -> Diagnostic {
    Diagnostic(
      duplicateKey, "key `\(name.prefix(60))` is already set", at: span,
      related: [Label("first set here", at: first)], help: "keep one of the two")
  }

  static func structuredKey(at span: Span) -> Diagnostic {
    Diagnostic(
      structuredKey, "a key must be a text", at: span,
      help: "if the brackets are part of a text, put it into quotes")
  }

  static func emptyKey(at span: Span) -> Diagnostic {
    Diagnostic(emptyKey, "the key is empty", at: span, help: "write a name before the `:`")
  }

  static func mergeKey(at span: Span) -> Diagnostic {
    Diagnostic(
      mergeKey, "merge keys are not part of YAML 1.2", at: span,
      help: "put what is shared into a role, or write the keys out")
  }

  static func anchor(at span: Span) -> Diagnostic {
    Diagnostic(
      anchor, "anchors are not used in profiles", at: span,
      help: "remove it; put what is shared into a role; quote a text that starts with `&`")
  }

  static func alias(at span: Span) -> Diagnostic {
    Diagnostic(
      alias, "aliases are not used in profiles", at: span,
      help: "write the value out; quote a text that starts with `*`")
  }

  static func tag(at span: Span) -> Diagnostic {
    Diagnostic(
      tag, "tags are not used in profiles", at: span, help: "remove it; quote a text that starts with `!`")
  }

  static func directive(at span: Span) -> Diagnostic {
    Diagnostic(directive, "directives are not used in profiles", at: span, help: "remove the line")
  }
}

import Diagnostics

/// Says in a person's words what libyaml says in a parser's, and at the place that must be changed.
enum YAMLSyntaxError {
  /// Where the finding points.
  private enum Place {
    /// What could not be read.
    case problem
    /// What was being read: the open quote, the key without `:`.
    case context
    /// What could not be read, with the open bracket as related place; the bracket when the text ended.
    case bracket(String)
  }

  private struct Wording {
    let problem: String
    let message: String
    let help: String
    var place = Place.problem
  }

  static func diagnostic(of failure: YAMLFailure, in text: YAMLSourceBytes) -> Diagnostic {
    let offset = text.offsets.offset(of: failure.index)
    let context = text.offsets.offset(of: failure.contextIndex)
    if offset < text.bytes.count, text.bytes[offset] == UInt8(ascii: "\t") {
      return YAMLRules.tabIndentation(at: tabs(at: offset, in: text))
    }
    if let key = longKey(failure, at: offset, context: context, in: text) {
      return YAMLRules.keyTooLong(at: key)
    }
    if let finding = recognized(failure, at: offset, in: text) { return finding }
    guard let wording = wordings.first(where: { $0.problem == failure.problem }) else {
      return Diagnostic(
        YAMLRules.syntax, failure.problem, at: text.character(at: offset),
        help: "see YAML 1.2, or put the text into quotes")
    }
    return place(wording, offset: offset, context: context, in: text)
  }

  /// Syntax errors of libyaml that are findings of another rule here.
  private static func recognized(
    _ failure: YAMLFailure, at offset: Int, in text: YAMLSourceBytes
  ) -> Diagnostic? {
    switch failure.problem {
    case "found undefined tag handle":
      YAMLRules.tag(at: text.span(offset, text.propertyEnd(from: offset, to: text.bytes.count)))
    case "did not find expected key" where text.bytes[offset...].first == UInt8(ascii: ":"),
      "did not find expected node content" where text.bytes[offset...].first == UInt8(ascii: ":"):
      YAMLRules.emptyKey(at: text.character(at: offset))
    case "did not find expected <document start>"
    where text.bytes[..<text.trimmed(offset, from: 0)].suffix(3).elementsEqual("...".utf8):
      YAMLRules.severalDocuments(at: text.character(at: offset))
    default: nil
    }
  }

  private static func place(
    _ wording: Wording, offset: Int, context: Int, in text: YAMLSourceBytes
  ) -> Diagnostic {
    let rule = YAMLRules.syntax
    switch wording.place {
    case .problem:
      return Diagnostic(rule, wording.message, at: text.character(at: offset), help: wording.help)
    case .context:
      return Diagnostic(rule, wording.message, at: line(from: context, in: text), help: wording.help)
    case .bracket(let what):
      let bracket = text.character(at: context)
      if text.skipBlank(from: offset, to: text.bytes.count) == text.bytes.count {
        return Diagnostic(rule, "the \(what) is never closed", at: bracket, help: wording.help)
      }
      return Diagnostic(
        rule, wording.message, at: text.character(at: offset),
        related: [Label("the \(what) is opened here", at: bracket)], help: wording.help)
    }
  }

  /// All tabs that stand together.
  private static func tabs(at offset: Int, in text: YAMLSourceBytes) -> Span {
    var end = offset
    while end < text.bytes.count, text.bytes[end] == UInt8(ascii: "\t") { end += 1 }
    return text.span(offset, end)
  }

  /// From `start` to the last visible character of its line.
  private static func line(from start: Int, in text: YAMLSourceBytes) -> Span {
    var end = start
    while end < text.bytes.count, text.bytes[end] != UInt8(ascii: "\n") { end += 1 }
    let trimmed = text.trimmed(end, from: start)
    return trimmed > start ? text.span(start, trimmed) : text.character(at: start)
  }

  /// The key, when an implicit key of more than 1024 characters is what libyaml stumbled over.
  private static func longKey(
    _ failure: YAMLFailure, at offset: Int, context: Int, in text: YAMLSourceBytes
  ) -> Span? {
    var start = context
    switch failure.problem {
    case "could not find expected ':'": break
    case "mapping values are not allowed in this context":
      start = offset
      while start > 0, text.bytes[start - 1] != UInt8(ascii: "\n") { start -= 1 }
      start = text.skipBlank(from: start, to: offset)
    default: return nil
    }
    guard start < offset, !text.bytes[start..<offset].contains(UInt8(ascii: "\n")) else { return nil }
    let characters = text.bytes[start..<offset].count { $0 & 0xc0 != 0x80 }
    return characters >= YAMLLimits.keyLength ? text.span(start, offset) : nil
  }

  private static let wordings: [Wording] = [
    Wording(
      problem: "could not find expected ':'", message: "expected `:` behind this key",
      help: "write `key: value`, with a space behind the `:`", place: .context),
    Wording(
      problem: "mapping values are not allowed in this context", message: "a `:` cannot stand here",
      help: "check the indentation; quote a text that holds `: `"),
    Wording(
      problem: "mapping keys are not allowed in this context", message: "a key cannot stand here",
      help: "start it on a line of its own"),
    Wording(
      problem: "block sequence entries are not allowed in this context",
      message: "a list item cannot stand here",
      help: "start it on a line of its own; quote a text that starts with `- `"),
    Wording(
      problem: "did not find expected key", message: "expected a key",
      help: "check the indentation and the quotes of the lines above"),
    Wording(
      problem: "did not find expected '-' indicator", message: "expected `- `",
      help: "items of one list start in the same column"),
    Wording(
      problem: "did not find expected ',' or ']'", message: "expected `,` or `]`",
      help: "close it with `]`", place: .bracket("list")),
    Wording(
      problem: "did not find expected ',' or '}'", message: "expected `,` or `}`",
      help: "close it with `}`", place: .bracket("mapping")),
    Wording(
      problem: "did not find expected node content", message: "expected a value",
      help: "write the value, or quote a text that starts with a bracket or comma"),
    Wording(
      problem: "did not find expected <document start>", message: "the document has already ended",
      help: "remove what follows, or check brackets and indentation"),
    Wording(
      problem: "found character that cannot start any token",
      message: "no value can start with this character",
      help: "put the text into quotes"),
    Wording(
      problem: "did not find expected alphabetic or numeric character",
      message: "no value can start with this character",
      help: "put the text into quotes", place: .context),
    Wording(
      problem: "found unexpected end of stream", message: "the quote is never closed",
      help: "close it; write '' for a ' within single quotes, \\\" for a \" within double quotes",
      place: .context),
    Wording(
      problem: "found unexpected document indicator",
      message: "the quote is not closed before the next document",
      help: "close it", place: .context),
    Wording(
      problem: "found unknown escape character", message: "unknown escape in double quotes",
      help: "write \\\\ for a backslash, or use single quotes"),
    Wording(
      problem: "did not find expected hexdecimal number", message: "expected hexadecimal digits",
      help: "\\x takes two, \\u four, \\U eight"),
    Wording(
      problem: "found invalid Unicode character escape code", message: "the escape is no Unicode character",
      help: "characters beyond U+FFFF are written \\U and eight digits"),
    Wording(
      problem: "did not find expected comment or line break",
      message: "nothing may follow `|` or `>` on its line",
      help: "start the text on the next line, or quote a text that starts with `|` or `>`"),
  ]
}

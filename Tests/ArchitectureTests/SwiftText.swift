/// Swift source with everything that is not code blanked out: enough of the grammar to count lines and find words.
struct SwiftText {
  /// The source with comments and the insides of literals turned into spaces; lines stay where they were.
  let code: [UInt8]

  init(_ source: String) {
    var stripper = Stripper(bytes: Array(source.utf8))
    stripper.code(until: nil)
    code = stripper.bytes
  }

  /// A word or a single other character.
  struct Token: Equatable {
    var text: String
    /// Counted from 1.
    var line: Int
  }

  /// The words and signs of the code, without spaces.
  var tokens: [Token] {
    var tokens: [Token] = []
    var line = 1
    var word: [UInt8] = []
    for byte in code + [0x20] {
      if Self.isWord(byte) {
        word.append(byte)
        continue
      }
      if !word.isEmpty { tokens.append(Token(text: String(decoding: word, as: UTF8.self), line: line)) }
      word = []
      if byte == 0x0A {
        line += 1
      } else if byte != 0x20, byte != 0x09, byte != 0x0D {
        tokens.append(Token(text: String(decoding: [byte], as: UTF8.self), line: line))
      }
    }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F, 0x80...: true
    default: false
    }
  }

  /// Modules imported, in the order written.
  var imports: [String] {
    let kinds: Set = ["class", "enum", "func", "let", "protocol", "struct", "typealias", "var"]
    let words = tokens.map(\.text)
    return words.indices.dropLast().compactMap { index in
      guard words[index] == "import", index == 0 || words[index - 1] != "." else { return nil }
      return words.dropFirst(index + 1).first { !kinds.contains($0) }
    }
  }

  /// A function, an initializer or a deinitializer with a body.
  struct Function: Equatable {
    var name: String
    /// The line of its keyword.
    var line: Int
    /// From that line to the one with the closing brace.
    var length: Int
  }

  /// All functions, inner ones too.
  var functions: [Function] {
    let tokens = tokens
    return tokens.indices.compactMap { index in
      let keyword = tokens[index].text
      guard ["func", "init", "deinit", "subscript"].contains(keyword) else { return nil }
      // `self.init(…)` and `.init(…)` are calls.
      if index > 0, tokens[index - 1].text == "." { return nil }
      guard let last = Self.bodyEnd(tokens, after: index) else { return nil }
      let name = keyword == "func" ? Self.name(tokens.dropFirst(index + 1)) : keyword
      return Function(
        name: name, line: tokens[index].line, length: tokens[last].line - tokens[index].line + 1)
    }
  }

  /// A word, an operator's first sign, or the words between backticks.
  private static func name(_ tokens: ArraySlice<Token>) -> String {
    guard let first = tokens.first, first.text == "`" else { return tokens.first?.text ?? "" }
    return tokens.dropFirst().prefix { $0.text != "`" }.map(\.text).joined(separator: " ")
  }

  /// The closing brace of the body that follows a keyword; none for a requirement of a protocol.
  private static func bodyEnd(_ tokens: [Token], after start: Int) -> Int? {
    var nested = 0
    var braces = 0
    for index in tokens.indices.dropFirst(start + 1) {
      switch tokens[index].text {
      case "(", "[": nested += 1
      case ")", "]": nested -= 1
      case "{" where nested == 0: braces += 1
      case "}" where nested == 0:
        braces -= 1
        if braces < 0 { return nil }
        if braces == 0 { return index }
      case "func", "init", "deinit", "subscript", "var", "let", "static", "associatedtype":
        // The next declaration: this one had no body. A function may be called `init`, hence the dot.
        if nested == 0, braces == 0, index > start + 1 { return nil }
      default: break
      }
    }
    return nil
  }
}

/// Walks source once and blanks what is not code.
private struct Stripper {
  var bytes: [UInt8]
  private var at = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  private func starts(with text: String) -> Bool {
    var index = at
    for byte in text.utf8 {
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
    }
    return true
  }

  /// Blanks so many bytes and goes past them.
  private mutating func blank(_ count: Int) {
    for index in at..<min(at + count, bytes.count) where bytes[index] != 0x0A { bytes[index] = 0x20 }
    at += count
  }

  /// Goes over code to the end, or past the parenthesis that closes an interpolation of a literal.
  mutating func code(until end: UInt8?) {
    var nested = 0
    while at < bytes.count {
      if starts(with: "//") {
        while at < bytes.count, bytes[at] != 0x0A { blank(1) }
      } else if starts(with: "/*") {
        comment()
      } else if let hashes = literalStart() {
        literal(hashes: hashes)
      } else {
        if end != nil, bytes[at] == UInt8(ascii: "(") { nested += 1 }
        if bytes[at] == end {
          if nested == 0 { return blank(1) }
          nested -= 1
        }
        // Code within a literal is not counted as code.
        if end == nil { at += 1 } else { blank(1) }
      }
    }
  }

  /// A comment; they nest.
  private mutating func comment() {
    var depth = 0
    while at < bytes.count {
      if starts(with: "/*") {
        depth += 1
        blank(2)
      } else if starts(with: "*/") {
        depth -= 1
        blank(2)
        if depth == 0 { return }
      } else {
        blank(1)
      }
    }
  }

  /// How many number signs stand before the quotation mark of a literal that begins here.
  private func literalStart() -> Int? {
    var index = at
    while index < bytes.count, bytes[index] == UInt8(ascii: "#") { index += 1 }
    return index < bytes.count && bytes[index] == UInt8(ascii: "\"") ? index - at : nil
  }

  private mutating func literal(hashes: Int) {
    blank(hashes)
    let isMultiline = starts(with: "\"\"\"")
    let quotes = isMultiline ? 3 : 1
    blank(quotes)
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\\"), has(hashes, at: at + 1) {
        blank(1 + hashes)
        if at < bytes.count, bytes[at] == UInt8(ascii: "(") {
          blank(1)
          code(until: UInt8(ascii: ")"))
        } else {
          blank(1)
        }
      } else if isMultiline ? starts(with: "\"\"\"") : bytes[at] == UInt8(ascii: "\""),
        has(hashes, at: at + quotes)
      {
        return blank(quotes + hashes)
      } else {
        blank(1)
      }
    }
  }

  private func has(_ hashes: Int, at index: Int) -> Bool {
    index + hashes <= bytes.count && bytes[index..<index + hashes].allSatisfy { $0 == UInt8(ascii: "#") }
  }
}

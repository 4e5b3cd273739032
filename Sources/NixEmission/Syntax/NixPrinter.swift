public import Diagnostics

/// A text that no Nix source can hold.
public struct NixTextError: Error, Hashable, Sendable {
  /// Why the text is there.
  public let origin: Origin
}

/// Writes expressions in the form of RFC 166, as nixfmt leaves them: two spaces, sets one attribute a
/// line, lists one element a line from the second on, a hundred columns, strings never broken.
public struct NixPrinter {
  /// What stands around an expression, and so whether it needs parentheses.
  enum Place {
    /// Anything may stand here.
    case free
    /// Beside an operator, or called.
    case operand
    /// In a list, an argument, before a dot.
    case argument
  }

  static let width = 100

  var bytes: [UInt8] = []
  private var lineStart = 0
  private var origin: Origin = .standard("nix")
  private var failure: Origin?
  /// Whether what is being written has to stay on its line.
  private var isInline = false

  /// The text of a file that is this expression, with its last line feed.
  ///
  /// Throws where a text in it has a NUL, which Nix takes for the end of the file.
  public static func text(of expression: NixExpression) throws(NixTextError) -> [UInt8] {
    var printer = NixPrinter()
    printer.write(expression, depth: 0)
    if let origin = printer.failure { throw NixTextError(origin: origin) }
    printer.bytes.append(10)
    return printer.bytes
  }

  /// Writes at the cursor; lines that follow are indented by `depth` levels.
  mutating func write(_ expression: NixExpression, depth: Int, in place: Place = .free) {
    guard !expression.needsParentheses(in: place) else {
      put("(")
      write(expression, depth: depth)
      return put(")")
    }
    switch expression {
    case .null: put("null")
    case .boolean(let flag): put(flag ? "true" : "false")
    case .integer(let number): write(number)
    case .string(let parts): writeString(parts, depth: depth)
    case .path(let parts): writeParts(parts, isPath: true)
    case .name(let name): put(name)
    case .list(let elements): write(elements, depth: depth)
    case .set(let set): write(set, depth: depth)
    case .select(let base, let path, let fallback): writeSelect(base, path, fallback, depth: depth)
    case .apply(let callee, let arguments):
      write(callee, depth: depth, in: .operand)
      for argument in arguments {
        put(" ")
        if !writeInline(argument) { write(argument, depth: depth, in: .argument) }
      }
    case .function(let pattern, let body): writeFunction(pattern, body, depth: depth)
    case .local(let set, let body): writeLocal(set, body, depth: depth)
    case .update(let left, let right): writeOperation(left, "//", right, depth: depth)
    case .concatenation(let left, let right): writeOperation(left, "++", right, depth: depth)
    }
  }

  // MARK: Atoms

  private mutating func write(_ number: Int) {
    // The lexer reads the digits first, and 2^63 is too large for it.
    put(number == .min ? "(-9223372036854775807 - 1)" : String(number))
  }

  private mutating func writeString(_ parts: [NixStringPart], depth: Int) {
    if NixText.suitsLines(parts) { return writeLines(parts, depth: depth) }
    put("\"")
    writeParts(parts, isPath: false)
    put("\"")
  }

  private mutating func writeParts(_ parts: [NixStringPart], isPath: Bool) {
    for (index, part) in parts.enumerated() {
      switch part {
      case .literal(let text):
        refuseNUL(text)
        if isPath {
          put(text)
        } else {
          NixText.appendEscaped(text, to: &bytes)
          if parts.isDollarBeforeInterpolation(index) { escapeDollar("\\") }
        }
      case .interpolation(let expression): writeInterpolation(expression)
      }
    }
  }

  /// `$${` is no interpolation to Nix: a dollar before one is escaped.
  private mutating func escapeDollar(_ escape: String) {
    bytes.removeLast()
    put(escape + "$")
  }

  /// The last line feed of the text is the one before the closing quotes.
  private mutating func writeLines(_ parts: [NixStringPart], depth: Int) {
    put("''")
    var startsLine = true
    for (place, part) in parts.enumerated() {
      switch part {
      case .interpolation(let expression):
        if startsLine { breakLine(depth + 1) }
        startsLine = false
        writeInterpolation(expression)
      case .literal(let text):
        refuseNUL(text)
        for (index, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
          if index > 0 {
            // An empty line has no blanks.
            if startsLine { bytes.append(10) }
            startsLine = true
          }
          guard !line.isEmpty else { continue }
          if startsLine { breakLine(depth + 1) }
          startsLine = false
          NixText.appendLine(line, to: &bytes)
        }
        if parts.isDollarBeforeInterpolation(place) { escapeDollar("''") }
      }
    }
    breakLine(depth)
    put("''")
  }

  private mutating func writeInterpolation(_ expression: NixExpression) {
    put("${")
    write(expression, depth: 0)
    put("}")
  }

  private mutating func writeSelect(
    _ base: NixExpression, _ path: [NixKey], _ fallback: NixExpression?, depth: Int
  ) {
    write(base, depth: depth, in: .argument)
    for key in path {
      put(".")
      switch key {
      case .literal(let text): writeKey(text)
      case .interpolation(let expression): writeInterpolation(expression)
      }
    }
    guard let fallback else { return }
    put(" or ")
    write(fallback, depth: depth, in: .argument)
  }

  private mutating func writeKey(_ key: String) {
    guard !NixText.isIdentifier(key) else { return put(key) }
    refuseNUL(key)
    put("\"")
    NixText.appendEscaped(key, to: &bytes)
    put("\"")
  }

  // MARK: Sets and lists

  private mutating func write(_ set: NixSet, depth: Int) {
    guard !set.isEmpty else { return put("{ }") }
    put("{")
    writeBindings(set, depth: depth + 1)
    breakLine(depth)
    put("}")
  }

  private mutating func writeBindings(_ set: NixSet, depth: Int) {
    for (index, binding) in set.bindings.enumerated() {
      if binding.startsGroup, index > 0 { bytes.append(10) }
      breakLine(depth)
      write(binding, depth: depth)
    }
  }

  private mutating func write(_ binding: NixSet.Binding, depth: Int) {
    origin = binding.origin
    switch binding.content {
    case .inherit(let names, let source): writeInherit(names, from: source, depth: depth)
    case .value(let path, let value):
      for (index, key) in path.enumerated() {
        if index > 0 { put(".") }
        writeKey(key)
      }
      put(" =")
      writeValue(value, depth: depth)
    }
    put(";")
  }

  /// Up to three names stand on the line; more, or too long ones, one below the other.
  private mutating func writeInherit(_ names: [String], from source: NixExpression?, depth: Int) {
    put("inherit")
    if let source {
      put(" (")
      write(source, depth: depth)
      put(")")
    }
    let length = names.reduce(0) { $0 + 1 + $1.utf8.count }
    guard names.count > NixSet.inheritedOnALine || bytes.count - lineStart + length >= Self.width else {
      for name in names { put(" " + name) }
      return
    }
    for name in names {
      breakLine(depth + 1)
      put(name)
    }
    breakLine(depth + 1)
  }

  /// What opens a bracket or quote stays on the line of `=`; `let` and functions that do not fit go
  /// below it.
  private mutating func writeValue(_ value: NixExpression, depth: Int) {
    put(" ")
    if !value.isBreakable || value.opensOnItsLine { return write(value, depth: depth) }
    if writeInline(value, in: .free) { return }
    bytes.removeLast()
    breakLine(depth + 1)
    write(value, depth: depth + 1)
  }

  private mutating func write(_ elements: [NixExpression], depth: Int) {
    guard let first = elements.first else { return put("[ ]") }
    if elements.count == 1 {
      let mark = bytes.count
      put("[ ")
      if writeInline(first, reserved: 3), isInline || bytes.count - lineStart + 3 <= Self.width {
        return put(" ]")
      }
      bytes.removeLast(bytes.count - mark)
    }
    put("[")
    for element in elements {
      breakLine(depth + 1)
      if !writeInline(element) { write(element, depth: depth + 1, in: .argument) }
    }
    breakLine(depth)
    put("]")
  }

  // MARK: Functions and operators

  private mutating func writeFunction(_ pattern: NixPattern, _ body: NixExpression, depth: Int) {
    write(pattern, depth: depth)
    switch (pattern, body) {
    case (.variable, .function(let next, let inner)):
      put(" ")
      writeFunction(next, inner, depth: depth)
    case (.variable, .set), (.variable, .list):
      put(" ")
      write(body, depth: depth)
    case _ where isInline:
      put(" ")
      write(body, depth: depth)
    default:
      breakLine(depth)
      write(body, depth: depth)
    }
  }

  private mutating func write(_ pattern: NixPattern, depth: Int) {
    switch pattern {
    case .variable(let name):
      put(name)
    case .attributes(let names, let isOpen, let whole) where names.count <= 2:
      put("{ " + (names + (isOpen ? ["..."] : [])).joined(separator: ", ") + " }")
      if let whole { put("@" + whole) }
    case .attributes(let names, let isOpen, let whole):
      put("{")
      for name in names {
        breakLine(depth + 1)
        put(name + ",")
      }
      if isOpen {
        breakLine(depth + 1)
        put("...")
      }
      breakLine(depth)
      put("}")
      if let whole { put("@" + whole) }
    }
    put(":")
  }

  private mutating func writeLocal(_ set: NixSet, _ body: NixExpression, depth: Int) {
    put("let")
    writeBindings(set, depth: depth + 1)
    breakLine(depth)
    put("in")
    breakLine(depth)
    write(body, depth: depth)
  }

  private mutating func writeOperation(
    _ left: NixExpression, _ sign: String, _ right: NixExpression, depth: Int
  ) {
    write(left, depth: depth, in: .operand)
    put(" " + sign + " ")
    write(right, depth: depth, in: .operand)
  }

  // MARK: Output

  /// Writes on this line and returns true, or leaves everything as it was.
  private mutating func writeInline(
    _ expression: NixExpression, in place: Place = .argument, reserved: Int = 1
  ) -> Bool {
    guard expression.isInline else { return false }
    let mark = (bytes: bytes.count, lineStart: lineStart, isInline: isInline)
    isInline = true
    defer { isInline = mark.isInline }
    if case .set(let set) = expression, let binding = set.bindings.first {
      put("{ ")
      write(binding, depth: 0)
      put(" }")
    } else {
      write(expression, depth: 0, in: place)
    }
    let fits = lineStart == mark.lineStart && bytes.count - lineStart + reserved <= Self.width
    if fits || !expression.isBreakable { return true }
    bytes.removeLast(bytes.count - mark.bytes)
    lineStart = mark.lineStart
    return false
  }

  private mutating func put(_ text: String) { bytes += text.utf8 }

  private mutating func breakLine(_ depth: Int) {
    bytes.append(10)
    lineStart = bytes.count
    bytes.append(contentsOf: repeatElement(32, count: 2 * depth))
  }

  private mutating func refuseNUL(_ text: String) {
    if failure == nil, text.utf8.contains(0) { failure = origin }
  }
}

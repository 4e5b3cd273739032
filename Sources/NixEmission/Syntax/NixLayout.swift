extension NixExpression {
  /// Whether it must be in parentheses there (Nix manual, "Operators").
  func needsParentheses(in place: NixPrinter.Place) -> Bool {
    switch (self, place) {
    case (_, .free): false
    case (.function, _), (.local, _), (.update, _), (.concatenation, _): true
    case (.apply, .argument): true
    case (.integer(let number), _): number < 0 && number != .min
    default: false
    }
  }

  /// Whether it could be written on several lines.
  var isBreakable: Bool {
    switch self {
    case .list(let elements): !elements.isEmpty
    case .set(let set): !set.isEmpty
    case .string(let parts): NixText.suitsLines(parts)
    case .apply, .function, .local, .update, .concatenation: true
    default: false
    }
  }

  /// Whether its first line ends in a bracket, so that it begins behind `=`.
  var opensOnItsLine: Bool {
    switch self {
    case .list, .set: true
    case .string(let parts): NixText.suitsLines(parts)
    case .apply(_, let arguments): arguments.last?.opensOnItsLine ?? false
    case .function(.variable, let body): body.opensOnItsLineAsBody
    case .update(_, let right), .concatenation(_, let right): right.opensOnItsLine && right.isBreakable
    default: false
    }
  }

  private var opensOnItsLineAsBody: Bool {
    switch self {
    case .list, .set: true
    case .function(.variable, let body): body.opensOnItsLineAsBody
    default: false
    }
  }

  /// Whether it may stand on one line: at most one attribute, one element, and no `let`.
  var isInline: Bool {
    switch self {
    case .null, .boolean, .integer, .path, .name: true
    case .string(let parts): !NixText.suitsLines(parts)
    case .list(let elements): elements.count <= 1 && elements.allSatisfy(\.isInline)
    case .set(let set): set.isInline
    case .select(let base, _, let fallback): base.isInline && fallback?.isInline ?? true
    case .apply(let callee, let arguments): callee.isInline && arguments.allSatisfy(\.isInline)
    case .function(.variable, let body): body.isInline
    case .function, .local: false
    case .update(let left, let right), .concatenation(let left, let right):
      left.isInline && right.isInline && !right.isNonemptySet
    }
  }
}

extension NixSet {
  /// So many names an `inherit` has on its line, at most.
  static let inheritedOnALine = 3

  fileprivate var isInline: Bool {
    guard let binding = bindings.first else { return true }
    guard bindings.count == 1 else { return false }
    return switch binding.content {
    case .inherit(let names, _): names.count <= Self.inheritedOnALine
    case .value(_, let value): value.isInline && !value.isNonemptySet
    }
  }
}

extension NixExpression {
  /// A set as the value of an attribute is always spread.
  fileprivate var isNonemptySet: Bool {
    if case .set(let set) = self { !set.isEmpty } else { false }
  }
}

extension [NixStringPart] {
  /// Whether the piece ends in a dollar and `${` follows.
  func isDollarBeforeInterpolation(_ index: Int) -> Bool {
    guard index + 1 < count, case .literal(let text) = self[index], text.utf8.last == UInt8(ascii: "$"),
      case .interpolation = self[index + 1]
    else { return false }
    return true
  }
}

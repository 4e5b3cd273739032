/// How bad a finding is.
public enum Severity: String, Comparable, CaseIterable, Sendable {
  /// Worth knowing; may well be meant.
  case note
  /// Likely wrong; the result works.
  case warning
  /// Wrong: nothing is built while it stands.
  case error

  public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// The stable name of a rule: a family of two capitals and three digits, for example `FL031`.
public struct Code: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The code as users write it.
  public let description: String

  /// Makes a code from its text, which is a literal of the rule that owns it.
  public init(_ text: StaticString) {
    description = "\(text)"
  }

  /// Makes a code from a user's text; `nil` unless it is two capitals and three digits.
  public init?(parsing text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[0..<2].allSatisfy({ (65...90).contains($0) }),
      bytes[2...].allSatisfy({ (48...57).contains($0) })
    else { return nil }
    description = text
  }

  /// The two letters in front.
  public var family: String { String(description.prefix(2)) }

  public static func < (left: Code, right: Code) -> Bool { left.description < right.description }
}

/// What is checked, once: code, name, severity and the manual that `imagegen explain` prints.
///
/// Rules are static members beside the check that uses them; each room lists its rules in one
/// catalogue, and a test holds that codes and names are unique.
public struct Rule: Hashable, Sendable {
  /// For example `FL031`. Never reused.
  public let code: Code
  /// A slug, for example `duplicate-address`.
  public let name: String
  /// What a finding weighs unless the check says otherwise.
  public let severity: Severity
  /// What the rule finds, in a sentence or two.
  public let finds: String
  /// What goes wrong when nobody finds it.
  public let why: String
  /// Input that the rule refuses.
  public let example: String
  /// The same input as it should be.
  public let instead: String
  /// When a person may leave the finding alone; empty for errors that are never meant.
  public let ignoreWhen: String

  /// Makes a rule with its manual.
  public init(
    _ code: StaticString, _ name: String, _ severity: Severity = .error, finds: String, why: String,
    example: String, instead: String, ignoreWhen: String = ""
  ) {
    self.code = Code(code)
    self.name = name
    self.severity = severity
    self.finds = finds
    self.why = why
    self.example = example
    self.instead = instead
    self.ignoreWhen = ignoreWhen
  }
}

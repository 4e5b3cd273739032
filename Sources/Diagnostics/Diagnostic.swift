/// A place and what is there to say about it.
public struct Label: Hashable, Sendable {
  /// Where.
  public let span: Span
  /// Short, lower case, no full stop: "first used here".
  public let message: String

  /// Makes a label.
  public init(_ message: String, at span: Span) {
    self.span = span
    self.message = message
  }
}

/// A change of text that mends a finding.
public struct Fix: Hashable, Sendable {
  /// How far a tool may go on its own.
  public enum Applicability: String, Sendable {
    /// `--fix` applies it.
    case safe
    /// Applied only when asked for.
    case unsafe
    /// Shown, never applied.
    case display
  }

  /// Replaces the bytes of `span` by `text`.
  public struct Edit: Hashable, Sendable {
    /// What is replaced; empty to insert.
    public let span: Span
    /// What stands there afterwards.
    public let text: String

    /// Makes an edit.
    public init(_ span: Span, _ text: String) {
      self.span = span
      self.text = text
    }
  }

  /// How far a tool may go on its own.
  public let applicability: Applicability
  /// Non-overlapping edits, in order.
  public let edits: [Edit]

  /// Makes a fix.
  public init(_ applicability: Applicability, _ edits: [Edit]) {
    self.applicability = applicability
    self.edits = edits
  }
}

/// One finding. The only diagnostic type there is.
public struct Diagnostic: Error, Hashable, Sendable {
  /// The rule's code.
  public var code: Code
  /// The rule's name.
  public var name: String
  /// How bad it is.
  public var severity: Severity
  /// Short, lower case, no full stop.
  public var message: String
  /// The line a person can change; `nil` for findings about the command line or the environment.
  public var span: Span?
  /// Other places that matter, in the order a reader wants them.
  public var related: [Label] = []
  /// Whether `related` are the steps of a path, as those of a cycle are.
  public var isPath = false
  /// What to do.
  public var help: String?
  /// A change that mends it.
  public var fix: Fix?
  /// The systemd unit concerned.
  public var unit: String?
  /// The node concerned.
  public var node: String?

  /// Makes a finding of `rule`.
  public init(
    _ rule: Rule, _ message: String, at span: Span?, related: [Label] = [], help: String? = nil,
    severity: Severity? = nil, fix: Fix? = nil, unit: String? = nil, node: String? = nil
  ) {
    self.code = rule.code
    self.name = rule.name
    self.severity = severity ?? rule.severity
    self.message = message
    self.span = span
    self.related = related
    self.help = help
    self.fix = fix
    self.unit = unit
    self.node = node
  }
}

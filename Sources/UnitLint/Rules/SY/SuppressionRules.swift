import Diagnostics

/// SY090
enum UnusedSuppression {
  static let rule = Rule(
    "SY090", "unused-suppression", .note,
    finds: "A comment that ignores a rule which finds nothing there.",
    why: "Left-over comments hide the next true finding.",
    example: "[Service]\n# imagegen: ignore[SY001] not ours\nExecStart=/bin/true",
    instead: "[Service]\nExecStart=/bin/true")

  /// The engine finds these, once all others have run.
  static let unitRule = UnitRule(rule, .host { _, _ in })
}

/// SY091
enum MalformedSuppression {
  static let rule = Rule(
    "SY091", "malformed-suppression", .warning,
    finds: "A comment that starts like a suppression but names no codes.",
    why: "It suppresses nothing, though it looks as if it did.",
    example: "[Service]\n# imagegen: ignore SY001\nExecStart=/bin/true",
    instead: "[Service]\n# reviewed\nExecStart=/bin/true")

  /// The engine finds these.
  static let unitRule = UnitRule(rule, .host { _, _ in })
}

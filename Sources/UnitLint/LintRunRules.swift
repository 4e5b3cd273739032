public import Diagnostics

/// What is told of a run's settings; whoever reads the settings finds these.
public enum LintRunRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [unknownRule, unusedException]

  /// A code that no rule has.
  public static let unknownRule = Rule(
    "SY094", "unknown-rule",
    finds: "A code in the linter's settings that no rule and no family of rules has.",
    why: "What was to be left out is reported, or what was asked for is not looked for.",
    example: "lint: {ignore: [SY999]}", instead: "lint: {ignore: [SY001]}")
  /// A rule that is left out of files where it finds nothing.
  public static let unusedException = Rule(
    "SY095", "unused-exception", .note,
    finds: "A rule that the settings leave out of files in which it finds nothing.",
    why: "The exception would hide the same mistake when it is made again.",
    example: "lint: {ignore-in: {\"vendor/*\": [SY001]}}  # vendor/ was mended since",
    instead: "lint: {ignore: []}")
}

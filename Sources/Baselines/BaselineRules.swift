public import Diagnostics

/// What is told of baselines themselves.
public enum BaselineRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [unused, malformed]

  static let unused = Rule(
    "SY092", "unused-baseline-entry", .note,
    finds: "A finding of the baseline that is not found any more.",
    why: "The entry would hide the same mistake when it is made again.",
    example: "{\"file\": \"units/a.service\", \"code\": \"SY001\", \"fingerprint\": \"…\"}  # mended since",
    instead: "imagegen lint --baseline FILE --write-baseline units")
  static let malformed = Rule(
    "SY093", "malformed-baseline",
    finds: "A baseline that is no JSON, or of a form this version does not know.",
    why: "Nothing can be taken as known, and nobody may guess what was meant to be.",
    example: "{\"version\": 1, \"findings\": [{\"file\": \"units/a.service\"}]}",
    instead: "{\"version\": 1, \"findings\": []}")
}

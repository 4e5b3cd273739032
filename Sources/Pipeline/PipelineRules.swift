public import Artifacts
public import Diagnostics

/// What putting a node's files together can find.
public enum PipelineRules {
  /// All of them, in order of code.
  public static let all: [Rule] = [pathTwice, unitNameTaken]

  /// Two files of the fleet itself on one path.
  public static func pathTwice(_ path: ArtifactPath, at span: Span?) -> Diagnostic {
    Diagnostic(pathTwice, "two files of the fleet go to \(path)", at: span)
  }

  static let pathTwice = Rule(
    "FL047", "path-twice",
    finds: "Two files of a node that are written to one path, or one that is another's folder.",
    why: "One would overwrite the other.",
    example: "files: {a: {path: /etc/x.conf}, b: {path: /etc/x.conf}}", instead: "a path for each")

  static let unitNameTaken = Rule(
    "FL058", "unit-name-taken",
    finds: "A service whose unit has the name of one that systemd ships, or of another service's.",
    why: "It would take that unit's place, and what it did for the system would no longer be done.",
    example: "service: systemd-journald", instead: "service: log-collector")
}

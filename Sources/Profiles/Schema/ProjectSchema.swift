/// `.imagegen.yaml`: settings of a project that are not a fleet's.
enum ProjectSchema {
  static let document = ObjectSchema(
    "a project's settings",
    [Field("lint", .object(lint), required: true, "What `imagegen lint` does here.")])

  static let lint = ObjectSchema(
    "the linter's settings",
    [
      Field(
        "select", .list(.scalar(rule), minimum: 1), "Only these rules, or families; all unless given."),
      Field("ignore", .list(.scalar(rule), minimum: 0), "Not these rules, or families."),
      Field(
        "ignore-in", .map(key: pattern, value: .list(.scalar(rule), minimum: 1)),
        "Not these rules in files of these names; patterns are relative to this file's folder."),
      Field(
        "fail-on", .scalar(Grammar.choice(LintConfiguration.Level.self)),
        "The severity from which on the exit status is 1; error unless given."),
      Field(
        "systemd-version",
        .scalar(Grammar.integer(LintConfiguration.versions, "a version of systemd, 247 or later")),
        "The systemd that the units are for."),
      Field("baseline", .scalar(file), "Known findings: a file that --write-baseline writes."),
    ])

  static let rule = ScalarType(
    "a rule or a family of rules such as GR024 or GR", pattern: "^[A-Z]{2}([0-9]{3})?$", isUnique: true
  ) { text in
    let bytes = Array(text.utf8)
    return (bytes.count == 2 || bytes.count == 5) && bytes.prefix(2).allSatisfy { (65...90).contains($0) }
      && bytes.dropFirst(2).allSatisfy { (48...57).contains($0) }
  }

  static let file = ScalarType(
    "a path inside the folder of these settings", pattern: "^[^/ ][^ ]*$"
  ) { Grammar.relativePath.accepts($0) }

  static let pattern = ScalarType("a pattern of relative paths such as vendor/**/*.service") {
    PathPattern($0) != nil
  }
}

extension UnitLintRules {
  /// EN: the variables and files that programs start with.
  static let variables: [UnitRule] = [
    EnvironmentRules.missingFileRule, EnvironmentRules.undefinedRule,
    EnvironmentAssignments.unquotedRule, EnvironmentAssignments.badNameRule,
  ]
}

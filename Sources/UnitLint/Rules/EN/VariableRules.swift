extension UnitLintRules {
  /// EN: the variables and files that programs start with.
  static let variables: [UnitRule] = [
    EnvironmentRules.missingFileRule, EnvironmentRules.undefinedRule,
    EnvironmentAssignments.unquotedRule, EnvironmentAssignments.badNameRule,
    AssignedValues.expansionRule, AssignedValues.reservedRule, AssignedValues.separatorRule,
    AssignedValues.repeatedRule, AssignedValues.searchPathRule, AssignedValues.narrowRule,
    EnvironmentFiles.ignoredRule, EnvironmentFiles.overriddenRule, EnvironmentFiles.commentRule,
    EnvironmentFiles.severalRule, EnvironmentFiles.expansionRule,
    VariablesInCommands.splittingRule, VariablesInCommands.loginRule, VariablesInCommands.credentialsRule,
    VariablesInCommands.severalRule, Credentials.unitRule, Credentials.unsetRule, Credentials.badNameRule,
  ]
}

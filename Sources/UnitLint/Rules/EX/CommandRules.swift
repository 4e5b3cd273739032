extension UnitLintRules {
  /// EX: the programs that units start.
  static let commands: [UnitRule] = [
    CommandPaths.unitRule, ShellSyntax.unitRule,
    StartCommands.severalRule, StartCommands.addedRule, StartCommands.noneRule,
  ]
}

extension UnitLintRules {
  /// EX: the programs that units start.
  static let commands: [UnitRule] = [
    CommandPaths.unitRule, ShellSyntax.unitRule,
    StartCommands.severalRule, StartCommands.addedRule, StartCommands.noneRule,
    ShellSyntax.semicolonRule, ShellSyntax.globRule,
    ProgramFiles.missingRule, ProgramFiles.notExecutableRule, ProgramFiles.interpreterRule,
    CommandForms.tooLongRule, CommandForms.severalRule, CommandForms.quotedRule, CommandForms.builtinRule,
    CommandForms.assignmentRule, CommandForms.prefixesRule, CommandForms.zerothRule,
    ServiceTypes.foregroundRule, ServiceTypes.backgroundRule, ServiceTypes.noPIDFileRule,
    ServiceTypes.notifyingChildRule, BusNames.unitRule, BusNames.sharedRule,
    Wrappers.accountRule, Wrappers.systemctlRule, Wrappers.killByNameRule, Wrappers.initScriptRule,
    Wrappers.terminalRule, Wrappers.daemonizerRule,
    Scripts.variableRule, Scripts.wordsRule, Scripts.backgroundRule, Scripts.relativeRule,
    Scripts.pipelineRule,
    StopCommands.noPIDRule, StopCommands.needlessRule, StopCommands.oneshotRule, StopCommands.conditionRule,
    StopCommands.ignoredRule,
    PlacesOfFiles.varRunRule, PlacesOfFiles.unusedRule, PlacesOfFiles.exposedRule, PlacesOfFiles.noFolderRule,
    Preparations.sleepRule, Preparations.directoryRule, Preparations.removalRule, Preparations.filesRule,
    Preparations.lookupRule, RootDirectories.twiceRule, RootDirectories.bareRule,
  ]
}

public import Diagnostics

/// All rules of the linter: a line for each.
public enum UnitLintRules {
  /// Their manuals, each code once, in order of code.
  public static let all: [Rule] = {
    var seen = Set<Code>()
    return rules.map(\.rule).filter { seen.insert($0.code).inserted }.sorted { $0.code < $1.code }
  }()

  static let rules: [UnitRule] = [
    UnknownDirective.unitRule, UnknownSection.unitRule, WrongSection.unitRule, MovedDirective.unitRule,
    WrongCase.unitRule, WrongCase.sectionRule, InlineComment.unitRule, BlankAfterBackslash.unitRule,
    MalformedSection.unitRule, SettingBeforeSection.unitRule, LineWithoutEquals.unitRule,
    CommandQuoting.unitRule,
    InvalidValue.unitRule, RepeatedSetting.unitRule, UnknownSpecifier.unitRule, NewerDirective.unitRule,
    UnreadableLine.unitRule, UnusedSuppression.unitRule, MalformedSuppression.unitRule,
    OrderingCycleRules.unbreakableRule, OrderingCycleRules.breakableRule,
    MissingUnits.requiredRule, MissingUnits.wantedRule, MissingUnits.misspeltRule,
    MalformedDependency.unitRule, MaskedUnits.unitRule, SelfDependency.unitRule,
    RequirementOrder.requiresRule, RequirementOrder.bindsToRule,
    NetworkOnline.notPulledInRule, NetworkOnline.notOrderedRule,
    UnreachableUnit.unitRule, EarlyShutdown.unitRule,
    CommandPaths.unitRule, ShellSyntax.unitRule,
    StartCommands.severalRule, StartCommands.addedRule, StartCommands.noneRule,
    RestartRules.onFailureRule, RestartRules.neverRule, RestartRules.oneshotRule,
    PollLoops.boundedRule, PollLoops.unboundedRule,
    EnvironmentRules.missingFileRule, EnvironmentRules.undefinedRule,
    EnvironmentAssignments.unquotedRule, EnvironmentAssignments.badNameRule,
    SecretArguments.argumentRule, SecretArguments.urlRule, SecretArguments.environmentRule,
    Triggers.noUnitRule, Triggers.noSpecificationRule, MountNames.unitRule,
  ]
}

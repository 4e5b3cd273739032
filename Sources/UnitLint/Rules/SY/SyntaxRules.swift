extension UnitLintRules {
  /// SY: how a unit file is written.
  static let syntax: [UnitRule] = [
    UnknownDirective.unitRule, UnknownSection.unitRule, WrongSection.unitRule, MovedDirective.unitRule,
    WrongCase.unitRule, WrongCase.sectionRule, InlineComment.unitRule, BlankAfterBackslash.unitRule,
    MalformedSection.unitRule, SettingBeforeSection.unitRule, LineWithoutEquals.unitRule,
    CommandQuoting.unitRule,
    InvalidValue.unitRule, InvalidValue.newerRule, RepeatedSetting.unitRule, UnknownSpecifier.unitRule,
    NewerDirective.unitRule, RemovedDirective.unitRule,
    UnreadableLine.unitRule, UnusedSuppression.unitRule, MalformedSuppression.unitRule,
    SwallowedSetting.unitRule, DanglingContinuation.unitRule, UnknownNames.unitRule, RelativePaths.unitRule,
    AbsoluteDirectories.unitRule, FileNames.unitRule, SpecifiersInText.formatRule,
    SpecifiersInText.managerRule,
    DeprecatedDirectives.unitRule, Documentation.unitRule,
    ValueShapes.quotedRule, ValueShapes.commaRule, ValueShapes.emptyRule, ValueShapes.typographicRule,
    ValueShapes.bareNumberRule, RepeatedLines.lineRule, RepeatedLines.sectionRule,
  ]
}

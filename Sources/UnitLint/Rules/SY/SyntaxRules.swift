extension UnitLintRules {
  /// SY: how a unit file is written.
  static let syntax: [UnitRule] = [
    UnknownDirective.unitRule, UnknownSection.unitRule, WrongSection.unitRule, MovedDirective.unitRule,
    WrongCase.unitRule, WrongCase.sectionRule, InlineComment.unitRule, BlankAfterBackslash.unitRule,
    MalformedSection.unitRule, SettingBeforeSection.unitRule, LineWithoutEquals.unitRule,
    CommandQuoting.unitRule,
    InvalidValue.unitRule, RepeatedSetting.unitRule, UnknownSpecifier.unitRule, NewerDirective.unitRule,
    UnreadableLine.unitRule, UnusedSuppression.unitRule, MalformedSuppression.unitRule,
  ]
}

extension UnitLintRules {
  /// LC: how units start, stop and start again.
  static let lifeCycle: [UnitRule] =
    [
      RestartRules.onFailureRule, RestartRules.neverRule, RestartRules.oneshotRule,
      PollLoops.boundedRule, PollLoops.unboundedRule, QuorumGates.unitRule, IdleSettings.unitRule,
      MarkerFiles.unitRule,
    ] + StayingActive.rules + StartLimits.rules + FailedRequirements.rules + StopRules.rules + ExitRules.rules
}

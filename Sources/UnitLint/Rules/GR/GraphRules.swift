extension UnitLintRules {
  /// GR: what units need of each other, and in what order.
  static let graph: [UnitRule] =
    [
      MissingUnits.requiredRule, MissingUnits.wantedRule, MissingUnits.misspeltRule,
      MalformedDependency.unitRule, MaskedUnits.unitRule, SelfDependency.unitRule,
      RequirementOrder.requiresRule, RequirementOrder.bindsToRule,
      NetworkOnline.notPulledInRule, NetworkOnline.notOrderedRule,
      UnreachableUnit.unitRule, EarlyShutdown.unitRule, FailureHandlers.unitRule,
    ] + OrderingCycleRules.rules + NetworkOrder.rules + ConflictRules.rules + ShortLivedUnits.rules
    + WeakLinks.rules + Readiness.rules + UnstartableUnits.rules
}

extension UnitLintRules {
  /// GR: what units need of each other, and in what order.
  static let graph: [UnitRule] = [
    OrderingCycleRules.unbreakableRule, OrderingCycleRules.breakableRule,
    MissingUnits.requiredRule, MissingUnits.wantedRule, MissingUnits.misspeltRule,
    MalformedDependency.unitRule, MaskedUnits.unitRule, SelfDependency.unitRule,
    RequirementOrder.requiresRule, RequirementOrder.bindsToRule,
    NetworkOnline.notPulledInRule, NetworkOnline.notOrderedRule,
    UnreachableUnit.unitRule, EarlyShutdown.unitRule,
  ]
}

extension UnitLintRules {
  /// TI: timers, sockets and paths.
  static let triggers: [UnitRule] =
    [Triggers.noUnitRule, Triggers.noSpecificationRule, PathRules.unitRule] + TimerRules.rules
    + CalendarHabits.rules + SocketRules.rules
}

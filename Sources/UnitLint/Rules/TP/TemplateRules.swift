extension UnitLintRules {
  /// TP: templates and their instances.
  static let templates: [UnitRule] = InstanceRules.rules
}

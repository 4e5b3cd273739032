extension UnitLintRules {
  /// IN: links, aliases and [Install].
  static let install: [UnitRule] = LinkRules.rules + InstallSection.rules + NameRules.rules
}

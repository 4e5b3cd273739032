extension UnitLintRules {
  /// DR: drop-ins.
  static let dropIns: [UnitRule] = DropInFiles.rules + DropInSettings.rules
}

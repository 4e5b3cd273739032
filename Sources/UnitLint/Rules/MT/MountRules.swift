extension UnitLintRules {
  /// MT: mounts, automounts and swaps.
  static let mounts: [UnitRule] =
    [MountNames.unitRule] + MountSettings.rules + MountUse.rules
}

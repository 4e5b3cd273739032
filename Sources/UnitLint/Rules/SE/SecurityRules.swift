extension UnitLintRules {
  /// SE: secrets, users and sandboxes.
  static let security: [UnitRule] = [
    SecretArguments.argumentRule, SecretArguments.urlRule, SecretArguments.environmentRule,
  ]
}

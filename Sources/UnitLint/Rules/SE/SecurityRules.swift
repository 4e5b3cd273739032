extension UnitLintRules {
  /// SE: secrets, users and sandboxes.
  static let security: [UnitRule] = [
    SecretArguments.argumentRule, SecretArguments.urlRule, SecretArguments.environmentRule,
    FilePermissions.secretFileRule, UnitFileModes.unitFileRule, FilePermissions.exposedProgramRule,
    Accounts.missingRule, Accounts.nobodyRule, Sandboxes.readOnlyRule, FilePermissions.noPathRule,
    Sandboxes.contradictionRule, Capabilities.lowPortRule, Hardenings.unitRule,
    UnitFileModes.openMaskRule, UnitFileModes.modeAsMaskRule, Sandboxes.compilerRule,
    Capabilities.outsideRule,
    Accounts.dynamicRootRule, Sandboxes.noUnixSocketsRule, Capabilities.notGivenRule,
    Capabilities.privateUsersRule,
    IneffectiveSandbox.allowedRule, IneffectiveSandbox.architecturesRule, IneffectiveSandbox.orderRule,
    IneffectiveSandbox.writableRule, IneffectiveSandbox.executableRule, IneffectiveSandbox.ownProgramRule,
    IneffectiveSandbox.undoneRule, IneffectiveSandbox.joinedRule, Capabilities.allRule,
    DangerousCommands.stoppedRule, DangerousCommands.openModesRule, DangerousCommands.downloadRule,
    DangerousCommands.containerRule, DangerousCommands.flagsRule, SharedPlaces.credentialRule,
    SharedPlaces.socketRule, SharedPlaces.outputRule, SharedPlaces.modeRule,
    Accounts.powerfulGroupRule, UnitFileModes.directoryRule,
  ]
}

/// A module of the folder `nix/`, as it stands there.
public struct ModuleText: Sendable {
  /// `first-boot-automation.nix`.
  public let name: String
  /// The file.
  public let text: String
}

/// The hand-written NixOS modules that every flake has in `modules/`.
public enum ModuleTexts {
  /// In order of name.
  public static let all: [ModuleText] = [
    defaultModule, diskGuardModule, firstBootAutomationModule, netbootBaseModule,
  ]
}

// Written by scripts/embed-nix-modules from nix/default.nix: change that file.

extension ModuleTexts {
  /// `nix/default.nix`.
  static let defaultModule = ModuleText(
    name: "default.nix",
    text: ##"""
      # What every node of the fleet has beside its own files.
      {
        imports = [
          ./disk-guard.nix
          ./first-boot-automation.nix
        ];
      }

      """##)
}

// Written by scripts/embed-nix-modules from nix/first-boot-automation.nix: change that file.

extension ModuleTexts {
  /// `nix/first-boot-automation.nix`.
  static let firstBootAutomationModule = ModuleText(
    name: "first-boot-automation.nix",
    text: ##"""
      # First boot: steps that run once and make a node a member of its cluster.
      #
      # The steps are data that the generator gives, the same that it writes as plain units for other
      # systems. cluster-config.json is read by the steps on the node, when they run: it is no part of the
      # configuration, so nothing here opens it and none of it gets into the store.
      { config, lib, ... }:
      let
        cfg = config.services.first-boot-automation;

        switch =
          step:
          lib.mkOption {
            type = lib.types.bool;
            default = true;
            description = "Whether ${step}.service runs, where the node has it.";
          };

        switches = {
          chainfire-cluster-join = cfg.enableChainfire;
          flaredb-cluster-join = cfg.enableFlareDB;
          iam-initial-setup = cfg.enableIAM;
          cluster-health-check = cfg.enableHealthCheck;
        };

        steps = lib.filterAttrs (name: _: switches.${name} or true) cfg.steps;
        missing = map (name: "${name}.service") (
          lib.subtractLists (lib.attrNames steps) (lib.attrNames cfg.steps)
        );
      in
      {
        options.services.first-boot-automation = {
          enable = lib.mkEnableOption "the steps of the first boot";

          configFile = lib.mkOption {
            type = lib.types.str;
            default = "/etc/nixos/secrets/cluster-config.json";
            description = "Path on the node of the file that says whether and how it joins; never in the store.";
          };

          executable = lib.mkOption {
            type = lib.types.str;
            description = "Path on the node of the program that the steps run.";
          };

          package = lib.mkOption {
            type = lib.types.nullOr lib.types.package;
            default = null;
            description = "The package that has the program, where a package has it.";
          };

          steps = lib.mkOption {
            type = lib.types.attrsOf lib.types.anything;
            default = { };
            description = "The steps' units, by name, as options of `systemd.services`.";
          };

          enableChainfire = switch "chainfire-cluster-join";
          enableFlareDB = switch "flaredb-cluster-join";
          enableIAM = switch "iam-initial-setup";
          enableHealthCheck = switch "cluster-health-check";
        };

        config = lib.mkIf cfg.enable {
          assertions = [
            {
              assertion = lib.hasPrefix "/" cfg.configFile && !lib.hasPrefix builtins.storeDir cfg.configFile;
              message = "services.first-boot-automation.configFile: ${cfg.configFile} is no path outside of the store";
            }
          ]
          ++ lib.mapAttrsToList (name: service: {
            assertion = lib.intersectLists missing service.requires == [ ];
            message = "${name}.service requires a step of services.first-boot-automation that is switched off";
          }) config.systemd.services;

          environment.systemPackages = lib.optional (cfg.package != null) cfg.package;

          systemd.services = steps;
        };
      }

      """##)
}

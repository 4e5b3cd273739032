/// flake.nix of the test's fleet, in the form of RFC 166.
enum ExpectedFlake {
  static let text = #"""
    {
      description = "plasmacloud: NixOS nodes made by imagegen";

      inputs = {
        disko = {
          url = "github:nix-community/disko";
          inputs.nixpkgs.follows = "nixpkgs";
        };
        nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.11";
        plasmacloud = {
          url = "github:example/plasmacloud";
          inputs.nixpkgs.follows = "nixpkgs";
        };
      };

      outputs =
        {
          self,
          nixpkgs,
          disko,
          ...
        }@inputs:
        let
          fleet = builtins.fromJSON (builtins.readFile ./fleet.json);
          inherit (nixpkgs) lib;
          forSystems = lib.genAttrs fleet.systems;

          node =
            name: node:
            lib.nixosSystem {
              specialArgs = {
                inherit
                  fleet
                  inputs
                  node
                  self
                  ;
              };
              modules = [
                disko.nixosModules.disko
                ./modules
                ./nodes/${name}/configuration.nix
              ];
            };

          installer =
            system:
            lib.nixosSystem {
              modules = [
                ./modules/netboot-base.nix
                {
                  nixpkgs.hostPlatform = system;
                  users.users.root.openssh.authorizedKeys.keys = fleet.authorizedKeys;
                }
              ];
            };

          package =
            system: name:
            nixpkgs.legacyPackages.${system}.runCommand name { } ''
              install -D -m 0755 -t $out/bin ${./payloads/${system}/${name}}/*
            '';

          packagesOf = system: names: lib.genAttrs names (package system);

          toplevel = name: self.nixosConfigurations.${name}.config.system.build.toplevel;
          systemOf = name: fleet.nodes.${name}.system;
          nodesOf = builtins.groupBy systemOf (builtins.attrNames fleet.nodes);
          checksOf = _: names: lib.genAttrs names toplevel;
          netboot = self.nixosConfigurations.netboot-installer.config.system.build;
        in
        {
          nixosConfigurations = builtins.mapAttrs node fleet.nodes // {
            netboot-installer = installer (builtins.head fleet.systems);
          };

          packages = builtins.mapAttrs packagesOf fleet.packages;

          checks = builtins.mapAttrs checksOf nodesOf;

          hydraJobs = {
            inherit (self) checks packages;
            installer = {
              inherit (netboot) kernel netbootIpxeScript netbootRamdisk;
            };
          };

          formatter = forSystems (system: nixpkgs.legacyPackages.${system}.nixfmt-tree);
        };
    }

    """#
}

# One configuration as NixOS and disko see it, as plain data.
#
#   nixpkgs, disko   folders; nixpkgs has nixos/ and lib/
#   words            a JSON list of the words in both
#   flake, node      what is asked for: a folder with flake.nix, and a name of nixosConfigurations
#   modules          or, without a flake: a function of lib and disko's module to a list of modules
{
  nixpkgs,
  disko,
  words,
  flake ? null,
  node ? null,
  modules ? null,
}:
let
  lib = import (nixpkgs + "/lib");
  packages = import ./packages.nix {
    inherit lib;
    # nixpkgs has had the formatter of flakes since 25.05; its modules do not speak of it.
    words = builtins.fromJSON (builtins.readFile words) ++ [ "nixfmt-tree" ];
    folder = nixpkgs;
  };
  plain = builtins.unsafeDiscardStringContext;
  diskoModule = {
    _file = "disko";
    imports = [ (disko + "/module.nix") ];
  };
  system =
    arguments:
    import (nixpkgs + "/nixos/lib/eval-config.nix") (
      {
        inherit lib;
        system = null;
      }
      // arguments
      // {
        modules = arguments.modules ++ [
          (
            { config, ... }:
            {
              _file = "packages";
              nixpkgs.pkgs = lib.mkForce (packages {
                inherit (config.nixpkgs.hostPlatform) system;
              });
              # The manual is made of every module's text.
              documentation.enable = lib.mkForce false;
            }
          )
        ];
      }
    );

  inputs = {
    self = outputs // {
      outPath = flake;
      inherit inputs;
    };
    nixpkgs = {
      outPath = nixpkgs;
      lib = lib // {
        nixosSystem = system;
      };
      legacyPackages = lib.genAttrs lib.systems.flakeExposed (name: packages { system = name; });
    };
    disko = {
      outPath = disko;
      nixosModules.disko = diskoModule;
    };
  }
  # Another input is known by name alone: every package of it is a program.
  //
    lib.genAttrs
      (builtins.filter (
        name:
        !builtins.elem name [
          "nixpkgs"
          "disko"
          "self"
        ]
      ) (builtins.attrNames (file.inputs or { })))
      (name: {
        outPath = "/${name}";
        packages = lib.genAttrs lib.systems.flakeExposed (
          _:
          lib.genAttrs (builtins.fromJSON (builtins.readFile words)) (
            one: packages { }.${one} or (packages { }).hello
          )
        );
      });
  file = import (flake + "/flake.nix");
  outputs = file.outputs inputs;
  evaluated =
    if flake != null then
      outputs.nixosConfigurations.${node}
    else
      system { modules = modules { inherit lib diskoModule; }; };
  inherit (evaluated) config;

  scripts = [
    "destroyScript"
    "diskoScript"
    "formatScript"
    "mountScript"
  ];
  fileSystem = one: {
    inherit (one) device fsType options;
  };
in
{
  failed = map (one: plain one.message) (builtins.filter (one: !one.assertion) config.assertions);
  warnings = map plain config.warnings;
  toplevel = plain config.system.build.toplevel.outPath;
  fileSystems = lib.mapAttrs (_: fileSystem) config.fileSystems;
  fstab = plain (config.environment.etc.fstab.text or config.environment.etc.fstab.source.text);
  swapDevices = map (one: {
    inherit (one) device priority options;
    encrypted = one.randomEncryption.enable;
  }) config.swapDevices;
  firewall = {
    inherit (config.networking.firewall)
      enable
      allowedTCPPorts
      allowedUDPPorts
      extraInputRules
      ;
  };
  users = lib.mapAttrs (_: one: {
    inherit (one)
      isNormalUser
      isSystemUser
      group
      extraGroups
      ;
    keys = one.openssh.authorizedKeys.keys;
    hasPassword = builtins.any (field: one.${field} or null != null) [
      "hashedPassword"
      "hashedPasswordFile"
      "initialHashedPassword"
      "initialPassword"
      "password"
    ];
  }) (lib.filterAttrs (_: one: one.enable or true) config.users.users);
  groups = builtins.attrNames config.users.groups;
  inherit (config.users) mutableUsers;
  packages = map lib.getName config.environment.systemPackages;
  kernelParams = map plain config.boot.kernelParams;
  variant = config.system.nixos.variant_id;
  etc = lib.mapAttrs (_: one: plain (toString (one.text or ""))) (
    lib.filterAttrs (_: one: one.enable && (one.text or null) != null) config.environment.etc
  );
  units = lib.mapAttrs (_: one: {
    text = plain one.text;
    inherit (one) wantedBy requiredBy;
  }) (lib.filterAttrs (_: one: one.enable && one.text != null) config.systemd.units);
}
// lib.optionalAttrs (node == "netboot-installer") {
  # What others are told to build: once for a fleet, since it is all nodes.
  outputs = {
    checks = lib.mapAttrs (_: lib.mapAttrs (_: one: plain one.outPath)) outputs.checks;
    jobs = lib.mapAttrs (_: lib.mapAttrs (_: one: plain one.outPath)) outputs.hydraJobs.checks;
    installer = lib.mapAttrs (_: one: lib.isDerivation one) outputs.hydraJobs.installer;
    packages = lib.mapAttrs (_: builtins.attrNames) (outputs.hydraJobs.packages or { });
    formatters = lib.mapAttrs (_: lib.getName) outputs.formatter;
  };
}
// lib.optionalAttrs (config ? disko) {
  scripts = lib.genAttrs scripts (name: plain config.system.build.${name}.text);
  # The guard's script names disko's own; this is that one's text.
  format =
    let
      own = config.disko.devices._scripts {
        pkgs = evaluated.pkgs;
        checked = false;
      };
    in
    plain own.diskoScript.text;
}

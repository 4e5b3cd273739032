# A case of the table of wrong configurations, in disko's and NixOS's own words.
#
#   disks    a file: a function of the vocabulary below to disko.devices
#   module   a file: a function of it to a module
#   only     "disko": its types and scripts alone; "nixos": the whole system with it
{
  nixpkgs,
  disko,
  words,
  disks ? null,
  module ? null,
  only,
}:
let
  lib = import (nixpkgs + "/lib");
  fs = format: mountpoint: {
    type = "filesystem";
    inherit format mountpoint;
  };
  vocabulary = rec {
    inherit fs lib;
    ext4 = fs "ext4";
    sized = size: content: { inherit size content; };
    all = sized "100%";
    lv = sized;
    disk = device: partitions: {
      inherit device;
      type = "disk";
      content = {
        type = "gpt";
        inherit partitions;
      };
    };
    one = disk "/dev/vda";
    esp = {
      priority = 1;
      size = "512M";
      type = "EF00";
      content = fs "vfat" "/boot" // {
        mountOptions = [ "umask=0077" ];
      };
    };
    pv = vg: {
      type = "lvm_pv";
      inherit vg;
    };
    group = lvs: {
      type = "lvm_vg";
      inherit lvs;
    };
    member = name: {
      type = "mdraid";
      inherit name;
    };
    array = level: content: {
      type = "mdadm";
      inherit level content;
    };
    zfsMember = pool: {
      type = "zfs";
      inherit pool;
    };
    pool = mode: {
      type = "zpool";
      inherit mode;
      rootFsOptions.mountpoint = "none";
      datasets.root = {
        type = "zfs_fs";
        mountpoint = "/";
        options.mountpoint = "legacy";
      };
    };
    btrfs = subvolumes: {
      type = "btrfs";
      inherit subvolumes;
    };
    luks =
      settings: content:
      settings
      // {
        type = "luks";
        name = "crypt";
        inherit content;
      };
    swap.type = "swap";
  };
  devices = import disks vocabulary;

  alone =
    (import (disko + "/lib") { inherit lib; }).lib or (import (disko + "/lib") { inherit lib; });
  typed =
    (lib.evalModules {
      modules = [
        {
          options.devices = lib.mkOption { type = alone.toplevel; };
          config.devices = devices;
        }
      ];
    }).config.devices;

  system = import ./evaluate.nix {
    inherit nixpkgs disko words;
    modules =
      { diskoModule, ... }:
      [
        diskoModule
        {
          nixpkgs.hostPlatform = "x86_64-linux";
          system.stateVersion = "24.11";
          boot.loader.systemd-boot.enable = true;
          networking.hostId = lib.mkDefault "a1b2c3d4";
        }
        (if module == null then { } else import module vocabulary)
        {
          disko.devices =
            if disks != null then
              devices
            else
              {
                disk.main = vocabulary.one {
                  inherit (vocabulary) esp;
                  root = vocabulary.all (vocabulary.ext4 "/");
                };
              };
        }
      ];
  };
in
if only == "disko" then
  builtins.deepSeq [
    typed._create
    typed._mount
  ] "accepts"
else
  builtins.deepSeq [
    system.toplevel
    system.units
    system.etc
    system.fileSystems
    system.scripts
    system.firewall
    system.users
  ] (if system.failed == [ ] then "accepts" else "refuses")

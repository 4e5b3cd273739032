# The installer that a node boots over the network, as nixos-anywhere needs one: it says
# VARIANT_ID=installer (through nixpkgs' installation-device.nix), lets root in by key, and has what
# nixos-anywhere asks for before it goes on. Keys come from the flake.
{
  lib,
  modulesPath,
  pkgs,
  ...
}:
{
  imports = [ "${modulesPath}/installer/netboot/netboot-minimal.nix" ];

  # The last one is /dev/console: a machine without a screen shows what it does on its serial line.
  boot.kernelParams = [
    "console=tty0"
    "console=ttyS0,115200"
  ];

  # Layouts on mirrors and LVM need these before disko asks for them.
  boot.kernelModules = [
    "dm-mod"
    "dm-raid"
    "dm-snapshot"
  ];

  networking = {
    hostName = "installer";
    useDHCP = false;
    useNetworkd = true;
    wireless.enable = lib.mkForce false;
  };

  # The same identity that the firmware had, so that the DHCP server gives the same address.
  systemd.network.networks."10-ethernet" = {
    matchConfig.Type = "ether";
    networkConfig.DHCP = "yes";
    dhcpV4Config.ClientIdentifier = "mac";
    linkConfig.RequiredForOnline = "routable";
  };

  # A node with several cards is online with one of them.
  systemd.network.wait-online.anyInterface = true;

  services.openssh = {
    enable = true;
    settings = {
      PasswordAuthentication = false;
      KbdInteractiveAuthentication = false;
      PermitRootLogin = lib.mkForce "prohibit-password";
    };
  };

  environment.systemPackages = [ pkgs.cpio ];

  system.stateVersion = lib.mkDefault lib.trivial.release;
}

# What every node of the fleet has beside its own files.
{
  imports = [
    ./disk-guard.nix
    ./first-boot-automation.nix
  ];
}

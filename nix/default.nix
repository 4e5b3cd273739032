# What every node of the fleet has beside its own files.
{
  imports = [ ./first-boot-automation.nix ];
}

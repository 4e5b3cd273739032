# The wrong-disk guard. disko wipes what it is told to: before it does, every disk must be there, have
# the serial number that the profile gives, and be at least as large as the plan was made for. One that
# is not stops all of it while nothing has been written to any.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.imagegen.disks;

  check =
    name: disk:
    let
      shown = lib.escapeShellArg "disk ${name} (${disk.device})";
      device = lib.escapeShellArg disk.device;
      bytes = toString disk.bytes;
    in
    ''
      if [ ! -b ${device} ]; then
        refuse ${shown} "is not there"
      else
        found=$(blockdev --getsize64 ${device})
        if [ "$found" -lt ${bytes} ]; then
          refuse ${shown} "has $found bytes, and the plan needs ${bytes}"
        fi
    ''
    + lib.optionalString (disk.serial != null) ''
      found=$(lsblk --nodeps --noheadings --output SERIAL ${device} | tr -d '[:space:]')
      if [ "$found" != ${lib.escapeShellArg disk.serial} ]; then
        refuse ${shown} "has serial number '$found', not" ${lib.escapeShellArg disk.serial}
      fi
    ''
    + ''
      fi
    '';

  guard = ''
    wrong=
    refuse() {
      echo "imagegen: $*" >&2
      wrong=yes
    }
    ${lib.concatStrings (lib.mapAttrsToList check cfg)}
    if [ -n "$wrong" ]; then
      echo "imagegen: nothing was wiped" >&2
      exit 1
    fi
  '';

  scripts = config.disko.devices._scripts {
    inherit pkgs;
    checked = config.disko.checkScripts;
  };

  # Those that nixos-anywhere runs, and those that wipe or format alone.
  guarded =
    lib.genAttrs
      [
        "destroyScript"
        "destroyScriptNoDeps"
        "diskoScript"
        "diskoScriptNoDeps"
        "formatScript"
        "formatScriptNoDeps"
      ]
      (
        name:
        lib.mkForce (pkgs.writeShellScript "guarded-${name}" "${guard}exec ${scripts.${name}} \"$@\"\n")
      );
in
{
  options.imagegen.disks = lib.mkOption {
    default = { };
    description = "What the disks must be before disko wipes them, by disko's names of them.";
    type = lib.types.attrsOf (
      lib.types.submodule {
        options = {
          device = lib.mkOption {
            type = lib.types.str;
            description = "The device, by a link that stands for one disk.";
          };
          serial = lib.mkOption {
            type = lib.types.nullOr lib.types.str;
            default = null;
            description = "The serial number it must have; any without.";
          };
          bytes = lib.mkOption {
            type = lib.types.int;
            description = "The capacity the layout was planned for.";
          };
        };
      }
    );
  };

  config = lib.mkIf (cfg != { }) { system.build = guarded; };
}

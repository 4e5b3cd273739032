# Stand-ins for nixpkgs' packages: enough for the module system of NixOS and for disko to evaluate where neither
# packages nor a binary cache are. Nothing can be built from them, and no verdict rests on them: paths are made of
# names, and a file that is written keeps its text to be read.
#
# Called as nixpkgs' own default.nix is, after: lib, the real library; words, every word of the sources that are
# evaluated, of which those that are no function of lib or of Nix may be a package's name; folder, nixpkgs' own.
{
  lib,
  words,
  folder ? "/nixpkgs",
}:
{
  localSystem ? null,
  system ? null,
  crossSystem ? null,
  config ? { },
  overlays ? [ ],
  ...
}:
let
  plain = builtins.unsafeDiscardStringContext;
  elaborate =
    value:
    if value ? linuxArch then
      value
    else
      lib.systems.elaborate (if builtins.isString value then { system = value; } else value);
  host =
    if localSystem != null then
      elaborate localSystem
    else
      elaborate (if system != null then system else "x86_64-linux");

  # A path of the store, as long as a real one.
  path =
    name: seed:
    "${builtins.storeDir}/${
      builtins.replaceStrings [ "e" ] [ "z" ] (
        builtins.substring 0 32 (builtins.hashString "sha256" (plain "${name}|${seed}"))
      )
    }-${lib.strings.sanitizeDerivationName (plain name)}";

  # Versions that modules compare with; of others nobody asks.
  versions = {
    linux = "6.12.17";
    nix = "2.26.2";
    openssh = "9.9p2";
    systemd = "257.3";
    zfs-user = "2.3.0";
  };

  make =
    {
      name,
      seed ? "",
      more ? { },
      ...
    }@arguments:
    let
      version = arguments.version or versions.${name} or "99.0";
      full = if arguments ? version || versions ? ${name} then "${name}-${version}" else name;
      self = {
        type = "derivation";
        inherit version;
        name = full;
        pname = name;
        outPath = path full seed;
        drvPath = path "${full}.drv" seed;
        outputName = "out";
        outputs = [ "out" ];
        inherit (host) system;
        inherit stdenv;
        passthru = more;
        override = _: self;
        overrideAttrs = _: self;
        meta = {
          mainProgram = name;
          platforms = lib.platforms.all;
          available = true;
          broken = false;
          unfree = false;
          priority = 5;
          outputsToInstall = [ "out" ];
        }
        // (arguments.meta or { });
      }
      // lib.genAttrs [
        "bin"
        "data"
        "debug"
        "dev"
        "doc"
        "fd"
        "getent"
        "hashed"
        "info"
        "lib"
        "login"
        "man"
        "mount"
        "out"
        "p11kit"
        "static"
        "su"
        "swap"
        "terminfo"
        "unbundled"
      ] (_: self)
      // more;
    in
    self;

  # A file keeps its text.
  file =
    name: destination: text:
    make {
      inherit name;
      seed = builtins.hashString "sha256" (plain (toString text)) + destination;
      more = { inherit text destination; };
      meta.mainProgram = lib.removePrefix "/bin/" destination;
    };
  script = name: text: file name "" "#!/bin/sh\n${toString text}";
  program = name: text: file name "/bin/${name}" "#!/bin/sh\n${toString text}";
  command =
    name: environment: text:
    make {
      inherit name;
      seed = builtins.hashString "sha256" (plain (toString text));
      more = {
        buildCommand = text;
      }
      // (environment.passthru or { });
    };
  named = arguments: make { name = arguments.name or arguments.pname or "unnamed"; };

  initrd =
    arguments:
    make {
      name = arguments.name or "initrd";
      more = {
        compressorExecutableFunction = _: "gzip";
        compressorArgs = [ ];
      };
    };

  # Formats of configuration files: what a module sets is checked by the type, and nobody reads the file.
  formats =
    lib.genAttrs
      [
        "gitIni"
        "ini"
        "iniWithGlobalSection"
        "json"
        "keyValue"
        "systemd"
        "toml"
        "yaml"
      ]
      (
        _: _: {
          type = lib.types.attrsOf lib.types.anything;
          lib = { };
          generate = name: value: file name "" (builtins.toJSON value);
        }
      );

  kernel = make {
    name = "linux";
    more = {
      modDirVersion = versions.linux;
      features = {
        efiBootStub = true;
        ia32Emulation = true;
        netfilterRPFilter = true;
      };
      config = lib.genAttrs [ "isDisabled" "isEnabled" "isModule" "isNo" "isSet" "isYes" ] (
        name: _:
        builtins.elem name [
          "isEnabled"
          "isSet"
          "isYes"
        ]
      );
      kernelOlder = lib.versionOlder versions.linux;
      kernelAtLeast = lib.versionAtLeast versions.linux;
      isHardened = false;
      isXen = false;
      isZen = false;
      target = "bzImage";
      commonStructuredConfig = { };
      configfile = make { name = "config"; };
    };
  };
  kernelPackages = lib.makeExtensible (_: {
    inherit kernel stdenv;
    inherit (kernel) kernelOlder kernelAtLeast;
    zfs = zfs;
    zfs_2_3 = zfs;
    zfs_2_2 = zfs;
    zfs_unstable = zfs;
    cpupower = make { name = "cpupower"; };
  });
  zfs = make {
    name = "zfs-user";
    more = {
      kernelModuleAttribute = "zfs";
      enableMail = false;
      kernelCompatible = true;
      latestCompatibleLinuxPackages = kernelPackages;
      userspaceTools = make { name = "zfs-user"; };
    };
  };
  shell = make {
    name = "bash";
    more.shellPath = "/bin/bash";
  };
  stdenv = lib.filterAttrs (name: _: lib.hasPrefix "is" name) host // {
    hostPlatform = host;
    buildPlatform = host;
    targetPlatform = host;
    inherit (host) system;
    shellDryRun = "sh -n";
    cc = make {
      name = "gcc";
      more.libc = make { name = "glibc"; };
    };
    mkDerivation =
      arguments:
      let
        given = if lib.isFunction arguments then lib.fix arguments else arguments;
      in
      make {
        name = given.name or given.pname;
        seed = builtins.hashString "sha256" (plain (toString (given.buildCommand or "")));
        more =
          lib.optionalAttrs (given ? buildCommand) { inherit (given) buildCommand; }
          // (given.passthru or { });
      };
  };

  names = builtins.filter (name: !(lib ? ${name}) && !(builtins ? ${name})) words;

  all = lib.genAttrs names (name: make { inherit name; });

  self =
    all
    # Sets of packages, each of which may have any.
    // lib.genAttrs [ "perlPackages" "python3Packages" "unixtools" "xorg" ] (_: all)
    // {
      _type = "pkgs";
      inherit
        lib
        config
        overlays
        stdenv
        formats
        kernel
        zfs
        ;
      inherit (host) system;
      hostPlatform = host;
      buildPlatform = host;
      targetPlatform = host;
      buildPackages = self;
      pkgsBuildBuild = self;
      pkgsBuildHost = self;
      pkgsStatic = self;
      pkgsi686Linux = self;
      __splicedPackages = self;
      appendOverlays = _: self;
      extend = _: self;
      path = folder;
      stdenvNoCC = stdenv;
      bash = shell;
      bashInteractive = shell;
      runtimeShell = "${shell}/bin/bash";
      runtimeShellPackage = shell;
      linux = kernel;
      linuxPackages = kernelPackages;
      linuxPackagesFor = _: kernelPackages;
      zfs_2_3 = zfs;
      zfs_unstable = zfs;
      shadow = make {
        name = "shadow";
        more.shellPath = "/bin/nologin";
      };
      systemd = make {
        name = "systemd";
        more = {
          interfaceVersion = 2;
          kmod = self.kmod;
          kbd = self.kbd;
          util-linux = self.util-linux;
        }
        // lib.genAttrs (builtins.filter (lib.hasPrefix "with") words) (_: true);
      };
      systemdMinimal = self.systemd;
      nix = make {
        name = "nix";
        more.version = versions.nix;
      };
      perl = make {
        name = "perl";
        more.withPackages = _: make { name = "perl"; };
      };
      python3 = make {
        name = "python3";
        more = {
          withPackages = _: make { name = "python3"; };
          pkgs = all;
          interpreter = "/bin/python3";
        };
      };
      # lib has a function of that name.
      zip = make { name = "zip"; };
      vim = make {
        name = "vim";
        more.customize = arguments: make { inherit (arguments) name; };
      };
      grub2 = make {
        name = "grub";
        more.override = _: make { name = "grub"; };
      };
      libxcrypt = make {
        name = "libxcrypt";
        more.enabledCryptSchemeIds = [ "y" ];
      };
      nixosTests = { };
      # Pictures that boot loaders and desktops show.
      nixos-artwork.wallpapers = lib.genAttrs names (
        name:
        make {
          inherit name;
          more.gnomeFilePath = "/${name}.png";
        }
      );
      writeText = name: file name "";
      writeTextFile = arguments: file arguments.name (arguments.destination or "") arguments.text;
      writeTextDir = place: file (baseNameOf place) "/${place}";
      writeScript = script;
      writeScriptBin = program;
      writeShellScript = script;
      writeShellScriptBin = program;
      writeShellApplication = arguments: program arguments.name arguments.text;
      # A path as a name is where it lies in the package, and the last part of it the name.
      writers.makeScriptWriter =
        { interpreter, ... }:
        place: text:
        file (baseNameOf place) (lib.optionalString (lib.hasPrefix "/" place) place)
          "#!${interpreter}\n${toString text}";
      runCommand = command;
      runCommandLocal = command;
      runCommandCC = command;
      concatText =
        name: files: file name "" (lib.concatMapStrings (one: one.text or (builtins.readFile one)) files);
      substituteAll = arguments: make { name = baseNameOf (toString arguments.src); };
      substitute = arguments: make { name = baseNameOf (toString arguments.src); };
      replaceVars = source: _: make { name = baseNameOf (toString source); };
      replaceVarsWith = arguments: make { name = baseNameOf (toString arguments.src); };
      buildEnv =
        arguments:
        make {
          inherit (arguments) name;
          seed = lib.concatMapStrings (one: plain (toString one)) (
            builtins.filter (one: one != null) arguments.paths
          );
          more = { inherit (arguments) paths; };
        };
      symlinkJoin = named;
      linkFarm = name: _: make { inherit name; };
      makeModulesClosure =
        arguments:
        make {
          name = "modules";
          more = { inherit (arguments) rootModules; };
        };
      aggregateModules =
        modules:
        make {
          name = "kernel-modules";
          more = { inherit modules; };
        };
      makeInitrd = initrd;
      makeInitrdNG = initrd;
      makeDBusConf = _: make { name = "dbus-1"; };
      makeFontsConf = _: make { name = "fonts.conf"; };
      makeFontsCache = _: make { name = "fontconfig-cache"; };
      closureInfo = _: make { name = "closure-info"; };
      compressFirmwareXz = one: one;
      compressFirmwareZstd = one: one;
      nixosOptionsDoc =
        _:
        lib.genAttrs [ "optionsAsciiDoc" "optionsCommonMark" "optionsJSON" ] (name: make { inherit name; });
      callPackage = lib.callPackageWith (self // { inherit lib; });
      callPackages = lib.callPackagesWith (self // { inherit lib; });
      makeWrapper = make { name = "make-wrapper"; };
      copyPathToStore = one: "${one}";
    };
in
self

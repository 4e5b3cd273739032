public import Diagnostics

/// Every rule of NixOS output, in order of code.
public enum NixRules {
  /// The catalogue.
  public static let all: [Rule] = [
    .nulInText, .noAuthorizedKey, .noDisk, .unpinnedInput, .unknownInput, .programWithoutSource,
    .badPackageName, .packageConflict, .packageWithoutPayload, .reservedNodeName, .longInterfaceName,
    .unitNotForNixOS, .openToAll, .linkWithoutCard,
  ]
}

extension Rule {
  static let nulInText = Rule(
    "NX001", "nul-in-nix-text",
    finds: "A value with a NUL character that would stand in a Nix file.",
    why: "Nix ends a file there: what follows would be lost without a word.",
    example: #"description: "a\0b""#, instead: #"description: "a b""#)

  static let noAuthorizedKey = Rule(
    "NX002", "no-authorized-key",
    finds: "A NixOS node that no ssh key may log in to.",
    why: """
      Passwords are off and accounts come from the profile alone: nobody could ever log in, and NixOS \
      refuses to build such a system.
      """,
    example: "access: {keys: []}", instead: "access: {keys: [ssh-ed25519 AAAA… operator]}")

  static let noDisk = Rule(
    "NX003", "nixos-without-disk",
    finds: "A NixOS node without a disk layout.",
    why: "Nothing says what `/` is: disko has no disk and NixOS no root file system.",
    example: "target: {system: nixos}",
    instead: """
      target: {system: nixos}
      disk: {layout: lvm, device: /dev/disk/by-id/virtio-node01, size: 100GiB, volumes: {root: rest}}
      """)

  static let unpinnedInput = Rule(
    "NX004", "unpinned-input", .note,
    finds: "A flake input without revision and hash.",
    why: """
      nixos-anywhere resolves it anew at every call: two nodes installed on two days are not the same \
      system.
      """,
    example: "inputs: {nixpkgs: {github: NixOS/nixpkgs, ref: nixos-25.11}}",
    instead:
      "inputs: {nixpkgs: {github: NixOS/nixpkgs, ref: nixos-25.11, rev: …, narHash: …, lastModified: …}}",
    ignoreWhen: "The newest revision is wanted at every installation.")

  static let unknownInput = Rule(
    "NX005", "unknown-input",
    finds: "A flake input that is used and not declared in fleet.yaml.",
    why: "Evaluation stops at the missing attribute, on the day of the installation.",
    example: "program: {server: {nix: plasmacloud#server}}",
    instead: "inputs: {plasmacloud: {github: OWNER/REPOSITORY}}  # in fleet.yaml")

  static let programWithoutSource = Rule(
    "NX006", "program-without-nix-source", .warning,
    finds: "A program of a NixOS node that comes from no flake attribute.",
    why: "Nothing puts a file at its path on NixOS: the unit fails with status 203/EXEC.",
    example: "program: {server: {path: /opt/x/server}}",
    instead: "program: {server: {nix: self#server, payload: server, sha256: …}}",
    ignoreWhen: "Something else puts the file there.")

  static let badPackageName = Rule(
    "NX007", "bad-package-name",
    finds: "A package or executable whose name Nix cannot use for a store path or the flake for a file.",
    why: "Store path names are letters, digits and `+-._?=` and do not begin with a dot.",
    example: #"program: {server: {nix: "self#my server"}}"#,
    instead: #"program: {server: {nix: "self#my-server"}}"#)

  static let packageConflict = Rule(
    "NX008", "package-conflict",
    finds: "Two different payloads for one executable of one package.",
    why: "A package has one file of a name: one of the two would be installed on the other's nodes.",
    example: "two services with `nix: self#tools`, both with an executable `run`",
    instead: "`nix: self#tools-a` and `nix: self#tools-b`")

  static let packageWithoutPayload = Rule(
    "NX009", "package-without-payload",
    finds: "`nix: self#NAME` on a program that has no payload.",
    why: "`self` offers the packages that are made of payloads; there is nothing to make this one of.",
    example: #"program: {server: {nix: "self#server"}}"#,
    instead: #"program: {server: {nix: "self#server", payload: server, sha256: …}}"#)

  static let reservedNodeName = Rule(
    "NX010", "reserved-node-name",
    finds: "A node named netboot-installer.",
    why: "The flake has a system of that name already: the installer that PXE boots.",
    example: "node: netboot-installer", instead: "node: installer01")

  static let longInterfaceName = Rule(
    "NX011", "long-interface-name",
    finds: "A bond or VLAN whose name is over 15 characters.",
    why: "The kernel's interface names are not longer (IFNAMSIZ); networkd refuses the file.",
    example: "links: {storage-replication: {vlan: 20, on: lan}}",
    instead: "links: {storage: {vlan: 20, on: lan}}")

  static let unitNotForNixOS = Rule(
    "NX012", "unit-not-for-nixos",
    finds: "A unit that cannot be written as a NixOS option.",
    why: "NixOS takes mounts, swaps and automounts as lists of their own, and scopes not at all.",
    example: "a unit data.mount", instead: "a volume of the disk layout, or a Nix module of your own")

  static let openToAll = Rule(
    "NX013", "peer-port-open-to-all", .warning,
    finds: "A port for peers in a network without address block and without other nodes' addresses.",
    why: "The firewall cannot tell peers from strangers there, and lets everybody in.",
    example: "networks: {public: {}}", instead: "networks: {public: {cidr: 203.0.113.0/24}}",
    ignoreWhen: "The service authenticates its peers and is meant to be reachable.")

  static let linkWithoutCard = Rule(
    "NX014", "link-without-card",
    finds: "A link of a NixOS node that names no card.",
    why:
      "The generated configuration is all that brings interfaces up there: the node would be out of reach.",
    example: "addresses: {lan: 192.168.100.11}",
    instead: "mac: \"52:54:00:00:01:01\"\naddresses: {lan: 192.168.100.11}")
}

import HostFiles
import JSONText
import Testing

/// `nix/disk-guard.nix`: its script, with stand-ins for what disko and nixpkgs give it, run by a shell.
@Suite struct DiskGuardTests {
  /// As much of nixpkgs as the module uses. What is wrapped is a script that says so.
  private static func expression(_ module: String, _ device: String) -> String {
    """
    let
      lib = {
        concatStrings = builtins.concatStringsSep "";
        mapAttrsToList = f: set: map (name: f name set.${name}) (builtins.attrNames set);
        genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
        optionalString = condition: text: if condition then text else "";
        escapeShellArg = text: "'${text}'";
        mkForce = value: value;
        mkIf = condition: value: value;
        mkOption = option: option;
        types = { str = { }; int = { }; attrsOf = type: type; nullOr = type: type; submodule = type: type; };
      };
      result = import \(module) {
        inherit lib;
        pkgs.writeShellScript = name: text: text;
        config.imagegen.disks = {
          main = { device = "\(device)"; serial = "node01"; bytes = 1000; };
          second = { device = "\(device)"; serial = null; bytes = 500; };
        };
        config.disko.checkScripts = false;
        config.disko.devices._scripts = { pkgs, checked }: { diskoScript = "echo wiped"; };
      };
    in
    result.config.system.build.diskoScript
    """
  }

  /// The status and what was said, with disks of so many bytes and that serial number.
  private func run(isThere: Bool = true, bytes: Int, serial: String) throws -> (status: Int32, said: String) {
    let tool = try NixTool()
    defer { try? tool.remove() }
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let device = try isThere ? tool.write([], to: "disk") : tool.folder + "/disk"
    let json = try tool.json(of: Array(Self.expression(root + "/nix/disk-guard.nix", device).utf8))
    let script = try #require(JSONReader.parse(Array(json.utf8)).text)
    // No block device can be made where tests run.
    try tool.write(Array(script.replacing("[ ! -b ", with: "[ ! -e ").utf8), to: "guard")
    for (name, answer) in [("blockdev", "\(bytes)"), ("lsblk", serial)] {
      try HostFile.write(
        Array("#!/bin/sh\necho '\(answer)'\n".utf8), to: "\(tool.folder)/\(name)", mode: 0o755)
    }
    let result = try HostProgram.run(
      ["/bin/bash", tool.folder + "/guard"], environment: ["PATH": tool.folder + ":/usr/bin:/bin"])
    let said = String(decoding: result.output + result.errors, as: UTF8.self)
    return (result.status, said.replacing(device, with: "DISK"))
  }

  @Test func `Nothing is wiped unless every disk is the profile's`() throws {
    #expect(try run(bytes: 1000, serial: "node01  ") == (0, "wiped\n"))
    #expect(try run(bytes: 2000, serial: "node01") == (0, "wiped\n"))
    let end = "imagegen: nothing was wiped\n"
    #expect(
      try run(bytes: 999, serial: "node01")
        == (1, "imagegen: disk main (DISK) has 999 bytes, and the plan needs 1000\n" + end))
    #expect(
      try run(bytes: 1000, serial: "node02")
        == (1, "imagegen: disk main (DISK) has serial number 'node02', not node01\n" + end))
    #expect(
      try run(isThere: false, bytes: 1000, serial: "node01")
        == (
          1, "imagegen: disk main (DISK) is not there\nimagegen: disk second (DISK) is not there\n" + end
        ))
  }
}

import HostFiles
import JSONText
import Testing

/// The flakes that are written, as Nix itself takes them.
@Suite struct FlakeTests {
  /// Nix with a store and a home of its own below the place.
  private func nix(_ place: Workplace, _ words: [String]) throws -> Outcome {
    let program = try #require(HostProgram.find("nix"), "nix-bin is not installed")
    try HostFile.makeDirectories(place.folder + "/home", mode: 0o755)
    let result = try HostProgram.run(
      [
        program, "--extra-experimental-features", "nix-command flakes", "--offline", "--store",
        place.folder + "/store",
      ] + words,
      environment: ["PATH": HostEnvironment.value("PATH") ?? "", "HOME": place.folder + "/home"],
      directory: place.folder)
    // What a store copies is read-only, also for those who clean up.
    _ = try HostProgram.run(["chmod", "-R", "u+w", place.folder + "/store"])
    return Outcome(result)
  }

  /// A checkout as users have it: results and secrets are not in git.
  private func checkout(_ place: Workplace) throws {
    let script = """
      printf 'out/\\nsecrets/\\nhome/\\nstore/\\n' > .gitignore && git init -q . && git add . \
        && git -c user.name=t -c user.email=t@t -c commit.gpgsign=false commit -qm first
      """
    let result = try HostProgram.run(["sh", "-c", script], directory: place.folder)
    try #require(result.status == 0, "\(String(decoding: result.errors, as: UTF8.self))")
  }

  @Test(arguments: ["profiles", "profiles/examples"])
  func nixTakesTheFlakeInAnIgnoredFolder(profiles: String) throws {
    try Workplace.with { place in
      try checkout(place)
      try place.require("build", "--all", "--profiles", profiles)
      let flake = "path:out/plasmacloud/flake"
      let former = try Fingerprint.of(place.out)
      let metadata = try nix(place, ["flake", "metadata", "--json", flake])
      try #require(metadata.status == 0, "\(metadata.errors)")
      #expect(!metadata.errors.contains("lock file"), "\(metadata.errors)")
      let json = try metadata.json()
      #expect(json["description"]?.text == "plasmacloud: NixOS nodes made by imagegen")
      let locked = json["locks"]?["nodes"]?["nixpkgs"]?["locked"]
      #expect(locked?["rev"]?.text == "687f05a9184cad4eaf905c48b63649e3a86f5433")
      #expect(locked?["narHash"]?.text == "sha256-vZJZjLo513IeI8hjzHFc6TDezUd4uCE2Eq4SNO3DNNg=")
      let difference = Fingerprint.difference(former, try Fingerprint.of(place.out))
      #expect(difference == nil, "Nix changed the flake")
      #expect(try place.text("out/plasmacloud/flake/flake.lock") == canonical(json["locks"]))
    }
  }

  /// The lock as Nix would write it: two spaces, keys sorted.
  private func canonical(_ lock: JSONValue?) throws -> String {
    String(decoding: try #require(lock).sorted.pretty, as: UTF8.self)
  }

  /// The outputs, with stand-ins for what no machine without network has.
  @Test func nixShowsItsOutputs() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let inputs = ["nixpkgs": Self.nixpkgs, "disko": "{ outputs = _: { nixosModules.disko = { }; }; }\n"]
      var words = ["flake", "show", "--json", "--no-write-lock-file", "path:out/plasmacloud/flake"]
      for (name, text) in inputs.sorted(by: { $0.key < $1.key }) {
        try HostFile.makeDirectories("\(place.folder)/inputs/\(name)", mode: 0o755)
        try HostFile.write(Array(text.utf8), to: "\(place.folder)/inputs/\(name)/flake.nix", mode: 0o644)
        words += ["--override-input", name, "path:\(place.folder)/inputs/\(name)"]
      }
      let shown = try nix(place, words)
      try #require(shown.status == 0, "\(shown.errors)")
      let json = try shown.json()
      let systems = json["nixosConfigurations"]?.members ?? []
      #expect(systems.map(\.key) == ["netboot-installer", "node01", "node02", "node03"])
      #expect(systems.allSatisfy { $0.value["type"]?.text == "nixos-configuration" })
      let packages = json["packages"]?["x86_64-linux"]?.members ?? []
      #expect(packages.map(\.key).contains("chainfire-server"))
      #expect(packages.count == 9)
      #expect(packages.allSatisfy { $0.value["type"]?.text == "derivation" })
      let checks = json["checks"]?["x86_64-linux"]?.members ?? []
      #expect(checks.map(\.key) == ["node01", "node02", "node03"])
      #expect(checks.allSatisfy { $0.value["type"]?.text == "derivation" })
      let jobs = json["hydraJobs"]
      #expect(jobs?["checks"]?["x86_64-linux"]?.members?.count == 3, "\(shown.output)")
      #expect(
        jobs?["installer"]?.members?.map(\.key) == ["kernel", "netbootIpxeScript", "netbootRamdisk"])
    }
  }

  /// As much of nixpkgs as outputs need before a system is evaluated.
  private static let nixpkgs = """
    {
      outputs = _: rec {
        lib = {
          genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
          nixosSystem = { modules, specialArgs ? { } }: assert builtins.isList modules; {
            config.system.build = lib.genAttrs [ "kernel" "netbootIpxeScript" "netbootRamdisk" "toplevel" ]
              (name: { type = "derivation"; inherit name; });
          };
        };
        legacyPackages.x86_64-linux = {
          nixfmt-tree = { type = "derivation"; name = "nixfmt-tree"; };
          runCommand = name: _: command: assert builtins.isString command; { type = "derivation"; inherit name; };
        };
      };
    }

    """
}

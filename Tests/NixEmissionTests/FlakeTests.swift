import Artifacts
import Diagnostics
import Digests
import FleetModel
import HostFiles
import JSONText
import NixEmission
import Testing

@Suite struct FlakeTests {
  private func nodes(_ count: Int = 3) -> NixNodes { gathered((1...count).map { Fixture.node($0) }) }

  /// The fixture's fleet with these nodes on its roster.
  private func fleet(of nodes: [Node]) -> Fleet {
    var fleet = Fixture.fleet
    fleet.roster = nodes.map { node in
      var entry = NodeEntry(name: node.name, mode: node.mode)
      entry.roles = node.roles.map(\.value)
      entry.services = node.services.map(\.name.value).sorted()
      entry.addresses = node.addresses.map {
        NodeEntry.Address(network: $0.network.name.value, address: $0.address)
      }
      return entry
    }
    return fleet
  }

  private func gathered(_ nodes: [Node]) -> NixNodes {
    var gathered = NixNodes()
    for node in nodes { gathered.add(node) }
    return gathered
  }

  private func files() throws -> [Artifact] {
    let fleet = fleet(of: (1...3).map { Fixture.node($0) })
    let checked = NixEmission.fleetFiles(for: fleet, nodes: nodes())
    #expect(checked.report.count(of: .error) == 0)
    return try #require(checked.value)
  }

  private func write(_ files: [Artifact], to tool: NixTool) throws {
    for file in files {
      switch file.content {
      case .bytes(let bytes): try tool.write(bytes, to: file.path.description)
      default: try tool.write(Array("payload".utf8), to: file.path.description)
      }
    }
  }

  @Test func `Every Nix file of the flake parses`() throws {
    let tool = try NixTool()
    let files = try files()
    try write(files, to: tool)
    let sources = files.map(\.path.description).filter { $0.hasSuffix(".nix") }
    #expect(
      sources == [
        "flake/modules/default.nix", "flake/modules/disk-guard.nix",
        "flake/modules/first-boot-automation.nix", "flake/modules/netboot-base.nix",
        "flake/flake.nix",
      ])
    try tool.parse(sources.map { tool.folder + "/" + $0 })
    try tool.remove()
  }

  @Test func `The lock is complete: nix reads it as it is, without network`() throws {
    let tool = try NixTool()
    try write(files(), to: tool)
    let lock = tool.folder + "/flake/flake.lock"
    let before = try HostFile.read(lock, limit: 1 << 20)
    let nix = try #require(HostProgram.find("nix"), "nix-bin is not installed")
    let result = try HostProgram.run(
      [
        nix, "--extra-experimental-features", "nix-command flakes", "--store", tool.folder + "/store",
        "flake", "metadata",
        "--json", "--no-write-lock-file", "path:flake",
      ], directory: tool.folder)
    let complaint = String(decoding: result.errors, as: UTF8.self)
    try #require(result.status == 0, "\(complaint)")
    let metadata = String(decoding: result.output, as: UTF8.self)
    #expect(metadata.contains(#""description":"plasmacloud: NixOS nodes made by imagegen""#))
    #expect(!complaint.contains("lock file"), "\(complaint)")
    #expect(try HostFile.read(lock, limit: 1 << 20) == before)
    _ = try HostProgram.run(["chmod", "-R", "u+w", tool.folder])
    try tool.remove()
  }

  @Test func `The flake has a system for each node, the installer, packages of payloads, and builds of all`()
    throws
  {
    let tool = try NixTool()
    try write(files(), to: tool)
    #expect(try tool.json(of: Array(Self.probe.utf8)) == expected.filter { !$0.isNewline })
    try tool.remove()
  }

  /// The outputs with stand-ins for the inputs; modules are counted, not evaluated.
  private static let probe = """
    let
      lib = {
        genAttrs = names: f: builtins.listToAttrs (map (name: { inherit name; value = f name; }) names);
        nixosSystem = { modules, specialArgs ? { } }: {
          modules = builtins.length modules;
          arguments = builtins.attrNames specialArgs;
          config.system.build = lib.genAttrs
            [ "kernel" "netbootIpxeScript" "netbootRamdisk" "toplevel" ]
            (name: "${name} of ${toString (builtins.length modules)} modules");
        };
      };
      nixpkgs = {
        inherit lib;
        legacyPackages.x86_64-linux = {
          nixfmt-tree = "FORMATTER";
          runCommand = name: _: command: name;
        };
      };
      disko.nixosModules.disko = { };
      flake = import ./flake/flake.nix;
      self = flake.outputs { inherit nixpkgs disko self; };
    in
    self // {
      nixosConfigurations =
        builtins.mapAttrs (_: one: { inherit (one) modules arguments; }) self.nixosConfigurations;
    }
    """

  private let expected = """
    {"checks":{"x86_64-linux":{"node01":"toplevel of 3 modules","node02":"toplevel of 3 modules",
    "node03":"toplevel of 3 modules"}},"formatter":{"x86_64-linux":"FORMATTER"},
    "hydraJobs":{"checks":{"x86_64-linux":{"node01":"toplevel of 3 modules",
    "node02":"toplevel of 3 modules","node03":"toplevel of 3 modules"}},
    "installer":{"kernel":"kernel of 2 modules","netbootIpxeScript":"netbootIpxeScript of 2 modules",
    "netbootRamdisk":"netbootRamdisk of 2 modules"},
    "packages":{"x86_64-linux":{"chainfire-server":"chainfire-server"}}},"nixosConfigurations":{
    "netboot-installer":{"arguments":[],"modules":2},
    "node01":{"arguments":["fleet","inputs","node","self"],"modules":3},
    "node02":{"arguments":["fleet","inputs","node","self"],"modules":3},
    "node03":{"arguments":["fleet","inputs","node","self"],"modules":3}},
    "packages":{"x86_64-linux":{"chainfire-server":"chainfire-server"}}}
    """

  @Test func `The text of flake.nix`() throws {
    let file = try #require(try files().first { $0.path.description == "flake/flake.nix" })
    #expect(file.text == ExpectedFlake.text)
  }

  @Test func `Inputs are defaulted, unpinned ones are said and have no lock`() throws {
    var fleet = Fixture.fleet
    fleet.inputs = fleet.inputs.filter { $0.key.description == "plasmacloud" }
    fleet.inputs[Fixture.name("plasmacloud").value]?.pin = nil
    let checked = NixEmission.fleetFiles(for: fleet, nodes: nodes())
    #expect(checked.report.sorted.map(\.code.description) == ["NX004", "NX004", "NX004"])
    let paths = try #require(checked.value).map(\.path.description)
    #expect(!paths.contains("flake/flake.lock") && paths.contains("flake/flake.nix"))
  }

  @Test func `What the flake cannot have is said`() throws {
    func codes(_ change: (inout Fleet, inout Node) -> Void) -> [String] {
      var fleet = Fixture.fleet
      var node = Fixture.node()
      change(&fleet, &node)
      fleet.roster = self.fleet(of: [node, Fixture.node(2)]).roster
      return NixEmission.fleetFiles(for: fleet, nodes: gathered([node, Fixture.node(2)]))
        .report.sorted
        .map(\.code.description)
    }
    #expect(codes { _, _ in } == [])
    #expect(codes { _, node in node.name = Fixture.name("netboot-installer") } == ["NX010"])
    #expect(codes { fleet, _ in fleet.inputs[Fixture.name("plasmacloud").value] = nil } == ["NX005"])
    #expect(
      codes { fleet, _ in fleet.inputs[Fixture.name("disko").value]?.follows = [Fixture.name("other")] } == [
        "NX005"
      ])
    #expect(codes { _, node in node.services[0].programs[0].nix?.value.attribute = "a b" } == ["NX007"])
    #expect(codes { _, node in node.services[0].programs[0].executable.value = "../x" } == ["NX007"])
    #expect(
      codes { _, node in
        node.services[0].programs[0].payload?.digest.value = SHA256.digest(of: [])
      } == ["NX008"])
  }

  @Test func `A fleet without NixOS has no flake`() throws {
    var node = Fixture.node()
    node.target.system.value = .distribution(id: "debian", version: "12")
    #expect(NixEmission.fleetFiles(for: Fixture.fleet, nodes: gathered([node])).value?.isEmpty == true)
    #expect(NixEmission.installPlan(for: node).value?.isEmpty == true)
  }

  @Test func `nixos-anywhere is called with an array`() throws {
    let artifact = try #require(NixEmission.installPlan(for: Fixture.node()).value?.first)
    #expect(artifact.path.description == "install.json")
    let text = try #require(artifact.text).filter { !$0.isWhitespace }
    #expect(
      text == """
        {"version":1,"node":"node01","argv":["nixos-anywhere","--flake","path:plasmacloud/flake#node01","--phases",\
        "kexec,disko,install,reboot","--build-on","local","--extra-files","plasmacloud/node01/extra-files",\
        "--target-host","root@node01.plasma.local"],"phases":["kexec","disko","install","reboot"],\
        "timeLimits":{"kexec":900,"disko":900,"install":3600,"reboot":900},\
        "disk":{"device":"/dev/disk/by-id/virtio-node01","serial":"node01","bytes":107374182400},\
        "storage":{"disks":[{"name":"main","device":"/dev/disk/by-id/virtio-node01","serial":"node01",\
        "bytes":107374182400,"partitions":[{"number":1,"name":"ESP","label":"disk-main-ESP","type":"EF00",\
        "first":2048,"last":1050623},{"number":2,"name":"pv","label":"disk-main-pv","type":"8E00",\
        "first":1050624,"last":209713151}]}],"groups":[{"name":"pool","extents":25471,"volumes":[\
        {"name":"root","extents":20480},{"name":"data","extents":4991}]}],"mounts":[\
        {"source":"/dev/pool/root","target":"/","format":"ext4","options":["defaults"],"pass":1},\
        {"source":"/dev/disk/by-partlabel/disk-main-ESP","target":"/boot","format":"vfat",\
        "options":["umask=0077"],"pass":2},\
        {"source":"/dev/pool/data","target":"/var/lib","format":"ext4","options":["defaults"],"pass":2}]}}
        """)
  }

  @Test func `The modules are those of the folder nix`() throws {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let names = try HostFile.list(root + "/nix").map(\.name).filter { $0.hasSuffix(".nix") }
    #expect(ModuleTexts.all.map(\.name) == names)
    for module in ModuleTexts.all {
      let file = try HostFile.read(root + "/nix/" + module.name, limit: 1 << 20)
      #expect(module.text == String(decoding: file, as: UTF8.self), "run scripts/embed-nix-modules")
    }
  }

  @Test func `Codes and names are unique and in order`() {
    let rules = NixRules.all
    #expect(rules.map(\.code) == rules.map(\.code).sorted())
    #expect(Set(rules.map(\.code)).count == rules.count)
    #expect(Set(rules.map(\.name)).count == rules.count)
    #expect(rules.allSatisfy { $0.code.family == "NX" })
  }
}

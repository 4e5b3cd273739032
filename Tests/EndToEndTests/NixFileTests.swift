import HostFiles
import JSONText
import Testing

/// Every Nix file that is written, as Nix reads it.
@Suite struct NixFileTests {
  private func nix(_ words: [String]) throws -> Outcome {
    let program = try #require(HostProgram.find("nix-instantiate"), "nix-bin is not installed")
    return Outcome(try HostProgram.run([program, "--store", "dummy://"] + words))
  }

  @Test func everyFileParses() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      try place.require("build", "--all", "--profiles", "profiles/examples", "--out", "out/grown")
      let files = try place.files("out").filter { $0.hasSuffix(".nix") }
      // For each of eight nodes five, for each of two fleets the flake and its modules.
      #expect(files.count == 8 * 5 + 2 * 5)
      let parsed = try nix(["--parse"] + files.map { place.out + "/" + $0 })
      #expect(parsed.status == 0, "\(parsed.errors)")
    }
  }

  /// disko's tree with the numbers of the profile: 100 GiB by serial number, 512 MiB, 80 GiB, the rest.
  @Test func disksAreAsTheProfileSays() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      for node in ["node01", "node02", "node03"] {
        let profile = try place.text("profiles/plasmacloud/nodes/\(node).yaml")
        for line in [
          "device: /dev/disk/by-id/virtio-plasma-\(node)", "size: 100GiB", "boot: 512MiB", "group: pool",
          "volumes: {root: 80GiB, data: rest}",
        ] { try #require(profile.contains("  " + line), "the profile changed: \(line)") }
        let path = "\(place.out)/plasmacloud/flake/nodes/\(node)/disko.nix"
        let value = try nix(["--eval", "--strict", "--json", path])
        try #require(value.status == 0, "\(value.errors)")
        let wanted = try JSONReader.parse(Array(Self.devices(node).utf8))
        #expect(try value.json().sorted == wanted.sorted)
      }
    }
  }

  private static func devices(_ node: String) -> String {
    """
    {"disko": {"devices": {
      "disk": {"main": {
        "type": "disk", "device": "/dev/disk/by-id/virtio-plasma-\(node)", "imageSize": "100G",
        "content": {"type": "gpt", "partitions": {
          "ESP": {"priority": 1, "size": "512M", "type": "EF00", "content": {
            "type": "filesystem", "format": "vfat", "mountpoint": "/boot", "mountOptions": ["umask=0077"]}},
          "pv": {"priority": 2, "size": "100%", "type": "8E00", "content": {"type": "lvm_pv", "vg": "pool"}}}}}},
      "lvm_vg": {"pool": {"type": "lvm_vg", "lvs": {
        "root": {"priority": 1, "size": "80G", "content": {
          "type": "filesystem", "format": "ext4", "mountpoint": "/"}},
        "data": {"priority": 2, "size": "100%FREE", "content": {
          "type": "filesystem", "format": "ext4", "mountpoint": "/var/lib"}}}}}}}}
    """
  }

  /// NixOS and hosts without it get the same units and configuration, directive by directive.
  @Test func servicesAreTheUnitsThatAreWritten() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      for node in ["node01", "node02", "node03"] {
        let module = try services(place, node)
        let folder = "out/plasmacloud/\(node)"
        let units = try place.names(folder + "/units")
        #expect(module["units"]?.members?.map { $0.key + ".service" }.sorted() == units)
        for (name, unit) in module["units"]?.members?.map({ ($0.key, $0.value) }) ?? [] {
          let text = try place.text("\(folder)/units/\(name).service")
          #expect(Self.directives(of: unit) == Self.directives(in: text), "\(node) \(name)")
        }
        let files = module["files"]?.members ?? []
        #expect(files.count >= 9)
        for file in files {
          let text = try place.text("\(folder)/files/etc/\(file.key)")
          #expect(file.value["text"]?.text == text, "\(node) \(file.key)")
        }
      }
    }
  }

  /// services.nix with the packages where a running system has them.
  private func services(_ place: Workplace, _ node: String) throws -> JSONValue {
    let expression = """
      let
        system = "/run/current-system/sw";
        fleet = builtins.fromJSON (builtins.readFile \(place.out)/plasmacloud/flake/fleet.json);
        package = name: { inherit name; value = system; };
        self.packages.x86_64-linux = builtins.listToAttrs (map package fleet.packages.x86_64-linux);
        module = import \(place.out)/plasmacloud/flake/nodes/\(node)/services.nix {
          inherit self;
          config.services.first-boot-automation = module.services.first-boot-automation;
        };
      in
      {
        units = module.systemd.services // module.services.first-boot-automation.steps;
        files = module.environment.etc;
      }
      """
    let value = try nix(["--eval", "--strict", "--json", "--expr", expression])
    try #require(value.status == 0, "\(value.errors)")
    return try value.json()
  }

  /// What NixOS makes of a unit's options, as sorted lines `section key=value`.
  private static func directives(of unit: JSONValue) -> [String] {
    let sections = ["unitConfig": "Unit", "serviceConfig": "Service", "wantedBy": "Install"]
    return (unit.members ?? []).flatMap { option -> [String] in
      if let inner = option.value.members {
        return inner.flatMap { lines(sections[option.key] ?? option.key, $0.key, $0.value) }
      }
      let key = option.key.prefix(1).uppercased() + option.key.dropFirst()
      return lines(sections[option.key] ?? "Unit", key, option.value)
    }.sorted()
  }

  private static func lines(_ section: String, _ key: String, _ value: JSONValue) -> [String] {
    (value.elements ?? [value]).map { "\(section) \(key)=\($0.text ?? "")" }
  }

  private static func directives(in text: String) -> [String] {
    var section = ""
    var found: [String] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      if line.hasPrefix("[") {
        section = String(line.dropFirst().dropLast())
      } else {
        found.append("\(section) \(line)")
      }
    }
    return found.sorted()
  }
}

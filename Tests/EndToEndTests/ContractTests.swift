import HostFiles
import JSONText
import Testing

/// What a build writes, part by part.
@Suite struct ContractTests {
  private static let nixOS = [
    "SHA256SUMS", "bundle", "extra-files", "files", "install.json", "manifest.json", "netboot", "report",
    "units",
    "vm",
  ]

  @Test func everyPartIsThere() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      #expect(try place.names("out") == ["plasmacloud", "unibus"])
      let fleet = try place.names("out/plasmacloud")
      #expect(fleet == ["RUNBOOK.md", "flake", "fleet.json", "node01", "node02", "node03"])
      let flake = try place.names("out/plasmacloud/flake")
      #expect(Set(flake).isSuperset(of: ["flake.lock", "flake.nix", "fleet.json", "modules", "nodes"]))
      for node in ["node01", "node02", "node03"] {
        #expect(try place.names("out/plasmacloud/" + node) == Self.nixOS)
        let modules = try place.names("out/plasmacloud/flake/nodes/" + node)
        #expect(modules == ["configuration.nix", "disko.nix", "hardware.nix", "network.nix", "services.nix"])
        #expect(try place.names("out/plasmacloud/\(node)/bundle") == [node + "-0.1.0.tar"])
        let mac = "mac-52-54-00-00-01-\(node.suffix(2)).ipxe"
        let netboot = try place.names("out/plasmacloud/\(node)/netboot")
        #expect(netboot == ["cmdline", mac, "\(node).ipxe", "references.json"])
        #expect(try place.names("out/plasmacloud/\(node)/vm") == ["create-disk", "launch"])
        #expect(
          try place.names("out/plasmacloud/\(node)/report") == [
            "boot.svg", "disk.svg", "graph.svg", "index.html",
          ])
      }
      // Debian hosts get bundles: nothing that only NixOS or the network boot has.
      #expect(try place.names("out/unibus") == ["RUNBOOK.md", "datardos", "fleet.json", "homer", "magnus"])
      for node in ["datardos", "homer", "magnus"] {
        let parts = try place.names("out/unibus/" + node)
        #expect(
          parts == ["SHA256SUMS", "bundle", "extra-files", "files", "manifest.json", "report", "units"])
        // Their disks are not ours.
        #expect(try place.names("out/unibus/\(node)/report") == ["boot.svg", "graph.svg", "index.html"])
      }
    }
  }

  @Test func oneNodeIsBuiltAlone() throws {
    try Workplace.with { place in
      try place.require("build", "node01")
      let fleet = try place.names("out/plasmacloud")
      #expect(fleet == ["RUNBOOK.md", "flake", "fleet.json", "node01"])
      #expect(try place.names("out/plasmacloud/node01") == Self.nixOS)
      // What is built later joins what is there, which stays as it is.
      let former = try Fingerprint.of(place.out + "/plasmacloud/node01")
      try place.require("build", "plasmacloud/node03", "homer")
      #expect(try place.names("out/plasmacloud").suffix(2) == ["node01", "node03"])
      #expect(try place.names("out/plasmacloud/flake/nodes") == ["node01", "node03"])
      #expect(try Fingerprint.of(place.out + "/plasmacloud/node01") == former)
      #expect(try place.names("out/unibus").contains("homer"))
    }
  }

  /// The same tree whether nodes are built one after the other or at once.
  @Test func oneByOneIsTheSameAsAllAtOnce() throws {
    try Workplace.with { place in
      for node in try place.nodes() { try place.require("build", node) }
      try place.require("build", "--all", "--out", "whole")
      let trees = [try Fingerprint.of(place.out), try Fingerprint.of(place.folder + "/whole")]
      #expect(Fingerprint.difference(trees[0], trees[1]) == nil)
    }
  }

  /// Kinds of files and what their modes must be.
  private func mode(of path: String, _ kind: String) -> UInt16? {
    if path.hasPrefix("extra-files/") {
      return kind == "certificate" || path.hasSuffix(".pub") ? 0o644 : 0o600
    }
    if path.hasPrefix("vm/") { return 0o755 }
    return path.hasPrefix("files/") ? nil : 0o644
  }

  @Test func manifestAndSumsAreTrue() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      for node in try place.nodes() {
        let folder = "out/" + node
        let sums = try HostProgram.run(
          ["sha256sum", "--strict", "-c", "SHA256SUMS"], directory: place.folder + "/" + folder)
        #expect(sums.status == 0, "\(node): \(String(decoding: sums.errors, as: UTF8.self))")
        let manifest = try place.json(folder + "/manifest.json")
        let files = try #require(manifest["files"]?.elements)
        let own: Set = ["manifest.json", "SHA256SUMS"]
        let there = try place.files(folder).filter { !own.contains($0) }.sorted()
        #expect(files.compactMap { $0["path"]?.text } == there)
        #expect(sums.output.split(separator: 10).count == there.count + 1, "and manifest.json")
        #expect(manifest["missing"]?.elements == [])
        for file in files {
          let path = try #require(file["path"]?.text)
          let status = try #require(try HostFile.status("\(place.folder)/\(folder)/\(path)"))
          #expect(status.size == file["size"]?.number, "\(path)")
          let mode = String(status.mode, radix: 8)
          #expect("0" + mode == file["mode"]?.text, "\(path)")
          let wanted = self.mode(of: path, file["kind"]?.text ?? "")
          if let wanted { #expect(status.mode == wanted, "\(path)") }
          #expect(file["origin"]?.text?.isEmpty == false, "\(path)")
        }
      }
    }
  }

  @Test func folderModesAreOpen() throws {
    try Workplace.with { place in
      try place.mint()
      try place.require("build", "--all")
      let result = try HostProgram.run(["find", place.out, "-type", "d", "!", "-perm", "755"])
      #expect(result.output.isEmpty, "\(String(decoding: result.output, as: UTF8.self))")
    }
  }

  @Test func installationIsArgumentsOfNixosAnywhere() throws {
    try Workplace.with { place in
      try place.require("build", "node01")
      let install = try place.json("out/plasmacloud/node01/install.json")
      let words = try #require(install["argv"]?.elements).compactMap(\.text)
      #expect(words.first == "nixos-anywhere")
      let flake = try #require(words.firstIndex(of: "--flake").map { words[$0 + 1] })
      #expect(flake == "path:plasmacloud/flake#node01")
      let extra = try #require(words.firstIndex(of: "--extra-files").map { words[$0 + 1] })
      #expect(try HostFile.status("\(place.out)/\(extra)")?.kind == .directory)
      #expect(words.last == "root@node01.plasma.local")
      #expect(install["disk"]?["device"]?.text == "/dev/disk/by-id/virtio-plasma-node01")
      #expect(install["disk"]?["bytes"]?.number == 100 << 30)
      let phases = try #require(install["phases"]?.elements).compactMap(\.text)
      #expect(phases == ["kexec", "disko", "install", "reboot"])
      #expect(install["timeLimits"]?.members?.map(\.key) == phases)
    }
  }

  /// Without secrets a build works, and says what is not there.
  @Test func whatIsNotMintedIsListed() throws {
    try Workplace.with { place in
      let built = try place.require("build", "--all")
      #expect(built.errors.contains("not minted yet"))
      #expect(try HostFile.status(place.secrets) == nil, "build mints nothing")
      for node in try place.nodes() {
        let missing = try place.json("out/\(node)/manifest.json")["missing"]?.elements ?? []
        #expect(!missing.isEmpty)
        for item in missing {
          let path = try #require(item["path"]?.text ?? item.text)
          #expect(try HostFile.status("\(place.out)/\(node)/\(path)") == nil)
        }
      }
    }
  }

  @Test func theExampleThatGrowsIsBuilt() throws {
    try Workplace.with { place in
      let words = ["--profiles", "profiles/examples"]
      let check = try place.run(["check"] + words)
      #expect(check.status == 0, "\(check.errors)")
      let build = try place.run(["build", "--all"] + words)
      #expect(build.status == 0, "\(build.errors)")
      #expect(try place.names("out") == ["plasmacloud"])
      for node in ["node04", "node05"] {
        let units = try place.names("out/plasmacloud/\(node)/units")
        #expect(units.contains("chainfire-cluster-join.service"))
        let config = try place.json(
          "out/plasmacloud/\(node)/extra-files/etc/nixos/secrets/cluster-config.json")
        #expect(config["bootstrap"] == .bool(false))
        #expect(config["leader_url"]?.text == "https://node01.plasma.local:2379")
      }
    }
  }
}

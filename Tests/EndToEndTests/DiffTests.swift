import HostFiles
import JSONText
import Testing

/// `imagegen diff`: what would change, and how much that means.
@Suite struct DiffTests {
  /// The classes of all changes of a node, by path.
  private func changes(_ outcome: Outcome, _ node: String) throws -> [String: String] {
    let nodes = try #require(try outcome.json()["nodes"]?.elements)
    let entry = try #require(nodes.first { $0["node"]?.text == node }, "\(outcome.output)")
    var classes: [String: String] = [:]
    for change in entry["changes"]?.elements ?? [] {
      classes[change["path"]?.text ?? ""] = change["class"]?.text
      #expect(change["meaning"]?.text?.isEmpty == false)
    }
    return classes
  }

  @Test(arguments: [false, true])
  func rightAfterABuildNothingChanges(isMinted: Bool) throws {
    try Workplace.with { place in
      if isMinted { try place.mint() }
      try place.require("build", "--all")
      let outcome = try place.require("diff")
      let wanted = try place.nodes().map { "\($0): nothing changes\n" }.joined()
      #expect(outcome.output == wanted)
      #expect(try place.run("diff", "--fail-on", "content").status == 0)
      try place.require("build", "--all", "--out", "other")
      #expect(try place.require("diff", "--against", "other").output == wanted)
    }
  }

  @Test func changesHaveTheirClass() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let former = try Fingerprint.of(place.out)
      let cases: [(file: String, old: String, new: String, path: String, kind: String)] = [
        ("nodes/node01.yaml", "root: 80GiB", "root: 70GiB", "flake/nodes/node01/disko.nix", "wipe"),
        ("nodes/node01.yaml", "size: 100GiB", "size: 120GiB", "vm/create-disk", "wipe"),
        ("fleet.yaml", "console=ttyS0", "console=ttyS1", "netboot/cmdline", "reboot"),
        ("services/iam.yaml", "timeout: 60s", "timeout: 50s", "units/iam.service", "restart"),
        ("services/chainfire.yaml", "tcp: 2381", "tcp: 2382", "flake/nodes/node01/network.nix", "port"),
        ("fleet.yaml", "vim, htop", "htop", "flake/nodes/node01/configuration.nix", "content"),
      ]
      let order = ["content", "restart", "port", "reboot", "wipe"]
      for (file, old, new, path, kind) in cases {
        let name = "profiles/plasmacloud/" + file
        let text = try place.text(name)
        try place.edit(name, old, new)
        let outcome = try place.require("diff", "node01", "--format", "json")
        let found = try changes(outcome, "plasmacloud/node01")
        #expect(found[path] == kind, "\(new): \(found)")
        let heaviest = found.values.compactMap { order.firstIndex(of: $0) }.max()
        #expect(heaviest == order.firstIndex(of: kind), "\(new): \(found)")
        for (rank, limit) in order.enumerated() {
          let status = try place.run("diff", "node01", "--fail-on", limit).status
          #expect(status == (rank <= (heaviest ?? -1) ? 1 : 0), "\(new) \(limit)")
        }
        try HostFile.write(Array(text.utf8), to: place.folder + "/" + name, mode: 0o644)
      }
      #expect(Fingerprint.difference(former, try Fingerprint.of(place.out)) == nil, "diff writes nothing")
      #expect(try place.names("").sorted() == ["out", "profiles"])
    }
  }

  /// What all nodes share counts as well: modules, sources, programs.
  @Test func whatTheFlakeSharesIsCompared() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      let cases: [(file: String, old: String, new: String, kind: String)] = [
        ("modules/default.nix", "./disk-guard.nix", "./other.nix", "restart"),
        ("modules/disk-guard.nix", "nothing was wiped", "stop", "content"),
        ("modules/netboot-base.nix", "\"installer\"", "\"other\"", "content"),
        ("flake.nix", "nixos-25.11", "nixos-25.05", "reboot"),
        ("flake.lock", "narHash", "oldHash", "reboot"),
        ("fleet.json", "node01.plasma.local", "other.plasma.local", "content"),
        ("nodes/node01/hardware.nix", "\"virtio_blk\"", "\"virtio_old\"", "reboot"),
        ("nodes/node01/hardware.nix", "bytes = 107374182400", "bytes = 1", "content"),
        ("nodes/node01/configuration.nix", "configurationLimit = ", "configurationLimit = 9", "content"),
        ("nodes/node01/network.nix", "hostName = \"node01\"", "hostName = \"old\"", "reboot"),
        ("nodes/node01/network.nix", "gateway = [", "dns = [", "port"),
        ("nodes/node01/disko.nix", "imageSize = \"100G\"", "imageSize = \"90G\"", "content"),
        ("nodes/node01/disko.nix", "\"umask=0077\"", "\"umask=0022\"", "reboot"),
        ("nodes/node01/disko.nix", "size = \"80G\"", "size = \"70G\"", "wipe"),
        ("nodes/node01/services.nix", "RestartSec = \"10s\"", "RestartSec = \"11s\"", "restart"),
      ]
      // A run for all files together, one for each change that a file has.
      var waiting = cases
      while !waiting.isEmpty {
        var former: [String: String] = [:]
        var wanted: [String: String] = [:]
        for (file, old, new, kind) in waiting where wanted["flake/" + file] == nil {
          let path = "out/plasmacloud/flake/" + file
          former[path] = try place.text(path)
          try place.edit(path, old, new)
          wanted["flake/" + file] = kind
        }
        let outcome = try place.require("diff", "node01", "--format", "json")
        #expect(try changes(outcome, "plasmacloud/node01") == wanted)
        for (path, text) in former {
          try HostFile.write(Array(text.utf8), to: place.folder + "/" + path, mode: 0o644)
        }
        var seen: Set<String> = []
        waiting.removeAll { seen.insert($0.file).inserted }
      }
      try HostFile.removeTree(place.out + "/plasmacloud/flake/modules/disk-guard.nix")
      let gone = try place.require("diff", "node01", "--format", "json")
      #expect(try changes(gone, "plasmacloud/node01") == ["flake/modules/disk-guard.nix": "content"])
    }
  }

  /// In words and as lists: what is restarted, opened, closed and wiped.
  @Test func whatChangesComeToIsSaid() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      try place.edit("profiles/plasmacloud/services/chainfire.yaml", "tcp: 2381", "tcp: 2382")
      try place.edit("profiles/plasmacloud/services/iam.yaml", "timeout: 60s", "timeout: 50s")
      try place.edit("profiles/plasmacloud/nodes/node01.yaml", "root: 80GiB", "root: 70GiB")
      let outcome = try place.require("diff", "node01", "--format", "json")
      let node = try #require(try outcome.json()["nodes"]?.elements?.first)
      func list(_ key: String) -> [String] { (node[key]?.elements ?? []).compactMap(\.text) }
      #expect(list("opens") == ["tcp 2382"])
      #expect(list("closes") == ["tcp 2381"])
      #expect(list("wipes") == ["/dev/disk/by-id/virtio-plasma-node01"])
      #expect(list("restarts").contains("iam.service"), "\(list("restarts"))")
      #expect(node["reboots"] == .bool(false))
      let lines = try place.require("diff", "node01").output.split(separator: "\n").map(String.init)
      #expect(
        lines.contains("  wipes /dev/disk/by-id/virtio-plasma-node01, by a new installation"), "\(lines)")
      #expect(lines.contains("  opens tcp 2382") && lines.contains("  closes tcp 2381"), "\(lines)")
      #expect(lines.contains { $0.hasPrefix("  restarts ") && $0.contains("iam.service") }, "\(lines)")
      #expect(!lines.contains("  reboots"))
    }
  }

  /// What a build then does is what was said before.
  @Test func theBuildDoesWhatWasSaid() throws {
    try Workplace.with { place in
      try place.require("build", "--all")
      try place.copy(place.out, to: place.folder + "/former")
      try place.edit("profiles/unibus/services/membershipd.yaml", "default: 8470", "default: 8471")
      let said = try changes(try place.require("diff", "homer", "--format", "json"), "unibus/homer")
      try place.require("build", "--all")
      for path in try place.files("out/unibus/homer") where !["manifest.json", "SHA256SUMS"].contains(path) {
        let bytes = try HostFile.read("\(place.out)/unibus/homer/\(path)", limit: 1 << 20)
        let old = try HostFile.read("\(place.folder)/former/unibus/homer/\(path)", limit: 1 << 20)
        #expect((bytes != old) == (said[path] != nil), "\(path)")
      }
      #expect(said["files/opt/unibus/cluster.env"] == "restart")
      #expect(try place.require("diff", "homer").output == "unibus/homer: nothing changes\n")
    }
  }

  @Test func aNodeThatWasNeverBuiltIsAllNew() throws {
    try Workplace.with { place in
      let outcome = try place.require("diff", "homer", "--format", "json")
      let entries = try outcome.json()["nodes"]?.elements?.first?["changes"]?.elements ?? []
      #expect(!entries.isEmpty && entries.allSatisfy { $0["change"]?.text == "added" })
    }
  }
}

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

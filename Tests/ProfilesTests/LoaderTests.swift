import Diagnostics
import FleetModel
import HostFiles
import Testing

@testable import Profiles

/// Folders, and what is made of them.
@Suite struct LoaderTests {
  private func load(_ files: [String: String]) throws -> (report: [String], paths: [String]) {
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-profiles")
    defer { try? HostFile.removeTree(work) }
    for (path, text) in files.sorted(by: { $0.key < $1.key }) {
      let parent = path.split(separator: "/").dropLast().joined(separator: "/")
      try HostFile.makeDirectories(work + "/" + parent, mode: 0o755)
      try HostFile.write(Array(text.utf8), to: work + "/" + path, mode: 0o644)
    }
    var registry = SourceRegistry()
    let profiles = ProfileLoader.load(folder: work + "/own", shownAs: "own", registry: &registry)
    var report = profiles.report
    if let set = profiles.value { report.merge(FleetResolution.resolve(set).report) }
    return (report.sorted.map { "\($0.code) \($0.message)" }, registry.paths)
  }

  private static let fleet =
    "fleet: {schema: 1, name: own}\nrelease: {version: 1.0.0, sequence: 1, epoch: 2025-12-12}\n"
  private static let node = "node: a\ntarget: {distribution: debian}\n"

  @Test func filesAreCalledAsTheFolderIs() throws {
    let loaded = try load(["own/fleet.yaml": Self.fleet, "own/nodes/a.yaml": Self.node])
    #expect(loaded.report == [])
    #expect(loaded.paths == ["own/fleet.yaml", "own/nodes/a.yaml"])
  }

  @Test func aFleetCannotUseItself() throws {
    let loaded = try load(["own/fleet.yaml": Self.fleet + "uses: ../own\n", "own/nodes/a.yaml": Self.node])
    #expect(loaded.report == ["PR031 a fleet cannot use itself"])
  }

  @Test func usesDoesNotLoop() throws {
    let base = Self.fleet.replacing("own", with: "base") + "uses: ../own\n"
    let loaded = try load(
      [
        "own/fleet.yaml": Self.fleet + "uses: ../base\n", "own/nodes/a.yaml": Self.node,
        "base/fleet.yaml": base,
      ])
    #expect(loaded.report == ["PR031 a fleet that is used cannot use another"])
  }

  @Test func whatIsUsedComesFirst() throws {
    let base =
      "fleet: {schema: 1, name: base, domain: base.internal}\nrelease: {version: 1.0.0, sequence: 1, epoch: 2025-12-12}\n"
      + "networks: {lan: {cidr: 10.0.0.0/24, dns: [10.0.0.2]}}\n"
    let own =
      "fleet: {schema: 1, name: own}\nuses: ../base\nrelease: {version: 1.0.1, sequence: 2, epoch: 2025-12-13}\n"
      + "networks: {lan: {dns+: [10.0.0.3]}}\n"
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-profiles")
    defer { try? HostFile.removeTree(work) }
    for (path, text) in ["base/fleet.yaml": base, "own/fleet.yaml": own, "own/nodes/a.yaml": Self.node] {
      try HostFile.makeDirectories(
        work + "/" + path.split(separator: "/").dropLast().joined(separator: "/"), mode: 0o755)
      try HostFile.write(Array(text.utf8), to: work + "/" + path, mode: 0o644)
    }
    var registry = SourceRegistry()
    let set = try #require(ProfileLoader.load(folder: work + "/own", registry: &registry).value)
    let fleet = try #require(FleetResolution.resolve(set).value).fleet
    #expect(fleet.name.value.description == "own")
    #expect(fleet.domain?.value.description == "base.internal")
    #expect(fleet.release.sequence.value == 2)
    #expect(fleet.networks.values.first?.dns.map(\.value.description) == ["10.0.0.2", "10.0.0.3"])
  }

  @Test func operatorsWorkWithoutABase() throws {
    let fleet =
      Self.fleet + "networks: {lan: {cidr: 10.0.0.0/24, dns+: [10.0.0.3]}}\ndefaults: {packages+: [vim]}\n"
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-profiles")
    defer { try? HostFile.removeTree(work) }
    try HostFile.makeDirectories(work + "/nodes", mode: 0o755)
    try HostFile.write(Array(fleet.utf8), to: work + "/fleet.yaml", mode: 0o644)
    try HostFile.write(Array((Self.node + "packages+: [jq]\n").utf8), to: work + "/nodes/a.yaml", mode: 0o644)
    var registry = SourceRegistry()
    let set = try #require(ProfileLoader.load(folder: work, registry: &registry).value)
    let context = try #require(FleetResolution.resolve(set).value)
    #expect(context.fleet.networks.values.first?.dns.map(\.value.description) == ["10.0.0.3"])
    let name = try #require(Name("a"))
    let node = try #require(NodeResolution.resolve(name, in: context).value).node
    #expect(node.packages.map(\.value) == ["vim", "jq"])
  }

  /// An override is about the service, whichever of fleet, role and node it stands in.
  @Test func overridesAreLaidOverTheServiceInOrder() throws {
    let files = [
      "fleet.yaml": Self.fleet + "defaults: {override: {web: {writes+: [/srv/fleet]}}}\n",
      "roles/r.yaml":
        "role: r\nservices: [web]\noverride: {web: {writes+: [/srv/role], description: role}}\n",
      "nodes/a.yaml":
        "node: a\nroles: [r]\ntarget: {distribution: debian}\noverride: {web: {writes-: [/srv/own], description: null}}\n",
      "services/web.yaml":
        "service: web\nprogram: {server: {path: /usr/bin/web}}\ncommand: [{program: server}]\nwrites: [/srv/own]\ndescription: own\n",
    ]
    let work = try HostFile.makeTemporaryDirectory(prefix: "imagegen-profiles")
    defer { try? HostFile.removeTree(work) }
    for folder in ["roles", "nodes", "services"] {
      try HostFile.makeDirectories(work + "/" + folder, mode: 0o755)
    }
    for (path, text) in files { try HostFile.write(Array(text.utf8), to: work + "/" + path, mode: 0o644) }
    var registry = SourceRegistry()
    let set = try #require(ProfileLoader.load(folder: work, registry: &registry).value)
    let context = try #require(FleetResolution.resolve(set).value)
    let name = try #require(Name("a"))
    let node = try #require(NodeResolution.resolve(name, in: context).value).node
    let service = try #require(node.services.first)
    #expect(service.writablePaths.map(\.value.description) == ["/srv/fleet", "/srv/role"])
    #expect(service.description.value == "web")
  }
}

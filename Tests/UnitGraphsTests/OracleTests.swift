import Diagnostics
import HostFiles
import SeededRandom
import SystemdUnits
import Testing
import UnitGraphs

/// Graphs are compared with those of the installed systemd, on folders made at random.
@Suite struct OracleTests {
  private static let kinds: [DependencyKind] = [
    .requires, .requisite, .wants, .bindsTo, .upholds, .partOf, .conflicts, .before, .after, .triggers,
    .onFailure,
  ]

  /// A folder of units of all types that depend on one another as chance will have it.
  private func folder(_ random: inout SeededGenerator, cycles: Bool) -> [UnitFolderEntry] {
    let names =
      (0..<6).map { "s\($0).service" } + [
        "t0.target", "t1.target", "k.socket", "i.timer", "srv.mount", "srv-data.mount",
      ]
      + ["basic.target", "sysinit.target", "shutdown.target"]
    var entries: [UnitFolderEntry] = []
    for (index, name) in names.enumerated() {
      entries.append(Folder.file(name, unit(name, index, names, &random, cycles: cycles), index))
    }
    entries.append(Folder.file("k.service", "[Service]\nType=oneshot\nExecStart=/bin/true\n"))
    entries.append(Folder.file("i.service", "[Service]\nExecStart=/bin/true\n"))
    entries.append(
      Folder.file(
        "w@.service", "[Unit]\nAfter=s0.service\nPartOf=%i.service\n[Service]\nExecStart=/bin/true\n"))
    entries.append(Folder.link("t0.target.wants/s1.service", "../s1.service"))
    entries.append(Folder.link("t1.target.requires/w@s0.service", "../w@.service"))
    entries.append(Folder.link("alias.service", "s2.service"))
    entries.append(Folder.file("s3.service.d/more.conf", "[Unit]\nAfter=alias.service\n"))
    let all = names.filter { $0 != "shutdown.target" }
    entries.append(
      Folder.file("all.target", "[Unit]\nDefaultDependencies=no\nWants=\(all.joined(separator: " "))\n"))
    return entries
  }

  private func unit(
    _ name: String, _ index: Int, _ names: [String], _ random: inout SeededGenerator, cycles: Bool
  ) -> String {
    var text = "[Unit]\nDescription=\(name)\n"
    if random.chance(25) { text += "DefaultDependencies=no\n" }
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      let kind =
        ["Requires", "Wants", "BindsTo", "PartOf", "After", "Upholds", "OnFailure"].randomElement(
          using: &random) ?? "After"
      // An order that only ever points to names in front keeps the folder free of rings.
      let limit = cycles || kind != "After" ? names.count : index
      guard limit > 0 else { continue }
      let other = names[Int.random(in: 0..<limit, using: &random)]
      // Nobody pulls in the target that stops everything. Targets that pull in one another, or are part
      // of something, are ordered by the accident of which systemd loads first.
      let isAccident = name.hasSuffix(".target") && (other.hasSuffix(".target") || kind == "PartOf")
      if other != name, other != "shutdown.target", !isAccident { text += "\(kind)=\(other)\n" }
    }
    if random.chance(30) { text += "RequiresMountsFor=/srv/data/\(index)\n" }
    switch name.split(separator: ".").last {
    case "service":
      text += "[Service]\nExecStart=/bin/true\n"
      if random.chance(20) { text += "StateDirectory=a/b\n" }
      if random.chance(20) { text += "PrivateTmp=yes\n" }
      // In the ring test a requirement that is missing would hide what order is wrong.
      if !cycles, random.chance(10) { text += "Type=dbus\nBusName=a.b\(index)\n" }
      if random.chance(10) { text += "WorkingDirectory=/srv/x\n" }
      if random.chance(10) { text += "Sockets=k.socket\n" }
    case "socket": text += "[Socket]\nListenStream=/run/k\n"
    case "timer": text += "[Timer]\nOnCalendar=daily\n" + (random.chance(50) ? "Persistent=yes\n" : "")
    case "mount":
      text += "[Mount]\nWhat=tank/data\nType=zfs\nWhere=\(name == "srv.mount" ? "/srv" : "/srv/data")\n"
      if random.chance(30) {
        text += "Options=_netdev\n"
      } else if random.chance(30) {
        text += "Options=nofail\n"
      }
    default: break
    }
    return text
  }

  /// What no unit file is about: slices, the root mount, the journal's socket that commands log to.
  private func isCounted(_ name: String) -> Bool {
    !name.hasSuffix(".slice") && name != "-.mount" && !name.hasSuffix(".device") && name != "umount.target"
  }

  private func ours(_ graph: UnitGraph, _ kind: DependencyKind, of name: String) -> Set<String> {
    guard let node = graph.node(named: name).map(Int32.init) else { return [] }
    var found = Set<String>()
    for edge in graph.edges {
      if edge.from == node, edge.kind == kind { found.insert(graph.nodes[Int(edge.to)].name.description) }
      // Order is told of both units.
      let inverse: DependencyKind? = kind == .before ? .after : kind == .after ? .before : nil
      if edge.to == node, edge.kind == inverse { found.insert(graph.nodes[Int(edge.from)].name.description) }
    }
    // A template's own node is for the linter; systemd loads instances alone.
    return found.filter { isCounted($0) && !$0.contains("@.") }
  }

  @Test func `dependencies are those that systemd loads`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    for round in 0..<12 {
      let entries = folder(&random, cycles: false)
      let oracle = try SystemdOracle(entries, start: "all.target")
      let graph = UnitGraph(UnitSet(entries: entries), stock: .none)
      try #require(oracle.dependencies.count > 10, "seed \(seed): \(oracle.log)")
      for unit in graph.set.units where !unit.name.isTemplate {
        let name = unit.name.description
        guard let theirs = oracle.dependencies[name] else { continue }
        for kind in Self.kinds {
          let expected = theirs[kind.rawValue, default: []].filter(isCounted)
          let difference = ours(graph, kind, of: name).symmetricDifference(expected).sorted()
          let text = "seed \(seed) round \(round): \(name) \(kind.rawValue)"
          #expect(
            difference.isEmpty,
            "\(text)\n\(unit.fragments.compactMap { $0.source.map { String(decoding: $0.bytes, as: UTF8.self) } })"
          )
        }
      }
    }
  }

  @Test func `a ring is found where systemd finds one`() throws {
    let seed = SeededGenerator.seed
    var random = SeededGenerator(seed: seed)
    var rings = 0
    for round in 0..<30 {
      let entries = folder(&random, cycles: round % 3 != 0)
      let oracle = try SystemdOracle(entries, start: "all.target")
      let graph = UnitGraph(UnitSet(entries: entries), stock: .none)
      let cycles = graph.orderingCycles()
      // A unit with a broken requirement fails before order is looked at.
      let hasRing = oracle.log.contains("ordering cycle")
      if hasRing { rings += 1 }
      if hasRing || !oracle.log.contains("Failed to") {
        #expect(
          !cycles.isEmpty == hasRing,
          "seed \(seed) round \(round)\n\(cycles.map { $0.edges.map(graph.describe) })")
      }
      for cycle in cycles {
        for (index, edge) in cycle.edges.enumerated() {
          #expect(edge.later == cycle.edges[(index + 1) % cycle.edges.count].earlier, "seed \(seed)")
        }
      }
    }
    #expect(rings > 0, "seed \(seed)")
  }

  @Test func `the victim is one of those predicted`() throws {
    let entries =
      ["a", "b", "c"].enumerated().map { index, name in
        Folder.file(
          "\(name).service",
          "[Unit]\nDefaultDependencies=no\nAfter=\(["b", "c", "a"][index]).service\n[Service]\nExecStart=/bin/true\n",
          index)
      } + [
        Folder.file(
          "m.target", "[Unit]\nDefaultDependencies=no\nWants=a.service b.service\nRequires=c.service\n")
      ]
    let graph = UnitGraph(UnitSet(entries: entries), stock: .none)
    let cycle = try #require(graph.orderingCycles().first)
    #expect(cycle.victims.map { graph.nodes[$0].name.description }.sorted() == ["a.service", "b.service"])
    for _ in 0..<10 {
      let oracle = try SystemdOracle(entries, start: "m.target")
      #expect(["a.service", "b.service"].contains(oracle.deleted.first), "\(oracle.log)")
    }
  }
}

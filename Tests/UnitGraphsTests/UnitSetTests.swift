import Diagnostics
import SystemdUnits
import Testing
import UnitGraphs

@Suite struct UnitSetTests {
  @Test func `drop-ins apply from the particular to the general, in order of their names`() throws {
    let set = UnitSet(entries: [
      Folder.file("a-b@.service", "[Service]\nExecStart=/bin/a\nUser=zero\n"),
      Folder.file("a-b@x.service.d/20.conf", "[Service]\nUser=instance\n"),
      Folder.file("a-b@.service.d/10.conf", "[Service]\nUser=template\n"),
      Folder.file("a-@.service.d/30.conf", "[Service]\nUser=prefix\n"),
      Folder.file("service.d/30.conf", "[Service]\nUser=type\n"),
      Folder.file("service.d/40.conf", "[Service]\nGroup=type\n"),
      Folder.file("a-b@.service.d/note.txt", "[Service]\nUser=ignored\n"),
    ])
    let unit = try #require(set.units.first { $0.name.isTemplate })
    #expect(
      unit.fragments.map(\.path) == [
        "a-b@.service", "a-b@.service.d/10.conf", "a-@.service.d/30.conf", "service.d/40.conf",
      ])
    #expect(unit.value(.user) == "prefix")
    let instance = try #require(set.units.first { $0.name.isInstance })
    #expect(instance.hasFile && instance.value(.user) == "prefix" && set.units.count == 2)
    #expect(
      instance.fragments.map(\.path).prefix(3) == [
        "a-b@.service", "a-b@.service.d/10.conf", "a-b@x.service.d/20.conf",
      ])
    #expect(set.leftOver.map(\.path) == ["a-b@.service.d/note.txt"])
  }

  @Test func `an empty assignment resets lists but no dependencies`() throws {
    let set = UnitSet(entries: [
      Folder.file("a.service", "[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/a\n"),
      Folder.file("a.service.d/x.conf", "[Unit]\nAfter=\n[Service]\nExecStart=\nExecStart=/bin/b\n"),
    ])
    let unit = try #require(set.units.first)
    #expect(unit.values(.execStart) == ["/bin/b"] && unit.values(.after) == ["b.service"])
  }

  @Test func `links are aliases, masks or dependencies`() throws {
    let set = UnitSet(entries: [
      Folder.file("a.service", "[Service]\nExecStart=/bin/a\n[Install]\nAlias=c.service\n"),
      Folder.link("b.service", "a.service"), Folder.link("m.service", "/dev/null"),
      Folder.file("e.service", ""),
      Folder.link("bad.socket", "a.service"), Folder.link("t.target.wants/a.service", "../gone.service"),
      Folder.link("t.target.wants/off.service", "/dev/null"),
    ])
    #expect(set.index(of: "b.service") == set.index(of: "a.service"))
    #expect(set.index(of: "c.service") == set.index(of: "a.service"))
    #expect(set.units.filter(\.isMasked).map(\.name.description) == ["e.service", "m.service"])
    #expect(set.links.map(\.dependency.description) == ["a.service"])
    #expect(set.leftOver.map(\.path) == ["bad.socket"])
  }

  @Test func `the first unit folder of the search path wins`() throws {
    let set = UnitSet(entries: [
      .init(
        path: "a.service", content: .file(Array("[Service]\nUser=usr\n".utf8)), source: SourceID(index: 0),
        layer: 2),
      .init(
        path: "a.service", content: .file(Array("[Service]\nUser=etc\n".utf8)), source: SourceID(index: 1),
        layer: 0),
    ])
    #expect(set.units.map { $0.value(.user) } == ["etc"])
  }

  @Test func `stock units take part without being there`() throws {
    let set = UnitSet(entries: [
      Folder.file(
        "a.service",
        "[Unit]\nBefore=sysinit.target\n[Service]\nExecStart=/bin/a\n[Install]\nWantedBy=multi-user.target\n")
    ])
    let graph = UnitGraph(set)
    let cycle = try #require(graph.orderingCycles().first)
    #expect(cycle.units.map { graph.nodes[$0].name.description } == ["a.service", "sysinit.target"])
    // sysinit.target is required by the boot, the service is not.
    #expect(cycle.victims.map { graph.nodes[$0].name.description } == ["a.service"])
    #expect(UnitGraph(UnitSet()).orderingCycles().isEmpty)
  }
}

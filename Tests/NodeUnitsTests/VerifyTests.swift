import Diagnostics
import FleetModel
import Hardening
import NodeUnits
import SystemdUnits
import Testing

@Suite struct VerifyTests {
  private static func programs(of node: Node) -> [String] {
    node.services.flatMap { $0.programs.map(\.path.value.description) } + ["/usr/bin/imagegen-install"]
  }

  /// Not a word: every line systemd would log on every boot of every node.
  @Test(arguments: ClusterMode.allCases)
  func systemdHasNothingToSay(mode: ClusterMode) throws {
    var fixture = Fixture()
    var node = try fixture.everything()
    node.mode.value = mode
    let checked = NodeUnits.units(for: node)
    #expect(checked.report.diagnostics.isEmpty)
    let units = try #require(checked.value)
    let (text, status) = try TargetRoot.with(units, programs: Self.programs(of: node)) {
      try $0.verify(NodeUnits.enabledUnits(of: node))
    }
    #expect(text == "")
    #expect(status == 0)
  }

  /// The check of the check: a unit that is wrong is found by the same call.
  @Test func theVerificationIsReal() throws {
    var fixture = Fixture()
    var service = try fixture.service("chainfire")
    service.rawDirectives = [
      RawDirective(section: "Service", key: "NoSuchThing", value: fixture.sourced("1"))
    ]
    let node = try fixture.node([service])
    let units = try #require(NodeUnits.units(for: node).value)
    let text = try TargetRoot.with(units, programs: Self.programs(of: node)) {
      try $0.verify(["chainfire.service"]).text
    }
    #expect(text.contains("NoSuchThing"))
  }

  @Test func daemonsAndStepsScoreBelowTwo() throws {
    var fixture = Fixture()
    let node = try fixture.everything()
    let units = try #require(NodeUnits.units(for: node).value)
    try TargetRoot.with(units, programs: Self.programs(of: node)) { root in
      for unit in units where !unit.name.contains("@") {
        let exposure = try #require(try root.exposure(unit.name))
        print("exposure of \(unit.name): \(exposure / 10).\(exposure % 10)")
        #expect(exposure == Exposure.score(of: unit).tenths)
        let isRelaxed = ["k8shost", "plasmavmc", "prismnet"].contains(where: unit.name.hasPrefix)
        if !isRelaxed { #expect(exposure <= 20, "\(unit.name)") }
      }
    }
  }

  @Test func everyDirectiveKnowsWhy() throws {
    var fixture = Fixture()
    for unit in try #require(NodeUnits.units(for: try fixture.everything()).value) {
      for directive in unit.sections.flatMap(\.directives) {
        switch directive.origin {
        case .profile(let span): #expect(span.end > span.start)
        case .standard(let name): #expect(!name.isEmpty)
        }
        #expect(!directive.value.utf8.contains(10))
      }
    }
  }
}

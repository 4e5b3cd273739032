import Diagnostics
import FleetModel
import Hardening
import SystemdUnits
import Testing

@Suite struct HardeningTests {
  private let dynamic = Identity.dynamic(.standard("service.user"))
  private let root = Identity.account(Sourced(.root, .standard("t")))

  private func span(_ start: Int) -> Span { Span(source: SourceID(index: 0), start: start, end: start + 1) }

  private func written(_ text: String, _ start: Int) -> Sourced<String> {
    Sourced(text, .profile(span(start)))
  }

  private func sandbox(
    _ preset: String, _ exceptions: [(String, [String])] = [], reason: String = "measured"
  ) -> Sandbox {
    Sandbox(
      preset: written(preset, 1),
      exceptions: exceptions.enumerated().map { index, exception in
        Sandbox.Exception(
          directive: written(exception.0, 10 + index),
          values: exception.1.map { written($0, 20 + index) }, reason: written(reason, 30 + index))
      })
  }

  private func port(_ number: Int) throws -> Port {
    Port(
      name: Sourced(try #require(Name("dns")), .standard("t")), transport: .udp,
      number: Sourced(try #require(PortNumber(number)), .profile(span(99))), network: nil, scopes: [])
  }

  private func values(_ key: String, _ directives: [UnitFile.Directive]?) -> [String] {
    (directives ?? []).filter { $0.key == key }.map(\.value)
  }

  @Test(arguments: Hardening.presets.map(\.name))
  func systemdTakesEveryPresetWithoutAWord(name: String) throws {
    let checked = Hardening.directives(for: sandbox(name), identity: root, ports: [try port(53)])
    #expect(checked.report.diagnostics.isEmpty)
    let directives = [UnitFile.Directive("ExecStart", "/bin/true", .standard("t"))] + (checked.value ?? [])
    let unit = UnitFile(
      name: "preset.service", sections: [UnitFile.Section("Service", directives)])
    #expect(try SecurityTool.complaints(about: unit) == "")
  }

  @Test func everyDirectiveKnowsWhy() throws {
    for preset in Hardening.presets {
      let checked = Hardening.directives(
        for: sandbox(preset.name, [("UMask", ["0022"])]), identity: root, ports: [try port(53)])
      for directive in checked.value ?? [] {
        switch directive.origin {
        case .standard(let name): #expect(name == "sandbox." + preset.name)
        case .profile(let span): #expect(span.start == (directive.key == "UMask" ? 20 : 99))
        }
      }
    }
  }

  /// Nobody has to guess why a wall is missing.
  @Test(arguments: Hardening.presets.filter { $0.name != "none" }.map(\.name))
  func everyRelaxationHasAReason(name: String) throws {
    let preset = try #require(Hardening.preset(named: name))
    func lines(_ preset: Preset) -> [String: [String]] {
      Dictionary(preset.settings.map { ($0.directive, $0.values) }, uniquingKeysWith: +)
    }
    let own = lines(preset)
    let strictest = lines(Hardening.defaultPreset)
    let different = Set(own.keys).union(strictest.keys).filter { own[$0] != strictest[$0] }
    #expect(preset.relaxations.flatMap(\.directives).sorted() == different.sorted())
    #expect(preset.relaxations.allSatisfy { !$0.reason.isEmpty && !$0.reason.hasSuffix(".") })
  }

  @Test func directivesStandInOrderOfName() {
    let exceptions = [("Delegate", ["yes"]), ("UMask", ["0022"]), ("BindPaths", ["/a", "/b"])]
    let directives =
      Hardening.directives(
        for: sandbox("network-daemon", exceptions), identity: dynamic, ports: []
      ).value ?? []
    let keys = directives.map(\.key)
    #expect(keys == keys.sorted())
    #expect(values("BindPaths", directives) == ["/a", "/b"])
    #expect(values("SystemCallFilter", directives) == ["@system-service", "~@privileged @resources"])
  }

  @Test func anExceptionReplacesAllLinesOfItsDirective() {
    let checked = Hardening.directives(
      for: sandbox("network-daemon", [("SystemCallFilter", ["@system-service"]), ("PrivateUsers", [])]),
      identity: dynamic, ports: [])
    #expect(checked.report.diagnostics.isEmpty)
    #expect(values("SystemCallFilter", checked.value) == ["@system-service"])
    #expect(values("PrivateUsers", checked.value).isEmpty)
  }

  @Test func privilegedPortsBringTheirCapability() throws {
    let ports = [try port(8053), try port(53)]
    let directives = Hardening.directives(
      for: sandbox("network-daemon"), identity: dynamic, ports: ports
    ).value
    #expect(values("AmbientCapabilities", directives) == ["CAP_NET_BIND_SERVICE"])
    #expect(values("CapabilityBoundingSet", directives) == ["", "CAP_NET_BIND_SERVICE"])
    #expect(values("PrivateUsers", directives) == ["no"])
    let asRoot = Hardening.directives(for: sandbox("network-daemon"), identity: root, ports: ports).value
    #expect(values("AmbientCapabilities", asRoot).isEmpty)
    #expect(values("CapabilityBoundingSet", asRoot) == ["", "CAP_NET_BIND_SERVICE"])
    let unprivileged = Hardening.directives(
      for: sandbox("network-daemon"), identity: dynamic, ports: [try port(1024)]
    ).value
    #expect(values("AmbientCapabilities", unprivileged).isEmpty)
    #expect(values("PrivateUsers", unprivileged) == ["yes"])
  }

  @Test func mistakesAreNamed() throws {
    let cases: [(Sandbox, Identity, String, String?)] = [
      (sandbox("network-deamon"), dynamic, "PR080", "did you mean `network-daemon`?"),
      (sandbox("zzz"), dynamic, "PR080", nil),
      (sandbox("none", [("PrivateDevice", ["no"])]), dynamic, "PR081", "did you mean `PrivateDevices`?"),
      (sandbox("none", [("ExecStart", ["/bin/sh"])]), dynamic, "PR081", nil),
      (sandbox("none", [("UMask", ["0022"])], reason: " "), dynamic, "PR082", nil),
      (sandbox("none", [("UMask", ["0022\nUser=root"])]), dynamic, "PR083", nil),
      (sandbox("container-host"), dynamic, "PR084", nil),
      (sandbox("network-daemon", [("PrivateTmp", ["yes"])]), dynamic, "PR085", nil),
      (sandbox("none", [("AmbientCapabilities", [""])]), dynamic, "PR086", nil),
      (sandbox("none", [("CapabilityBoundingSet", ["CAP_KILL"])]), root, "PR086", nil),
    ]
    for (sandbox, identity, code, help) in cases {
      let found = Hardening.directives(for: sandbox, identity: identity, ports: [try port(53)])
        .report.diagnostics
      #expect(found.map(\.code.description) == [code])
      if let help { #expect(found.first?.help == help) }
      #expect(found.first?.span != nil)
    }
    let fine = Hardening.directives(
      for: sandbox(
        "none",
        [
          ("CapabilityBoundingSet", ["~CAP_KILL"]),
          ("AmbientCapabilities", ["CAP_KILL", "CAP_NET_BIND_SERVICE"]),
        ]),
      identity: dynamic, ports: [try port(53)])
    #expect(fine.report.diagnostics.isEmpty)
  }

  @Test func aRefusedValueLeavesThePresetsAlone() {
    let directives = Hardening.directives(
      for: sandbox("network-daemon", [("UMask", ["0022\nUser=root"])]), identity: dynamic, ports: []
    ).value
    #expect(values("UMask", directives) == ["0077"])
  }

  @Test func rulesAreUnique() {
    #expect(Set(HardeningRules.all.map(\.code)).count == HardeningRules.all.count)
    #expect(Set(HardeningRules.all.map(\.name)).count == HardeningRules.all.count)
    #expect(Set(Hardening.presets.map(\.name)).count == Hardening.presets.count)
  }
}

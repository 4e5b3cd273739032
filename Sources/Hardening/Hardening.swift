public import Diagnostics
public import FleetModel
public import SystemdUnits

/// What a sandbox in a profile means in directives. The only place that knows their values: native
/// units and NixOS modules are both made of what this returns.
public enum Hardening {
  /// All presets, in the order of documentation.
  public static let presets: [Preset] = [
    .networkDaemon, .storageDaemon, .networkController, .virtualMachineManager, .containerHost,
    .firstBootStep, .none,
  ]

  /// The preset of a service whose profile names none.
  public static let defaultPreset = Preset.networkDaemon

  /// The preset of the units of the first boot.
  public static let firstBootPreset = Preset.firstBootStep

  /// The preset of that name.
  public static func preset(named name: String) -> Preset? { presets.first { $0.name == name } }

  /// The directives of a sandbox, in order of name: the preset's, what privileged ports need, and the
  /// exceptions in place of either.
  ///
  /// An unknown preset is reported and read as `network-daemon`.
  public static func directives(
    for sandbox: Sandbox, identity: Identity, ports: [Port]
  ) -> Checked<[UnitFile.Directive]> {
    var report = Report()
    let preset = resolve(sandbox.preset, &report)
    checkAccount(identity, preset, sandbox.preset, &report)
    var directives = preset.settings.flatMap { setting in
      setting.values.map {
        UnitFile.Directive(setting.directive, $0, .standard(preset.origin))
      }
    }
    let privileged = ports.first { $0.number.value.isPrivileged }?.number
    if let privileged { grantPort(privileged, to: identity, &directives) }
    for exception in sandbox.exceptions {
      apply(exception, &directives, &report)
    }
    if let privileged, !sandbox.exceptions.isEmpty {
      checkPort(privileged, identity, sandbox, directives, &report)
    }
    return Checked(sorted(directives), report)
  }

  /// The directives of a preset alone.
  public static func directives(of preset: Preset) -> [UnitFile.Directive] {
    preset.settings.flatMap { setting in
      setting.values.map { UnitFile.Directive(setting.directive, $0, .standard(preset.origin)) }
    }
  }

  private static func resolve(_ name: Sourced<String>, _ report: inout Report) -> Preset {
    if let preset = preset(named: name.value) { return preset }
    let names = presets.map(\.name)
    let help =
      Suggestion.nearest(to: name.value, in: names).map { "did you mean `\($0)`?" }
      ?? "presets are " + names.map { "`\($0)`" }.joined(separator: ", ")
    report.add(
      Diagnostic(
        HardeningRules.unknownPreset, "no sandbox preset is called `\(name.value)`", at: name.span,
        help: help))
    return defaultPreset
  }

  private static func checkAccount(
    _ identity: Identity, _ preset: Preset, _ name: Sourced<String>, _ report: inout Report
  ) {
    guard preset.needsRoot, !identity.isRoot else { return }
    report.add(
      Diagnostic(
        HardeningRules.needsRoot, "preset `\(preset.name)` is for services that run as root",
        at: name.span, help: "give the service `user: root`, or another preset"))
  }

  /// Binding a port below 1024 takes CAP_NET_BIND_SERVICE in the user namespace that owns the
  /// network: the initial one, so `PrivateUsers=` has to go (capabilities(7), user_namespaces(7)).
  private static func grantPort(
    _ port: Sourced<PortNumber>, to identity: Identity, _ directives: inout [UnitFile.Directive]
  ) {
    let capability = "CAP_NET_BIND_SERVICE"
    if directives.contains(where: { $0.key == "CapabilityBoundingSet" && !$0.value.hasPrefix("~") }) {
      directives.append(UnitFile.Directive("CapabilityBoundingSet", capability, port.origin))
    }
    if !identity.isRoot {
      directives.append(UnitFile.Directive("AmbientCapabilities", capability, port.origin))
    }
    for index in directives.indices where directives[index].key == "PrivateUsers" {
      directives[index] = UnitFile.Directive("PrivateUsers", "no", port.origin)
    }
  }

  private static func apply(
    _ exception: Sandbox.Exception, _ directives: inout [UnitFile.Directive], _ report: inout Report
  ) {
    let name = exception.directive.value
    guard SandboxDirectives.known.contains(name) else {
      let near = Suggestion.nearest(to: name, in: SandboxDirectives.names)
      report.add(
        Diagnostic(
          HardeningRules.unknownDirective, "`\(name)` is no sandbox directive",
          at: exception.directive.span,
          help: near.map { "did you mean `\($0)`?" }
            ?? "other directives of a unit are written under `unit`, as they are"))
      return
    }
    if exception.reason.value.utf8.allSatisfy({ $0 <= 0x20 }) {
      report.add(
        Diagnostic(
          HardeningRules.missingReason, "the exception for `\(name)` gives no reason",
          at: exception.reason.span ?? exception.directive.span, help: "say what needs it"))
    }
    for value in exception.values where value.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
      report.add(
        Diagnostic(
          HardeningRules.badValue, "a value of `\(name)` holds a control character",
          at: value.span ?? exception.directive.span, help: "write several values as a list"))
      return
    }
    if directives.filter({ $0.key == name }).map(\.value) == exception.values.map(\.value) {
      report.add(
        Diagnostic(
          HardeningRules.emptyException, "the preset has the same `\(name)`",
          at: exception.directive.span, help: "leave the exception out"))
    }
    directives.removeAll { $0.key == name }
    directives += exception.values.map { UnitFile.Directive(name, $0.value, $0.origin) }
  }

  private static func checkPort(
    _ port: Sourced<PortNumber>, _ identity: Identity, _ sandbox: Sandbox,
    _ directives: [UnitFile.Directive], _ report: inout Report
  ) {
    let key = identity.isRoot ? "CapabilityBoundingSet" : "AmbientCapabilities"
    guard let exception = sandbox.exceptions.first(where: { $0.directive.value == key }),
      !(identity.isRoot && exception.values.isEmpty),
      !exception.values.contains(where: {
        $0.value.contains("CAP_NET_BIND_SERVICE") != $0.value.hasPrefix("~")
      })
    else { return }
    report.add(
      Diagnostic(
        HardeningRules.privilegedPort, "`\(key)` leaves out CAP_NET_BIND_SERVICE",
        at: exception.directive.span,
        related: port.span.map { [Label("this port needs it", at: $0)] } ?? [],
        help: "add CAP_NET_BIND_SERVICE, or use a port from 1024 on"))
  }

  /// By name; lines of one directive stay as they are, as later ones change what earlier ones said.
  private static func sorted(_ directives: [UnitFile.Directive]) -> [UnitFile.Directive] {
    directives.enumerated()
      .sorted { ($0.element.key, $0.offset) < ($1.element.key, $1.offset) }
      .map(\.element)
  }
}

extension Identity {
  /// Whether it is the superuser's.
  public var isRoot: Bool {
    if case .account(let name) = self { name.value == .root } else { false }
  }
}

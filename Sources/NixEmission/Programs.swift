internal import Diagnostics
internal import FleetModel

/// Where NixOS has the services' programs: `packages.SERVICE.PROGRAM`, a package of an input.
struct Programs {
  private let system: String
  private var services: [(name: String, packages: NixSet)] = []
  private var seen = Set<Program.FlakeAttribute>()
  private(set) var references = PathReferences()
  /// Each package once, for the profile of the system: plain units and people find programs there.
  private(set) var profile: [Sourced<NixExpression>] = []
  private(set) var usesSelf = false
  private(set) var usesInputs = false

  init(system: String) { self.system = system }

  /// The binding `packages`.
  var packages: NixSet {
    var set = NixSet()
    for service in services { set.add(service.name, set: service.packages) }
    return set
  }

  mutating func add(_ program: Program, of service: Service, node: Node, _ report: inout Report) {
    let serviceName = service.name.value.description
    let name = program.name.value.description
    guard let nix = program.nix else {
      report.add(
        Diagnostic(
          .programWithoutSource, "nothing puts \(program.path.value) on NixOS", at: program.name.span,
          help: "give the program a `nix` attribute", node: node.name.value.description))
      return
    }
    if nix.value.input == "self", program.payload == nil {
      report.add(
        Diagnostic(
          .packageWithoutPayload, "self#\(nix.value.attribute) has no payload to be made of", at: nix.span,
          help: "add the payload, or name the flake input that has the package",
          node: node.name.value.description))
      return
    }
    if services.last?.name != serviceName { services.append((serviceName, NixSet())) }
    services[services.count - 1].packages.add(name, to: package(nix.value), nix.origin)
    let package = NixExpression.reference("packages", serviceName, name)
    if seen.insert(nix.value).inserted { profile.append(Sourced(package, nix.origin)) }
    let place = [NixStringPart.interpolation(package), .literal("/bin/" + program.executable.value)]
    references.add(program.path.value.description, place)
    references.add(Self.profilePath(program.executable.value), place)
  }

  /// Where the running system has a program, whichever generation it is.
  static func profilePath(_ executable: String) -> String { "/run/current-system/sw/bin/" + executable }

  /// As the `nix` command looks attributes up: `packages` first, then `legacyPackages`, which is where
  /// nixpkgs has them.
  private mutating func package(_ nix: Program.FlakeAttribute) -> NixExpression {
    let tail = [NixKey.literal(system), .literal(nix.attribute)]
    if nix.input == "self" {
      usesSelf = true
      return .select(.name("self"), [.literal("packages")] + tail, fallback: nil)
    }
    usesInputs = true
    let legacy =
      [NixKey.literal("legacyPackages"), .literal(system)]
      + nix.attribute.split(separator: ".").map { .literal(String($0)) }
    return .select(
      .name("inputs"), [.literal(nix.input), .literal("packages")] + tail,
      fallback: .select(.name("inputs"), [.literal(nix.input)] + legacy, fallback: nil))
  }
}

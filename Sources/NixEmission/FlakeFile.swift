internal import Diagnostics
internal import FleetModel

/// `flake.nix`: one system for each node of fleet.json, the netboot installer, packages of payloads, and all of them
/// as checks and as jobs of Hydra.
struct FlakeFile {
  /// The system that nodes boot over the network to be installed.
  static let installer = "netboot-installer"

  private let fleet: Fleet
  private let inputs: FlakeInputs
  private let hasPackages: Bool
  private let origin = Origin.standard("nix.flake")

  init(_ fleet: Fleet, inputs: FlakeInputs, hasPackages: Bool) {
    self.fleet = fleet
    self.inputs = inputs
    self.hasPackages = hasPackages
  }

  var expression: NixExpression {
    var flake = NixSet()
    flake.add(
      "description", to: .literal("\(fleet.name.value): NixOS nodes made by imagegen"), fleet.name.origin)
    flake.add("inputs", to: .set(inputs.attributes), fleet.name.origin, startsGroup: true)
    flake.add("outputs", to: outputs, origin, startsGroup: true)
    return .set(flake)
  }

  private var outputs: NixExpression {
    var local = NixSet()
    let file = NixExpression.apply(.reference("builtins", "readFile"), [Self.path("./fleet.json")])
    local.add("fleet", to: .apply(.reference("builtins", "fromJSON"), [file]), origin)
    local.inherit("lib", from: .name("nixpkgs"), origin: origin)
    local.add(
      "forSystems", to: .apply(.reference("lib", "genAttrs"), [.reference("fleet", "systems")]), origin)
    local.add("node", to: node, origin, startsGroup: true)
    local.add("installer", to: installer, origin, startsGroup: true)
    if hasPackages {
      local.add("package", to: package, origin, startsGroup: true)
      local.add("packagesOf", to: packagesOf, origin, startsGroup: true)
    }
    local.add("toplevel", to: toplevel, origin, startsGroup: true)
    local.add("systemOf", to: systemOf, origin)
    local.add("nodesOf", to: nodesOf, origin)
    local.add("checksOf", to: checksOf, origin)
    local.add(
      "netboot",
      to: .reference("self", "nixosConfigurations", Self.installer, "config", "system", "build"), origin)
    var result = NixSet()
    var installers = NixSet()
    installers.add(
      Self.installer,
      to: .apply(
        .name("installer"), [.apply(.reference("builtins", "head"), [.reference("fleet", "systems")])]),
      origin)
    let nodes = NixExpression.apply(
      .reference("builtins", "mapAttrs"), [.name("node"), .reference("fleet", "nodes")])
    result.add("nixosConfigurations", to: .update(nodes, .set(installers)), origin)
    if hasPackages {
      result.add(
        "packages",
        to: .apply(
          .reference("builtins", "mapAttrs"), [.name("packagesOf"), .reference("fleet", "packages")]),
        origin, startsGroup: true)
    }
    result.add(
      "checks", to: .apply(.reference("builtins", "mapAttrs"), [.name("checksOf"), .name("nodesOf")]), origin,
      startsGroup: true)
    result.add("hydraJobs", to: .set(jobs), origin, startsGroup: true)
    let formatter = NixExpression.function(
      .variable("system"),
      .select(
        .reference("nixpkgs", "legacyPackages"),
        [.interpolation(.name("system")), .literal("nixfmt-tree")], fallback: nil))
    result.add("formatter", to: .apply(.name("forSystems"), [formatter]), origin, startsGroup: true)
    return .function(
      .attributes(["self", "nixpkgs", "disko"], isOpen: true, as: "inputs"), .local(local, .set(result)))
  }

  /// `nix flake check` and Hydra build what an installation needs of a node.
  private var toplevel: NixExpression {
    let system = NixExpression.select(
      .reference("self", "nixosConfigurations"),
      [
        .interpolation(.name("name")), .literal("config"), .literal("system"), .literal("build"),
        .literal("toplevel"),
      ], fallback: nil)
    return .function(.variable("name"), system)
  }

  private var systemOf: NixExpression {
    .function(
      .variable("name"),
      .select(
        .reference("fleet", "nodes"), [.interpolation(.name("name")), .literal("system")], fallback: nil))
  }

  /// The names of nodes by system.
  private var nodesOf: NixExpression {
    .apply(
      .reference("builtins", "groupBy"),
      [.name("systemOf"), .apply(.reference("builtins", "attrNames"), [.reference("fleet", "nodes")])])
  }

  private var checksOf: NixExpression {
    .function(
      .variable("_"),
      .function(
        .variable("names"), .apply(.reference("lib", "genAttrs"), [.name("names"), .name("toplevel")])))
  }

  /// What a fleet that outgrows one machine has built by Hydra.
  private var jobs: NixSet {
    var jobs = NixSet()
    if hasPackages {
      jobs.inherit("checks", "packages", from: .name("self"), origin: origin)
    } else {
      jobs.inherit("checks", from: .name("self"), origin: origin)
    }
    var installer = NixSet()
    installer.inherit(
      "kernel", "netbootIpxeScript", "netbootRamdisk", from: .name("netboot"), origin: origin)
    jobs.add("installer", to: .set(installer), origin)
    return jobs
  }

  private var node: NixExpression {
    var arguments = NixSet()
    arguments.inherit("fleet", "inputs", "node", "self", origin: origin)
    return .function(
      .variable("name"),
      .function(
        .variable("node"),
        system(
          arguments: arguments,
          modules: [
            .reference("disko", "nixosModules", "disko"), Self.path("./modules"),
            .path([.literal("./nodes/"), .interpolation(.name("name")), .literal("/configuration.nix")]),
          ])))
  }

  private var installer: NixExpression {
    var settings = NixSet()
    settings.add(["nixpkgs", "hostPlatform"], to: .name("system"), origin)
    settings.add(
      ["users", "users", "root", "openssh", "authorizedKeys", "keys"],
      to: .reference("fleet", "authorizedKeys"),
      origin)
    return .function(
      .variable("system"),
      system(arguments: nil, modules: [Self.path("./modules/netboot-base.nix"), .set(settings)]))
  }

  private func system(arguments: NixSet?, modules: [NixExpression]) -> NixExpression {
    var set = NixSet()
    if let arguments { set.add("specialArgs", to: .set(arguments), origin) }
    set.add("modules", to: .list(modules), origin)
    return .apply(.reference("lib", "nixosSystem"), [.set(set)])
  }

  /// The payload's folder as a package: its files are programs, and no builder's shell sees a name from
  /// a profile.
  private var package: NixExpression {
    let packages = NixExpression.select(
      .reference("nixpkgs", "legacyPackages"), [.interpolation(.name("system"))], fallback: nil)
    let folder = NixExpression.path([
      .literal("./payloads/"), .interpolation(.name("system")), .literal("/"), .interpolation(.name("name")),
    ])
    let command = NixExpression.string([
      .literal("install -D -m 0755 -t $out/bin "), .interpolation(folder), .literal("/*\n"),
    ])
    return .function(
      .variable("system"),
      .function(
        .variable("name"),
        .apply(
          .select(packages, [.literal("runCommand")], fallback: nil),
          [.name("name"), .set(NixSet()), command])))
  }

  private var packagesOf: NixExpression {
    .function(
      .variable("system"),
      .function(
        .variable("names"),
        .apply(.reference("lib", "genAttrs"), [.name("names"), .apply(.name("package"), [.name("system")])])))
  }

  private static func path(_ text: String) -> NixExpression { .path([.literal(text)]) }
}

public import Artifacts
public import Diagnostics
public import DiskPlanning
public import FleetModel
internal import JSONText
public import SystemdUnits

/// NixOS views of the model: the fleet's flake, its nodes' modules, and how nixos-anywhere is called.
///
/// Nothing of a secret is in any of them: all of it lands in the world-readable Nix store.
public enum NixEmission {
  /// `flake/nodes/NODE/…`, relative to the fleet's folder.
  ///
  /// - Parameters:
  ///   - node: a NixOS node.
  ///   - plan: its disk; `nil` when there is none.
  ///   - units: its units as they are written for any host: NixOS gets the same directives, with
  ///     programs' paths replaced by store paths.
  ///   - contents: the text of each service's configuration and environment files, by path on the
  ///     node.
  ///   - extraModule: the text of the user's own Nix module, where `node.extraNix` names one.
  public static func nodeFiles(
    for node: Node, plan: DiskPlan?, units: [UnitFile], contents: [TargetPath: [UInt8]] = [:],
    extraModule: [UInt8]? = nil
  ) -> Checked<[Artifact]> {
    var report = checkNode(node, hasDisk: plan != nil)
    let extra = node.extraNix.flatMap { source in extraModule.map { Sourced($0, source.origin) } }
    let services = ServicesModule(node, units: units, contents: contents).expression(&report)
    var modules: [(String, NixExpression)] = [
      (
        "configuration.nix",
        ConfigurationModule(node, plan: plan, hasExtra: extra != nil).expression
      ),
      ("hardware.nix", HardwareModule(node, plan: plan).expression),
      ("network.nix", NetworkModule(node).expression(&report)),
      ("services.nix", services),
    ]
    if let plan { modules.append(("disko.nix", DiskoModule(plan).expression)) }
    let folder = "flake/nodes/\(node.name.value)/"
    var files = modules.compactMap { file($0.1, at: folder + $0.0, node.name.origin, &report) }
    if let extra, let path = ArtifactPath(folder + "extra.nix") {
      files.append(Artifact(path, kind: .nix, content: .bytes(extra.value), origin: extra.origin))
    }
    return Checked(report.hasErrors ? nil : files, report)
  }

  /// The flake around the nodes: `flake/{flake.nix,flake.lock,fleet.json,modules,payloads}`; no file
  /// when there is no node.
  public static func fleetFiles(for fleet: Fleet, nodes: NixNodes) -> Checked<[Artifact]> {
    guard !nodes.isEmpty else { return Checked([]) }
    var report = Report()
    for entry in fleet.roster where entry.name.value.description == FlakeFile.installer {
      report.add(
        Diagnostic(
          .reservedNodeName, "\(entry.name.value) is the name of the installer's system", at: entry.name.span,
          help: "give the node another name", node: entry.name.value.description))
    }
    let inputs = FlakeInputs(fleet, nodes: nodes, &report)
    let packages = FlakePackages(nodes, &report)
    var files = ModuleTexts.all.compactMap { module in
      bytes(Array(module.text.utf8), at: "flake/modules/" + module.name, .nix, .standard("nix.modules"))
    }
    let flake = FlakeFile(fleet, inputs: inputs, hasPackages: !packages.names.isEmpty)
    files += [file(flake.expression, at: "flake/flake.nix", fleet.name.origin, &report)].compactMap { $0 }
    let data = FleetData(fleet, nodes: nodes, packages: packages).bytes
    files += [bytes(data, at: "flake/fleet.json", .configuration, fleet.name.origin)].compactMap { $0 }
    if let lock = inputs.lock?.pretty {
      files += [bytes(lock, at: "flake/flake.lock", .configuration, fleet.name.origin)].compactMap { $0 }
    }
    files += packages.artifacts
    return Checked(report.hasErrors ? nil : files, report)
  }

  private static func checkNode(_ node: Node, hasDisk: Bool) -> Report {
    var report = Report()
    let name = node.name
    if node.access.authorizedKeys.isEmpty {
      report.add(
        Diagnostic(
          .noAuthorizedKey, "no ssh key may log in to \(name.value)", at: name.span,
          help: "add an operator's public key to `access`", node: name.value.description))
    }
    if node.disk == nil, !hasDisk {
      report.add(
        Diagnostic(
          .noDisk, "\(name.value) is to run NixOS and has no disk", at: name.span,
          help: "add a `disk`", node: name.value.description))
    }
    return report
  }

  /// A file that is this expression; without one, and with a finding, when it cannot be written.
  static func file(
    _ expression: NixExpression, at path: String, _ origin: Origin, _ report: inout Report
  ) -> Artifact? {
    do {
      return bytes(try NixPrinter.text(of: expression), at: path, .nix, origin)
    } catch {
      report.add(
        Diagnostic(
          .nulInText, "a NUL character cannot stand in \(path)", at: error.origin.span,
          help: "take it out of the value"))
      return nil
    }
  }

  static func bytes(
    _ content: [UInt8], at path: String, _ kind: ArtifactKind, _ origin: Origin
  ) -> Artifact? {
    ArtifactPath(path).map { Artifact($0, kind: kind, content: .bytes(content), origin: origin) }
  }
}

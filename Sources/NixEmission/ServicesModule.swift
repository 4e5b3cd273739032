internal import Diagnostics
internal import FleetModel
internal import SystemdUnits

/// `services.nix`: units, first boot and configuration files of the node's services.
struct ServicesModule {
  private let node: Node
  private let units: [UnitFile]
  private let contents: [TargetPath: [UInt8]]

  init(_ node: Node, units: [UnitFile], contents: [TargetPath: [UInt8]]) {
    self.node = node
    self.units = units
    self.contents = contents
  }

  func expression(_ report: inout Report) -> NixExpression {
    var programs = Programs(system: node.target.architecture.value.nixSystem)
    for service in node.services {
      for program in service.programs { programs.add(program, of: service, node: node, &report) }
    }
    let steps = units.filter { isFirstBoot($0) }.sorted { $0.name < $1.name }
    var module = NixSet()
    addUnits(to: &module, programs, &report)
    if node.firstBoot.isEnabled.value, !steps.isEmpty {
      module.add(
        ["services", "first-boot-automation"], to: .set(firstBoot(steps, &report)),
        node.firstBoot.isEnabled.origin, startsGroup: true)
    }
    addFiles(to: &module)
    return wrapped(module, programs, hasSteps: !steps.isEmpty)
  }

  /// First-boot units are those that run the on-node executable.
  private func isFirstBoot(_ unit: UnitFile) -> Bool {
    let executable = node.firstBoot.executable.value.description
    return unit.values("ExecStart", in: "Service").contains { value in
      value.utf8.starts(with: executable.utf8)
        && value.utf8.dropFirst(executable.utf8.count).first ?? 32 == 32
    }
  }

  private func addUnits(to module: inout NixSet, _ programs: Programs, _ report: inout Report) {
    var kinds: [String: NixSet] = [:]
    for unit in units.sorted(by: { $0.name < $1.name }) where !isFirstBoot(unit) {
      guard let options = UnitOptions(unit, references: programs.references) else {
        report.add(
          Diagnostic(
            .unitNotForNixOS, "\(unit.name) cannot be a NixOS option", at: node.name.span,
            help: "write it in a Nix module of your own", unit: unit.name, node: node.name.value.description))
        continue
      }
      kinds[options.kind, default: NixSet()].add(options.name, set: options.options)
    }
    for kind in kinds.keys.sorted() {
      module.add("systemd", kind, set: kinds[kind] ?? NixSet(), startsGroup: true)
    }
  }

  /// The steps are data of the same table that writes the native units; the module adds nothing to
  /// them. What they do is read from the configuration file on the node, at run time.
  private func firstBoot(_ steps: [UnitFile], _ report: inout Report) -> NixSet {
    let policy = node.firstBoot
    var references = PathReferences()
    references.add(policy.executable.value.description, .reference("cfg", "executable"))
    var set = NixSet()
    set.add("enable", to: .boolean(true), policy.isEnabled.origin)
    if let path = node.clusterConfig?.path {
      references.add(path.value.description, .reference("cfg", "configFile"))
      set.add("configFile", path.map(\.description))
    }
    set.add("executable", policy.executable.map(\.description))
    var units = NixSet()
    for step in steps {
      guard let options = UnitOptions(step, references: references) else { continue }
      units.add(options.name, set: options.options)
    }
    set.add("steps", to: .set(units), policy.isEnabled.origin)
    return set
  }

  private func wrapped(_ module: NixSet, _ programs: Programs, hasSteps: Bool) -> NixExpression {
    var local = NixSet()
    var arguments: [String] = []
    if hasSteps {
      local.add(
        "cfg", to: .reference("config", "services", "first-boot-automation"), .standard("nixos.first-boot"))
      arguments.append("config")
    }
    local.add("programs", set: programs.paths)
    if programs.usesInputs { arguments.append("inputs") }
    if programs.usesSelf { arguments.append("self") }
    let body = local.isEmpty ? NixExpression.set(module) : .local(local, .set(module))
    return arguments.isEmpty ? body : .function(.attributes(arguments, isOpen: true), body)
  }

  // MARK: Files

  /// Files below /etc are NixOS's own; others are links to such, since nothing else on NixOS writes a
  /// file with a mode and an owner outside of /etc.
  private func addFiles(to module: inout NixSet) {
    var etc = NixSet()
    var links = NixSet()
    for file in files.sorted(by: { $0.path.value < $1.path.value }) {
      guard let content = contents[file.path.value] else { continue }
      let path = file.path.value.relative
      let isBelowEtc = path.hasPrefix("etc/")
      let name = isBelowEtc ? String(path.dropFirst(4)) : "imagegen/" + path
      etc.add(name, to: .set(options(file, content)), file.path.origin)
      guard !isBelowEtc else { continue }
      var link = NixSet()
      link.add(["L+", "argument"], to: .literal("/etc/" + name), file.path.origin)
      links.add("/" + path, to: .set(link), file.path.origin)
    }
    module.add("environment", "etc", set: etc, startsGroup: true)
    module.add("systemd", "tmpfiles", "settings", "imagegen", set: links, startsGroup: true)
  }

  /// A public file of root's is a link into the store; others are copies with their mode and owner.
  private func options(_ file: File, _ content: [UInt8]) -> NixSet {
    var set = NixSet()
    if file.mode.value != FileMode(0o644) || file.owner.value != .root {
      set.add("mode", file.mode.map(\.description))
      set.add("user", file.owner.map(\.description))
      set.add("group", file.owner.map(\.description))
    }
    set.add("text", to: .literal(String(decoding: content, as: UTF8.self)), file.path.origin)
    return set
  }

  private struct File {
    let path: Sourced<TargetPath>
    let mode: Sourced<FileMode>
    let owner: Sourced<AccountName>
  }

  private var files: [File] {
    node.services.flatMap { service in
      service.files.map { File(path: $0.path, mode: $0.mode, owner: $0.owner) }
        + [service.environmentFile].compactMap {
          $0.map { File(path: $0.path, mode: $0.mode, owner: $0.owner) }
        }
    }
  }
}

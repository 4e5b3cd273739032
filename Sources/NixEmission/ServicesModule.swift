internal import Diagnostics
internal import FleetModel
internal import NodeUnits
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
    if let first = programs.profile.first {
      module.add(
        ["environment", "systemPackages"], to: .list(programs.profile.map(\.value)), first.origin,
        startsGroup: true)
    }
    return wrapped(module, programs, hasSteps: !steps.isEmpty)
  }

  /// First-boot units are those that run the on-node executable.
  private func isFirstBoot(_ unit: UnitFile) -> Bool {
    unit.values("ExecStart", in: "Service").contains { value in
      let program = value.utf8.prefix { $0 != 32 }
      return executables.contains { program.elementsEqual($0.utf8) }
    }
  }

  /// The on-node executable, as units for other systems and for NixOS name it.
  private var executables: [String] {
    let path = node.firstBoot.executable.value
    return [path.description, Programs.profilePath(path.lastComponent)]
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
    for (target, instances) in instances {
      var wants = NixSet()
      wants.add("wants", list: instances)
      kinds["targets", default: NixSet()].add(target, set: wants)
    }
    for kind in kinds.keys.sorted() {
      module.add("systemd", kind, set: kinds[kind] ?? NixSet(), startsGroup: true)
    }
  }

  /// What targets start of template units. NixOS has no place for it in the template: there its
  /// WantedBy= would ask for the template itself.
  private var instances: [(target: String, units: [Sourced<String>])] {
    var wanted: [String: [Sourced<String>]] = [:]
    for service in node.services where !service.instances.isEmpty {
      guard let unit = units.first(where: { $0.name == service.unitFileName }) else { continue }
      for target in unit.values("WantedBy", in: "Install") where target.hasSuffix(".target") {
        wanted[String(target.dropLast(7)), default: []] += zip(service.startedUnits, service.instances).map {
          Sourced($0, $1.origin)
        }
      }
    }
    return wanted.keys.sorted().map { ($0, wanted[$0] ?? []) }
  }

  /// The steps are data of the same table that writes the native units; the module adds nothing to
  /// them. What they do is read from the configuration file on the node, at run time.
  private func firstBoot(_ steps: [UnitFile], _ report: inout Report) -> NixSet {
    let policy = node.firstBoot
    var references = PathReferences()
    for path in executables { references.add(path, [.interpolation(.reference("cfg", "executable"))]) }
    var set = NixSet()
    set.add("enable", to: .boolean(true), policy.isEnabled.origin)
    if let path = node.clusterConfig?.path {
      references.add(path.value.description, [.interpolation(.reference("cfg", "configFile"))])
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
    local.add("packages", set: programs.packages)
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
    var tmpfiles = NixSet()
    tmpfiles.add("settings", "imagegen", set: links)
    tmpfiles.add("rules", list: rules)
    module.add("systemd", "tmpfiles", set: tmpfiles, startsGroup: true)
  }

  /// Directories and rights that units count on; those of files that NixOS writes are its own.
  private var rules: [Sourced<String>] {
    let own = Set(files.map(\.path.value))
    return NodeUnits.temporaryFiles(for: node).filter { !own.contains($0.path) }.map {
      Sourced($0.text, $0.origin)
    }
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

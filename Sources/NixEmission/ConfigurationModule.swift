internal import Diagnostics
internal import DiskPlanning
internal import FleetModel

/// `configuration.nix`: the system as a whole, and the modules beside it.
struct ConfigurationModule {
  private let node: Node
  private let plan: DiskPlan?
  private let hasExtra: Bool

  init(_ node: Node, plan: DiskPlan?, hasExtra: Bool) {
    self.node = node
    self.plan = plan
    self.hasExtra = hasExtra
  }

  var expression: NixExpression {
    var module = NixSet()
    let files =
      (plan == nil ? [] : ["disko.nix"]) + ["hardware.nix", "network.nix", "services.nix"]
      + (hasExtra ? ["extra.nix"] : [])
    module.add("imports", to: .list(files.map { .path([.literal("./" + $0)]) }), .standard("nixos.imports"))
    module.add(
      ["nixpkgs", "hostPlatform"], to: .literal(node.target.architecture.value.nixSystem),
      node.target.architecture.origin, startsGroup: true)
    if case .nixos(let version) = node.target.system.value {
      module.add(["system", "stateVersion"], to: .literal(version), node.target.system.origin)
    }
    module.add("boot", set: boot, startsGroup: true)
    module.add(["services", "openssh"], to: .set(ssh), .standard("nixos.ssh"), startsGroup: true)
    addUsers(to: &module)
    if !node.packages.isEmpty {
      let packages = node.packages.map { package in
        NixExpression.select(.name("pkgs"), Self.path(package.value), fallback: nil)
      }
      module.add(
        ["environment", "systemPackages"], to: .list(packages), node.packages[0].origin, startsGroup: true)
    }
    module.add(["time", "timeZone"], to: .literal("UTC"), .standard("nixos.time-zone"), startsGroup: true)
    return node.packages.isEmpty
      ? .set(module) : .function(.attributes(["pkgs"], isOpen: true), .set(module))
  }

  private static func path(_ text: String) -> [NixKey] {
    text.split(separator: ".").map { .literal(String($0)) }
  }

  private var boot: NixSet {
    var set = NixSet()
    if let plan {
      set.add("loader", set: loader(plan))
      addStorage(plan, to: &set)
    }
    set.add("kernelModules", list: node.kernelModules)
    set.add("kernelParams", list: node.kernelArguments)
    var sysctl = NixSet()
    for (key, value) in node.sysctl {
      // NixOS merges some keys as numbers and refuses their text.
      let number = Int(value.value).flatMap { String($0) == value.value ? $0 : nil }
      sysctl.add(key, to: number.map(NixExpression.integer) ?? .literal(value.value), value.origin)
    }
    set.add("kernel", "sysctl", set: sysctl)
    return set
  }

  /// As many generations as the boot partition holds. The loader's editor would let whoever is at the
  /// console boot with `init=/bin/sh`.
  private func loader(_ plan: DiskPlan) -> NixSet {
    var loader = NixSet()
    var options = NixSet()
    let firmware = plan.firmware
    options.add("enable", to: .boolean(true), firmware.origin)
    options.add("configurationLimit", to: .integer(plan.generations.value), plan.generations.origin)
    switch firmware.value {
    case .uefi where plan.bootMounts.count > 1:
      addMirroredBoots(plan, to: &options)
      loader.add("grub", set: options)
    case .uefi:
      options.add("editor", to: .boolean(false), .standard("nixos.loader-editor"))
      loader.add("systemd-boot", set: options)
      loader.add("efi", "canTouchEfiVariables", flag: true, .standard("nixos.efi-variables"))
    case .bios:
      // disko adds the devices of the BIOS boot partitions; a second one would be refused.
      loader.add("grub", set: options)
    }
    return loader
  }

  /// systemd-boot knows one ESP. GRUB is written to the ESP of every disk, under the name that firmware
  /// tries when it knows no other, so that it starts from whichever disk is left.
  private func addMirroredBoots(_ plan: DiskPlan, to options: inout NixSet) {
    let origin = Origin.standard("nixos.mirrored-boots")
    options.add("efiSupport", to: .boolean(true), origin)
    options.add("efiInstallAsRemovable", to: .boolean(true), origin)
    let boots = plan.bootMounts.map { place in
      var boot = NixSet()
      boot.add("path", to: .literal(place), plan.firmware.origin)
      boot.add("devices", to: .literals(["nodev"]), origin)
      return NixExpression.set(boot)
    }
    options.add("mirroredBoots", to: .list(boots), origin)
  }

  private func addStorage(_ plan: DiskPlan, to set: inout NixSet) {
    if let array = plan.arrays.first {
      // mdadm's monitor does not start without somebody to tell.
      set.add(["swraid", "mdadmConf"], to: .literal("MAILADDR root\n"), array.redundancy.origin)
    }
    if let pool = plan.pools.first {
      // The pool is this machine's by its hostId: one that another machine has is not taken from it.
      set.add("zfs", "forceImportRoot", flag: false, pool.name.origin)
    }
  }

  private var ssh: NixSet {
    let origin = Origin.standard("nixos.ssh")
    var settings = NixSet()
    settings.add("PasswordAuthentication", to: .boolean(false), origin)
    settings.add("KbdInteractiveAuthentication", to: .boolean(false), origin)
    settings.add("PermitRootLogin", to: .literal("prohibit-password"), origin)
    var set = NixSet()
    set.add("enable", to: .boolean(true), origin)
    set.add("settings", to: .set(settings), origin)
    if let key = node.deliveries.first(where: { $0.reference == .hostKey }) {
      var entry = NixSet()
      entry.add("path", key.path.map(\.description))
      entry.add("type", to: .literal("ed25519"), key.path.origin)
      set.add("hostKeys", to: .list([.set(entry)]), key.path.origin)
    }
    return set
  }

  /// Root has the keys as well when another account acts: nixos-anywhere and recovery log in as root.
  private func addUsers(to module: inout NixSet) {
    var accounts = NixSet()
    var groups = NixSet()
    let keys = node.access.authorizedKeys
    var root = NixSet()
    root.add("openssh", "authorizedKeys", "keys", list: keys)
    accounts.add("root", set: root)
    let operatorName = node.access.user.value
    if operatorName != .root {
      var account = NixSet()
      account.add("isNormalUser", to: .boolean(true), node.access.user.origin)
      account.add("extraGroups", to: .literals(["wheel"]), node.access.user.origin)
      account.add("openssh", "authorizedKeys", "keys", list: keys)
      accounts.add(operatorName.description, set: account)
    }
    for account in node.accounts where ![.root, operatorName].contains(account.name.value) {
      let name = account.name.map(\.description)
      var set = NixSet()
      set.add("isSystemUser", to: .boolean(true), name.origin)
      set.add("group", name)
      if let home = account.home { set.add("home", to: .literal(home.description), name.origin) }
      accounts.add(name.value, set: set)
      groups.add(name.value, to: .set(NixSet()), name.origin)
    }
    var users = NixSet()
    users.add("mutableUsers", to: .boolean(false), .standard("nixos.users"))
    users.add("users", set: accounts)
    users.add("groups", set: groups)
    module.add("users", set: users, startsGroup: true)
    if operatorName != .root {
      // Accounts have no passwords to ask for.
      module.add(
        ["security", "sudo", "wheelNeedsPassword"], to: .boolean(false), node.access.user.origin)
    }
  }
}

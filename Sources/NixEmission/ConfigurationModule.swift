internal import Diagnostics
internal import FleetModel

/// `configuration.nix`: the system as a whole, and the modules beside it.
struct ConfigurationModule {
  private let node: Node
  private let hasDisk: Bool
  private let hasExtra: Bool

  init(_ node: Node, hasDisk: Bool, hasExtra: Bool) {
    self.node = node
    self.hasDisk = hasDisk
    self.hasExtra = hasExtra
  }

  var expression: NixExpression {
    var module = NixSet()
    let files =
      (hasDisk ? ["disko.nix"] : []) + ["hardware.nix", "network.nix", "services.nix"]
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
    if let firmware = node.disk?.firmware { set.add("loader", set: loader(firmware)) }
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

  /// Five generations: the boot partition holds them and one more while it is updated. The loader's
  /// editor would let whoever is at the console boot with `init=/bin/sh`.
  private func loader(_ firmware: Sourced<DiskRequest.Firmware>) -> NixSet {
    var loader = NixSet()
    var options = NixSet()
    options.add("enable", to: .boolean(true), firmware.origin)
    options.add("configurationLimit", to: .integer(5), .standard("nixos.generations"))
    switch firmware.value {
    case .uefi:
      options.add("editor", to: .boolean(false), .standard("nixos.loader-editor"))
      loader.add("systemd-boot", set: options)
      loader.add("efi", "canTouchEfiVariables", flag: true, .standard("nixos.efi-variables"))
    case .bios:
      // disko adds the device of the BIOS boot partition; a second one would be refused.
      loader.add("grub", set: options)
    }
    return loader
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

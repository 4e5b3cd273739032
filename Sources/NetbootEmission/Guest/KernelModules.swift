/// The modules of a kernel, as depmod(8) lists them: which files there are, and what each needs first.
public struct KernelModules: Sendable {
  /// Drivers that a machine may need before it has a root: disks, network cards, what QEMU and clouds have.
  /// What a kernel does not have of them is left out.
  public static let drivers = [
    "virtio_pci", "virtio_blk", "virtio_scsi", "virtio_net", "virtio_rng", "nvme", "ahci", "ata_piix",
    "sd_mod",
    "megaraid_sas", "mpt3sas", "hv_storvsc", "hv_netvsc", "xen-blkfront", "xen-netfront", "e1000", "e1000e",
    "igb",
    "igc", "ixgbe", "i40e", "ice", "tg3", "bnxt_en", "r8169", "mlx4_en", "mlx5_core", "ena", "gve", "vmxnet3",
  ]

  /// By name, with hyphens as underscores: the path below the modules' folder.
  private let paths: [String: String]
  /// By path: the paths it needs, those that must be loaded first last (modules.dep(5)).
  private let needs: [String: [String]]
  /// Names of what the kernel has inside.
  private let builtIn: Set<String>

  /// Reads `modules.dep` and `modules.builtin`.
  public init(dependencies: String, builtIn: String) {
    var paths: [String: String] = [:]
    var needs: [String: [String]] = [:]
    for line in dependencies.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2 else { continue }
      let path = String(parts[0])
      paths[Self.name(of: path)] = path
      needs[path] = parts[1].split(separator: " ").map(String.init)
    }
    self.paths = paths
    self.needs = needs
    self.builtIn = Set(builtIn.split(separator: "\n").map { Self.name(of: String($0)) })
  }

  /// The files to load for some modules, each once, each after what it needs; and the modules that the kernel has
  /// neither as a file nor inside.
  public func order(for wanted: [String]) -> (paths: [String], missing: [String]) {
    var order: [String] = []
    var seen = Set<String>()
    var missing: [String] = []
    for name in wanted {
      let plain = Self.name(of: name)
      guard let path = paths[plain] else {
        if !builtIn.contains(plain) { missing.append(name) }
        continue
      }
      // modules.dep is closed under dependency: the list of one module has all, the first needed last.
      for file in (needs[path] ?? []).reversed() + [path] where seen.insert(file).inserted {
        order.append(file)
      }
    }
    return (order, missing)
  }

  /// `kernel/drivers/block/virtio_blk.ko` -> `virtio_blk`.
  private static func name(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.prefix { $0 != "." }.map { $0 == "-" ? "_" : $0 })
  }
}

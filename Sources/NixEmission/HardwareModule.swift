internal import Diagnostics
internal import DiskPlanning
internal import FleetModel

/// `hardware.nix`: what the kernel must know before it can mount `/`.
///
/// It is written beforehand, so that the whole system evaluates and is built before a machine is
/// touched: nixos-anywhere's hardware detection runs only after kexec.
struct HardwareModule {
  private let node: Node
  private let plan: DiskPlan?

  init(_ node: Node, plan: DiskPlan?) {
    self.node = node
    self.plan = plan
  }

  var expression: NixExpression {
    var boot = NixSet()
    boot.add(
      ["initrd", "availableKernelModules"],
      to: .literals(isGuest ? Self.guestModules : Self.serverModules), .standard("nixos.initrd-modules"))
    // The launch script shows the serial line.
    if isGuest, !node.kernelArguments.contains(where: { $0.value.hasPrefix("console=") }) {
      boot.add("kernelParams", to: .literals(["console=ttyS0,115200"]), .standard("nixos.serial-console"))
    }
    var module = NixSet()
    if isGuest {
      let profile = NixExpression.string([
        .interpolation(.name("modulesPath")), .literal("/profiles/qemu-guest.nix"),
      ])
      module.add("imports", to: .list([profile]), .standard("nixos.qemu-guest"))
    }
    module.add("boot", set: boot, startsGroup: true)
    if !isGuest {
      module.add(
        ["hardware", "enableRedistributableFirmware"], to: .boolean(true), .standard("nixos.firmware"))
    }
    if let plan { module.add("imagegen", "disks", set: disks(plan), startsGroup: true) }
    return isGuest ? .function(.attributes(["modulesPath"], isOpen: true), .set(module)) : .set(module)
  }

  /// What the disks must be before anything is wiped: modules/disk-guard.nix asks them.
  private func disks(_ plan: DiskPlan) -> NixSet {
    var disks = NixSet()
    for disk in plan.disks {
      var set = NixSet()
      set.add("device", disk.device.map(\.description))
      if let serial = disk.serial { set.add("serial", serial) }
      set.add("bytes", to: .integer(Int(clamping: disk.size.value.bytes)), disk.size.origin)
      disks.add(disk.name.value.description, to: .set(set), disk.device.origin)
    }
    return disks
  }

  /// A node that gets a launch script is a QEMU guest.
  private var isGuest: Bool { node.outputs.contains(.vm) }

  private static let guestModules = [
    "ahci", "sd_mod", "sr_mod", "virtio_blk", "virtio_pci", "virtio_scsi", "xhci_pci",
  ]

  /// Controllers of servers that are sold, and virtio for those that turn out to be guests.
  private static let serverModules = [
    "ahci", "megaraid_sas", "mpt3sas", "nvme", "sd_mod", "usbhid", "virtio_blk", "virtio_pci", "virtio_scsi",
    "xhci_pci",
  ]
}

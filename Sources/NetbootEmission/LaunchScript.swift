import FleetModel

/// The shell script that starts a node under QEMU.
///
/// Nodes meet on one multicast group of the host, a port for each network of the fleet, so that a
/// cluster needs neither bridge nor root.
struct LaunchScript {
  let node: Node
  /// The first is the one that is booted.
  let disks: [MachineDisk]
  /// All networks of the fleet, in order: the same port means the same network on every node.
  let networks: [Name]

  /// Port of the first network.
  static let firstPort = 1234

  var text: String {
    head + Self.options(isUEFI: isUEFI) + Self.checks + firmware + arguments + Self.ending
  }

  private var isUEFI: Bool { (node.disk?.firmware.value ?? .bios) == .uefi || architecture != .x86_64 }
  private var architecture: Architecture { node.target.architecture.value }

  /// What the profile decides.
  private var head: String {
    let mebibytes = (node.machine.memory.value.bytes + 0xf_ffff) >> 20
    return """
      #!/bin/sh
      # Starts \(node.name.value) of \(node.fleet) under QEMU, as its profile says. Written by imagegen.
      set -eu

      node=\(node.name.value)
      memory=\(mebibytes)M
      processors=\(node.machine.processors.value)
      system=\(architecture == .x86_64 ? "qemu-system-x86_64" : "qemu-system-aarch64")


      """
  }

  /// Machine, disk and cards, as words of one `set --`.
  private var arguments: String {
    let machine =
      switch (architecture, isUEFI) {
      case (.aarch64, _): "virt"
      case (.x86_64, true): "q35"
      // SeaBIOS and iPXE talk to the serial line only where there is no graphics card to talk to.
      case (.x86_64, false): "q35,graphics=off"
      }
    var words = [
      "\"$system\" -name \"$node\" -machine \(machine) -accel \"$accel\" -cpu \"$cpu\"",
      "-smp \"$processors\" -m \"$memory\" -nodefaults -display none -serial \"$serial\"",
    ]
    if isUEFI {
      words += [
        "-drive \"if=pflash,format=raw,readonly=on,file=$(quoted \"$code\")\"",
        "-drive \"if=pflash,format=raw,file=$(quoted \"$state/$node.vars.fd\")\"",
      ]
    }
    words += [
      "-device virtio-rng-pci"
    ]
    if disks.contains(where: { $0.model == .scsi }) { words.append("-device virtio-scsi-pci") }
    for disk in disks {
      let file = disk.name.map { "$state/$node-\($0).qcow2" } ?? "$disk"
      words += [
        "-drive \"if=none,id=disk\(disk.number),format=qcow2,file=$(quoted \"\(file)\")\"",
        disk.name == nil ? "-device \"\(disk.device),bootindex=$disk_order\"" : "-device \"\(disk.device)\"",
      ]
    }
    for (index, card) in node.cards.enumerated() {
      let port = Self.firstPort + (card.network.flatMap(networks.firstIndex) ?? 0)
      words += [
        "-netdev \"socket,id=net\(index),mcast=$group:\(port)${local:+,localaddr=$local}\"",
        "-device \"virtio-net-pci,netdev=net\(index),mac=\(card.address.value),"
          + "bootindex=$((net_order + \(index)))\"",
      ]
    }
    return "set -- " + words.joined(separator: " \\\n  ") + " \\\n  \"$@\"\n"
  }

  /// Finds the firmware, and gives the machine its own copy of the variables.
  private var firmware: String {
    guard isUEFI else { return "" }
    let known = Self.firmwareFiles(architecture).joined(separator: " \\\n  ")
    return """
      for pair in \\
        \(known)
      do
        if [ -z "$code" ] && [ -r "${pair%%:*}" ] && [ -r "${pair##*:}" ]; then
          code=${pair%%:*} vars=${vars:-${pair##*:}}
        fi
      done
      if [ -z "$code" ] || [ -z "$vars" ]; then
        fail "no UEFI firmware is installed; name one by --firmware-code and --firmware-vars"
      fi
      [ -n "$dry" ] || [ -e "$state/$node.vars.fd" ] || cp "$vars" "$state/$node.vars.fd"


      """
  }

  /// Where distributions keep code and variables of the same size.
  private static func firmwareFiles(_ architecture: Architecture) -> [String] {
    switch architecture {
    case .x86_64:
      [
        "/usr/share/OVMF/OVMF_CODE_4M.fd:/usr/share/OVMF/OVMF_VARS_4M.fd",
        "/usr/share/edk2/ovmf/OVMF_CODE.fd:/usr/share/edk2/ovmf/OVMF_VARS.fd",
        "/usr/share/edk2/x64/OVMF_CODE.4m.fd:/usr/share/edk2/x64/OVMF_VARS.4m.fd",
      ]
    case .aarch64:
      [
        "/usr/share/AAVMF/AAVMF_CODE.fd:/usr/share/AAVMF/AAVMF_VARS.fd",
        "/usr/share/edk2/aarch64/QEMU_EFI-pflash.raw:/usr/share/edk2/aarch64/vars-template-pflash.raw",
      ]
    }
  }
}

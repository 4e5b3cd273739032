public import Diagnostics

/// What is said about network boot and about a node's QEMU machine.
public enum NetbootRules {
  /// No address to boot by.
  public static let noAddress = Rule(
    "NB001", "netboot-without-mac",
    finds: "A node asks for netboot files but has no network card with an Ethernet address.",
    why: "The boot server knows a machine by its address: without one nobody would ask for the files.",
    example: "node: node01\noutputs: [netboot]\naddresses: {lan: 192.168.100.11}",
    instead: "node: node01\noutputs: [netboot]\nmac: \"52:54:00:00:01:01\"\n"
      + "addresses: {lan: 192.168.100.11}")

  /// More than the kernel takes.
  public static let commandLineLength = Rule(
    "NB002", "cmdline-too-long",
    finds: "The kernel's command line is longer than the kernel takes, with what the boot loader adds.",
    why: "The kernel cuts it at 2047 bytes without a word: the last arguments are simply missing.",
    example: "kernel-arguments: [\"nfsroot=…\", …]  # 2,000 bytes in all",
    instead: "kernel-arguments: [console=ttyS0]  # the rest in a file of the initrd")

  /// What iPXE reads otherwise.
  public static let commandLineWord = Rule(
    "NB003", "cmdline-word",
    finds: "A kernel argument holds what iPXE does not hand on as it is: a blank, `${`, a `#` in front, "
      + "a character that is not printable ASCII, or it is `||`, `&&` or `;`.",
    why: "iPXE has no quotes and no escapes: it would cut the line, replace the text or run the rest.",
    example: "kernel-arguments: [\"motd=${hostname}\"]",
    instead: "kernel-arguments: [motd=node01]")

  /// What the tool writes itself.
  public static let reservedWord = Rule(
    "NB004", "reserved-cmdline-word",
    finds: "A kernel argument is one that the boot script or the image gives: init=, initrd= or imagegen.…",
    why: "The kernel takes the last of two init=: the machine would boot something else, or nothing.",
    example: "kernel-arguments: [init=/bin/sh]",
    instead: "kernel-arguments: [systemd.debug_shell=1]")

  /// A serial number that does not arrive.
  public static let diskSerial = Rule(
    "NB005", "disk-serial",
    finds: "A disk's serial number has more than 20 bytes or other characters than letters, digits, "
      + "dot, hyphen and underscore.",
    why: "A virtio disk reports 20 bytes of it, and udev replaces other characters: the link below "
      + "/dev/disk/by-id would have another name than the profile says.",
    example: "disk: {device: /dev/disk/by-id/virtio-plasmacloud-node01-root, "
      + "serial: plasmacloud-node01-root}",
    instead: "disk: {device: /dev/disk/by-id/virtio-node01, serial: node01}")

  /// All of them, in order of code.
  public static let all = [noAddress, commandLineLength, commandLineWord, reservedWord, diskSerial]
}

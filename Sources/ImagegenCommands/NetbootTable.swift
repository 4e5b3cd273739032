internal import CommandLineKit

/// The verbs of network boot in the one table.
extension ToolTable {
  /// Options of `simulate` for a boot from the network.
  static let netboot = [
    OptionSpec("netboot", help: "play the boot from the network: DHCP, TFTP, HTTP, iPXE"),
    OptionSpec("from", .one("DIR"), help: "the root of the boot server, as publish wrote it"),
    OptionSpec(
      "firmware", .choice(["bios", "uefi", "uefi-http", "ipxe"]), standard: "uefi",
      help: "what boots; ipxe is a card whose own program is iPXE, QEMU's with BIOS"),
    OptionSpec("nodes", .one("N"), standard: "1", help: "how many machines boot at once"),
    OptionSpec(
      "bandwidth", .one("MBIT"), standard: "1000", help: "what the server sends, in megabits a second"),
  ]

  static let publish = CommandSpec(
    "publish", summary: "put boot artifacts into the root of a boot server",
    discussion: """
      Makes the boot image (a kernel, a first root of busybox, drivers and ssh, and a small archive for each node), writes \
      iPXE scripts and the configuration of dnsmasq and nginx, and lets the new generation serve by one rename. A node \
      boots the image and reports whether it is the machine of its profile; --arm lets it be wiped, once; after \
      --installed, or a report of it, it boots from its disk.
      """, usage: "[NODE... | --all] --to DIR",
    operands: [
      OperandSpec("NODE", .any, help: "a node, or FLEET/NODE where two fleets have one of that name")
    ],
    options: [
      OptionSpec(
        "all", short: "a", help: "publish all nodes of all fleets that have netboot among their outputs"),
      OptionSpec("to", .one("DIR"), help: "the root of the boot server"),
      OptionSpec(
        "kernel", .one("FILE"),
        help: "the image's kernel, or debian[:PACKAGE] for one of a package; the newest of /boot unless given"
      ),
      OptionSpec(
        "modules", .one("DIR"), help: "its modules; /lib/modules/VERSION beside /boot/vmlinuz-VERSION"),
      OptionSpec(
        "installer", .one("FILE"), help: "the static imagegen-install; the one beside imagegen unless given"),
      OptionSpec(
        "ipxe", .one("DIR"), standard: "/usr/lib/ipxe", help: "where undionly.kpxe and snponly.efi are"),
      OptionSpec(
        "server", .one("HOST"),
        help: "the boot server's address, for firmware that boots by HTTP; kept until changed"),
      OptionSpec("arm", help: "let the disks of these nodes be wiped, once"),
      OptionSpec("disarm", help: "let these nodes boot the image and report, no more"),
      OptionSpec("installed", help: "let these nodes boot from their disks"),
      OptionSpec(
        "reports", .one("LOG"),
        help: "read a log of HTTP requests: nodes that reported their installation boot from disk"),
      OptionSpec("list", help: "say which generations there are, and which one serves"),
      OptionSpec("rollback", help: "publish again what the generation before served; states stay"),
      OptionSpec("collect", help: "remove what no generation of the last ten, or of the last day, needs"),
    ],
    examples: [
      .init("imagegen publish --all --to /srv/pxe --kernel debian", "publish all nodes with Debian's kernel"),
      .init("imagegen publish node01 --arm --to /srv/pxe", "let node01 be installed"),
      .init("imagegen publish --reports /var/log/nginx/access.log --to /srv/pxe", "who is installed?"),
      .init("imagegen publish --rollback --to /srv/pxe", "go back"),
    ])
}

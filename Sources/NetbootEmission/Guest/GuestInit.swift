/// The first process of the built-in image, and what the machine says of itself.
enum GuestInit {
  /// `/init`. Debian's kernels give it `/dev/console` from the archive that is part of the kernel.
  static let start = """
    #!/bin/sh
    # The first process of imagegen's boot image. Written by imagegen.
    export PATH=/sbin:/bin:/usr/sbin:/usr/bin HOME=/root
    mount -t proc -o nosuid,nodev,noexec proc /proc
    mount -t sysfs -o nosuid,nodev,noexec sysfs /sys
    mount -t devtmpfs -o nosuid dev /dev
    mkdir -p /dev/pts /run
    mount -t devpts -o gid=5,mode=620 devpts /dev/pts
    mount -t tmpfs -o nosuid,nodev,mode=755 run /run
    mkdir -p /run/imagegen
    # The kernel's own messages would run into ours.
    echo 3 > /proc/sys/kernel/printk
    while read -r module; do
      insmod "/lib/modules/$module" 2> /dev/null || echo "$module" >> /run/imagegen/not-loaded
    done < /etc/imagegen/modules
    hostname "$(imagegen-fact host)"
    ip link set lo up
    imagegen-network
    imagegen-report
    exec /bin/busybox init

    """

  /// `/etc/inittab` of busybox's init: no login on the console, which anybody may stand before.
  static func table(hasShell: Bool) -> String {
    (hasShell
      ? "::respawn:/usr/sbin/dropbear -F -R -s -j -k -P /run/dropbear.pid\n" : "")
      + "::ctrlaltdel:/sbin/reboot\n"
  }

  /// `imagegen-fact KEY`: lines of what the profile says of this node, without their key.
  static let fact = """
    #!/bin/sh
    # imagegen-fact KEY: what the profile says of this node. Written by imagegen.
    [ -r "${IMAGEGEN_NODE:=/etc/imagegen/node}" ] || exit 1
    while read -r key value; do
      if [ "$key" = "$1" ]; then echo "$value"; fi
    done < "$IMAGEGEN_NODE"

    """

  /// `imagegen-say TEXT`: on every console that the kernel uses, the serial line among them.
  static let say = """
    #!/bin/sh
    # imagegen-say TEXT: writes a line on every console of the kernel. Written by imagegen.
    for console in $(cat /sys/class/tty/console/active); do
      # A line of a slow terminal ends with both.
      printf '%s\\r\\n' "$*" > "/dev/$console"
    done

    """

  /// `imagegen-network`: DHCP on the card that the profile knows.
  static let network = """
    #!/bin/sh
    # imagegen-network: DHCP on the card with an address that the profile gives this node; on every card that has a
    # cable where the profile gives none. Written by imagegen.
    macs=$(imagegen-fact mac)
    tries=0
    while [ "$tries" -lt 5 ]; do
      for card in /sys/class/net/*; do
        name=${card##*/}
        [ "$name" != lo ] || continue
        address=$(cat "$card/address")
        case " $(echo "$macs" | tr '\\n' ' ') " in
          "  " | *" $address "*) ;;
          *) continue ;;
        esac
        ip link set "$name" up
        if udhcpc -i "$name" -n -q -t 5 -T 2 -x "hostname:$(hostname)" -s /etc/imagegen/lease > /dev/null 2>&1; then
          echo "$address" > /run/imagegen/mac
          exit 0
        fi
      done
      tries=$((tries + 1))
      sleep 1
    done
    imagegen-say "IMAGEGEN-NETWORK none: no card of this node got an address"
    exit 1

    """

  /// What udhcpc runs with a lease: busybox's script, no more than an address, a route and name servers.
  static let lease = """
    #!/bin/sh
    # What udhcpc runs. Written by imagegen.
    # shellcheck disable=SC2154  # udhcpc sets these
    [ "$1" = bound ] || [ "$1" = renew ] || exit 0
    ip addr replace "$ip/$mask" dev "$interface"
    for gateway in $router; do ip route replace default via "$gateway"; break; done
    : > /etc/resolv.conf
    for server in $dns; do echo "nameserver $server" >> /etc/resolv.conf; done
    echo "$ip" > /run/imagegen/address
    # Who gave the boot files takes reports: DHCP's next server, else the DHCP server itself.
    case $siaddr in "" | 0.0.0.0) echo "$serverid" ;; *) echo "$siaddr" ;; esac > /run/imagegen/server

    """
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// MT002, MT003, MT006, MT007, MT008
enum MountSettings {
  static let what = Rule(
    "MT002", "mount-without-what", .error,
    finds: "A mount unit without What=.",
    why: "systemd refuses the unit.",
    example: "# srv.mount\n[Mount]\nWhere=/srv", instead: "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv")

  static let network = Rule(
    "MT003", "mount-holds-up-the-boot", .note,
    finds:
      "Network storage (iSCSI, NBD, DRBD, RBD) without _netdev; or a data disk that local-fs.target requires.",
    why:
      "Without _netdev the mount is waited for before the network is up. A disk that local-fs.target requires "
      + "and that is missing takes the boot to the emergency shell, where nobody gets in by ssh.",
    example: "# srv.mount\n[Mount]\nWhat=/dev/nbd0\nWhere=/srv\n[Install]\nWantedBy=multi-user.target",
    instead: "# srv.mount\n[Mount]\nWhat=/dev/nbd0\nWhere=/srv\nOptions=_netdev\n[Install]\n"
      + "WantedBy=multi-user.target",
    ignoreWhen: "The machine is not to come up without the disk.")

  static let interface = Rule(
    "MT006", "mount-on-kernel-interface", .error,
    finds: "A mount unit for /proc, /sys, /dev, /run or another place that systemd mounts itself.",
    why: "systemd refuses the unit: \"Cannot create mount unit for API file system\".",
    example: "# proc.mount\n[Mount]\nWhat=proc\nWhere=/proc\nType=proc",
    instead: "# srv-proc.mount\n[Mount]\nWhat=proc\nWhere=/srv/proc\nType=proc")

  static let table = Rule(
    "MT007", "fstab-option-in-unit", .warning,
    finds: "Options of fstab in a mount unit: x-systemd.*, auto, noauto.",
    why: "They are read when fstab is turned into units. In a unit they do nothing.",
    example: "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=noatime,x-systemd.device-timeout=5s",
    instead: "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=noatime\nTimeoutSec=5s")

  static let nofail = Rule(
    "MT008", "nofail-but-required", .warning,
    finds: "The option nofail in a mount that a target of the boot requires.",
    why:
      "In a unit nofail only means that nobody waits: the requirement stands, and a missing disk fails the target.",
    example:
      "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=nofail\n[Install]\nRequiredBy=local-fs.target",
    instead:
      "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=nofail\n[Install]\nWantedBy=local-fs.target")

  static let rules = [
    UnitRule(
      what,
      nearMisses: [
        "# srv.mount\n[Mount]\nWhat=tmpfs\nType=tmpfs",
        "# srv.mount\n[Mount]\nWhat=/dev/vdb\n# srv.mount.d/x.conf\n[Mount]\nOptions=ro",
      ],
      .unit { item, report in
        guard item.unit.name.type == .mount, item.isKnown, item.unit.value(.what) == nil else { return }
        report.add(
          item.finding(
            what, "the mount unit does not say what to mount", at: item.unit.index(of: .wherePath),
            help: "add What="))
      }),
    UnitRule(
      network,
      nearMisses: [
        "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\n[Install]\nWantedBy=local-fs.target",
        "# usr.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/usr\n[Install]\nRequiredBy=local-fs.target",
      ], .unit(checkNetwork)),
    UnitRule(
      interface,
      nearMisses: [
        "# srv-dev.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv/dev",
        "# dev-hugepages.mount\n[Mount]\nWhat=hugetlbfs\nWhere=/dev/hugepages\nType=hugetlbfs",
      ],
      .unit { item, report in
        guard item.unit.name.type == .mount, let index = item.unit.index(of: .wherePath) else { return }
        let own = [
          "/proc", "/sys", "/dev", "/run", "/dev/shm", "/dev/pts", "/sys/fs/cgroup", "/sys/kernel/security",
          "/sys/fs/bpf", "/sys/fs/pstore", "/sys/firmware/efi/efivars",
        ]
        let path = item.unit.settings[index].value
        let place = path.utf8.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard own.contains(place) else { return }
        report.add(
          item.finding(
            interface, "systemd mounts \(place) itself and takes no unit for it", at: index,
            help: "remove the unit, or mount elsewhere"))
      }),
    UnitRule(
      table,
      nearMisses: [
        "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=nofail,_netdev,noatime",
        "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=x-gvfs-show",
      ],
      .settings(of: [.options]) { item, report in
        guard item.unit.name.type == .mount else { return }
        let options = item.setting.value.split(separator: ",").map(String.init)
        let idle = options.filter { $0.hasPrefix("x-systemd.") || $0 == "noauto" || $0 == "auto" }
        guard !idle.isEmpty else { return }
        let rest = options.filter { !idle.contains($0) }.joined(separator: ",")
        report.add(
          item.atValue(
            table, "\(idle.joined(separator: ",")) works in fstab only",
            help: "use the unit's own settings: TimeoutSec=, After=, [Install]",
            fix: rest.isEmpty
              ? item.owner.removal(of: item.index)
              : item.replacing(0..<item.setting.value.utf8.count, by: rest, .safe)))
      }),
    UnitRule(
      nofail,
      nearMisses: [
        "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\nOptions=nofail\n[Install]\nWantedBy=local-fs.target",
        "# srv.mount\n[Mount]\nWhat=/dev/vdb1\nWhere=/srv\n[Install]\nRequiredBy=local-fs.target",
      ],
      .unit { item, report in
        guard item.unit.name.type == .mount, let index = item.unit.index(of: .options),
          item.unit.settings[index].value.split(separator: ",").contains("nofail"),
          let edge = item.bootRequirement
        else { return }
        let target = item.context.name(of: edge.from)
        report.add(
          item.finding(
            nofail, "\(target) requires the mount, so it fails all the same", at: index,
            related: item.context.graph.span(of: edge).map {
              [Label(item.context.graph.describe(edge), at: $0)]
            } ?? [],
            help: "use WantedBy=\(target)"))
      }),
  ]

  @Sendable private static func checkNetwork(_ item: UnitCase, _ report: inout Report) {
    guard item.unit.name.type == .mount, let index = item.unit.index(of: .what) else { return }
    let device = item.unit.settings[index].value
    let options = (item.unit.value(.options) ?? "").split(separator: ",")
    let isRemote =
      ["/dev/nbd", "/dev/drbd", "/dev/rbd"].contains(where: device.hasPrefix)
      || (device.hasPrefix("/dev/disk/") && device.contains("iscsi"))
    if isRemote, !options.contains("_netdev") {
      let settings = item.unit.index(of: .options)
      report.add(
        item.finding(
          network, "\(device) needs the network, and the mount does not say so", at: index,
          help: "add _netdev to Options=",
          fix: settings.map {
            item.replacingValue(of: $0, by: item.unit.settings[$0].value + ",_netdev", .safe)
          } ?? item.insertion("Options=_netdev", after: index)))
    }
    let path = item.unit.value(.wherePath) ?? "/"
    let system = [
      "/", "/usr", "/boot", "/boot/efi", "/efi", "/var", "/etc", "/nix", "/nix/store", "/tmp", "/var/tmp",
    ]
    guard device.hasPrefix("/dev/"), !system.contains(path), !options.contains("nofail"),
      let edge = item.bootRequirement
    else { return }
    report.add(
      item.finding(
        network,
        "when \(device) is missing \(item.context.name(of: edge.from)) fails, and the boot ends in the "
          + "emergency shell", at: index,
        related: item.context.graph.span(of: edge).map { [Label(item.context.graph.describe(edge), at: $0)] }
          ?? [],
        help: "use WantedBy= and the option nofail"))
  }
}

extension UnitCase {
  /// The dependency by which a target of the boot requires the unit.
  fileprivate var bootRequirement: DependencyEdge? {
    dependants.first { edge in
      edge.kind.isMandatory
        && ["local-fs.target", "remote-fs.target", "sysinit.target", "multi-user.target"].contains(
          context.name(of: edge.from))
    }
  }
}

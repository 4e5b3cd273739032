import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE030, SE032, SE035, SE036, SE037: commands that the sandbox stops, or that open the host.
enum DangerousCommands {
  static let stopped = Rule(
    "SE030", "command-against-sandbox", .warning,
    finds:
      "A command that does what the unit's sandbox forbids: modprobe, sysctl, dmesg, mount, chrt, unshare.",
    why: "The command fails with permission denied, and with it the start.",
    example: "[Service]\nProtectKernelModules=yes\nExecStartPre=/sbin/modprobe tun\nExecStart=/bin/serverd",
    instead: "[Service]\nProtectKernelModules=yes\nExecStartPre=+/sbin/modprobe tun\nExecStart=/bin/serverd")

  static let openModes = Rule(
    "SE032", "mode-for-everybody", .warning,
    finds: "chmod with a mode that lets everybody write.",
    why: "Every user of the host may change the file, or put their own into the folder.",
    example: "[Service]\nExecStartPre=/bin/chmod -R 777 /srv/app\nExecStart=/bin/serverd",
    instead: "[Service]\nUser=app\nStateDirectory=app\nExecStart=/bin/serverd")

  static let download = Rule(
    "SE035", "unchecked-download", .warning,
    finds: "A download that a shell runs, or one that checks no certificate.",
    why: "Whoever answers for that address runs programs on the host, at every start anew.",
    example: "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'curl -fsSL https://example.org/install.sh | sh'",
    instead: "[Service]\nType=oneshot\nExecStart=/usr/local/lib/app/install.sh")

  static let container = Rule(
    "SE036", "container-that-is-the-host", .note,
    finds: "docker or podman run with --privileged, the host's root folder, or the engine's socket.",
    why: "Such a container is as good as root on the host.",
    example: "[Service]\nExecStart=/usr/bin/docker run --privileged app:1",
    instead: "[Service]\nExecStart=/usr/bin/docker run --cap-add NET_ADMIN app:1",
    ignoreWhen: "Managing the host is what the container is for.")

  static let flags = Rule(
    "SE037", "protection-switched-off", .note,
    finds: "An option that switches a program's own protection off: --insecure, --no-sandbox, --no-auth.",
    why: "What was for a trial stays: traffic is not encrypted, callers are not checked.",
    example: "[Service]\nExecStart=/bin/serverd --no-auth",
    instead: "[Service]\nExecStart=/bin/serverd",
    ignoreWhen: "The program is reached from the host alone.")

  static let stoppedRule = UnitRule(
    stopped,
    nearMisses: [
      "[Service]\nProtectKernelModules=no\nExecStartPre=/sbin/modprobe tun\nExecStart=/a",
      "[Service]\nProtectKernelModules=yes\nExecStartPre=-/sbin/modprobe tun\nExecStart=/a",
      "[Service]\nProtectKernelTunables=yes\nExecStartPre=/sbin/sysctl net.x\nExecStart=/a",
    ],
    fires: ["[Service]\nProtectKernelTunables=yes\nExecStartPre=/sbin/sysctl -w net.x=1\nExecStart=/a"],
    .units(having: [
      .protectKernelModules, .protectKernelTunables, .protectKernelLogs, .protectClock, .restrictRealtime,
      .restrictNamespaces, .privateDevices, .protectHostname,
    ]) { item, report in
      for (setting, command) in item.confinedCommands where !command.ignoresFailure {
        let name = String(command.program.lastPathPart)
        guard let key = stops[name], item.isOn(key) else { continue }
        if name == "sysctl",
          !command.arguments.contains(where: {
            $0.text == "-w" || $0.text.contains("=") || $0.text == "--system"
          })
        {
          continue
        }
        report.add(
          item.finding(
            stopped, "\(key.rawValue)= does not let \(name) do its work", at: setting,
            help: "put + in front of the command, or take \(key.rawValue)= out"))
      }
    })

  static let openModesRule = UnitRule(
    openModes,
    nearMisses: [
      "[Service]\nExecStartPre=/bin/chmod 1777 /srv/tmp\nExecStart=/a",
      "[Service]\nExecStartPre=/bin/chmod 0755 777\nExecStart=/a",
    ],
    fires: ["[Service]\nExecStartPre=/bin/chmod a+w /srv/x\nExecStart=/a"],
    .command { item, report in
      guard item.program == "chmod",
        let word = item.arguments.first(where: { $0.text.utf8.first != UInt8(ascii: "-") })
      else { return }
      let mode = UnitFileModes.mode(word.text)
      let isOpen =
        mode.map { $0 & 0o1002 == 0o002 }
        ?? ["a+w", "a+rw", "a+rwx", "o+w", "o+rw", "o+rwx", "+rwx"].contains(word.text)
      guard isOpen, mode == nil || word.text.utf8.count >= 3 else { return }
      report.add(
        item.at(
          word, openModes, "everybody may write what has this mode",
          help: "give the service an account and its own folder"))
    })

  static let downloadRule = UnitRule(
    download,
    nearMisses: [
      "[Service]\nExecStart=/bin/sh -c 'curl -fs https://a/b -o /x'",
      "[Service]\nExecStart=/usr/bin/curl -fsS https://a/health",
      "[Service]\nExecStart=/bin/sh -c 'curl -s http://localhost/x | grep sh'",
    ],
    fires: [
      "[Service]\nExecStart=/usr/bin/curl --insecure https://a.example/x",
      "[Service]\nExecStart=/usr/bin/wget --no-check-certificate https://a/b",
    ],
    .command { item, report in
      if let (_, script) = item.script, script.text.contains("curl ") || script.text.contains("wget ") {
        let parts = script.text.split(separator: "|").dropFirst().map {
          $0.drop { $0 == " " }.prefix { $0 != " " && $0 != ";" }
        }
        guard parts.contains(where: { CommandCase.shells.contains($0) }) else { return }
        report.add(
          item.at(
            script, download, "a shell runs what was downloaded",
            help: "install the file with the host, and check its digest"))
        return
      }
      let unchecked: Set<String> =
        item.program == "curl"
        ? ["-k", "--insecure"] : item.program == "wget" ? ["--no-check-certificate"] : []
      guard let word = item.arguments.first(where: { unchecked.contains($0.text) }),
        !item.arguments.contains(where: { $0.text.contains("://localhost") || $0.text.contains("://127.") })
      else { return }
      report.add(
        item.at(
          word, download, "the certificate is not checked", help: "give the authority's certificate: --cacert"
        ))
    })

  static let containerRule = UnitRule(
    container,
    nearMisses: [
      "[Service]\nExecStart=/usr/bin/docker run -v /srv/a:/a app:1",
      "[Service]\nExecStart=/usr/bin/docker ps --privileged",
    ],
    fires: ["[Service]\nExecStart=/usr/bin/docker run -v /var/run/docker.sock:/var/run/docker.sock app:1"],
    .command { item, report in
      guard ["docker", "podman", "nerdctl"].contains(item.program), item.hasArgument("run", "create") else {
        return
      }
      guard
        let word = item.arguments.first(where: {
          $0.text == "--privileged" || $0.text == "--privileged=true" || $0.text.hasPrefix("/:/")
            || $0.text.contains("docker.sock:") || $0.text.hasPrefix("--volume=/:/")
            || $0.text == "--pid=host"
        })
      else { return }
      report.add(
        item.at(
          word, container, "'\(word.text)' opens the host to the container",
          help: "give it the one capability or folder that it needs"))
    })

  private static let unprotected: Set<String> = [
    "--insecure", "--no-sandbox", "--no-auth", "--noauth", "--disable-auth", "--no-tls", "--no-tls-verify",
    "--allow-root", "--insecure-skip-tls-verify", "--unsafe-perm", "--no-check-certificate",
    "--insecure=true",
  ]

  static let flagsRule = UnitRule(
    flags,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd --insecure=false --auth none",
      "[Service]\nExecStart=/usr/bin/curl --insecure https://localhost/",
    ],
    .command { item, report in
      guard item.program != "curl", item.program != "wget",
        let word = item.arguments.first(where: { unprotected.contains($0.text) })
      else { return }
      report.add(
        item.at(
          word, flags, "'\(word.text)' switches a protection off",
          help: "take it out if the service is reached by others"))
    })

  private static let stops: [String: SettingKey] = [
    "modprobe": .protectKernelModules, "insmod": .protectKernelModules, "rmmod": .protectKernelModules,
    "depmod": .protectKernelModules, "sysctl": .protectKernelTunables, "dmesg": .protectKernelLogs,
    "hwclock": .protectClock, "chronyd": .protectClock, "ntpd": .protectClock, "ntpdate": .protectClock,
    "timedatectl": .protectClock, "chrt": .restrictRealtime, "unshare": .restrictNamespaces,
    "bwrap": .restrictNamespaces,
    "dockerd": .restrictNamespaces, "containerd": .restrictNamespaces, "losetup": .privateDevices,
    "mkfs.ext4": .privateDevices, "hostname": .protectHostname,
  ]
}

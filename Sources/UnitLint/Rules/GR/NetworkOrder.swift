import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR023, GR026, GR027
enum NetworkOrder {
  static let idle = Rule(
    "GR023", "after-unit-that-nobody-starts", .warning,
    finds: "After= or Before= a unit that is here, but that nothing starts.",
    why: "An order counts only between units that are both started: this one never applies.",
    example: "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nWants=b.service\nAfter=b.service\n[Service]\nExecStart=/bin/true\n"
      + "# b.service\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "People start the other unit by hand, and then the order matters.")

  static let dialsOut = Rule(
    "GR026", "network-target-is-not-online", .note,
    finds: "After=network.target in a service that connects to another host as soon as it starts.",
    why: "network.target says that a network is being managed, not that there is one: the first connection "
      + "fails when the address is late.",
    example:
      "[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/agent --server https://hub.example.org\n"
      + "[Install]\nWantedBy=multi-user.target",
    instead: "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\n"
      + "ExecStart=/bin/agent --server https://hub.example.org\n[Install]\nWantedBy=multi-user.target",
    ignoreWhen: "The program tries again by itself until the network is there.")

  static let obsolete = Rule(
    "GR027", "obsolete-unit", .note,
    finds: "A dependency on a unit that systemd no longer has: syslog.target, dbus.target, runlevel3.target.",
    why: "It does nothing, and who reads it thinks that it does.",
    example: "[Unit]\nAfter=syslog.target network.target\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true")

  static let rules = [
    UnitRule(
      idle,
      nearMisses: [
        "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Service]\n"
          + "ExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target",
        "# a.service\n[Unit]\nAfter=b.service\n[Service]\nExecStart=/bin/true\n# b.service\n[Service]\n"
          + "Type=dbus\nBusName=org.b\nExecStart=/bin/true",
        "# a.service\n[Unit]\nAfter=b.target\n[Service]\nExecStart=/bin/true\n# b.target\n[Unit]\nDescription=b",
      ], .settings(of: [.before, .after], checkIdle)),
    UnitRule(
      dialsOut,
      nearMisses: [
        "[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/server --listen 0.0.0.0:80",
        "[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/agent --server http://127.0.0.1:80",
      ], .unit(checkDialsOut)),
    UnitRule(
      obsolete, nearMisses: ["[Unit]\nAfter=network.target syslog.socket\n[Service]\nExecStart=/bin/true"],
      .values(of: [.units], checkObsolete)),
  ]

  @Sendable private static func checkIdle(_ item: SettingCase, _ report: inout Report) {
    let context = item.context
    for text in item.names {
      guard let index = context.set.index(of: text), let node = context.graph.node(named: text),
        context.graph.nodes[node].canStart, !context.index.isStarted(node)
      else { continue }
      let other = context.set.units[index]
      // A target may be what a person isolates, a bus name is started by the bus.
      guard other.hasFile, !other.name.isTemplate, !other.has(.busName), !context.isAlso(other.name),
        [.service, .socket, .mount, .path, .timer].contains(other.name.type), !context.stock.has(other.name)
      else { continue }
      report.add(
        item.atWord(
          text, idle, "\(item.setting.name)=\(text) never applies: nothing starts \(text)",
          help: item.setting.key == .after
            ? "add Wants=\(text), or enable \(text)" : "enable \(text), or take it out"))
    }
  }

  @Sendable private static func checkDialsOut(_ item: UnitCase, _ report: inout Report) {
    guard item.isDaemon,
      let after = item.unit.indices(of: .after).first(where: {
        item.unit.names(at: $0).contains("network.target")
      }),
      !item.unit.indices(of: .after).contains(where: {
        item.unit.names(at: $0).contains("network-online.target")
      }),
      let place = item.commands(.execStart).lazy.compactMap({ command in
        command.arguments.first { remoteHost($0.text) != nil }
      }).first
    else { return }
    let host = remoteHost(place.text) ?? ""
    report.add(
      item.finding(
        dialsOut, "the service connects to \(host), and network.target does not wait for a connection",
        at: after,
        help: "use Wants= and After=network-online.target",
        fix: item.insertion("Wants=network-online.target\nAfter=network-online.target", after: after, .unsafe)
      ))
  }

  /// The host of a URL that is not this one.
  private static func remoteHost(_ text: String) -> String? {
    let bytes = Array(text.utf8)
    guard let start = bytes.firstRange(of: Array("://".utf8))?.upperBound else { return nil }
    let letters = bytes[0..<(start - 3)].reversed().prefix { (0x61...0x7a).contains($0 | 0x20) }
    let scheme = String(decoding: Array(letters).reversed(), as: UTF8.self)
    guard ["http", "https", "nats", "tls", "tcp", "amqp", "redis", "postgres", "grpc"].contains(scheme) else {
      return nil
    }
    let authority = bytes[start...].prefix { !Array("/?#,".utf8).contains($0) }
    let host = authority.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false).last ?? []
    let name = String(decoding: host.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self)
    let isHere =
      name.isEmpty || name.hasPrefix("127.") || name == "localhost" || name.hasPrefix("[")
      || name == "0.0.0.0" || name.utf8.contains(UInt8(ascii: "$")) || name.utf8.contains(UInt8(ascii: "%"))
    return isHere ? nil : name
  }

  private static let gone: Set<String> = [
    "syslog.target", "dbus.target", "hal.target", "runlevel2.target", "runlevel3.target", "runlevel4.target",
    "runlevel5.target", "mail-transfer-agent.target", "http-daemon.target",
  ]

  @Sendable private static func checkObsolete(_ item: SettingCase, _ report: inout Report) {
    guard item.names.contains(where: gone.contains) else { return }
    for word in UnitWords.split(item.setting.value, .names).words where gone.contains(word.text) {
      guard item.context.set.index(of: word.text) == nil else { continue }
      let isLevel = word.text.hasPrefix("runlevel")
      let target = word.text == "runlevel5.target" ? "graphical.target" : "multi-user.target"
      report.add(
        item.atValue(
          obsolete, "\(word.text) is a name of old", word.range,
          help: isLevel ? "name \(target)" : "take it out",
          fix: isLevel
            ? item.replacing(word.range, by: target, .safe) : item.removing(word.range)))
    }
  }
}

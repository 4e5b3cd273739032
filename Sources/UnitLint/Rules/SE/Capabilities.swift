import Diagnostics
import SystemdUnits
import UnitGraphs

/// SE012, SE017, SE020, SE021, SE029: capabilities.
enum Capabilities {
  static let lowPort = Rule(
    "SE012", "low-port-without-capability", .warning,
    finds: "A port below 1024 among the arguments of a service without root that has no right to it.",
    why: "The program cannot listen there: permission denied.",
    example: "[Service]\nUser=app\nExecStart=/bin/serverd --port 80",
    instead:
      "[Service]\nUser=app\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd --port 80",
    ignoreWhen:
      "The port is another host's, the file has the capability, or the host lets everybody listen there.")

  static let outside = Rule(
    "SE017", "ambient-outside-of-bounding-set", .warning,
    finds: "A capability of AmbientCapabilities= that CapabilityBoundingSet= takes away.",
    why: "The service cannot have it: it starts without, or fails with 218/CAPABILITIES.",
    example:
      "[Service]\nUser=app\nCapabilityBoundingSet=CAP_NET_RAW\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd",
    instead:
      "[Service]\nUser=app\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd"
  )

  static let notGiven = Rule(
    "SE020", "bounding-set-gives-nothing", .note,
    finds:
      "CapabilityBoundingSet= with capabilities for a service without root, and no AmbientCapabilities=.",
    why: "The set limits what a process may gain and gives nothing: without root it has none of them.",
    example: "[Service]\nUser=app\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd",
    instead:
      "[Service]\nUser=app\nCapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd",
    ignoreWhen: "The program's file has the capabilities, or it is there for commands with + or !.")

  static let privateUsers = Rule(
    "SE021", "capabilities-in-private-users", .warning,
    finds: "AmbientCapabilities= together with PrivateUsers=.",
    why:
      "The capabilities hold in the service's own user namespace only: low ports and raw sockets stay closed.",
    example:
      "[Service]\nUser=app\nPrivateUsers=yes\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd",
    instead: "[Service]\nUser=app\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/bin/serverd")

  static let all = Rule(
    "SE029", "all-capabilities", .warning,
    finds: "CapabilityBoundingSet=~ or AmbientCapabilities=~: the inverse of nothing.",
    why: "It means all capabilities, where people mean none.",
    example: "[Service]\nCapabilityBoundingSet=~\nExecStart=/bin/serverd",
    instead: "[Service]\nCapabilityBoundingSet=\nExecStart=/bin/serverd")

  static let lowPortRule = UnitRule(
    lowPort,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd --port 80",
      "[Service]\nUser=app\nExecStart=/bin/serverd --port 8080 --peer-port 80",
      "[Service]\nUser=app\nExecStart=+/bin/serverd --port 80",
      "[Service]\nUser=app\nAmbientCapabilities=cap_net_bind_service\nExecStart=/bin/serverd --listen :80",
      "# a.service\n[Service]\nUser=app\nExecStart=/bin/serverd --port 80\n# a.socket\n[Socket]\nListenStream=80",
    ],
    fires: ["[Service]\nDynamicUser=yes\nExecStart=/bin/serverd --listen=0.0.0.0:443"],
    .command { item, report in
      // Of generated units PR086 tells, at the port.
      guard item.isMain, !item.unit.isGenerated, !item.keepsRoot, item.owner.account != .root,
        !item.unit.values(.ambientCapabilities).contains(where: {
          $0.uppercased().contains("CAP_NET_BIND_SERVICE") || $0.hasPrefix("~")
        }),
        let word = item.lowPort
      else { return }
      let socket = UnitName(prefix: item.unit.name.withoutType, type: .socket)
      guard item.unit.indices(of: .sockets).isEmpty,
        socket.map({ item.setting.context.set.index(of: $0.description) == nil }) != false
      else { return }
      report.add(
        item.at(
          word, lowPort, "only root may listen on a port below 1024",
          help: "set AmbientCapabilities=CAP_NET_BIND_SERVICE, or use a socket unit",
          fix: item.owner.insertion(
            "AmbientCapabilities=CAP_NET_BIND_SERVICE", after: item.setting.index, .unsafe)))
    })

  static let outsideRule = UnitRule(
    outside,
    nearMisses: [
      "[Service]\nUser=a\nCapabilityBoundingSet=CAP_NET_RAW\nCapabilityBoundingSet=CAP_CHOWN\nAmbientCapabilities=CAP_CHOWN\nExecStart=/a",
      "[Service]\nUser=a\nCapabilityBoundingSet=~CAP_SYS_ADMIN\nAmbientCapabilities=CAP_CHOWN\nExecStart=/a",
    ],
    fires: [
      "[Service]\nUser=a\nCapabilityBoundingSet=~CAP_CHOWN\nAmbientCapabilities=CAP_CHOWN\nExecStart=/a"
    ],
    .units(having: [.ambientCapabilities]) { item, report in
      guard let bounds = Bounds(item) else { return }
      for (index, word) in item.words(.ambientCapabilities) where word.utf8.first != UInt8(ascii: "~") {
        let name = word.lowercased()
        guard UnknownNames.capabilities.contains(name), !bounds.allows(name) else { continue }
        report.add(
          item.finding(
            outside, "CapabilityBoundingSet= takes \(word.uppercased()) away", at: index,
            help: "add it there, or take it out here"))
      }
    })

  static let notGivenRule = UnitRule(
    notGiven,
    nearMisses: [
      "[Service]\nCapabilityBoundingSet=CAP_CHOWN\nExecStart=/a",
      "[Service]\nUser=a\nCapabilityBoundingSet=\nExecStart=/a",
      "[Service]\nUser=a\nCapabilityBoundingSet=CAP_CHOWN\nExecStartPre=+/b\nExecStart=/a",
    ],
    .units(having: [.capabilityBoundingSet]) { item, report in
      guard item.account != .root, item.unit.name.type == .service, !item.unit.has(.ambientCapabilities),
        let index = item.unit.indices(of: .capabilityBoundingSet).first,
        item.unit.settings[index].value.utf8.first != UInt8(ascii: "~"),
        !item.unit.settings.contains(where: {
          $0.kind == .exec && ($0.value.hasPrefix("+") || $0.value.hasPrefix("!"))
        })
      else { return }
      report.add(
        item.finding(
          notGiven, "the service may have these capabilities and gets none of them", at: index,
          help: "set AmbientCapabilities= as well, or leave the set empty"))
    })

  static let privateUsersRule = UnitRule(
    privateUsers,
    nearMisses: ["[Service]\nUser=a\nPrivateUsers=no\nAmbientCapabilities=CAP_CHOWN\nExecStart=/a"],
    .units(having: [.privateUsers]) { item, report in
      guard item.isOn(.privateUsers), let index = item.unit.indices(of: .ambientCapabilities).first else {
        return
      }
      report.add(
        item.finding(
          privateUsers, "with PrivateUsers= the capabilities mean nothing outside of the service", at: index,
          help: "take PrivateUsers= out"))
    })

  static let allRule = UnitRule(
    all,
    nearMisses: [
      "[Service]\nCapabilityBoundingSet=\nExecStart=/a",
      "[Service]\nCapabilityBoundingSet=~CAP_SYS_ADMIN\nExecStart=/a",
    ],
    .settings(of: [.capabilityBoundingSet, .ambientCapabilities]) { item, report in
      guard item.setting.value == "~" else { return }
      report.add(
        item.atValue(
          all, "~ alone means all capabilities", help: "leave the value empty for none",
          fix: item.replacing(0..<1, by: "", .unsafe)))
    })

  /// What CapabilityBoundingSet= leaves; lines add up or take away (systemd.exec(5)).
  private struct Bounds {
    private var names: Set<String>
    private let isDenying: Bool

    init?(_ item: UnitCase) {
      let lines = item.unit.indices(of: .capabilityBoundingSet).map { item.unit.settings[$0].value }
      guard let first = lines.first else { return nil }
      isDenying = first.hasPrefix("~")
      names = []
      for line in lines {
        let words = Set(
          UnitWords.names(line.hasPrefix("~") ? String(line.dropFirst()) : line).map { $0.lowercased() })
        if line.hasPrefix("~") == isDenying { names.formUnion(words) } else { names.subtract(words) }
      }
    }

    func allows(_ name: String) -> Bool { names.contains(name) != isDenying }
  }
}

extension CommandCase {
  /// The argument that names a port below 1024 to listen on.
  private static let portFlags: Set<Substring> = [
    "--port", "--listen", "--bind", "--http-port", "--https-port", "--listen-address", "--web.listen-address",
    "--http-addr", "--bind-address", "--listen-port", "-port", "-listen",
  ]

  fileprivate var lowPort: UnitWords.Word? {
    for (position, word) in arguments.enumerated() {
      guard word.text.utf8.first == UInt8(ascii: "-") else { continue }
      let (flag, joined) = word.flagAndValue
      guard Self.portFlags.contains(flag), joined != nil || position + 1 < arguments.count else { continue }
      let place = joined != nil ? word : arguments[position + 1]
      let value = joined ?? place.text[...]
      let last =
        value.utf8.lastIndex(of: UInt8(ascii: ":")).map { value[value.utf8.index(after: $0)...] } ?? value
      guard let port = Int(last), (1..<1024).contains(port) else { continue }
      return place
    }
    return nil
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC009
enum QuorumGates {
  static let rule = Rule(
    "LC009", "health-gate-on-quorum", .warning,
    finds:
      "A start that waits for the health of a member of a quorum, or for a service that is ordered after it.",
    why: "A member alone is not healthy until its peers are up. When nodes are started one after the other, "
      + "or the peer's start waits for this one, each waits for the next: nothing comes up, or the start "
      + "timeout kills a member that only needed company.",
    example:
      "# kv.service\n[Service]\nType=notify\nExecStart=/bin/kv --initial-cluster a:2380,b:2380,c:2380\n"
      + "# app.service\n[Unit]\nRequires=kv.service\nAfter=kv.service\n[Service]\nExecStart=/bin/app\n"
      + "ExecStartPre=/bin/sh -c 'until curl -f https://localhost:2379/health; do sleep 5; done'",
    instead:
      "# kv.service\n[Service]\nType=notify\nExecStart=/bin/kv --initial-cluster a:2380,b:2380,c:2380\n"
      + "# app.service\n[Unit]\nWants=kv.service\nAfter=kv.service\n[Service]\nExecStart=/bin/app\nRestart=always",
    ignoreWhen: "All members start at once, and the gate's limit is longer than the slowest of them takes.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "# web.service\n[Service]\nExecStart=/bin/web\n# app.service\n[Unit]\nAfter=web.service\n[Service]\n"
        + "ExecStart=/bin/app\nExecStartPre=/bin/sh -c 'until curl -f http://localhost:80/health; do sleep 5; done'",
      "# kv.service\n[Service]\nExecStart=/bin/kv --initial-cluster a:1,b:1\nExecStartPre=/bin/mkdir -p /run/health",
    ],
    .unit { item, report in
      guard item.isDaemon else { return }
      for key in [SettingKey.execStartPre, .execStartPost] {
        for index in item.unit.indices(of: key) {
          let value = item.unit.settings[index].value
          guard let place = probe(value) else { continue }
          if let later = laterPeer(item, place) {
            report.add(
              item.finding(
                rule, "the start waits for \(later.unit.name), which starts after it", at: index,
                related: later.label("serves \(place)", at: later.unit.indices(of: .execStart).first),
                help: "move the gate into the program or a unit after both", severity: .error))
          } else if let member = member(item, isOwn: key == .execStartPost) {
            report.add(
              item.finding(
                rule, "the start waits for the health of \(member.name), a member of a quorum", at: index,
                related: member.unit.label(member.reason, at: member.setting),
                help: "let the program try again by itself, with Restart=always; start the members together"))
          }
        }
      }
    })

  /// What a command asks for health: the end of a URL's authority, `:PORT`, or a path; `nil` when it does not.
  private static func probe(_ value: String) -> String? {
    let programs = ["curl", "wget", "grpc_health_probe", "nc ", "pg_isready", "etcdctl", "health"]
    let words = ["health", "ready", "leader", "quorum", "status", "live"]
    let text = value.lowercased()
    guard programs.contains(where: text.contains),
      words.contains(where: text.contains) || text.contains("nc -z")
    else { return nil }
    return port(in: value) ?? "health"
  }

  /// `:PORT` behind the host of the first URL or address of this host.
  private static func port(in text: String) -> String? {
    let bytes = Array(text.utf8)
    for host in ["localhost", "127.0.0.1", "[::1]"] {
      guard let range = bytes.firstRange(of: Array(host.utf8)) else { continue }
      let rest = bytes[range.upperBound...]
      guard let separator = rest.first, separator == UInt8(ascii: ":") || separator == 0x20 else { continue }
      let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      if digits.count >= 2 { return ":" + String(decoding: digits, as: UTF8.self) }
    }
    return nil
  }

  /// A service of the set that serves the place and is ordered after the unit.
  private static func laterPeer(_ item: UnitCase, _ place: String) -> UnitCase? {
    guard place.hasPrefix(":") else { return nil }
    let port = String(place.dropFirst())
    let later =
      item.dependants.filter { $0.kind == .after }.map(\.from)
      + item.dependencies.filter { $0.kind == .before }.map(\.to)
    for node in later {
      guard let other = item.context.unit(at: node), other.isDaemon else { continue }
      let serves = other.commands(.execStart).contains { command in
        command.arguments.contains { word in
          word.text.split { !$0.isASCII || !$0.isNumber }.contains { $0 == port }
            && !word.text.contains("://")
        }
      }
      if serves { return other }
    }
    return nil
  }

  private struct Member {
    let unit: UnitCase
    let name: String
    let reason: String
    let setting: Int?
  }

  /// The member whose health is asked for: the unit itself once it runs, before that one it waits for.
  private static func member(_ item: UnitCase, isOwn: Bool) -> Member? {
    if isOwn { return evidence(item) }
    for edge in item.dependencies where edge.kind == .after {
      guard let other = item.context.unit(at: edge.to), other.isDaemon, let found = evidence(other) else {
        continue
      }
      return found
    }
    return nil
  }

  /// Why a service is taken for a member: its command names peers, or a unit joins it to its cluster.
  private static func evidence(_ item: UnitCase) -> Member? {
    let name = item.unit.name.description
    let words = [
      "--initial-cluster", "--peers", "--peer-", "--routes", "--cluster-", "--join", "--seeds", "--raft",
    ]
    for index in item.unit.indices(of: .execStart) {
      let command = item.unit.commands(at: index).first
      if command?.arguments.contains(where: { word in words.contains { word.text.hasPrefix($0) } }) == true {
        return Member(unit: item, name: name, reason: "names its peers", setting: index)
      }
    }
    for edge in item.dependants where edge.kind == .after {
      let other = item.context.name(of: edge.from)
      guard other.contains("-join") || other.contains("bootstrap"),
        other.hasPrefix(item.unit.name.withoutType),
        let joiner = item.context.unit(at: edge.from)
      else { continue }
      return Member(unit: joiner, name: name, reason: "joins it to its cluster", setting: nil)
    }
    return nil
  }
}

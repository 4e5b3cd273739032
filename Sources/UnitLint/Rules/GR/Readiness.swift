import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR028, GR038, GR039, GR040
enum Readiness {
  static let simple = Rule(
    "GR028", "order-without-readiness", .note,
    finds: "A required server of Type=simple: After= waits until it is forked, not until it listens.",
    why: "The first connections are refused, some of the time.",
    example: dependant + "# db.service\n[Service]\nExecStart=/bin/db --listen 127.0.0.1:5000",
    instead: dependant + "# db.service\n[Service]\nType=notify\nExecStart=/bin/db --listen 127.0.0.1:5000",
    ignoreWhen: "The client tries again until the server answers.")

  static let condition = Rule(
    "GR038", "required-unit-with-condition", .note,
    finds: "Requires= a unit with a Condition…= that may not hold.",
    why: "A unit that its condition skips counts as started: the requirement is met, and nothing runs.",
    example: dependant
      + "# db.service\n[Unit]\nConditionPathExists=/srv/db\n[Service]\nType=notify\nExecStart=/bin/db",
    instead: dependant
      + "# db.service\n[Unit]\nAssertPathExists=/srv/db\n[Service]\nType=notify\nExecStart=/bin/db",
    ignoreWhen: "Being skipped is as good as having run.")

  static let cascade = Rule(
    "GR039", "restart-cascade", .note,
    finds: "A service that is restarted when it ends, at the bottom of a chain of four requirements or more.",
    why: "Each stop or restart of it stops or restarts the whole chain.",
    example: "# a.service\n[Service]\nType=notify\nExecStart=/bin/a\nRestart=always\n" + chain("Requires"),
    instead: "# a.service\n[Service]\nType=notify\nExecStart=/bin/a\nRestart=always\n" + chain("Wants"),
    ignoreWhen: "None of the chain can live without it.")

  static let unbounded = Rule(
    "GR040", "boot-waits-without-end", .warning,
    finds: "Before=multi-user.target, or its like, in a unit whose start may take for ever.",
    why: "The boot never ends, nor does what waits for it. For a oneshot no limit is the default.",
    example: "[Unit]\nBefore=multi-user.target\n[Service]\nType=oneshot\nExecStart=/bin/fetch\n[Install]\n"
      + "WantedBy=multi-user.target",
    instead:
      "[Unit]\nBefore=multi-user.target\n[Service]\nType=oneshot\nExecStart=/bin/fetch\nTimeoutStartSec=5min\n"
      + "[Install]\nWantedBy=multi-user.target")

  private static let dependant =
    "# app.service\n[Unit]\nRequires=db.service\nAfter=db.service\n[Service]\nExecStart=/bin/app\n"

  private static func chain(_ key: String) -> String {
    zip(["b", "c", "d", "e"], ["a", "b", "c", "d"]).map {
      "# \($0).service\n[Unit]\n\(key)=\($1).service\nAfter=\($1).service\n[Service]\nExecStart=/bin/true\n"
    }.joined()
  }

  static let rules = [
    UnitRule(
      simple,
      nearMisses: [
        dependant + "# db.service\n[Service]\nExecStart=/bin/worker",
        dependant
          + "# db.service\n[Service]\nExecStart=/bin/db --listen 1\n# db.socket\n[Socket]\nListenStream=1",
      ],
      .unit { item, report in
        item.eachRequirement { other, setting in
          guard other.isDaemon, ["simple", "exec"].contains(other.unit.value(.type) ?? "simple"),
            !other.unit.has(.busName), !other.dependants.contains(where: { $0.kind == .triggers }),
            other.listens
          else { return }
          report.add(
            item.finding(
              simple, "\(other.unit.name) may not listen yet when this unit starts", at: setting,
              related: other.label("counts as started once it is forked", at: other.unit.index(of: .type)),
              help: "let it say when it is ready: Type=notify, or a socket unit"))
        }
      }),
    UnitRule(
      condition,
      nearMisses: [
        dependant
          + "# db.service\n[Unit]\nConditionPathExists=!/var/lib/db/done\n[Service]\nExecStart=/bin/db",
        dependant.replacing("Requires=", with: "Wants=")
          + "# db.service\n[Unit]\nConditionPathExists=/srv/db\n[Service]\nExecStart=/bin/db",
      ],
      .unit { item, report in
        item.eachRequirement { other, setting in
          // A marker of what is done already says that nothing is left to do.
          let index = other.unit.settings.firstIndex {
            $0.kind == .condition && $0.name.hasPrefix("Condition") && !$0.value.hasPrefix("!")
              && !$0.value.isEmpty
          }
          guard let index else { return }
          report.add(
            item.finding(
              condition, "\(other.unit.name) counts as started when its condition skips it", at: setting,
              related: other.label("the condition", at: index),
              help: "use \(other.unit.settings[index].name.replacing("Condition", with: "Assert"))= there, "
                + "if it has to run"))
        }
      }),
    UnitRule(
      cascade,
      nearMisses: ["# a.service\n[Service]\nType=notify\nExecStart=/bin/a\n" + chain("Requires")],
      .unit { item, report in
        guard item.isDaemon, let restart = item.unit.index(of: .restart), item.unit.value(.restart) != "no",
          let chain = longChain(item)
        else { return }
        let names = chain.map { item.context.name(of: $0) }.joined(separator: " <- ")
        report.add(
          item.finding(
            cascade, "each stop or restart goes all the way: \(names)", at: restart,
            help: "use Wants= where the dependant can wait for it to come back"))
      }),
    UnitRule(
      unbounded,
      nearMisses: [
        "[Unit]\nBefore=multi-user.target\n[Service]\nExecStart=/bin/fetch\n[Install]\nWantedBy=multi-user.target",
        "[Unit]\nBefore=app.service\n[Service]\nType=oneshot\nExecStart=/bin/fetch\n[Install]\n"
          + "WantedBy=multi-user.target",
      ],
      .unit { item, report in
        guard item.unit.name.type == .service, item.isKnown, item.startTimeout == nil,
          let index = item.unit.indices(of: .before).first(where: { index in
            item.unit.names(at: index).contains {
              ["multi-user.target", "graphical.target", "default.target", "getty.target"].contains($0)
            }
          })
        else { return }
        report.add(
          item.finding(
            unbounded, "the boot waits for this unit without a limit", at: index, help: "set TimeoutStartSec="
          ))
      }),
  ]

  /// Five units, each requiring the one before; `nil` when there is no such chain.
  private static func longChain(_ item: UnitCase) -> [Int32]? {
    guard let node = item.node else { return nil }
    var chains = [[Int32(node)]]
    var seen = Set([Int32(node)])
    for _ in 0..<4 {
      var next: [[Int32]] = []
      for chain in chains {
        for edge in item.context.index.dependants(on: Int(chain[chain.count - 1]))
        where edge.kind == .requires || edge.kind == .bindsTo {
          guard seen.count < 300, seen.insert(edge.from).inserted else { continue }
          next.append(chain + [edge.from])
        }
      }
      chains = next
    }
    return chains.min { left, right in
      left.map { item.context.name(of: $0) }.joined() < right.map { item.context.name(of: $0) }.joined()
    }
  }
}

extension UnitCase {
  /// The units of the set that this one requires and waits for, with the line.
  func eachRequirement(_ body: (UnitCase, Int) -> Void) {
    guard unit.has(.requires) || unit.has(.bindsTo) else { return }
    let own = dependencies
    var after: Set<Int32>?
    for edge in own where edge.kind == .requires || edge.kind == .bindsTo {
      let known = after ?? Set(own.lazy.filter { $0.kind == .after }.map(\.to))
      after = known
      guard known.contains(edge.to), case .file(let setting) = edge.origin, setting >= 0,
        let other = context.unit(at: edge.to),
        other.unit.name.type == .service, !other.unit.isMasked
      else { continue }
      body(other, Int(setting))
    }
  }

  /// Whether a word of the command says that the program listens.
  var listens: Bool {
    commands(.execStart).contains { command in
      command.arguments.contains { word in
        let text = word.text.lowercased()
        return text.contains("listen") || text.contains("bind") || text.contains("port")
          || text.contains("addr")
      }
    }
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// LC006, LC007
enum PollLoops {
  static let bounded = Rule(
    "LC006", "poll-longer-than-timeout", .warning,
    finds: "A loop in ExecStartPre= or ExecStartPost= that may wait longer than TimeoutStartSec= allows.",
    why: "systemd kills the loop, and the service with it, before the loop has given up.",
    example: "[Service]\nExecStart=/bin/serverd\n"
      + "ExecStartPost=/bin/sh -c 'for i in $(seq 1 60); do probe && exit 0; sleep 2; done; exit 1'",
    instead: "[Service]\nExecStart=/bin/serverd\nTimeoutStartSec=150\n"
      + "ExecStartPost=/bin/sh -c 'for i in $(seq 1 60); do probe && exit 0; sleep 2; done; exit 1'")

  static let unbounded = Rule(
    "LC007", "endless-poll", .warning,
    finds: "A loop without a bound in ExecStartPre= or ExecStartPost= of a service that has a start timeout.",
    why:
      "While the other side is away the service is killed and restarted again and again; members of a quorum wait for one another.",
    example: "[Service]\nExecStart=/bin/serverd\nExecStartPre=/bin/sh -c 'until probe; do sleep 1; done'",
    instead:
      "[Service]\nExecStart=/bin/serverd\nExecStartPre=/bin/sh -c 'for i in $(seq 1 30); do probe && exit 0; sleep 1; done; exit 1'"
  )

  static let boundedRule = UnitRule(
    bounded,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd\nExecStartPost=/bin/sh -c 'for i in {1..30}; do probe && exit 0; sleep 2; done; exit 1'",
      "[Service]\nType=oneshot\nExecStart=/bin/true\nExecStartPre=/bin/sh -c 'for i in $(seq 600); do sleep 1; done'",
    ],
    .unit { item, report in
      item.eachHelper { index, script in
        guard let longest = longestWait(script), let limit = item.startTimeout, longest >= limit else {
          return
        }
        let seconds = Int(longest)
        let wanted = seconds + max(30, seconds / 4)
        let help = "set TimeoutStartSec=\(wanted), or shorten the loop"
        let fix =
          item.unit.index(of: .timeoutStartSec).map { item.replacingValue(of: $0, by: "\(wanted)") }
          ?? item.insertion("TimeoutStartSec=\(wanted)", after: index)
        report.add(
          item.finding(
            bounded, "the loop may take \(seconds) s, systemd ends it after \(Int(limit)) s", at: index,
            help: help,
            fix: item.unit.has(.timeoutSec) ? nil : fix))
      }
    })

  static let unboundedRule = UnitRule(
    unbounded,
    nearMisses: [
      "[Service]\nExecStart=/bin/serverd\nTimeoutStartSec=infinity\nExecStartPre=/bin/sh -c 'until probe; do sleep 1; done'"
    ],
    .unit { item, report in
      item.eachHelper { index, script in
        guard let limit = item.startTimeout, isEndless(script) else { return }
        report.add(
          item.finding(
            unbounded, "the loop has no end of its own; systemd ends it after \(Int(limit)) s", at: index,
            help: "count the attempts, or let the program wait itself"))
      }
    })

  /// `until` or `while` around a `sleep`, with nothing that counts or gives up.
  static func isEndless(_ script: String) -> Bool {
    let words = script.split { " ;\t\n(&|".contains($0) }
    guard words.contains("until") || words.contains("while"), words.contains("do"), words.contains("sleep")
    else {
      return false
    }
    let bounds = ["break", "exit", "timeout", "seq", "for"]
    return !words.contains { bounds.contains(String($0)) } && !script.contains("-lt")
      && !script.contains("-gt")
      && !script.contains("-le") && !script.contains("-ge")
  }

  /// Attempts times sleep of the plain loops that people write; `nil` where that is not to be told.
  private static func longestWait(_ script: String) -> Double? {
    guard let attempts = attempts(script) else { return nil }
    let words = script.split { " ;\t\n(&|)".contains($0) }
    var pause: Double?
    for (index, word) in words.enumerated() where word == "sleep" && index + 1 < words.count {
      pause = ValueReading.seconds(String(words[index + 1])).map { max($0, pause ?? 0) } ?? pause
    }
    // Beyond a day nobody means the loop to end.
    return pause.map { min($0 * Double(attempts), 86_400) }
  }

  /// The count of `seq N`, `seq 1 N` or `{1..N}`.
  private static func attempts(_ script: String) -> Int? {
    let words = script.split { " ;\t\n$()`".contains($0) }
    for (index, word) in words.enumerated() {
      if word == "seq" {
        let numbers = words[(index + 1)...].prefix(3).prefix { Int($0) != nil }.compactMap { Int($0) }
        guard let last = numbers.last, last > 0, last < 1_000_000 else { return nil }
        return last
      }
      if word.hasPrefix("{1.."), word.hasSuffix("}"), let last = Int(word.dropFirst(4).dropLast()), last > 0,
        last < 1_000_000
      {
        return last
      }
    }
    return nil
  }
}

extension UnitCase {
  /// How long a start may take in seconds; `nil` for ever.
  var startTimeout: Double? {
    let value = unit.value(.timeoutStartSec) ?? unit.value(.timeoutSec)
    let isOneshot = unit.value(.type) == "oneshot"
    let seconds = value.map { ValueReading.seconds($0) ?? 90 } ?? (isOneshot ? .infinity : 90)
    return seconds.isFinite && seconds > 0 ? seconds : nil
  }

  /// The scripts of the commands around the start.
  fileprivate func eachHelper(_ body: (Int, String) -> Void) {
    guard unit.name.type == .service else { return }
    for key in [SettingKey.execStartPre, .execStartPost] {
      for index in unit.indices(of: key) where unit.settings[index].value.contains("sleep") {
        for command in unit.commands(at: index) {
          body(index, command.arguments.map(\.text).joined(separator: " "))
        }
      }
    }
  }
}

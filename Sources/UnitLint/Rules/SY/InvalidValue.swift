import Diagnostics
import SystemdUnits

/// SY013
enum InvalidValue {
  static let rule = Rule(
    "SY013", "invalid-value", .warning,
    finds: "A value that its directive does not take: booleans, time spans and the words of a choice.",
    why: "systemd warns in the journal and keeps its default.",
    example: "[Service]\nExecStart=/bin/true\nRestart=allways\nTimeoutStartSec=5 minuts",
    instead: "[Service]\nExecStart=/bin/true\nRestart=always\nTimeoutStartSec=5 minutes")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nRemainAfterExit=on\nTimeoutStopSec=infinity\nRestartSec=1min 30s"
    ],
    .setting { item, report in
      guard let kind = item.setting.kind, !item.setting.value.isEmpty else { return }
      let value = item.setting.value
      switch kind {
      case .boolean:
        guard ValueReading.boolean(value) == nil else { return }
        report.add(item.atValue(rule, "'\(value)' is no boolean", help: "write yes or no"))
      case .seconds:
        guard ValueReading.seconds(value) == nil else { return }
        report.add(
          item.atValue(
            rule, "'\(value)' is no time span", help: "write a number and a unit, for example 90s or 1min 30s"
          ))
      default:
        guard let words = words(of: kind, item.setting.name), !words.contains(value) else { return }
        let meant = SpellingHints.nearest(to: value, among: words)
        report.add(
          item.atValue(
            rule, "\(item.setting.name)= does not take '\(value)'",
            help: meant.map { "did you mean \($0)?" } ?? "it takes \(words.joined(separator: ", "))",
            fix: meant.flatMap { item.replacing(0..<value.utf8.count, by: $0, .unsafe) }))
      }
    })

  /// The words that a choice takes (systemd.service(5), systemd.kill(5), systemd.unit(5)).
  private static func words(of kind: DirectiveKind, _ name: String) -> [String]? {
    switch kind {
    case .servicetype: ["simple", "exec", "forking", "oneshot", "dbus", "notify", "notify-reload", "idle"]
    case .servicerestart:
      ["no", "on-success", "on-failure", "on-abnormal", "on-watchdog", "on-abort", "always"]
    case .serviceexittype: ["main", "cgroup"]
    case .killmode: ["control-group", "process", "mixed", "none"]
    case .access: ["none", "main", "exec", "all"]
    case .timeoutmode: ["terminate", "abort", "kill"]
    case .action:
      [
        "none", "reboot", "reboot-force", "reboot-immediate", "poweroff", "poweroff-force",
        "poweroff-immediate",
        "exit", "exit-force", "soft-reboot", "soft-reboot-force", "kexec", "kexec-force", "halt",
        "halt-force",
        "halt-immediate",
      ]
    case .jobMode:
      [
        "fail", "replace", "replace-irreversibly", "isolate", "flush", "ignore-dependencies",
        "ignore-requirements",
      ]
    case .policy: name == "DevicePolicy" ? ["auto", "closed", "strict"] : nil
    default: nil
    }
  }
}

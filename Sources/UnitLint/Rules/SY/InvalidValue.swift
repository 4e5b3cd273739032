import Diagnostics
import SystemdUnits

/// SY013, SY034
enum InvalidValue {
  static let rule = Rule(
    "SY013", "invalid-value", .warning,
    finds:
      "A value that its directive does not take: booleans, time spans, words of a choice, numbers, sizes, modes, "
      + "signals, limits and addresses.",
    why: "systemd warns in the journal and keeps its default.",
    example: "[Service]\nExecStart=/bin/true\nRestart=allways\nTimeoutStartSec=5 minuts\nMemoryMax=1GB",
    instead: "[Service]\nExecStart=/bin/true\nRestart=always\nTimeoutStartSec=5 minutes\nMemoryMax=1G")

  static let newer = Rule(
    "SY034", "newer-value", .warning,
    finds: "A value that only later versions of systemd know than the one the unit is for.",
    why: "The older systemd warns and keeps its default: Type=notify-reload becomes Type=simple.",
    example: "[Service]\nType=notify-reload\nExecStart=/bin/serverd",
    instead: "[Service]\nType=notify\nExecStart=/bin/serverd\nExecReload=/bin/kill -HUP $MAINPID")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Service]\nExecStart=/bin/true\nRemainAfterExit=on\nTimeoutStopSec=infinity\nRestartSec=1min 30s",
      "[Service]\nExecStart=/bin/true\nMemoryMax=50%\nMemoryHigh=1.5G\nTasksMax=10%\nCPUQuota=12.5%\nUMask=077",
      "[Service]\nExecStart=/bin/true\nLimitNOFILE=1024:infinity\nLimitAS=4G\nKillSignal=RTMIN+3\nNice=-20",
      "# a.socket\n[Socket]\nListenStream=[::1]:80\nListenStream=127.0.0.1:80\nListenStream=@a\nListenStream=8080\n# a.service\n[Service]\nExecStart=/a",
      "[Service]\nExecStart=/bin/true\nProtectSystem=yes\nProtectHome=tmpfs\nPrivateTmp=1",
    ],
    fires: ["[Service]\nExecStart=/bin/true\nUMask=0899", "[Service]\nExecStart=/bin/true\nKillSignal=FOO"],
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
        if let finding = choice(kind, item) {
          report.add(finding)
        } else if let wanted = ValueGrammar.expectation(kind, item.setting.name, value)
          ?? NamedValues.expectation(kind, item.setting.name, value)
        {
          report.add(
            item.atValue(rule, "\(item.setting.name)= does not take '\(value)'", help: "write \(wanted)"))
        }
      }
    })

  static let newerRule = UnitRule(
    newer, nearMisses: ["[Service]\nType=notify\nExecStart=/a\nPrivateTmp=yes"],
    .values(of: [.other, .servicetype, .action]) { item, report in
      guard let since = newerValues[item.setting.name]?[item.setting.value],
        since > item.context.settings.systemdVersion
      else { return }
      report.add(
        item.atValue(
          newer,
          "\(item.setting.name)=\(item.setting.value) is known since systemd \(since), the unit is for \(item.context.settings.systemdVersion)",
          help: "write a value that the older one knows"))
    })

  private static func choice(_ kind: DirectiveKind, _ item: SettingCase) -> Diagnostic? {
    let value = item.setting.value
    guard let (words, orBoolean) = ValueGrammar.words(of: kind, item.setting.name), !words.contains(value),
      !(orBoolean && ValueReading.boolean(value) != nil), !value.utf8.contains(UInt8(ascii: "%"))
    else { return nil }
    let all = (orBoolean ? ["yes", "no"] : []) + words
    let meant = SpellingHints.nearest(to: value, among: all)
    return item.atValue(
      rule, "\(item.setting.name)= does not take '\(value)'",
      help: meant.map { "did you mean \($0)?" } ?? "it takes \(all.joined(separator: ", "))",
      fix: meant.flatMap { item.replacing(0..<value.utf8.count, by: $0, .unsafe) })
  }

  /// Values by the version that brought them (the NEWS of systemd).
  private static let newerValues: [String: [String: Int]] = [
    "Type": ["notify-reload": 253], "PrivateTmp": ["disconnected": 257],
    "PrivateUsers": ["self": 257, "identity": 257, "full": 258], "ProtectHostname": ["private": 258],
    "ProtectControlGroups": ["private": 257, "strict": 257], "RestartMode": ["debug": 257],
    "FailureAction": ["soft-reboot": 254, "soft-reboot-force": 254],
    "SuccessAction": ["soft-reboot": 254, "soft-reboot-force": 254],
    "StartLimitAction": ["soft-reboot": 254, "soft-reboot-force": 254],
  ]
}

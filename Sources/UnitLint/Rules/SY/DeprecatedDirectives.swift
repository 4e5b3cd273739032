import Diagnostics
import SystemdUnits

/// SY020
enum DeprecatedDirectives {
  static let rule = Rule(
    "SY020", "deprecated-directive", .warning,
    finds: "A directive or value that systemd has given up, or keeps for old units only.",
    why:
      "It warns at every load, means something else than it says, and later versions leave the setting out.",
    example: "[Service]\nExecStart=/bin/true\nMemoryLimit=1G",
    instead: "[Service]\nExecStart=/bin/true\nMemoryMax=1G",
    ignoreWhen: "The unit has to work with a systemd that does not know the new spelling.")

  static let unitRule = UnitRule(
    rule,
    nearMisses: [
      "[Unit]\nStartLimitIntervalSec=5\n[Service]\nExecStart=/bin/true\nStandardOutput=journal",
      "[Service]\nExecStart=/bin/true\nIOWeight=100\nReadOnlyPaths=/etc",
    ],
    .setting { item, report in
      guard let kind = item.setting.kind else { return }
      if kind == .output {
        guard let new = outputs[item.setting.value] else { return }
        report.add(
          item.atValue(
            rule, "'\(item.setting.value)' is an old word for \(new)",
            help: "write \(new), or leave the line out",
            fix: item.replacing(0..<item.setting.value.utf8.count, by: new, .safe)))
        return
      }
      switch kind {
      case .exec, .environ, .url, .path, .file, .condition, .mode, .syscalls, .servicetype, .servicerestart:
        return
      default: break
      }
      guard let new = replacements[item.setting.name] else { return }
      let isOldHome = item.setting.section == .service && moved.contains(item.setting.name)
      if moved.contains(item.setting.name), !isOldHome { return }
      // SY004 tells of those.
      if item.setting.section == .service, item.setting.name.hasPrefix("StartLimit") { return }
      report.add(
        item.atName(
          rule,
          isOldHome
            ? "\(item.setting.name)= stands in [Unit] since systemd 230"
            : "\(item.setting.name)= is given up",
          help: isOldHome ? "move the line to [Unit]" : new.advice,
          severity: told.contains(item.setting.name) ? nil : .note,
          fix: isOldHome ? item.move(to: .unit) : new.name.flatMap { item.renaming(to: $0, .safe) }))
    })

  /// What to write instead; the name alone where nothing but the name has changed.
  private struct Replacement: Sendable {
    let name: String?
    let advice: String

    static func renamed(_ name: String) -> Replacement { .init(name: name, advice: "write \(name)=") }
    static func rewritten(_ advice: String) -> Replacement { .init(name: nil, advice: advice) }
  }

  /// Those that systemd 252 warns of itself; the others it still takes without a word.
  private static let told: Set<String> = [
    "MemoryLimit", "CPUShares", "StartupCPUShares", "BlockIOWeight", "StartupBlockIOWeight",
    "BlockIOAccounting",
    "BlockIODeviceWeight", "BlockIOReadBandwidth", "BlockIOWriteBandwidth",
  ]

  private static let moved: Set<String> = ["FailureAction", "RebootArgument"]

  /// systemd.exec(5), systemd.resource-control(5) "DEPRECATED OPTIONS", and the NEWS of systemd.
  private static let replacements: [String: Replacement] = [
    "MemoryLimit": .renamed("MemoryMax"), "BlockIOAccounting": .renamed("IOAccounting"),
    "CPUShares": .rewritten("use CPUWeight=, which counts from 1 to 10000 with 100 as the standard"),
    "StartupCPUShares": .rewritten("use StartupCPUWeight=, which has 100 as the standard"),
    "BlockIOWeight": .rewritten("use IOWeight=, which has 100 as the standard"),
    "StartupBlockIOWeight": .rewritten("use StartupIOWeight=, which has 100 as the standard"),
    "BlockIODeviceWeight": .rewritten("use IODeviceWeight=, which has 100 as the standard"),
    "BlockIOReadBandwidth": .renamed("IOReadBandwidthMax"),
    "BlockIOWriteBandwidth": .renamed("IOWriteBandwidthMax"),
    "PermissionsStartOnly": .rewritten("put + in front of the commands that need root"),
    "InaccessibleDirectories": .renamed("InaccessiblePaths"),
    "ReadOnlyDirectories": .renamed("ReadOnlyPaths"),
    "ReadWriteDirectories": .renamed("ReadWritePaths"), "BindTo": .renamed("BindsTo"),
    "PropagateReloadTo": .renamed("PropagatesReloadTo"),
    "PropagateReloadFrom": .renamed("ReloadPropagatedFrom"),
    "RequiresOverridable": .rewritten("use Requires="), "RequisiteOverridable": .rewritten("use Requisite="),
    "StartLimitInterval": .renamed("StartLimitIntervalSec"),
    "OnFailureIsolate": .rewritten("use OnFailureJobMode=isolate"), "FailureAction": .rewritten(""),
    "RebootArgument": .rewritten(""),
  ]

  private static let outputs = [
    "syslog": "journal", "syslog+console": "journal+console",
  ]
}

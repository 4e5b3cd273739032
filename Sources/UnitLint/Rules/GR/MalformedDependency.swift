import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR013
enum MalformedDependency {
  static let rule = Rule(
    "GR013", "malformed-dependency", .error,
    finds: "A word among dependencies that is no unit name: no suffix, a comma, a path.",
    why: "systemd drops the dependency with a warning in the journal.",
    example: "[Unit]\nAfter=network.target, database\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nAfter=network.target database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Unit]\nAfter=srv-my\\x20data.mount %i.service\n[Service]\nExecStart=/bin/true"],
    .settings(of: SettingKey.allCases.filter { $0.isDependency || $0.namesUnitsToInstall }) { item, report in
      let names = item.names
      guard names.contains(where: isMalformed) else { return }
      for word in UnitWords.split(item.setting.value, .names).words where isMalformed(word.text) {
        let meant = proposal(for: word.text, item.context)
        report.add(
          item.atValue(
            rule, "'\(word.text)' is no unit name", word.range,
            help: meant.map { "write \($0)" }
              ?? "write a name with its type, for example \(word.text).service",
            fix: meant.flatMap { item.replacing(word.range, by: $0, .safe) }))
      }
    })

  private static func isMalformed(_ text: String) -> Bool {
    !text.utf8.contains(UInt8(ascii: "%")) && UnitName(text) == nil
  }

  /// The name that was certainly meant: the words between commas, the escaped path, or the only unit
  /// of that name.
  private static func proposal(for text: String, _ context: LintContext) -> String? {
    let parts = text.split(separator: ",").map(String.init)
    if text.contains(",") {
      let names = parts.compactMap { UnitName($0)?.description ?? proposal(for: $0, context) }
      return names.count == parts.count && !names.isEmpty ? names.joined(separator: " ") : nil
    }
    if text.utf8.first == UInt8(ascii: "/") {
      return UnitName(path: text, type: text.hasPrefix("/dev/") ? .device : .mount)?.description
    }
    let candidates = UnitType.allCases.compactMap { UnitName(prefix: text, type: $0) }.filter {
      context.set.index(of: $0.description) != nil || context.stock.has($0)
    }
    // Of a service and its socket the service is meant.
    let service = candidates.first { $0.type == .service }
    return (service ?? (candidates.count == 1 ? candidates.first : nil))?.description
  }
}

extension SettingKey {
  /// Whether it is a list of units in [Install].
  var namesUnitsToInstall: Bool {
    switch self {
    case .wantedBy, .requiredBy, .upheldBy, .alias, .also: true
    default: false
    }
  }
}

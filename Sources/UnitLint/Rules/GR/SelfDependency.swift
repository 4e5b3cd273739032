import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR015
enum SelfDependency {
  static let rule = Rule(
    "GR015", "self-dependency", .warning,
    finds: "A unit that depends on itself, by its name or an alias.",
    why: "systemd drops the dependency with a warning.",
    example: "# a.service\n[Unit]\nAfter=a.service\n[Service]\nExecStart=/bin/true",
    instead: "# a.service\n[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["# a@.service\n[Unit]\nAfter=a@0.service\n[Service]\nExecStart=/bin/true"],
    .settings(of: SettingKey.dependencies) { item, report in
      let own = item.unit.name.description
      let isOwn = { (text: String) in
        text == own || item.unit.aliases.contains { $0.description == text }
          || (text == "%n" && !item.unit.name.isTemplate)
      }
      guard item.names.contains(where: isOwn) else { return }
      for word in UnitWords.split(item.setting.value, .names).words where isOwn(word.text) {
        report.add(
          item.atValue(
            rule, "the unit names itself", word.range, help: "take \(word.text) out",
            fix: item.removing(word.range)))
      }
    })
}

extension SettingCase {
  /// Takes a word out of a list, with the blank in front of or behind it.
  func removing(_ word: Range<Int>) -> Fix? {
    let bytes = Array(setting.value.utf8)
    var start = word.lowerBound
    var end = word.upperBound
    while end < bytes.count, bytes[end] == 0x20 { end += 1 }
    if end == bytes.count { while start > 0, bytes[start - 1] == 0x20 { start -= 1 } }
    // An empty list would be a reset, which dependencies do not have.
    return start == 0 && end == bytes.count ? nil : replacing(start..<end, by: "", .safe)
  }
}

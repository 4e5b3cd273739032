import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR010, GR011, GR012
enum MissingUnits {
  static let required = Rule(
    "GR010", "required-unit-missing", .error,
    finds:
      "A unit that is required and that nobody has: no file, alias, template, or unit that systemd ships.",
    why: "The start fails: \"Unit not found\".",
    example: "[Unit]\nRequires=databse.service\nAfter=databse.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nRequires=database.service\nAfter=database.service\n[Service]\nExecStart=/bin/true\n"
      + "# database.service\n[Service]\nExecStart=/bin/true")

  static let wanted = Rule(
    "GR011", "wanted-unit-missing", .warning,
    finds: "A unit that is wanted, or called on failure, and that nobody has.",
    why: "systemd says nothing and goes on without it.",
    example: "[Unit]\nWants=exporter.service\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nWants=exporter.service\n[Service]\nExecStart=/bin/true\n"
      + "# exporter.service\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "The unit is optional and comes with a package that need not be there.")

  static let misspelt = Rule(
    "GR012", "order-on-misspelt-unit", .warning,
    finds: "Before= or After= a unit that nobody has, with a name much like that of one there is.",
    why: "The order never applies.",
    example: "[Unit]\nAfter=network-onlin.target\n[Service]\nExecStart=/bin/true",
    instead: "[Unit]\nAfter=network.target\n[Service]\nExecStart=/bin/true",
    ignoreWhen: "Both units exist, only on different hosts.")

  static let requiredRule = UnitRule(
    required,
    nearMisses: [
      "[Unit]\nRequires=getty@tty1.service dev-vda.device a-b.slice\nAfter=getty@tty1.service dev-vda.device a-b.slice\n[Service]\nExecStart=/bin/true"
    ],
    .settings(of: SettingKey.dependencies) { item, report in
      guard let kind = item.setting.key?.dependency, kind.isMandatory else { return }
      for (word, name) in item.missingUnits() {
        let meant = item.context.nearestUnit(to: name)
        report.add(
          item.atValue(
            required, "\(kind.rawValue)=\(name) names a unit that nobody has", word.range,
            help: meant.map { "did you mean \($0)?" } ?? "add the unit, or use Wants= if it is optional",
            fix: meant.flatMap { item.replacing(word.range, by: $0, .unsafe) }))
      }
    })

  static let wantedRule = UnitRule(
    wanted,
    nearMisses: [
      "[Unit]\nWants=network-online.target\nAfter=network-online.target\n[Service]\nExecStart=/bin/true"
    ],
    .settings(of: SettingKey.dependencies) { item, report in
      guard let kind = item.setting.key?.dependency,
        [.wants, .upholds, .onFailure, .onSuccess].contains(kind)
      else { return }
      for (word, name) in item.missingUnits() {
        let meant = item.context.nearestUnit(to: name)
        report.add(
          item.atValue(
            wanted, "\(kind.rawValue)=\(name) names a unit that nobody has", word.range,
            help: meant.map { "did you mean \($0)?" } ?? "add the unit, or take the name out",
            // What is wanted is often a package that is not installed, and meant to be left out then.
            severity: kind == .wants && meant == nil ? .note : nil,
            fix: meant.flatMap { item.replacing(word.range, by: $0, .unsafe) }))
      }
    })

  static let misspeltRule = UnitRule(
    misspelt, nearMisses: ["[Unit]\nAfter=postgresql.service\n[Service]\nExecStart=/bin/true"],
    .settings(of: SettingKey.dependencies) { item, report in
      guard let kind = item.setting.key?.dependency, kind.isOrdering else { return }
      for (word, name) in item.missingUnits() {
        guard let meant = item.context.nearestUnit(to: name) else { continue }
        report.add(
          item.atValue(
            misspelt, "\(kind.rawValue)=\(name) names a unit that nobody has", word.range,
            help: "did you mean \(meant)?",
            // Packages that nobody installed have names like others': of Debian's, all but one were right.
            severity: UnitName(meant).map(item.context.stock.has) == true ? nil : .note,
            fix: item.replacing(word.range, by: meant, .unsafe)))
      }
    })
}

extension SettingCase {
  /// The words of a dependency that name units which nobody has. Words that are no names are GR013's.
  func missingUnits() -> [(UnitWords.Word, UnitName)] {
    // Most dependencies are known; only for the others it is worth to know where they stand.
    guard names.contains(where: { missingUnit($0) != nil }) else { return [] }
    return UnitWords.split(setting.value, .names).words.compactMap { word in
      missingUnit(word.text).map { (word, $0) }
    }
  }

  private func missingUnit(_ text: String) -> UnitName? {
    if context.set.index(of: text) != nil { return nil }
    guard !text.utf8.contains(UInt8(ascii: "%")), let name = UnitName(text), !context.mayExist(name) else {
      return nil
    }
    return name
  }
}

extension LintContext {
  /// The unit of the same type whose name is nearest to one that nobody has.
  func nearestUnit(to name: UnitName) -> String? {
    guard name.prefix.utf8.count >= 4 else { return nil }
    let suffix = "." + name.type.rawValue
    let own = ownNames[name.type, default: []]
    return SpellingHints.nearest(
      to: name.description, among: [own, stock.names.filter { $0.hasSuffix(suffix) }].joined())
  }
}

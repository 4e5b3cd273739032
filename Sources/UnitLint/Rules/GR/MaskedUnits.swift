import Diagnostics
import SystemdUnits
import UnitGraphs

/// GR014
enum MaskedUnits {
  static let rule = Rule(
    "GR014", "required-unit-masked", .error,
    finds: "A required unit that is masked: a link to /dev/null, or an empty file.",
    why: "The start fails: \"Unit is masked\".",
    example:
      "[Unit]\nRequires=gate.service\nAfter=gate.service\n[Service]\nExecStart=/bin/true\n# gate.service",
    instead: "[Unit]\nAfter=gate.service\n[Service]\nExecStart=/bin/true\n# gate.service")

  static let unitRule = UnitRule(
    rule,
    .settings(of: SettingKey.dependencies) { item, report in
      guard let kind = item.setting.key?.dependency, kind.isMandatory else { return }
      let isMasked = { (name: String) in
        item.context.set.index(of: name).map { item.context.set.units[$0].isMasked } ?? false
      }
      guard item.names.contains(where: isMasked) else { return }
      for word in UnitWords.split(item.setting.value, .names).words {
        guard let index = item.context.set.index(of: word.text), item.context.set.units[index].isMasked else {
          continue
        }
        report.add(
          item.atValue(
            rule, "\(kind.rawValue)=\(word.text) names a masked unit", word.range,
            help: "unmask the unit, or use Wants= if it is optional"))
      }
    })
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// SY003
enum WrongSection {
  static let rule = Rule(
    "SY003", "wrong-section", .warning,
    finds: "A directive in a section that does not know it, while another section of the unit does.",
    why: "systemd leaves the setting out.",
    example: "[Unit]\nDescription=a\n[Service]\nExecStart=/bin/true\nAfter=network.target",
    instead: "[Unit]\nDescription=a\nAfter=network.target\n[Service]\nExecStart=/bin/true")

  static let unitRule = UnitRule(
    rule, nearMisses: ["[Unit]\nDescription=a\n[Service]\nExecStart=/bin/true\nType=simple"],
    .setting { item, report in
      guard item.setting.directive == nil, let section = item.setting.section,
        section.isTaken(by: item.unit.name.type),
        !item.setting.name.hasPrefix("StartLimit")
      else { return }
      let homes = DirectiveCatalogue.standard.directives(named: item.setting.name).flatMap(\.sections)
      guard let home = homes.first(where: { $0.isTaken(by: item.unit.name.type) }) ?? homes.first else {
        return
      }
      let fits = home.isTaken(by: item.unit.name.type)
      report.add(
        item.atName(
          rule,
          "\(item.setting.name)= has no effect in [\(section.rawValue)]; it belongs to [\(home.rawValue)]",
          help: fits
            ? "move the line to [\(home.rawValue)]" : "\(item.unit.name.type.rawValue) units do not have it",
          fix: fits ? item.move(to: home) : nil))
    })
}

extension SettingCase {
  /// Moves the setting's lines to another section of the file, which is made if there is none.
  func move(to section: UnitSection) -> Fix? {
    guard let source = fragment.source, let index = setting.assignment,
      let element = source.element(withAssignment: index)
    else { return nil }
    var text = String(decoding: source.bytes[element.range], as: UTF8.self)
    if !text.hasSuffix("\n") { text += "\n" }
    let removal = Fix.Edit(source.span(element.range), "")
    let lines = source.lastLine(of: section)
    let place = lines ?? source.bytes.count
    let end = source.span(place..<place)
    let isEnded = place == 0 || source.bytes[place - 1] == UInt8(ascii: "\n")
    // A line feed that is missing at the end of the file is made up for.
    let addition = Fix.Edit(
      end, (isEnded ? "" : "\n") + (lines == nil ? "\n[\(section.rawValue)]\n" : "") + text)
    return Fix(.safe, [removal, addition].sorted { $0.span < $1.span })
  }
}

extension UnitSource {
  /// Where the last line of a section's last appearance ends that is no blank or comment.
  func lastLine(of section: UnitSection) -> Int? {
    var current: Int?
    var end: Int?
    for element in elements {
      switch element.kind {
      case .section(let index):
        current = index
        if sections[index].name == section.rawValue { end = element.range.upperBound }
      case .assignment:
        if let current, sections[current].name == section.rawValue { end = element.range.upperBound }
      default: break
      }
    }
    return end
  }
}

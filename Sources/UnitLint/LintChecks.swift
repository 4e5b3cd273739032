import Diagnostics
import SystemdUnits
import UnitGraphs

/// The checks of the rules that are on, by what they look at.
struct LintChecks {
  /// So many commands of a unit, and words of a list that is compared with others, are looked at: more than
  /// any unit has, and few enough that what a rule asks of the whole unit for each stays cheap.
  static let maximum = 128

  // Arrays of plain closures would keep each behind another one: these are called for every line of a fleet.
  private struct SettingCheck { let run: @Sendable (SettingCase, inout Report) -> Void }
  private struct CommandCheck { let run: @Sendable (CommandCase, inout Report) -> Void }
  private struct FileCheck { let run: @Sendable (FileCase, inout Report) -> Void }
  private struct UnitCheck { let run: @Sendable (UnitCase, inout Report) -> Void }

  private var setting: [SettingCheck] = []
  private let settingOf: RowValues<[SettingCheck]>
  private var command: [CommandCheck] = []
  private var file: [FileCheck] = []
  private var unit: [UnitCheck] = []
  private var keyed: [UnitCheck] = []
  /// By row: indices into `keyed`.
  private let keyedOf: RowValues<[Int]>
  private(set) var host: [@Sendable (LintContext, inout Report) -> Void] = []

  init(_ rules: [UnitRule]) {
    var settingsOf: [SettingKey: [SettingCheck]] = [:]
    var valuesOf: [DirectiveKind: [SettingCheck]] = [:]
    var keyedBy: [SettingKey: [Int]] = [:]
    for rule in rules {
      switch rule.check {
      case .setting(let check): setting.append(SettingCheck(run: check))
      case .settings(let keys, let check):
        for key in keys { settingsOf[key, default: []].append(SettingCheck(run: check)) }
      case .values(let kinds, let check):
        for kind in kinds { valuesOf[kind, default: []].append(SettingCheck(run: check)) }
      case .command(let check): command.append(CommandCheck(run: check))
      case .file(let check): file.append(FileCheck(run: check))
      case .unit(let check): unit.append(UnitCheck(run: check))
      case .units(let keys, let check):
        for key in keys { keyedBy[key, default: []].append(keyed.count) }
        keyed.append(UnitCheck(run: check))
      case .host(let check): host.append(check)
      }
    }
    settingOf = RowValues { key, kind in (valuesOf[kind] ?? []) + (key.flatMap { settingsOf[$0] } ?? []) }
    keyedOf = RowValues { key, _ in key.flatMap { keyedBy[$0] } ?? [] }
  }

  /// `seen` holds the files whose lines are checked: a template's and a type's drop-ins belong to many
  /// units and are told of once.
  func run(_ unit: LoadedUnit, _ context: LintContext, _ seen: inout Set<SourceID>, _ report: inout Report) {
    let item = UnitCase(context, unit)
    var index = 0
    var commands = 0
    for fragment in unit.fragments {
      let end = index + fragment.settings.count
      defer { index = end }
      guard context.isAsked(fragment) else { continue }
      if let source = fragment.source {
        guard seen.insert(source.source).inserted else { continue }
        let item = FileCase(context: context, unit: unit, fragment: fragment, source: source)
        for check in file { check.run(item, &report) }
      }
      for number in index..<end {
        let one = SettingCase(owner: item, index: number, setting: unit.settings[number])
        run(one, &report)
        guard one.setting.kind == .exec, commands < Self.maximum, !one.setting.value.isEmpty else { continue }
        commands += runCommands(of: one, &report)
      }
    }
    for check in self.unit { check.run(item, &report) }
    guard !keyed.isEmpty else { return }
    var isWanted = [Bool](repeating: false, count: keyed.count)
    for row in unit.settings.lazy.compactMap(\.directive) {
      for number in keyedOf[row] { isWanted[number] = true }
    }
    for number in keyed.indices where isWanted[number] { keyed[number].run(item, &report) }
  }

  private func run(_ item: SettingCase, _ report: inout Report) {
    for check in setting { check.run(item, &report) }
    guard let row = item.setting.directive else { return }
    for check in settingOf[row] { check.run(item, &report) }
  }

  /// Checks the commands of a setting and says how many there were.
  private func runCommands(of item: SettingCase, _ report: inout Report) -> Int {
    guard !command.isEmpty else { return 0 }
    let commands = item.commands
    for (position, one) in commands.prefix(Self.maximum).enumerated() {
      let item = CommandCase(setting: item, command: one, isLast: position == commands.count - 1)
      for check in command { check.run(item, &report) }
    }
    return commands.count
  }
}

import Diagnostics
import SystemdUnits
import UnitGraphs

/// The checks of the rules that are on, by what they look at.
struct LintChecks {
  /// So many commands of a unit, and words of a list that is compared with others, are looked at: more than
  /// any unit has, and few enough that what a rule asks of the whole unit for each stays cheap.
  static let maximum = 128

  private typealias SettingCheck = @Sendable (SettingCase, inout Report) -> Void
  private typealias UnitCheck = @Sendable (UnitCase, inout Report) -> Void

  private var setting: [SettingCheck] = []
  private var settingsOf: [SettingKey: [SettingCheck]] = [:]
  private var valuesOf: [DirectiveKind: [SettingCheck]] = [:]
  private var command: [@Sendable (CommandCase, inout Report) -> Void] = []
  private var file: [@Sendable (FileCase, inout Report) -> Void] = []
  private var unit: [UnitCheck] = []
  private var keyed: [UnitCheck] = []
  /// By directive: indices into `keyed`.
  private var keyedBy: [SettingKey: [Int]] = [:]
  private(set) var host: [@Sendable (LintContext, inout Report) -> Void] = []

  init(_ rules: [UnitRule]) {
    for rule in rules {
      switch rule.check {
      case .setting(let check): setting.append(check)
      case .settings(let keys, let check): for key in keys { settingsOf[key, default: []].append(check) }
      case .values(let kinds, let check):
        for kind in kinds { valuesOf[kind, default: []].append(check) }
      case .command(let check): command.append(check)
      case .file(let check): file.append(check)
      case .unit(let check): unit.append(check)
      case .units(let keys, let check):
        for key in keys { keyedBy[key, default: []].append(keyed.count) }
        keyed.append(check)
      case .host(let check): host.append(check)
      }
    }
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
        for check in file { check(item, &report) }
      }
      for number in index..<end {
        let one = SettingCase(owner: item, index: number, setting: unit.settings[number])
        run(one, &report)
        guard one.setting.kind == .exec, commands < Self.maximum, !one.setting.value.isEmpty else { continue }
        commands += runCommands(of: one, &report)
      }
    }
    for check in self.unit { check(item, &report) }
    guard !keyed.isEmpty else { return }
    var isWanted = [Bool](repeating: false, count: keyed.count)
    for key in unit.settings.lazy.compactMap(\.key) {
      for number in keyedBy[key] ?? [] { isWanted[number] = true }
    }
    for number in keyed.indices where isWanted[number] { keyed[number](item, &report) }
  }

  private func run(_ item: SettingCase, _ report: inout Report) {
    for check in setting { check(item, &report) }
    if let kind = item.setting.kind, let checks = valuesOf[kind] {
      for check in checks { check(item, &report) }
    }
    if let key = item.setting.key, let checks = settingsOf[key] {
      for check in checks { check(item, &report) }
    }
  }

  /// Checks the commands of a setting and says how many there were.
  private func runCommands(of item: SettingCase, _ report: inout Report) -> Int {
    guard !command.isEmpty else { return 0 }
    let commands = ExecCommand.parse(item.setting.value).commands
    for (position, one) in commands.prefix(Self.maximum).enumerated() {
      let item = CommandCase(setting: item, command: one, isLast: position == commands.count - 1)
      for check in command { check(item, &report) }
    }
    return commands.count
  }
}

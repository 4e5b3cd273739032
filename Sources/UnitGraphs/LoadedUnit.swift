public import Diagnostics
public import SystemdUnits

/// A unit as the manager sees it: its file and all drop-ins that apply, in order. It never changes; a class, because
/// whoever looks at units hands them on all the time.
public final class LoadedUnit: Sendable {
  /// The unit's own name, no alias.
  public let name: UnitName
  /// The unit's file first, if there is one, then its drop-ins in the order they are read.
  public let fragments: [UnitFragment]
  /// Whether there is a file for it; otherwise drop-ins for a unit that is elsewhere.
  public let hasFile: Bool
  /// Whether it is masked: an empty file or a link to /dev/null.
  public let isMasked: Bool
  /// Names that lead here: links, and `Alias=` of `[Install]`.
  public let aliases: [UnitName]
  /// Those of `aliases` that are links, which count whether the unit is enabled or not.
  public let linkedNames: [UnitName]
  /// Whether the generator made it.
  public let isGenerated: Bool
  /// The settings of all fragments, one after the other.
  public let settings: [UnitSetting]
  private let keys: [SettingKey?]
  /// By directive: the settings of a long unit; `nil` for others, whose few keys are quicker looked through.
  private let places: [SettingKey: [Int]]?
  private let ends: [Int]
  /// By setting: the words of those that list units.
  private let names: [[String]]
  /// The settings that hold commands, in order, each with what it holds.
  private let commands: [(setting: Int, commands: [ExecCommand])]

  init(
    name: UnitName, fragments: [UnitFragment], hasFile: Bool, isMasked: Bool = false,
    aliases: [UnitName] = [],
    isGenerated: Bool = false
  ) {
    self.name = name
    self.fragments = fragments
    self.hasFile = hasFile
    self.isMasked = isMasked
    self.isGenerated = isGenerated
    let settings = fragments.count == 1 ? fragments[0].settings : fragments.flatMap(\.settings)
    self.settings = settings
    let keys = settings.map(\.key)
    self.keys = keys
    places =
      keys.count > 64
      ? Dictionary(grouping: keys.indices.lazy.filter { keys[$0] != nil }) { keys[$0] ?? .description } : nil
    var ends: [Int] = []
    for fragment in fragments { ends.append((ends.last ?? 0) + fragment.settings.count) }
    self.ends = ends
    names = settings.map { $0.kind == .units ? UnitWords.names($0.value) : [] }
    commands = settings.indices.compactMap { index in
      let isCommand = settings[index].kind == .exec && !settings[index].value.isEmpty
      return isCommand ? (index, ExecCommand.parse(settings[index].value).commands) : nil
    }
    linkedNames = aliases
    var all = aliases
    for index in keys.indices where keys[index] == .alias {
      all += names[index].compactMap { UnitName($0) }
    }
    self.aliases = all
  }

  /// The fragment that a setting of `settings` stands in.
  public func fragment(of setting: Int) -> UnitFragment {
    if ends.count == 1 { return fragments[0] }
    var (low, high) = (0, ends.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if setting < ends[middle] { high = middle } else { low = middle + 1 }
    }
    return fragments[low]
  }

  /// The words of a setting that lists units; of others, none.
  public func names(at setting: Int) -> [String] { names[setting] }

  /// The commands of an `Exec…=` setting; of others, none.
  public func commands(at setting: Int) -> [ExecCommand] {
    var (low, high) = (0, commands.count)
    while low < high {
      let middle = (low + high) / 2
      if commands[middle].setting < setting { low = middle + 1 } else { high = middle }
    }
    return low < commands.count && commands[low].setting == setting ? commands[low].commands : []
  }

  /// Indices of all assignments of a directive that count: those behind the last empty one, which
  /// resets lists. Dependencies cannot be reset, so for them every assignment counts.
  public func indices(of key: SettingKey) -> [Int] {
    var found: [Int] = []
    func take(_ index: Int) {
      if !settings[index].value.isEmpty {
        found.append(index)
      } else if !key.isDependency {
        found.removeAll()
      }
    }
    if let places {
      for index in places[key] ?? [] { take(index) }
    } else {
      for index in keys.indices where keys[index] == key { take(index) }
    }
    return found
  }

  /// The index of the assignment that counts of a directive with one value.
  public func index(of key: SettingKey) -> Int? {
    let place = places.map { $0[key]?.last } ?? keys.lastIndex(of: key)
    guard let last = place, !settings[last].value.isEmpty else { return nil }
    return last
  }

  /// Whether a directive is set at all.
  public func has(_ key: SettingKey) -> Bool { places.map { $0[key] != nil } ?? keys.contains(key) }

  /// The value of a directive with one value.
  public func value(_ key: SettingKey) -> String? { index(of: key).map { settings[$0].value } }

  /// All values of a list directive.
  public func values(_ key: SettingKey) -> [String] { indices(of: key).map { settings[$0].value } }

  /// A boolean directive; `standard` when it is not set or no boolean.
  public func flag(_ key: SettingKey, _ standard: Bool) -> Bool {
    value(key).flatMap(ValueReading.boolean) ?? standard
  }

  /// The place of a setting, or the unit's own.
  public func span(of setting: Int) -> Span? { settings[setting].span ?? span }

  /// Where to point for what has no line of its own.
  public var span: Span? { fragments.lazy.compactMap(\.span).first }
}

extension SettingKey {
  /// Whether it names other units: an empty assignment of such a directive changes nothing.
  public var isDependency: Bool { dependency != nil }

  /// Those that name other units.
  public static let dependencies = allCases.filter(\.isDependency)

  /// The dependency it declares.
  public var dependency: DependencyKind? {
    switch self {
    case .requires: .requires
    case .requisite: .requisite
    case .wants: .wants
    case .bindsTo: .bindsTo
    case .upholds: .upholds
    case .partOf: .partOf
    case .conflicts: .conflicts
    case .before: .before
    case .after: .after
    case .onFailure: .onFailure
    case .onSuccess: .onSuccess
    case .propagatesReloadTo: .propagatesReloadTo
    case .reloadPropagatedFrom: .reloadPropagatedFrom
    case .propagatesStopTo: .propagatesStopTo
    case .stopPropagatedFrom: .stopPropagatedFrom
    case .joinsNamespaceOf: .joinsNamespaceOf
    default: nil
    }
  }
}

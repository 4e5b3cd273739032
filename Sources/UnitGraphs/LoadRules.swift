import SystemdUnits

/// Which units the manager reads and then refuses to start (`service_verify` and its like).
enum LoadRules {
  /// Whether a unit has a bad setting, so that its load state is `bad-setting`.
  static func refuses(_ unit: LoadedUnit, as name: UnitName) -> Bool {
    switch name.type {
    case .service: refusesService(unit)
    case .socket:
      lastValues(unit, .socket, "Listen").isEmpty
        || (unit.flag(.accept, false) && unit.value(.service) != nil)
    case .timer: lastValues(unit, .timer, "On").isEmpty
    case .path:
      lastValues(unit, .path, "Path").isEmpty && lastValues(unit, .path, "DirectoryNotEmpty").isEmpty
    case .mount: unit.value(.what) == nil || !isPlace(unit, of: name)
    case .automount: !isPlace(unit, of: name)
    default: false
    }
  }

  /// Values of the directives that start so; an empty one resets them all.
  private static func lastValues(_ unit: LoadedUnit, _ section: UnitSection, _ start: String) -> [String] {
    var values: [String] = []
    for setting in unit.settings where setting.section == section && setting.name.hasPrefix(start) {
      if setting.value.isEmpty { values.removeAll() } else { values.append(setting.value) }
    }
    return values
  }

  private static func isPlace(_ unit: LoadedUnit, of name: UnitName) -> Bool {
    guard let place = unit.value(.wherePath) else { return true }
    guard let path = Specifiers.expandNames(place, for: name) else { return true }
    return UnitName(path: path, type: name.type) == name
  }

  private static func refusesService(_ unit: LoadedUnit) -> Bool {
    let starts = unit.values(.execStart)
    let hasAction = unit.value(.successAction).map { $0 != "none" } ?? false
    let type = unit.value(.type) ?? (unit.has(.busName) ? "dbus" : starts.isEmpty ? "oneshot" : "simple")
    if starts.isEmpty {
      guard type == "oneshot" else { return true }
      if unit.values(.execStop).isEmpty, !hasAction { return true }
      if !unit.flag(.remainAfterExit, false), !hasAction { return true }
    }
    if type == "dbus" { return unit.value(.busName) == nil || starts.count > 1 }
    guard type == "oneshot" else { return starts.count > 1 }
    return ["always", "on-success"].contains(unit.value(.restart) ?? "no")
  }
}

import SystemdUnits

/// What there is to know of units before they are loaded: files and links of a set, stock units, and those
/// that the manager makes itself.
struct UnitFactsSource {
  /// What a unit is, and what it says.
  struct Found {
    let state: UnitNode.State
    /// Index in the set's units.
    let unit: Int?
    /// `nil` where nothing is read: the unit is missing.
    let facts: DependencyFacts?
  }

  /// A unit that `[Install]` of its file enables.
  struct Install {
    let unit: UnitName
    let kind: DependencyKind
    let setting: Int32
  }

  private let set: UnitSet
  private let stock: StockKnowledge
  private let countsInstall: Bool
  private var linksByUnit: [String: [Int32]] = [:]
  private var installsByUnit: [String: [Install]] = [:]

  init(_ set: UnitSet, stock: StockKnowledge, countsInstall: Bool) {
    self.set = set
    self.stock = stock
    self.countsInstall = countsInstall
    for (index, link) in set.links.enumerated() {
      linksByUnit[link.dependent.description, default: []].append(Int32(truncatingIfNeeded: index))
    }
    guard countsInstall else { return }
    for unit in set.units where unit.hasFile && !unit.isMasked && !unit.name.isTemplate {
      for item in DependencyFacts(unit, as: unit.name).installed {
        guard let text = Specifiers.expandNames(item.name, for: unit.name), let name = UnitName(text) else {
          continue
        }
        let install = Install(unit: unit.name, kind: item.kind, setting: item.setting)
        installsByUnit[canonical(name).description, default: []].append(install)
      }
    }
  }

  /// The unit's own name where the given one is an alias.
  func canonical(_ name: UnitName) -> UnitName {
    if let unit = unit(named: name) {
      return unit.name.isTemplate && name.isInstance
        ? unit.name.instantiated(name.instance ?? "") ?? name : unit.name
    }
    if let template = name.template {
      let own = canonical(template)
      return own == template ? name : own.instantiated(name.instance ?? "") ?? name
    }
    return stock.aliases[name.description].flatMap { UnitName($0) } ?? name
  }

  private func index(of name: UnitName) -> Int? {
    guard let index = set.index(of: name.description) else { return nil }
    let unit = set.units[index]
    return countsInstall || unit.name == name || unit.linkedNames.contains(name) ? index : nil
  }

  private func unit(named name: UnitName) -> LoadedUnit? { index(of: name).map { set.units[$0] } }

  /// What is known of a unit, by its own name.
  func facts(of name: UnitName) -> Found {
    let own = index(of: name)
    let drops = own.map { set.units[$0] }
    let isStock = stock.has(name)
    if let drops, !drops.hasFile, !isStock, state(ofUnknown: name) == .missing {
      return Found(state: .missing, unit: own, facts: nil)
    }
    guard let index = own ?? name.template.flatMap({ index(of: $0) }) else { return unwritten(name, isStock) }
    let unit = set.units[index]
    var facts = DependencyFacts(unit, as: name)
    if unit.isMasked { return Found(state: .masked, unit: index, facts: facts) }
    if unit.hasFile { return Found(state: .loaded, unit: index, facts: complete(facts, unit)) }
    let base = unwritten(name, isStock)
    guard base.state != .missing else { return base }
    if let known = base.facts {
      facts.implied += known.implied
      facts.mounts += known.mounts
      facts.declared = known.declared + facts.declared
      facts.triggered = known.triggered
      if !unit.has(.defaultDependencies) { facts.hasDefaultDependencies = known.hasDefaultDependencies }
    }
    return Found(state: base.state, unit: index, facts: complete(facts, nil))
  }

  private func unwritten(_ name: UnitName, _ isStock: Bool) -> Found {
    if isStock,
      let known = stock.facts[name.description] ?? name.template.flatMap({ stock.facts[$0.description] })
    {
      var facts = DependencyFacts(name: name)
      facts.declared = known.declared
      facts.implied = known.implied
      facts.mounts = known.mounts
      facts.triggered = known.triggered
      facts.hasDefaultDependencies = known.hasDefaultDependencies
      return Found(state: .stock, unit: nil, facts: complete(facts, nil))
    }
    let state = state(ofUnknown: name)
    guard state == .dynamic else { return Found(state: state, unit: nil, facts: nil) }
    var facts = DependencyFacts(name: name)
    if UnitNode.perpetual.contains(name.description) || name.type != .slice {
      facts.hasDefaultDependencies = false
    }
    return Found(state: .dynamic, unit: nil, facts: complete(facts, nil))
  }

  /// Devices and slices are there when they are named, scopes when something makes them.
  private func state(ofUnknown name: UnitName) -> UnitNode.State {
    switch name.type {
    case .device, .slice: .dynamic
    default: UnitNode.perpetual.contains(name.description) ? .dynamic : .missing
    }
  }

  private func complete(_ facts: DependencyFacts, _ unit: LoadedUnit?) -> DependencyFacts {
    var facts = facts
    if let unit { facts.addPaths(of: unit) }
    facts.setSlice(unit)
    return facts
  }

  /// Links in the folders of a unit, of its aliases and of its template.
  func links(of name: UnitName) -> [Int32] {
    guard !linksByUnit.isEmpty else { return [] }
    var names = [name]
    if let index = index(of: name) { names += set.units[index].linkedNames }
    if let template = name.template, let index = index(of: template) { names += set.units[index].linkedNames }
    return names.flatMap(UnitSetLoader.folders).flatMap { linksByUnit[$0] ?? [] }
  }

  /// Units that want to be started with a unit, if they are enabled.
  func installs(at name: UnitName) -> [Install] { installsByUnit[name.description] ?? [] }
}

extension DependencyFacts {
  /// Paths that sockets and path units name, and directories that the plain graph leaves out.
  mutating func addPaths(of unit: LoadedUnit) {
    for (index, setting) in unit.settings.enumerated() {
      let names: Bool
      switch setting.section {
      case .path: names = setting.name.hasPrefix("Path") || setting.name == "DirectoryNotEmpty"
      case .socket: names = setting.name.hasPrefix("Listen")
      default: names = false
      }
      guard names, setting.value.utf8.first == UInt8(ascii: "/") else { continue }
      mounts.append(.init(path: setting.value, isRequired: true, setting: Int32(index), isWritten: true))
    }
    if name.type == .automount, let path = UnitEscaping.unescape(name.withoutType) {
      let place = "/" + String(decoding: path, as: UTF8.self)
      let parent = place.lastIndex(of: "/").map { String(place[..<$0]) } ?? ""
      mounts.append(
        .init(path: parent.isEmpty ? "/" : parent, isRequired: true, setting: -1, isWritten: false))
    }
  }

  /// The slice a unit lies in: the one it names, one for all instances of its template, or the system's.
  mutating func setSlice(_ unit: LoadedUnit?) {
    switch name.type {
    case .slice: sliceName = Self.parent(ofSlice: name)
    case .scope: sliceName = name.description == "init.scope" ? "-.slice" : "system.slice"
    case .service, .socket, .mount, .swap:
      if let unit, let index = unit.index(of: .slice) {
        sliceName = unit.settings[index].value
        sliceSetting = Int32(truncatingIfNeeded: index)
      } else if name.instance != nil {
        sliceName = "system-" + UnitEscaping.escape(name.prefix) + ".slice"
      } else {
        sliceName = name.description == "-.mount" ? "-.slice" : "system.slice"
      }
    default: break
    }
  }

  /// `a-b.slice` lies in `a.slice`, that in `-.slice`, which lies in none.
  private static func parent(ofSlice name: UnitName) -> String? {
    guard name.description != "-.slice" else { return nil }
    guard let dash = name.prefix.lastIndex(of: "-") else { return "-.slice" }
    return name.prefix[..<dash] + ".slice"
  }
}

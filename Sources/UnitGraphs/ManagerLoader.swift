public import SystemdUnits

/// Loads a unit and all that it leads to, in the order in which the manager of systemd 252 does
/// (manager.c, unit.c): what is named is put in front of a queue, and its file is read when its turn comes.
struct ManagerLoader {
  var graph = UnitGraph()
  let stock: StockKnowledge
  /// Whether `[Install]` counts as if every unit were enabled.
  let countsInstall: Bool
  private let facts: UnitFactsSource
  /// By node: whether its file has been read and found good.
  private(set) var isLoaded: [Bool] = []
  private var hasDefaults: [Bool] = []
  private var queue: [Int32] = []
  private var targetQueue: [Int32] = []
  /// By unit: the targets that pull it in.
  private var pullers: [Int32: [Int32]] = [:]
  /// By target: what it pulls in or is part of.
  private var pulled: [Int32: [Int32]] = [:]
  /// `Target before unit`, for targets that contradict their default ordering.
  private var explicitOrder = Set<Int64>()
  /// `Unit before target` by default, so that it is said once.
  private var defaultOrder = Set<Int64>()
  /// By path: who needs what is mounted there.
  private var waiting: [String: [(unit: Int32, setting: Int32)]] = [:]

  init(_ set: UnitSet, stock: StockKnowledge, countsInstall: Bool) {
    self.stock = stock
    self.countsInstall = countsInstall
    facts = UnitFactsSource(set, stock: stock, countsInstall: countsInstall)
    graph.set = set
  }

  /// Loads a unit. Units that are named twice, also by an alias, are loaded once.
  mutating func load(_ name: UnitName) {
    for name in UnitNode.perpetual.compactMap({ UnitName($0) }) {
      _ = node(name)
      dispatch()
    }
    _ = node(name)
    dispatch()
  }

  private mutating func dispatch() {
    while let unit = queue.popLast() { read(unit) }
    while let unit = targetQueue.popLast() {
      for target in pullers[unit] ?? [] { addTargetOrder(unit, target) }
    }
  }

  // MARK: Names

  /// The node that a name leads to; it is made, and its file is read later, where there is none.
  mutating func node(_ name: UnitName) -> Int32 {
    if let known = graph.numbers[name.description] { return known }
    let own = facts.canonical(name)
    let number: Int32
    if let known = graph.numbers[own.description] {
      number = known
    } else {
      number = Int32(truncatingIfNeeded: graph.nodes.count)
      graph.nodes.append(UnitNode(name: own, state: .missing, unit: nil))
      isLoaded.append(false)
      hasDefaults.append(true)
      graph.numbers[own.description] = number
      queue.append(number)
    }
    graph.numbers[name.description] = number
    return number
  }

  /// A name in a unit's file; a bare template means its instance of the unit's instance or, for a plain
  /// unit, of its prefix. `nil` for what is no name.
  func resolve(_ text: String, for unit: UnitName) -> UnitName? {
    guard let expanded = Specifiers.expandNames(text, for: unit), let name = UnitName(expanded) else {
      return nil
    }
    guard name.isTemplate else { return name }
    let instance = unit.instance.flatMap { $0.isEmpty ? nil : $0 } ?? unit.prefix
    return name.instantiated(instance)
  }

  private mutating func name(_ text: String, for unit: UnitName) -> Int32? {
    resolve(text, for: unit).map { node($0) }
  }

  // MARK: Units

  private mutating func read(_ number: Int32) {
    let name = graph.nodes[Int(number)].name
    let found = facts.facts(of: name)
    graph.nodes[Int(number)] = UnitNode(name: name, state: found.state, unit: found.unit)
    guard let said = found.facts else { return }
    hasDefaults[Int(number)] = said.hasDefaultDependencies
    addWritten(said, number)
    guard found.state != .masked else { return }
    isLoaded[Int(number)] = true
    addExtras(said, number)
    if let unit = found.unit.map({ graph.set.units[$0] }), unit.hasFile, LoadRules.refuses(unit, as: name) {
      isLoaded[Int(number)] = false
      graph.nodes[Int(number)] = UnitNode(name: name, state: .refused, unit: found.unit)
      return
    }
    targetQueue.append(number)
    addSlice(said, number)
    addMounts(said, number)
  }

  /// What the unit's file, its drop-ins and the links in its folders say.
  private mutating func addWritten(_ said: DependencyFacts, _ own: Int32) {
    for item in said.declared {
      guard let other = name(item.name, for: said.name) else { continue }
      add(item.kind, own, other, .file(item.setting), owner: own)
    }
    for link in facts.links(of: said.name) {
      let dependency = graph.set.links[Int(link)].dependency
      guard let other = name(dependency.description, for: said.name) else { continue }
      add(graph.set.links[Int(link)].kind, own, other, .link(link), owner: own)
    }
    for item in facts.installs(at: said.name) {
      let other = node(item.unit)
      add(item.kind, own, other, .install(item.setting), owner: other)
    }
  }

  private mutating func addExtras(_ said: DependencyFacts, _ own: Int32) {
    if let (text, setting, isWritten) = trigger(said, own), let other = name(text, for: said.name) {
      let origin = origin(setting, isWritten: isWritten)
      add(.before, own, other, origin, owner: own)
      add(.triggers, own, other, origin, owner: own)
    }
    for item in said.implied {
      guard let other = name(item.name, for: said.name) else { continue }
      add(item.kind, own, other, .derived(item.setting), owner: own)
    }
    for item in said.triggeredBy {
      guard let socket = name(item.name, for: said.name) else { continue }
      add(.triggers, socket, own, .derived(item.setting), owner: own)
    }
    for mount in said.mounts { wait(for: mount, own, said.name) }
    if let slice = said.sliceName.flatMap({ name($0, for: said.name) }) {
      add(.inSlice, own, slice, .implied(said.sliceSetting), owner: own)
    }
    if said.name.type == .mount { addWaiting(for: said.name, own) }
    if said.name.type == .target, said.hasDefaultDependencies {
      for other in pulled[own] ?? [] { addTargetOrder(other, own) }
    }
    guard said.hasDefaultDependencies else { return }
    for (kind, text) in DefaultDependencies.of(said) where text != said.name.description {
      guard let other = name(text, for: said.name) else { continue }
      add(kind, own, other, .standard, owner: own)
    }
  }

  /// What a unit starts; `Unit=` does not count where it names the unit itself.
  private mutating func trigger(_ said: DependencyFacts, _ own: Int32) -> (String, Int32, isWritten: Bool)? {
    guard let triggered = said.triggered else { return nil }
    if said.isTriggerWritten, name(triggered.name, for: said.name).map({ $0 == own }) ?? true {
      return (said.name.withoutType + ".service", -1, false)
    }
    return (triggered.name, triggered.setting, said.isTriggerWritten)
  }

  private func origin(_ setting: Int32, isWritten: Bool) -> DependencyEdge.Origin {
    isWritten ? .derived(setting) : .implied(setting)
  }

  /// A unit comes after its slice, and requires it.
  private mutating func addSlice(_ said: DependencyFacts, _ own: Int32) {
    guard let text = said.sliceName, let slice = name(text, for: said.name) else { return }
    let origin = origin(said.sliceSetting, isWritten: said.name.type != .slice)
    add(.after, own, slice, origin, owner: own)
    add(.requires, own, slice, origin, owner: own)
  }

  private mutating func add(
    _ kind: DependencyKind, _ from: Int32, _ to: Int32, _ origin: DependencyEdge.Origin, owner: Int32
  ) {
    let (first, second) = (graph.nodes[Int(from)].name.type, graph.nodes[Int(to)].name.type)
    guard from != to, kind != .before || second != .device else { return }
    // Slices and devices cannot fail.
    if kind == .onFailure, first == .slice || first == .device { return }
    graph.edges.append(DependencyEdge(from: from, to: to, kind: kind, origin: origin, owner: owner))
    if first == .target, kind.pullsIn || kind == .partOf { pulled[from, default: []].append(to) }
    if first == .target, kind.pullsIn { pullers[to, default: []].append(from) }
    if kind == .before, first == .target { explicitOrder.insert(Self.pair(from, to)) }
    if kind == .after, second == .target { explicitOrder.insert(Self.pair(to, from)) }
  }

  private static func pair(_ first: Int32, _ second: Int32) -> Int64 { Int64(first) << 32 | Int64(second) }

  /// A target comes after what it pulls in, unless one of the two wants no defaults or the target is
  /// already ordered before the other (systemd.target(5), "Default Dependencies").
  private mutating func addTargetOrder(_ unit: Int32, _ target: Int32) {
    guard isLoaded[Int(unit)], isLoaded[Int(target)], hasDefaults[Int(unit)], hasDefaults[Int(target)],
      !explicitOrder.contains(Self.pair(target, unit)),
      defaultOrder.insert(Self.pair(unit, target)).inserted
    else { return }
    add(.after, target, unit, .standard, owner: target)
  }

  // MARK: Mounts

  /// Notes that a unit needs what is mounted at a path and above it.
  private mutating func wait(for mount: DependencyFacts.Mount, _ own: Int32, _ name: UnitName) {
    for prefix in prefixes(of: mount, for: name) { waiting[prefix, default: []].append((own, mount.setting)) }
  }

  private func prefixes(of mount: DependencyFacts.Mount, for name: UnitName) -> [String] {
    guard mount.isRequired, let path = Specifiers.expandNames(mount.path, for: name),
      path.utf8.first == UInt8(ascii: "/")
    else { return [] }
    let parts = path.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { return [] }
    var prefixes = ["/"]
    var prefix = ""
    for part in parts {
      prefix += "/" + part
      prefixes.append(prefix)
    }
    return prefixes.reversed()
  }

  /// A unit comes after the mounts on the way to its paths, and requires those that have a file.
  private mutating func addMounts(_ said: DependencyFacts, _ own: Int32) {
    for mount in said.mounts {
      for prefix in prefixes(of: mount, for: said.name) {
        guard let name = UnitName(path: prefix, type: .mount) else { continue }
        let isKnown = graph.numbers[name.description] != nil
        let other = node(name)
        guard isKnown, isLoaded[Int(other)] else { continue }
        addMount(other, to: own, origin(mount.setting, isWritten: mount.isWritten), owner: own)
      }
    }
  }

  /// The mount that has just been read is there for all that wait for its place.
  private mutating func addWaiting(for name: UnitName, _ own: Int32) {
    guard let path = UnitEscaping.unescape(name.withoutType), name.description != "-.mount" else { return }
    for item in waiting["/" + String(decoding: path, as: UTF8.self)] ?? [] where isLoaded[Int(item.unit)] {
      addMount(own, to: item.unit, .implied(item.setting), owner: item.unit)
    }
  }

  private mutating func addMount(
    _ mount: Int32, to unit: Int32, _ origin: DependencyEdge.Origin, owner: Int32
  ) {
    add(.after, unit, mount, origin, owner: owner)
    if graph.nodes[Int(mount)].state != .dynamic { add(.requires, unit, mount, origin, owner: owner) }
  }
}

extension UnitGraph {
  /// The units that the manager loads when it is asked to start one, with all that it adds of itself:
  /// slices, mounts on the way to paths, defaults. Nothing else is in the graph. Without
  /// `countsInstall` what `[Install]` says is ignored, as the manager does: there, only links count.
  public init(loading name: UnitName, of set: UnitSet, stock: StockKnowledge, countsInstall: Bool) {
    var loader = ManagerLoader(set, stock: stock, countsInstall: countsInstall)
    loader.load(name)
    self = loader.graph
  }
}

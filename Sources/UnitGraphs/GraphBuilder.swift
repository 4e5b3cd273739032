import SystemdUnits

/// Turns what units say into nodes and edges, names resolved, default and implied dependencies added.
struct GraphBuilder {
  var graph = UnitGraph()
  private let stockFacts: [String: DependencyFacts]
  private let isClosed: Bool
  /// Nodes of templates' instances whose facts are still to be read.
  private var pending: [(node: Int32, facts: DependencyFacts)] = []
  /// By node: whether it has default dependencies. Nodes that are not loaded have none.
  private(set) var defaults: [Bool] = []
  /// Edges from a target, or from a link or `[Install]` to one, that ask for default ordering.
  private var targetPulls: [(target: Int32, unit: Int32)] = []
  private var mounts: [String: Int32] = [:]
  /// `From` before `to`, for targets that contradict their default ordering.
  private var explicitOrder = Set<Int64>()

  /// For the stock units alone.
  init(stockFacts: [String: DependencyFacts], aliases: [String: String], isClosed: Bool) {
    self.stockFacts = stockFacts
    self.isClosed = isClosed
    graph.aliases = aliases
  }

  /// For a set amid the stock units, whose part of the graph is taken over.
  init(_ set: UnitSet, stock: StockKnowledge) {
    stockFacts = stock.facts
    isClosed = stock.isClosed
    graph = stock.base
    graph.set = set
    graph.stockNumbers = graph.numbers
    graph.numbers = [:]
    defaults = stock.defaults
  }

  /// Adds the units of the stock table and what they say.
  mutating func build(stock facts: [DependencyFacts]) {
    for item in facts { declare(stock: item) }
    findMounts()
    for item in facts { add(item) }
    finish()
  }

  private mutating func declare(stock facts: DependencyFacts) {
    _ = append(
      UnitNode(name: facts.name, state: .stock, unit: nil), hasDefaults: facts.hasDefaultDependencies)
  }

  mutating func build() {
    takeOverStockUnits()
    for (index, unit) in graph.set.units.enumerated() where graph.node(named: unit.name.description) == nil {
      let state: UnitNode.State = unit.isMasked ? .masked : unit.hasFile ? .loaded : .missing
      _ = append(
        UnitNode(name: unit.name, state: state, unit: index),
        hasDefaults: unit.flag(.defaultDependencies, true))
    }
    findMounts()
    for unit in graph.set.units where !unit.isMasked { add(DependencyFacts(unit, as: unit.name)) }
    for (index, link) in graph.set.links.enumerated() {
      let from = node(link.dependent)
      add(link.kind, from, resolve(link.dependency, for: link.dependent), .link(Int32(index)), owner: from)
    }
    finish()
  }

  /// Where the set has a unit of a stock one's name, or drop-ins for it, the stock node becomes the
  /// set's: with a file of its own what the stock file said is gone, with drop-ins alone it stays.
  private mutating func takeOverStockUnits() {
    var replaced = Set<Int32>()
    for (index, unit) in graph.set.units.enumerated() {
      guard let number = graph.stockNumbers[unit.name.description] else { continue }
      let state: UnitNode.State = unit.isMasked ? .masked : unit.hasFile ? .loaded : .stock
      graph.nodes[Int(number)] = UnitNode(name: unit.name, state: state, unit: index)
      if unit.hasFile { replaced.insert(number) }
      if unit.hasFile || unit.has(.defaultDependencies) {
        defaults[Int(number)] = unit.flag(.defaultDependencies, true)
      }
    }
    // An alias of the set hides a stock unit of that name as well.
    for unit in graph.set.units {
      for alias in unit.aliases {
        if let number = graph.stockNumbers[alias.description] { replaced.insert(number) }
      }
    }
    if !replaced.isEmpty { graph.edges.removeAll { replaced.contains($0.owner) } }
  }

  private mutating func finish() {
    var index = 0
    while index < pending.count, index < 10_000 {
      add(pending[index].facts)
      index += 1
    }
    addTargetOrdering()
  }

  // MARK: Names

  private mutating func append(_ node: UnitNode, hasDefaults: Bool) -> Int32 {
    let number = Int32(truncatingIfNeeded: graph.nodes.count)
    graph.nodes.append(node)
    defaults.append(hasDefaults)
    graph.numbers[node.name.description] = number
    return number
  }

  /// The node that a name in a unit's file leads to; `nil` when the name is none or holds what only
  /// the host knows.
  private mutating func resolve(_ text: String, for unit: UnitName) -> Int32? {
    if text.utf8.contains(UInt8(ascii: "%")) {
      // What a template's own node depends on is known for its instances only.
      guard !unit.isTemplate, let expanded = Specifiers.expandNames(text, for: unit) else { return nil }
      return UnitName(expanded).map { resolve($0, for: unit) }
    }
    if let number = graph.numbers[text] ?? graph.stockNumbers[text],
      !graph.nodes[Int(number)].name.isTemplate,
      graph.set.index(of: text).map({ graph.set.units[$0].name.description == text }) ?? true
    {
      return number
    }
    return UnitName(text).map { resolve($0, for: unit) }
  }

  /// A bare template means its instance of the unit's instance or, for a plain unit, of its prefix.
  private mutating func resolve(_ name: UnitName, for unit: UnitName) -> Int32 {
    guard name.isTemplate else { return node(name) }
    let instance = unit.instance.flatMap { $0.isEmpty ? nil : $0 } ?? unit.prefix
    return node(name.instantiated(instance) ?? name)
  }

  private mutating func node(_ name: UnitName) -> Int32 {
    let text = name.description
    if let index = graph.set.index(of: text) {
      let own = graph.set.units[index].name.description
      if let number = graph.numbers[own] ?? graph.stockNumbers[own] { return number }
    }
    let canonical = graph.aliases[text] ?? text
    if let number = graph.numbers[canonical] ?? graph.stockNumbers[canonical] { return number }
    return makeNode(UnitName(canonical) ?? name)
  }

  private mutating func makeNode(_ name: UnitName) -> Int32 {
    if let template = name.template {
      if let index = graph.set.index(of: template.description) {
        let unit = graph.set.units[index]
        let facts = DependencyFacts(unit, as: name)
        let state: UnitNode.State = unit.isMasked ? .masked : .loaded
        let number = append(
          UnitNode(name: name, state: state, unit: index), hasDefaults: facts.hasDefaultDependencies)
        if !unit.isMasked { pending.append((number, facts)) }
        return number
      }
      if let facts = stockFacts[graph.aliases[template.description] ?? template.description] {
        let number = append(
          UnitNode(name: name, state: .stock, unit: nil), hasDefaults: facts.hasDefaultDependencies)
        var own = DependencyFacts(name: name)
        own.declared = facts.declared
        own.hasDefaultDependencies = facts.hasDefaultDependencies
        pending.append((number, own))
        return number
      }
    }
    return append(UnitNode(name: name, state: state(ofUnknown: name), unit: nil), hasDefaults: false)
  }

  private func state(ofUnknown name: UnitName) -> UnitNode.State {
    switch name.type {
    case .device, .slice, .scope: .dynamic
    case .mount, .swap, .automount: isClosed && name.description != "-.mount" ? .missing : .dynamic
    default: .missing
    }
  }

  // MARK: Edges

  private mutating func add(_ facts: DependencyFacts) {
    let own = node(facts.name)
    for item in facts.declared {
      add(item.kind, own, resolve(item.name, for: facts.name), .file(item.setting), owner: own)
    }
    for item in facts.installed {
      guard let target = resolve(item.name, for: facts.name) else { continue }
      add(item.kind, target, own, .install(item.setting), owner: own)
    }
    for item in facts.implied {
      add(item.kind, own, resolve(item.name, for: facts.name), .implied(item.setting), owner: own)
    }
    for item in facts.triggeredBy {
      guard let socket = resolve(item.name, for: facts.name) else { continue }
      add(.triggers, socket, own, .implied(item.setting), owner: own)
    }
    if let triggered = facts.triggered, let unit = resolve(triggered.name, for: facts.name) {
      add(.triggers, own, unit, .implied(triggered.setting), owner: own)
      add(.before, own, unit, .implied(triggered.setting), owner: own)
    }
    addMounts(facts, own)
    if facts.hasDefaultDependencies { addDefaults(facts, own) }
  }

  private mutating func add(
    _ kind: DependencyKind, _ from: Int32, _ to: Int32?, _ origin: DependencyEdge.Origin, owner: Int32
  ) {
    guard let to, from != to else { return }
    graph.edges.append(DependencyEdge(from: from, to: to, kind: kind, origin: origin, owner: owner))
    if graph.nodes[Int(from)].name.type == .target {
      if kind.pullsIn { targetPulls.append((from, to)) }
      if kind == .before { explicitOrder.insert(Self.pair(from, to)) }
    }
    if kind == .after, graph.nodes[Int(to)].name.type == .target { explicitOrder.insert(Self.pair(to, from)) }
  }

  private static func pair(_ first: Int32, _ second: Int32) -> Int64 { Int64(first) << 32 | Int64(second) }

  private mutating func addMounts(_ facts: DependencyFacts, _ own: Int32) {
    for mount in facts.mounts {
      var path = mount.path
      while path.utf8.count > 1 {
        if let number = mounts[path], number != own {
          add(.after, own, number, .implied(mount.setting), owner: own)
          add(mount.isRequired ? .requires : .wants, own, number, .implied(mount.setting), owner: own)
        }
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { break }
        path = String(path[..<slash])
      }
    }
  }

  /// The mount units there are, by path.
  private mutating func findMounts() {
    for (number, node) in graph.nodes.enumerated() where node.name.type == .mount {
      guard node.state == .loaded || node.state == .stock, node.name.prefix != "-",
        let path = UnitEscaping.unescape(node.name.withoutType)
      else { continue }
      mounts["/" + String(decoding: path, as: UTF8.self)] = Int32(truncatingIfNeeded: number)
    }
  }

  private mutating func addDefaults(_ facts: DependencyFacts, _ own: Int32) {
    for (kind, name) in DefaultDependencies.of(facts) where name != facts.name.description {
      add(kind, own, resolve(name, for: facts.name), .standard, owner: own)
    }
  }

  /// A target comes after all it pulls in, unless one of the two wants no defaults or the target is
  /// already ordered before the other (systemd.target(5), "Default Dependencies").
  private mutating func addTargetOrdering() {
    for (target, unit) in targetPulls where defaults[Int(target)] && defaults[Int(unit)] {
      guard !explicitOrder.contains(Self.pair(target, unit)) else { continue }
      // Of two targets that pull in one another only the first gets its order.
      explicitOrder.insert(Self.pair(unit, target))
      graph.edges.append(
        DependencyEdge(from: target, to: unit, kind: .after, origin: .standard, owner: target))
    }
  }
}

import SystemdUnits
import UnitGraphs

/// What there is to say of a ring: who is in it, what closes it, what it costs and how to open it.
struct CycleText {
  let names: [String]
  private let cycle: OrderingCycle
  private let context: LintContext

  init(_ cycle: OrderingCycle, _ context: LintContext) {
    self.cycle = cycle
    self.context = context
    names = cycle.units.map { context.graph.nodes[$0].name.description }
  }

  var ring: String { (names + [names[0]]).joined(separator: " -> ") }

  /// Whether the ring goes through a target of the early boot, which default dependencies point at.
  var isEarly: Bool {
    names.contains {
      [
        "sysinit.target", "basic.target", "local-fs.target", "local-fs-pre.target", "sockets.target",
        "swap.target",
      ].contains($0)
    }
  }

  /// Whether it goes through the network.
  var hasNetwork: Bool {
    names.contains { ["network-pre.target", "network.target", "network-online.target"].contains($0) }
  }

  var hasStandardEdge: Bool { cycle.edges.contains { isStandard($0) } }

  /// A target's order after what it wants is one that nobody wrote for this unit.
  var hasImpliedEdge: Bool {
    cycle.edges.contains { $0.origin.word == "implicit" || ($0.origin == .standard && !isStandard($0)) }
  }

  private func isStandard(_ edge: DependencyEdge) -> Bool {
    edge.origin == .standard
      && !(edge.kind == .after && context.graph.nodes[Int(edge.from)].name.type == .target)
  }

  /// Whether two of the units exclude each other, so that no start has both; so do shutdown and the rest.
  var isExclusive: Bool {
    let members = Set(cycle.units)
    let last = ["shutdown.target", "umount.target", "final.target", "initrd.target", "rescue.target"]
    return names.contains { last.contains($0) || $0.hasPrefix("initrd-") }
      || cycle.units.contains { unit in
        context.index.dependencies(of: unit).contains {
          $0.kind == .conflicts && members.contains(Int($0.to))
        }
      }
  }

  // MARK: What it costs

  var effect: String {
    let anchor = context.graph.nodes[cycle.anchor].name
    guard cycle.isBreakable else { return "all are required, so a start of \(anchor) fails" }
    let victims = cycle.victims.sorted { context.graph.nodes[$0].name < context.graph.nodes[$1].name }
    return "a start of \(anchor) leaves out one of: \(victims.map(describe).joined(separator: ", "))"
  }

  /// A unit that may be left out, and those that fall with it.
  private func describe(_ victim: Int) -> String {
    let name = context.graph.nodes[victim].name.description
    if ["sysinit.target", "basic.target"].contains(name) { return name + " (and most of the boot with it)" }
    let fallen = fallenWith(victim)
    guard !fallen.isEmpty else { return name }
    let rest = fallen.count > 3 ? " and \(fallen.count - 3) more" : ""
    return name + " (and " + fallen.prefix(3).joined(separator: ", ") + rest + ")"
  }

  /// Those that require a unit, directly or by way of others, in order of name.
  private func fallenWith(_ victim: Int) -> [String] {
    var seen = Set([victim])
    var open = [victim]
    while let node = open.popLast(), seen.count < 1000 {
      for edge in context.index.dependants(on: node) where edge.kind.isMandatory {
        if seen.insert(Int(edge.from)).inserted { open.append(Int(edge.from)) }
      }
    }
    seen.remove(victim)
    return seen.map { context.graph.nodes[$0].name.description }.sorted()
  }

  // MARK: How to open it

  /// One of these is enough: a written line to take out, or a default to switch off.
  var help: String {
    var ways: [String] = []
    if isEarly, hasNetwork, let early = earlyUnit {
      ways.append("let \(early) start later: it cannot both precede the early boot and wait for the network")
    }
    for edge in cycle.edges where edge.origin.word == "file" { ways.append(removal(of: edge)) }
    for edge in cycle.edges where isStandard(edge) {
      let owner = context.graph.nodes[Int(edge.owner)].name
      ways.append("set DefaultDependencies=no in \(owner), which makes it a unit of the early boot")
    }
    var seen = Set<String>()
    let different = ways.filter { seen.insert($0).inserted }
    return "one of these opens the ring: " + different.prefix(6).joined(separator: "; or ")
  }

  private func removal(of edge: DependencyEdge) -> String {
    let (from, to) = (
      context.graph.nodes[Int(edge.from)].name, context.graph.nodes[Int(edge.to)].name
    )
    switch edge.origin {
    case .link(let index): return "remove the link \(context.set.links[Int(index)].path)"
    case .install: return "take \(from) out of [Install] of \(to)"
    default: return "take \(edge.kind.rawValue)=\(to) out of \(from)"
    }
  }

  /// The unit that is to be done before a target of the early boot.
  private var earlyUnit: String? {
    let targets = ["sysinit.target", "basic.target", "local-fs.target", "sockets.target", "swap.target"]
    return cycle.edges.first { edge in
      guard let later = edge.later, edge.origin.word == "file" else { return false }
      return targets.contains(context.graph.nodes[Int(later)].name.description)
    }.flatMap(\.earlier).map { context.graph.nodes[Int($0)].name.description }
  }
}

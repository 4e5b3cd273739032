import Diagnostics
import SystemdUnits
import UnitGraphs

/// A rule and the code that checks it. Each lives in a file in its family's folder below Rules and has
/// a line in the family's list.
struct UnitRule: Sendable {
  /// What a check looks at, from the smallest thing to the largest.
  enum Check: Sendable {
    /// Every setting of the files asked about.
    case setting(@Sendable (SettingCase, inout Report) -> Void)
    /// Every setting of these directives in the files asked about.
    case settings(of: [SettingKey], @Sendable (SettingCase, inout Report) -> Void)
    /// Every setting whose value is of one of these kinds in the files asked about.
    case values(of: [DirectiveKind], @Sendable (SettingCase, inout Report) -> Void)
    /// Every command of the `Exec…=` settings of the files asked about; taken apart once for all rules.
    case command(@Sendable (CommandCase, inout Report) -> Void)
    /// Every file asked about that has bytes.
    case file(@Sendable (FileCase, inout Report) -> Void)
    /// Every unit with a file asked about.
    case unit(@Sendable (UnitCase, inout Report) -> Void)
    /// Every unit with a file asked about that has one of these settings.
    case units(having: [SettingKey], @Sendable (UnitCase, inout Report) -> Void)
    /// Everything at once.
    case host(@Sendable (LintContext, inout Report) -> Void)
  }

  let rule: Rule
  let check: Check
  /// Texts like those of the manual that look alike and are right: the tests hold that the rule
  /// stays silent.
  var nearMisses: [String] { makeNearMisses() }
  /// Further texts that the rule finds something in.
  var fires: [String] { makeFires() }
  // Only tests ask for these texts, some of which are long.
  private let makeNearMisses: @Sendable () -> [String]
  private let makeFires: @Sendable () -> [String]

  init(
    _ rule: Rule, nearMisses: @autoclosure @escaping @Sendable () -> [String] = [],
    fires: @autoclosure @escaping @Sendable () -> [String] = [], _ check: Check
  ) {
    self.rule = rule
    makeNearMisses = nearMisses
    makeFires = fires
    self.check = check
  }
}

/// What rules may know: the units, their graph, what systemd ships, and what the user asked for. It
/// never changes; a class, because every case refers to it.
final class LintContext: Sendable {
  let set: UnitSet
  let graph: UnitGraph
  let stock: StockKnowledge
  let settings: LintSettings
  let asked: Set<SourceID>?
  /// Answers about the graph.
  let index: GraphIndex
  /// The rings of the graph, found once for all rules.
  let cycles: [OrderingCycle]
  /// Those that no start runs into today.
  let latentCycles: [OrderingCycle]
  /// The folders that services have systemd make, and those above; none when no tree is known.
  let madeFolders: Set<String>
  /// By directive of the catalogue: whether it is newer than the systemd that the units are for, or gone from it.
  let isNewer: [Bool]
  let isGone: [Bool]
  /// The names behind `Also=`: units that are enabled along with another.
  let enabledAlong: Set<String>
  /// By template: the names of its instances that units and links name, in order.
  let instances: [String: [String]]
  /// The set's own names by type, in order, aliases among them: what a misspelt one may have been meant to be.
  /// Empty where there are more than anyone could look through for each name.
  let ownNames: [UnitType: [String]]

  init(_ graph: UnitGraph, asked: Set<SourceID>?, _ settings: LintSettings, stock: StockKnowledge) {
    set = graph.set
    self.graph = graph
    self.stock = stock
    self.settings = settings
    self.asked = asked
    index = GraphIndex(graph)
    let version = settings.systemdVersion
    isNewer = DirectiveCatalogue.standard.directives.map { $0.since > version }
    isGone = DirectiveCatalogue.standard.directives.map { $0.until.map { $0 < version } ?? false }
    let found = graph.cyclesByStart()
    (cycles, latentCycles) = (found.started, found.latent)
    madeFolders = settings.files.paths.isEmpty ? [] : ServiceDirectories.all(of: graph.set)
    var along = Set<String>()
    for unit in set.units {
      for value in unit.values(.also) { along.formUnion(UnitWords.names(value)) }
    }
    enabledAlong = along
    var instances: [String: [String]] = [:]
    for node in graph.nodes where node.name.isInstance {
      guard let template = node.name.template?.description, let instance = node.name.instance else {
        continue
      }
      instances[template, default: []].append(instance)
    }
    self.instances = instances.mapValues { $0.sorted() }
    ownNames = set.units.count > 4096 ? [:] : Self.names(of: set)
  }

  private static func names(of set: UnitSet) -> [UnitType: [String]] {
    var names: [UnitType: [String]] = [:]
    for unit in set.units {
      for name in [unit.name] + unit.aliases { names[name.type, default: []].append(name.description) }
    }
    return names.mapValues { $0.sorted() }
  }

  /// Whether enabling another unit enables this one.
  func isAlso(_ name: UnitName) -> Bool { enabledAlong.contains(name.description) }

  func isAsked(_ fragment: UnitFragment) -> Bool {
    guard let asked, let source = fragment.source?.source else { return true }
    return asked.contains(source)
  }

  func isAsked(_ unit: LoadedUnit) -> Bool { unit.fragments.contains(where: isAsked) }

  /// Whether there is, or may be, a unit of this name: in the set, shipped with systemd, or made by
  /// the manager or the kernel.
  func mayExist(_ name: UnitName) -> Bool {
    if set.index(providing: name) != nil || stock.has(name) { return true }
    switch name.type {
    case .device, .slice, .scope: return true
    // What fstab and the partition table make.
    case .mount, .swap, .automount: return !stock.isClosed
    default: return false
    }
  }
}

/// A unit under check. A class, because the case of each of its settings refers to it.
final class UnitCase: Sendable {
  let context: LintContext
  let unit: LoadedUnit
  /// The unit's node in the graph.
  let node: Int?

  init(_ context: LintContext, _ unit: LoadedUnit) {
    self.context = context
    self.unit = unit
    node = context.graph.node(named: unit.name.description)
  }

  /// A unit of the set that a node of the graph stands for.
  init(_ context: LintContext, _ unit: LoadedUnit, node: Int) {
    self.context = context
    self.unit = unit
    self.node = node
  }

  /// A finding at a setting of the unit.
  func finding(
    _ rule: Rule, _ message: String, at setting: Int? = nil, related: [Label] = [], help: String? = nil,
    severity: Severity? = nil, fix: Fix? = nil
  ) -> Diagnostic {
    Diagnostic(
      rule, message, at: setting.flatMap { unit.span(of: $0) } ?? unit.span, related: related, help: help,
      severity: severity, fix: fix, unit: unit.name.description)
  }

  /// Adds a line behind a setting, in the same file.
  func insertion(_ line: String, after setting: Int, _ applicability: Fix.Applicability = .safe) -> Fix? {
    let fragment = unit.fragment(of: setting)
    guard let source = fragment.source, let assignment = unit.settings[setting].assignment else { return nil }
    let end = source.endOfElement(withAssignment: assignment)
    let isEnded = end > 0 && (source.bytes[end - 1] == 0x0a || source.bytes[end - 1] == 0x0d)
    let text = isEnded ? line + "\n" : "\n" + line
    return Fix(applicability, [.init(source.span(end..<end), text)])
  }
}

/// A setting under check.
struct SettingCase: Sendable {
  /// The unit it belongs to.
  let owner: UnitCase
  /// Its place among the unit's settings.
  let index: Int
  let setting: UnitSetting

  var context: LintContext { owner.context }
  var unit: LoadedUnit { owner.unit }
  var fragment: UnitFragment { owner.unit.fragment(of: index) }
  /// The directive, when its section knows one of that name.
  var directive: Directive? { setting.directive.map { DirectiveCatalogue.standard[$0] } }
  /// The commands of a setting that holds some.
  var commands: [ExecCommand] { owner.unit.commands(at: index) }
  /// The words of a setting that lists units.
  var names: [String] { owner.unit.names(at: index) }

  /// A finding at the setting's name.
  func atName(
    _ rule: Rule, _ message: String, help: String? = nil, severity: Severity? = nil, fix: Fix? = nil
  ) -> Diagnostic {
    finding(rule, message, at: fragment.nameSpan(setting), help: help, severity: severity, fix: fix)
  }

  /// A finding at the setting's value, or at a range of offsets in it.
  func atValue(
    _ rule: Rule, _ message: String, _ range: Range<Int>? = nil, help: String? = nil,
    severity: Severity? = nil,
    fix: Fix? = nil
  ) -> Diagnostic {
    let span = range.map { fragment.span(setting, $0) } ?? fragment.valueSpan(setting)
    return finding(rule, message, at: span, help: help, severity: severity, fix: fix)
  }

  private func finding(
    _ rule: Rule, _ message: String, at span: Span?, help: String?, severity: Severity? = nil, fix: Fix?
  ) -> Diagnostic {
    Diagnostic(
      rule, message, at: span ?? unit.span, help: help, severity: severity, fix: fix,
      unit: unit.name.description)
  }

  /// Replaces a range of offsets in the value; `nil` for generated units, whose text is nobody's.
  func replacing(_ range: Range<Int>, by text: String, _ applicability: Fix.Applicability) -> Fix? {
    guard fragment.source != nil, let span = fragment.span(setting, range) else { return nil }
    return Fix(applicability, [.init(span, text)])
  }

  /// Replaces the name.
  func renaming(to name: String, _ applicability: Fix.Applicability) -> Fix? {
    guard fragment.source != nil, let span = fragment.nameSpan(setting) else { return nil }
    return Fix(applicability, [.init(span, name)])
  }
}

/// A file under check.
struct FileCase: Sendable {
  let context: LintContext
  let unit: LoadedUnit
  let fragment: UnitFragment
  let source: UnitSource

  /// A finding at a range of bytes.
  func finding(
    _ rule: Rule, _ message: String, at range: Range<Int>, help: String? = nil, fix: Fix? = nil
  ) -> Diagnostic {
    Diagnostic(rule, message, at: source.span(range), help: help, fix: fix, unit: unit.name.description)
  }
}

extension UnitSource {
  /// The element that an assignment stands in.
  func element(withAssignment index: Int) -> Element? {
    // Elements stand in the file's order: the last one that starts at or before the name.
    let key = assignments[index].keyRange.lowerBound
    var (low, high) = (0, elements.count)
    while low < high {
      let middle = (low + high) / 2
      if elements[middle].range.lowerBound <= key { low = middle + 1 } else { high = middle }
    }
    return low > 0 && elements[low - 1].kind == .assignment(index) ? elements[low - 1] : nil
  }

  /// Where the element of an assignment ends.
  func endOfElement(withAssignment index: Int) -> Int {
    element(withAssignment: index)?.range.upperBound ?? bytes.count
  }
}

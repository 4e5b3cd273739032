import Diagnostics
import SystemdUnits
import UnitGraphs

// What rules of several families ask of a unit.

extension UnitCase {
  /// The commands of a directive.
  func commands(_ key: SettingKey) -> [ExecCommand] {
    unit.indices(of: key).flatMap { unit.commands(at: $0) }
  }

  /// What the unit asks of others.
  var dependencies: [DependencyEdge] { node.map { context.index.dependencies(of: $0) } ?? [] }

  /// What others ask of the unit.
  var dependants: [DependencyEdge] { node.map { context.index.dependants(on: $0) } ?? [] }

  /// Whether the unit has a file here that says what it is; links to files elsewhere do not.
  var isKnown: Bool { unit.hasFile && unit.fragments.first?.isKnown == true }

  /// A time span in seconds; `standard` when it is not set or not to be read.
  func seconds(_ key: SettingKey, _ standard: Double) -> Double {
    unit.value(key).flatMap { ValueReading.seconds($0) } ?? standard
  }

  /// The place of a unit's line for findings about another one.
  func label(_ message: String, at setting: Int?) -> [Label] {
    let span = setting.flatMap { unit.span(of: $0) } ?? unit.span
    return span.map { [Label(message, at: $0)] } ?? []
  }
}

extension LintContext {
  /// The unit of the set that a node stands for; `nil` for stock and missing ones.
  func unit(at node: Int32) -> UnitCase? {
    graph.nodes[Int(node)].unit.map { UnitCase(self, set.units[$0], node: Int(node)) }
  }

  /// A node's name.
  func name(of node: Int32) -> String { graph.nodes[Int(node)].name.description }
}

extension SettingCase {
  /// A finding at a word of a list of units.
  func atWord(
    _ text: String, _ rule: Rule, _ message: String, help: String? = nil, severity: Severity? = nil,
    fix: Fix? = nil
  ) -> Diagnostic {
    let word = UnitWords.split(setting.value, .names).words.first { $0.text == text }
    return atValue(rule, message, word?.range, help: help, severity: severity, fix: fix)
  }
}

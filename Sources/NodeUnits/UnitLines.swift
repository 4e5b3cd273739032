import Diagnostics
import FleetModel
import SystemdUnits

/// Directives in the making: values are quoted for the grammar of their directive here, and what no
/// quoting can carry is reported instead of written.
struct UnitLines {
  private(set) var directives: [UnitFile.Directive] = []
  private(set) var report = Report()

  /// A value that needs no quoting: a word or number of the generator's own.
  mutating func add(_ key: String, _ value: String, _ origin: Origin) {
    directives.append(UnitFile.Directive(key, value, origin))
  }

  /// Ready directives.
  mutating func add(_ more: [UnitFile.Directive]) { directives += more }

  /// Free text or a single path.
  mutating func addText(_ key: String, _ text: String, _ origin: Origin) {
    add(key, UnitQuoting.plain(text), origin)
  }

  /// One element of a list of words, and what follows it unquoted.
  mutating func addWord(_ key: String, _ word: String, suffix: String = "", _ origin: Origin) {
    guard let quoted = UnitQuoting.listWord(word) else {
      refuse(key, origin)
      return
    }
    // A specifier behind a quoted word belongs inside the quotes.
    let isQuoted = quoted.hasSuffix("\"") && !suffix.isEmpty
    add(key, isQuoted ? quoted.dropLast() + suffix + "\"" : quoted + suffix, origin)
  }

  /// A variable.
  mutating func addVariable(_ entry: EnvironmentEntry) {
    let name = entry.name.value.description
    guard let value = UnitQuoting.environmentAssignment(name: name, value: entry.value.value) else {
      refuse(name, entry.value.origin)
      return
    }
    add("Environment", value, entry.value.origin)
  }

  /// A directive that a person wrote: as it is, in one line.
  mutating func addRaw(_ directive: RawDirective) {
    guard !directive.value.value.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) else {
      refuse(directive.key, directive.value.origin)
      return
    }
    add(directive.key, directive.value.value, directive.value.origin)
  }

  private mutating func refuse(_ name: String, _ origin: Origin) {
    report.add(
      Diagnostic(
        NodeUnitRules.unwritableValue, "the value of `\(name)` holds a character that no unit can carry",
        at: origin.span, help: "leave control characters out, or keep the value in a file"))
  }
}

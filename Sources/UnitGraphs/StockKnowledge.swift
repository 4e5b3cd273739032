public import SystemdUnits

/// The units that every systemd ships, so that a folder need not hold them: their names and what they
/// say of one another. Read once and shared by all hosts of a run.
public struct StockKnowledge: Sendable {
  /// The units of systemd 252, with the names that later versions add.
  public static let standard = StockKnowledge(table: table)
  /// Nothing beyond what the manager makes itself: for a folder that is all there is.
  public static let none = StockKnowledge(table: "")

  /// The graph of the stock units alone.
  let base: UnitGraph
  /// By node of `base`: whether it has default dependencies.
  let defaults: [Bool]
  /// Names that lead to another stock unit.
  let aliases: [String: String]
  let facts: [String: DependencyFacts]
  /// Whether nothing but the units at hand is known.
  public let isClosed: Bool

  /// Whether systemd ships a unit of this name, or its template.
  public func has(_ name: UnitName) -> Bool {
    let text = name.description
    return facts[text] != nil || aliases[text] != nil
      || name.template.map { facts[$0.description] != nil || aliases[$0.description] != nil } ?? false
  }

  /// All names, in order: what a misspelt one may have been meant to be.
  public let names: [String]

  private init(table: String) {
    var reader = StockTableReader()
    reader.read(table)
    facts = reader.facts
    aliases = reader.aliases
    isClosed = table.isEmpty
    names = (Array(reader.facts.keys) + Array(reader.aliases.keys)).sorted()
    var builder = GraphBuilder(stockFacts: reader.facts, aliases: reader.aliases, isClosed: table.isEmpty)
    builder.build(stock: reader.facts.sorted { $0.key < $1.key }.map(\.value))
    base = builder.graph
    defaults = builder.defaults
  }
}

/// Reads the words of `StockKnowledge.table`.
private struct StockTableReader {
  var facts: [String: DependencyFacts] = [:]
  var aliases: [String: String] = [:]
  private var links: [(unit: String, kind: DependencyKind, name: String)] = []

  mutating func read(_ table: String) {
    var current = ""
    for word in table.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
      if word.hasPrefix("==") {
        aliases[current] = String(word.dropFirst(2))
        facts[current] = nil
      } else if let equals = word.firstIndex(of: "="), equals == word.index(after: word.startIndex) {
        apply(word[word.startIndex], String(word[word.index(after: equals)...]), to: current)
      } else {
        current = String(word)
        if let name = UnitName(current) {
          facts[current] = DependencyFacts(name: name)
          facts[current]?.triggered = Self.standardTrigger(of: name)
        }
      }
    }
  }

  private static func standardTrigger(of name: UnitName) -> (name: String, setting: Int32)? {
    switch name.type {
    case .socket, .timer, .path: (name.withoutType + ".service", -1)
    case .automount: (name.withoutType + ".mount", -1)
    default: nil
    }
  }

  private mutating func apply(_ letter: Character, _ value: String, to unit: String) {
    let kinds: [Character: DependencyKind] = [
      "R": .requires, "Q": .requisite, "W": .wants, "B": .bindsTo, "P": .partOf, "C": .conflicts, "a": .after,
      "b": .before, "U": .upholds,
    ]
    if let kind = kinds[letter] {
      facts[unit]?.declared.append(.init(kind: kind, name: value, setting: -1))
      return
    }
    switch letter {
    case "M": facts[unit]?.mounts.append(.init(path: value, isRequired: true, setting: -1))
    case "u": facts[unit]?.triggered = (value, -1)
    case "A": if ValueReading.boolean(value) == true { facts[unit]?.triggered = nil }
    case "L":
      facts[unit]?.implied.append(.init(kind: .requires, name: value, setting: -1))
      facts[unit]?.implied.append(.init(kind: .after, name: value, setting: -1))
    case "S":
      facts[unit]?.implied.append(.init(kind: .wants, name: value, setting: -1))
      facts[unit]?.implied.append(.init(kind: .after, name: value, setting: -1))
    case "D" where value == "no": facts[unit]?.hasDefaultDependencies = false
    case "D" where value == "dbus":
      facts[unit]?.implied.append(.init(kind: .requires, name: "dbus.socket", setting: -1))
      facts[unit]?.implied.append(.init(kind: .after, name: "dbus.socket", setting: -1))
    case "D" where value == "masked": facts[unit] = nil
    default: break
    }
  }
}

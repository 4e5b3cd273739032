/// A command line that fits the table.
public struct ParsedArguments: Sendable {
  /// The command.
  public let verb: String
  /// What it works on, as typed, in order.
  public let operands: [String]
  private let given: [String: [String]]
  private let standards: [String: String]

  init(verb: String, operands: [String], given: [String: [String]], options: [OptionSpec]) {
    self.verb = verb
    self.operands = operands
    self.given = given
    standards = options.reduce(into: [:]) { $0[$1.long] = $1.standard }
  }

  /// Whether an option was given, flag or not.
  public func flag(_ name: String) -> Bool { given[name] != nil }

  /// The last value given for an option, else its default.
  public func value(_ name: String) -> String? { given[name]?.last ?? standards[name] }

  /// All values given for an option, in order; its default when there is none.
  public func values(_ name: String) -> [String] {
    given[name] ?? standards[name].map { [$0] } ?? []
  }
}

/// What is to be done about a command line.
public enum ParseOutcome: Sendable {
  /// Run a command.
  case run(ParsedArguments)
  /// Print this to stdout and exit with 0.
  case help(String)
  /// Print this to stdout and exit with 0.
  case version(String)
  /// Print this to stderr and exit with 2.
  case failure(String)
}

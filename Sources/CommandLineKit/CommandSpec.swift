/// An option of a command.
public struct OptionSpec: Sendable {
  /// What an option takes. The word that stands for a value in help also says how a shell completes
  /// it: `DIR` by folders, `FILE` and `PATH` by files.
  public enum Value: Sendable {
    /// Nothing: it is there or not.
    case flag
    /// One value, named so in help; the last one given counts.
    case one(String)
    /// A value each time it is given, named so in help.
    case many(String)
    /// One of these words.
    case choice([String])
  }

  /// The name without dashes.
  public var long: String
  /// The letter, for the very common.
  public var short: Character?
  /// What it takes.
  public var value: Value
  /// One sentence: lower case, no full stop.
  public var help: String
  /// The value when it is not given, shown in help.
  public var standard: String?

  /// Makes an option.
  public init(
    _ long: String, short: Character? = nil, _ value: Value = .flag, standard: String? = nil, help: String
  ) {
    self.long = long
    self.short = short
    self.value = value
    self.help = help
    self.standard = standard
  }

  /// The word for its value in help; `nil` for a flag.
  var placeholder: String? {
    switch value {
    case .flag: nil
    case .one(let name), .many(let name): name
    case .choice(let words): words.joined(separator: "|")
    }
  }

  /// The words it may take, if it is a choice.
  var choices: [String] {
    if case .choice(let words) = value { words } else { [] }
  }
}

/// Something a command works on, given without a dash.
public struct OperandSpec: Sendable {
  /// How often it may be given.
  public enum Arity: Sendable {
    /// Once or not.
    case optional
    /// Exactly once.
    case one
    /// At least once.
    case oneOrMore
    /// As often as one likes.
    case any
  }

  /// Its name in help, in capitals.
  public var name: String
  /// How often it may be given. Only the last operand of a command may repeat.
  public var arity: Arity
  /// The words it may be, if they are known.
  public var choices: [String]
  /// One sentence: lower case, no full stop.
  public var help: String

  /// Makes an operand.
  public init(_ name: String, _ arity: Arity, choices: [String] = [], help: String) {
    self.name = name
    self.arity = arity
    self.choices = choices
    self.help = help
  }

  /// As it stands in a usage line.
  var usage: String {
    switch arity {
    case .optional: "[\(name)]"
    case .one: name
    case .oneOrMore: "\(name)..."
    case .any: "[\(name)...]"
    }
  }

  var isRequired: Bool { arity == .one || arity == .oneOrMore }
  var mayRepeat: Bool { arity == .oneOrMore || arity == .any }
}

/// A command: the table that parsing, help, completions and the manual page are made from.
public struct CommandSpec: Sendable {
  /// A command line and what it is for.
  public struct Example: Sendable {
    /// What to type.
    public var command: String
    /// What it does: one sentence, lower case, no full stop.
    public var what: String

    /// Makes an example.
    public init(_ command: String, _ what: String) {
      self.command = command
      self.what = what
    }
  }

  /// The verb.
  public var name: String
  /// One line: lower case, no full stop.
  public var summary: String
  /// Paragraphs, separated by an empty line; lines that start with two spaces are kept as they are.
  public var discussion: String
  /// What stands behind the verb in the usage line instead of the operands, for example `NODE... | --all`.
  public var usage: String?
  /// What it works on, in order.
  public var operands: [OperandSpec]
  /// Its options beside the common ones.
  public var options: [OptionSpec]
  /// At least one.
  public var examples: [Example]

  /// Makes a command.
  public init(
    _ name: String, summary: String, discussion: String = "", usage: String? = nil,
    operands: [OperandSpec] = [],
    options: [OptionSpec] = [], examples: [Example]
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.usage = usage
    self.operands = operands
    self.options = options
    self.examples = examples
  }
}

/// A program with its commands.
public struct ToolSpec: Sendable {
  /// What an exit status means.
  public struct ExitStatus: Sendable {
    /// The number.
    public var status: Int
    /// One line: lower case, no full stop.
    public var meaning: String

    /// Makes an entry.
    public init(_ status: Int, _ meaning: String) {
      self.status = status
      self.meaning = meaning
    }
  }

  /// The program's name.
  public var name: String
  /// Its version.
  public var version: String
  /// One line: lower case, no full stop.
  public var summary: String
  /// In the order of help.
  public var commands: [CommandSpec]
  /// Options that every command has. `--help` and `--version` are always there and not listed.
  public var common: [OptionSpec]
  /// What the program's exit statuses mean.
  public var exitStatus: [ExitStatus]

  /// Makes a program.
  public init(
    name: String, version: String, summary: String, commands: [CommandSpec], common: [OptionSpec] = [],
    exitStatus: [ExitStatus] = []
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.commands = commands
    self.common = common
    self.exitStatus = exitStatus
  }

  /// The options that every program has.
  static let standardOptions = [
    OptionSpec("help", short: "h", help: "show help and exit"),
    OptionSpec("version", help: "show the version and exit"),
  ]

  /// Everything that may stand with `command`, or before a command.
  func options(of command: CommandSpec?) -> [OptionSpec] {
    (command?.options ?? []) + common + Self.standardOptions
  }

  /// The command of that exact name.
  func command(named name: String) -> CommandSpec? { commands.first { $0.name == name } }
}

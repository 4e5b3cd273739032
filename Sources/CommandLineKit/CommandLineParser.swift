import Diagnostics

extension ToolSpec {
  /// Reads a command line.
  ///
  /// The verb is the first operand and is not abbreviated; common options may stand before it, all
  /// options behind it, in any order with operands, until `--`.
  ///
  /// - Parameters:
  ///   - words: The words behind the program's name.
  ///   - color: Whether help may hold escape sequences for bold text; the caller knows the terminal.
  public func parse(_ words: [String], color: Bool = false) -> ParseOutcome {
    let help = HelpText(tool: self, isColored: color)
    let options = options(of: nil)
    for item in GetoptScanner.scan(words, options: options) {
      switch item {
      case .operand(let verb, let place):
        var others = words
        others.remove(at: place)
        return parse(verb: verb, others, help)
      case .option(let index, _) where options[index].long == "help": return .help(help.text)
      case .option(let index, _) where options[index].long == "version":
        return .version("\(name) \(version)\n")
      case .option(let index, let value):
        if let fault = choiceFault(options[index], value) { return failure(fault, command: nil) }
      default:
        if let fault = earlyFault(of: item, options) { return failure(fault, command: nil) }
      }
    }
    return .failure(help.brief)
  }

  private func parse(verb: String, _ words: [String], _ help: HelpText) -> ParseOutcome {
    guard let command = command(named: verb) else {
      guard verb == "help" else { return unknownCommand(verb) }
      guard let topic = words.first else { return .help(help.text) }
      return self.command(named: topic).map { .help(help.text(of: $0)) } ?? unknownCommand(topic)
    }
    let options = options(of: command)
    var operands: [String] = []
    var given: [String: [String]] = [:]
    var faults: [Fault] = []
    for item in GetoptScanner.scan(words, options: options) {
      switch item {
      case .operand(let word, _): operands.append(word)
      case .option(let index, _) where options[index].long == "help": return .help(help.text(of: command))
      case .option(let index, _) where options[index].long == "version":
        return .version("\(name) \(version)\n")
      case .option(let index, let value):
        given[options[index].long, default: []] += value.map { [$0] } ?? []
        if let fault = choiceFault(options[index], value) { faults.append(fault) }
      default: if let fault = fault(of: item, options) { faults.append(fault) }
      }
    }
    if let fault = faults.first ?? operandFault(operands, command) { return failure(fault, command: command) }
    return .run(ParsedArguments(verb: verb, operands: operands, given: given, options: options))
  }

  // MARK: What can be wrong

  private struct Fault {
    let message: String
    var hint: String?
  }

  private func failure(_ fault: Fault, command: CommandSpec?) -> ParseOutcome {
    let caller = ([name] + (command.map { [$0.name] } ?? [])).joined(separator: " ")
    let hint = fault.hint.map { "  help: \($0)\n" } ?? ""
    return .failure("\(caller): \(fault.message)\n\(hint)  help: `\(caller) --help` says more\n")
  }

  private func unknownCommand(_ verb: String) -> ParseOutcome {
    let near = Suggestion.nearest(to: verb, in: commands.map(\.name))
    return failure(
      Fault(message: "no command `\(verb)`", hint: near.map { "did you mean `\(name) \($0)`?" }), command: nil
    )
  }

  private func fault(of item: ScannedItem, _ options: [OptionSpec]) -> Fault? {
    switch item {
    case .option, .operand: nil
    case .unknown(let typed): unknownOption(typed, options)
    case .abbreviated(let typed, let index):
      Fault(message: "option `\(typed)` is abbreviated", hint: "write `--\(options[index].long)`")
    case .missingValue(let index):
      Fault(
        message: "option `--\(options[index].long)` needs a value",
        hint: "write `--\(options[index].long) \(options[index].placeholder ?? "VALUE")`")
    case .unwantedValue(let index): Fault(message: "option `--\(options[index].long)` takes no value")
    case .failed: Fault(message: "out of memory")
    }
  }

  private func unknownOption(_ typed: String, _ options: [OptionSpec]) -> Fault {
    let near = Suggestion.nearest(to: typed, in: options.map { "--" + $0.long })
    return Fault(message: "no option `\(typed)`", hint: near.map { "did you mean `\($0)`?" })
  }

  /// Before the command, an option that only commands have is in the wrong place, not unknown.
  private func earlyFault(of item: ScannedItem, _ options: [OptionSpec]) -> Fault? {
    guard case .unknown(let typed) = item,
      let owner = commands.first(where: {
        $0.options.contains { typed == "--\($0.long)" || typed == $0.short.map { "-\($0)" } }
      })
    else { return fault(of: item, options) }
    return Fault(
      message: "option `\(typed)` stands before the command", hint: "write `\(name) \(owner.name) \(typed)`")
  }

  private func choiceFault(_ option: OptionSpec, _ value: String?) -> Fault? {
    guard let value, !option.choices.isEmpty, !option.choices.contains(value) else { return nil }
    return wrongChoice("option `--\(option.long)`", value, option.choices)
  }

  private func wrongChoice(_ owner: String, _ value: String, _ choices: [String]) -> Fault {
    let near = Suggestion.nearest(to: value, in: choices)
    let all = "one of " + choices.joined(separator: ", ")
    return Fault(
      message: "\(owner) cannot be `\(value)`",
      hint: near.map { "did you mean `\($0)`? It is \(all)" } ?? "it is \(all)")
  }

  private func operandFault(_ operands: [String], _ command: CommandSpec) -> Fault? {
    let usage = "usage: \(HelpText.usage(of: command, in: self))"
    let required = command.operands.filter(\.isRequired)
    if operands.count < required.count {
      return Fault(message: "\(required[operands.count].name) is missing", hint: usage)
    }
    let mayRepeat = command.operands.last?.mayRepeat ?? false
    if operands.count > command.operands.count, !mayRepeat {
      return Fault(message: "operand `\(operands[command.operands.count])` is one too many", hint: usage)
    }
    for (index, word) in operands.enumerated() {
      guard let operand = index < command.operands.count ? command.operands[index] : command.operands.last
      else { break }
      if !operand.choices.isEmpty, !operand.choices.contains(word) {
        return wrongChoice(operand.name, word, operand.choices)
      }
    }
    return nil
  }
}

extension ToolSpec {
  /// What is wrong with the table itself, for a test of whoever writes one: empty when it is sound.
  public var tableFaults: [String] {
    var faults = Self.repeated(commands.map(\.name)).map { "command \($0) is there twice" }
    faults += options(of: nil).flatMap { Self.faults(of: $0, in: name) }
    for command in commands {
      let owner = "\(name) \(command.name)"
      faults += Self.textFaults(command.summary, "summary of \(owner)")
      if command.examples.isEmpty { faults.append("\(owner) has no example") }
      for example in command.examples {
        faults += Self.textFaults(example.what, "example of \(owner)")
        if !example.command.split(separator: " ").contains(Substring(name)) {
          faults.append("example `\(example.command)` of \(owner) does not call \(name)")
        }
      }
      faults += operandFaults(of: command)
      faults += command.options.flatMap { Self.faults(of: $0, in: owner) }
      let all = options(of: command)
      faults += Self.repeated(all.map(\.long)).map { "option --\($0) of \(owner) is there twice" }
      faults += Self.repeated(all.compactMap { $0.short.map(String.init) }).map {
        "option -\($0) of \(owner) is there twice"
      }
    }
    faults += Self.repeated(exitStatus.map { String($0.status) }).map { "exit status \($0) is there twice" }
    return faults
  }

  private func operandFaults(of command: CommandSpec) -> [String] {
    var faults = command.operands.flatMap {
      Self.textFaults($0.help, "operand \($0.name) of \(command.name)")
    }
    for (operand, next) in zip(command.operands, command.operands.dropFirst())
    where operand.mayRepeat || (!operand.isRequired && next.isRequired) {
      faults.append("operand \(operand.name) of \(command.name) leaves \(next.name) open")
    }
    return faults
  }

  private static func faults(of option: OptionSpec, in owner: String) -> [String] {
    var faults = textFaults(option.help, "option --\(option.long) of \(owner)")
    let isName = option.long.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
    if option.long.utf8.count < 2 || !isName {
      faults.append("option --\(option.long) of \(owner) is badly named")
    }
    if let short = option.short, !short.isASCII || !(short.isLetter || short.isNumber) {
      faults.append("option -\(short) of \(owner) is badly named")
    }
    if case .choice(let words) = option.value {
      if words.count < 2 { faults.append("option --\(option.long) of \(owner) leaves no choice") }
      if let standard = option.standard, !words.contains(standard) {
        faults.append("the default of --\(option.long) of \(owner) is no choice")
      }
    }
    return faults
  }

  private static func textFaults(_ text: String, _ owner: String) -> [String] {
    if text.isEmpty { return ["\(owner) has no text"] }
    return text.hasSuffix(".") || text.contains("\n") ? ["\(owner) is not one line without full stop"] : []
  }

  private static func repeated(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { !seen.insert($0).inserted }
  }
}

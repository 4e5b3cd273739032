/// `complete` commands for fish, each with its condition.
struct FishCompletion {
  let tool: ToolSpec

  var text: String {
    var lines = ["# fish completion for \(tool.name)", "complete -c \(tool.name) -f"]
    for command in tool.commands {
      lines.append(
        "complete -c \(tool.name) -n __fish_use_subcommand -a \(command.name) -d \(ShellWord.fishQuoted(command.summary))"
      )
    }
    lines += (tool.common + ToolSpec.standardOptions).map { line(of: $0, condition: nil) }
    for command in tool.commands {
      let condition = "-n \(ShellWord.fishQuoted("__fish_seen_subcommand_from \(command.name)"))"
      lines += command.options.map { line(of: $0, condition: condition) }
      // fish does not count operands: what any of them may be is offered for each.
      lines += command.operands.compactMap { arguments($0.completion) }.map { operand in
        "complete -c \(tool.name) \(condition) \(operand)"
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(of option: OptionSpec, condition: String?) -> String {
    let short = option.short.map { " -s \($0)" } ?? ""
    let value = option.placeholder == nil ? "" : self.value(option.completion)
    return "complete -c \(tool.name)" + (condition.map { " \($0)" } ?? "")
      + "\(short) -l \(option.long)\(value)"
      + " -d \(ShellWord.fishQuoted(option.help))"
  }

  /// `-r` needs a value; `-x` needs one, too, and keeps file names out of the list.
  private func value(_ kind: CompletionKind) -> String {
    kind == .files ? " -r -F" : " -x" + (arguments(kind).map { " \($0)" } ?? "")
  }

  private func arguments(_ kind: CompletionKind) -> String? {
    switch kind {
    case .words(let words): "-a \(ShellWord.fishQuoted(words.joined(separator: " ")))"
    case .files: "-F"
    case .folders: "-a '(__fish_complete_directories)'"
    case .nothing: nil
    }
  }
}

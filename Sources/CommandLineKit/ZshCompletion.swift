/// A function for zsh's completion system: `_arguments` once for the common options and the command,
/// once for each command.
struct ZshCompletion {
  let tool: ToolSpec

  private var function: String { "_" + tool.name }

  var text: String {
    let top = tool.common + ToolSpec.standardOptions
    let commands = tool.commands.map { command in
      "    \(ShellWord.quoted(Self.escaped(command.name) + ":" + command.summary))"
    }
    let head =
      [
        "#compdef \(tool.name)", "", "\(function)() {", "  local curcontext=$curcontext state line ret=1",
        "  local -a commands",
      ]
      + ["  commands=("] + commands + ["  )"]
    let arguments =
      ["  _arguments -C \\"] + top.map { "    \(specification(of: $0)) \\" }
      + ["    '1: :->command' \\", "    '*:: :->rest' && ret=0"]
    let states =
      [
        "  case $state in", "  command) _describe -t commands command commands && ret=0 ;;", "  rest)",
        "    case $line[1] in",
      ]
      + tool.commands.flatMap(branch) + ["    esac", "    ;;", "  esac", "  return ret", "}"]
    return (head + arguments + states + ["", "\(function) \"$@\""]).joined(separator: "\n") + "\n"
  }

  private func branch(of command: CommandSpec) -> [String] {
    let options = tool.options(of: command).map { "        \(specification(of: $0))" }
    let operands = command.operands.map { operand in
      let place = operand.mayRepeat ? "*" : operand.isRequired ? "" : ":"
      return
        "        \(ShellWord.quoted("\(place):\(Self.escaped(operand.name)):\(action(operand.completion))"))"
    }
    let body = (options + operands).joined(separator: " \\\n")
    return ["    \(command.name))", "      _arguments \\", "\(body) && ret=0", "      ;;"]
  }

  /// `'(-h --help)'{-h,--help}'[help]:DIR:_files'`, once for each spelling.
  private func specification(of option: OptionSpec) -> String {
    var mayRepeat = false
    if case .many = option.value { mayRepeat = true }
    let value = option.placeholder.map { ":\(Self.escaped($0)):\(action(option.completion))" } ?? ""
    let help = "[" + option.help.reduce(into: "") { $0 += "[]\\".contains($1) ? "\\\($1)" : String($1) } + "]"
    return option.spellings.map { spelling in
      let front =
        mayRepeat ? "*" : option.spellings.count > 1 ? "(\(option.spellings.joined(separator: " ")))" : ""
      let sign = value.isEmpty ? "" : spelling.hasPrefix("--") ? "=" : "+"
      return ShellWord.quoted(front + spelling + sign + help + value)
    }.joined(separator: " ")
  }

  private func action(_ kind: CompletionKind) -> String {
    switch kind {
    case .words(let words): "(" + words.joined(separator: " ") + ")"
    case .files: "_files"
    case .folders: "_files -/"
    case .nothing: " "
    }
  }

  /// Colons separate the parts of a specification.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { $0 += ":\\".contains($1) ? "\\\($1)" : String($1) }
  }
}
